import Foundation
import RatchetJSON
import TestSupport
import Testing

@Suite("Comparing versions side by side")
struct CompareTests {
    /// Two models of which the second loses the billing examples, is wordier, and gains elsewhere.
    private func project() throws -> Workspace {
        let examples = (0..<60).map { place in
            #"{"id":"e\#(place)","input":"q","tags":["\#(place < 20 ? "billing" : "other")"],"checks":[{"contains":"yes"}]}"#
        }
        let recording = (0..<60).flatMap { place in
            [
                #"{"example":"e\#(place)","model":"a","output":"\#(place >= 40 ? "no" : "yes")","usage":{"input_tokens":10,"output_tokens":5}}"#,
                #"{"example":"e\#(place)","model":"b","output":"\#(place < 12 ? "no" : "yes")","usage":{"input_tokens":10,"output_tokens":\#(8 + place % 3)}}"#,
            ]
        }
        return try Workspace(examples: examples, recording: recording)
    }

    @Test("two targets without a baseline: flips, slices and tokens, decided by the gate's statistics")
    func targets() throws {
        let workspace = try project()
        let run = try workspace.ratchet("compare", "--target", "recorded/a", "--target", "recorded/b", "--trials", "1", "--format", "json")
        let json = try run.json
        #expect(run.code == 0)
        #expect(json["suites.0.transitions.lost"]?.texts.count == 12)
        #expect(json["suites.0.transitions.won"]?.texts.count == 20)
        let billing = json["suites.0.slices"]?.arrayValue?.first { $0["tag"] == "billing" }
        #expect(billing?["failed"] == true)
        let tokens = json["suites.0.metric_results"]?.arrayValue?.first { $0["metric"] == "output_tokens" }
        #expect(tokens?["basis"] == "interleaved")
        #expect((tokens?["ratio_low"]?.doubleValue ?? 0) > 1.5)
        let words = try workspace.ratchet("compare", "--target", "recorded/a", "--target", "recorded/b", "--trials", "1").words
        #expect(words.contains("compared with recorded/a") && words.contains("slice billing") && words.contains("NO WORSE"))
        #expect(!workspace.exists("baselines"))

        let back = try workspace.ratchet("compare", "--target", "recorded/b", "--target", "recorded/a", "--trials", "1")
        #expect(back.code == 0)
        try workspace.write("ratchet.yaml", Workspace.configuration + "gate: {slices: [billing]}\n")
        let gated = try workspace.ratchet("compare", "--target", "recorded/a", "--target", "recorded/b", "--trials", "1")
        #expect(gated.code == 100)
        #expect(gated.words.contains("WORSE"))
    }

    @Test("the same model on both sides is no worse than itself")
    func itself() throws {
        let workspace = try project()
        let run = try workspace.ratchet("compare", "--target", "recorded/a", "--target", "recorded/a", "--trials", "1", "--format", "json")
        #expect(run.code == 0)
        #expect(try run.json["suites.0.transitions.lost"]?.texts == [])
        #expect(try run.json["suites.0.delta.value"] == 0)
    }

    @Test("two prompt versions")
    func prompts() throws {
        let workspace = try Workspace(
            examples: (0..<30).map { #"{"id":"e\#($0)","input":{"word":"w\#($0)"},"checks":[{"contains":"please"}]}"# },
            suite: "prompt: p@1\ntarget: echo/any\n", configuration: "version: 1\n")
        try workspace.write("prompts/p/1.md", "---\nversion: 1\n---\nSay {{word}}, please.\n")
        try workspace.write("prompts/p/2.md", "---\nversion: 2\n---\nSay {{word}}.\n")
        let run = try workspace.ratchet("compare", "--prompt", "p@1", "--prompt", "p@2", "--trials", "1", "--format", "json")
        #expect(run.code == 100, "\(run.output)\(run.error)")
        #expect(try run.json["suites.0.transitions.lost"]?.texts.count == 30)
        #expect(try workspace.ratchet("compare", "--prompt", "p@2", "--prompt", "p@1", "--trials", "1").code == 0)
    }

    @Test("one target, three of them, or a run beside them are refused")
    func refused() throws {
        let workspace = try project()
        #expect(try workspace.ratchet("compare", "--target", "recorded/a").code == 64)
        #expect(try workspace.ratchet("compare").code == 64)
        #expect(
            try workspace.ratchet("compare", "--target", "recorded/a", "--target", "recorded/b", "--target", "recorded/a").code == 64)
        #expect(try workspace.ratchet("compare", "nosuite", "--target", "recorded/a", "--target", "recorded/b").code == 64)
    }
}

@Suite("Metrics that a policy bounds")
struct MetricBudgetTests {
    private func project(_ gate: String) throws -> Workspace {
        let examples = (0..<20).map { #"{"id":"e\#($0)","input":"q","checks":[{"contains":"yes"}]}"# }
        let recording = (0..<20).flatMap { place in
            [("m", 10), ("wordy", 14), ("alike", 10 + place % 2)].map { model, tokens in
                #"{"example":"e\#(place)","model":"\#(model)","output":"yes","usage":{"input_tokens":3,"output_tokens":\#(tokens)}}"#
            }
        }
        let workspace = try Workspace(
            examples: examples, recording: recording, configuration: Workspace.configuration + "gate: {metrics: \(gate)}\n")
        try workspace.ratchet("run")
        try workspace.ratchet("baseline", "accept")
        return workspace
    }

    @Test("an absolute budget needs no statistics, and an override permits what was observed")
    func absolute() throws {
        let workspace = try project("{output_tokens: {max: 12}}")
        #expect(try workspace.ratchet("run").code == 0)
        let run = try workspace.ratchet("run", "--target", "recorded/wordy", "--format", "json")
        #expect(run.code == 100)
        #expect(try run.json["suites.0.failed_rules"]?.texts == ["metric"])
        let permitted = try workspace.ratchet(
            "run", "--target", "recorded/wordy", "--allow-regression", "s:metric:output_tokens", "--reason",
            "longer answers were asked for by sales")
        #expect(permitted.code == 0, "\(permitted.output)\(permitted.error)")
        #expect(permitted.output.contains("PASSED WITH 1 OVERRIDE"))
    }

    @Test("an increase is judged example by example against the accepted run")
    func increase() throws {
        let workspace = try project("{output_tokens: {max_increase: 0.2}}")
        #expect(try workspace.ratchet("run", "--target", "recorded/alike").code == 0)
        let run = try workspace.ratchet("run", "--target", "recorded/wordy", "--format", "json")
        #expect(run.code == 100)
        #expect(try run.json["suites.0.metric_results.0.basis"] == "paired")
    }

    @Test("without the accepted run on this machine an increase is a warning")
    func elsewhere() throws {
        let workspace = try project("{output_tokens: {max_increase: 0.2}}")
        try workspace.remove(".ratchet")
        let run = try workspace.ratchet("run", "--target", "recorded/wordy", "--format", "json")
        #expect(run.code == 0)
        #expect(try run.json["suites.0.metric_results.0.gating"] == false)
        #expect(try run.json["suites.0.metric_results.0.failed"] == true)
    }

    @Test("what is no metric, or no budget, is said with its place", arguments: ["{speed: {max: 1}}", "{cost_usd: {}}", "{latency_p95: {max: soon}}"])
    func malformed(gate: String) throws {
        let workspace = try Workspace(examples: [], configuration: Workspace.configuration + "gate: {metrics: \(gate)}\n")
        let run = try workspace.ratchet("check")
        #expect(run.code == 78)
        #expect(run.error.contains("ratchet.yaml:5:"))
    }
}
