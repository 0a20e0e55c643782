import Foundation
import RatchetJSON
import Testing

/// The whole way of a decision, from suite to exit code, against a provider whose truth is known.
@Suite("The gate, end to end")
struct GateEndToEndTests {
    private func project(_ count: Int = 60, models: String = "", extra: String = "") throws -> Workspace {
        let examples = (0..<count).map { #"{"id":"e\#($0)","input":"q","tags":["\#($0 % 2 == 0 ? "even" : "odd")"],"checks":[{"equals":"PASS"}]}"# }
        let workspace = try Workspace(examples: examples, suite: "target: lab/old\n", configuration: Self.configuration(models, extra))
        try workspace.ratchet("run", "--trials", "5")
        #expect(try workspace.ratchet("baseline", "accept").code == 0)
        return workspace
    }

    private static func configuration(_ models: String, _ extra: String = "") -> String {
        """
        version: 1
        backends:
          lab: {kind: simulate, seed: 11, pass: 0.999, \(extra) models: {old: {pass: 0.999}\(models)}}

        """
    }

    @Test("one broken example of sixty is found for certain, beside trials of the accepted version that pass")
    func broken() throws {
        let workspace = try project(models: ", new: {pass: 0.999, examples: {e7: 0}}")
        let run = try workspace.ratchet("run", "--target", "lab/new", "--format", "json")
        #expect(run.code == 100)
        let json = try run.json
        #expect(json["suites.0.failed_rules"]?.texts == ["regression"])
        #expect(json["suites.0.transitions.regressed"]?.texts == ["e7"])
        let example = json["suites.0.examples"]?.arrayValue?.first { $0["id"] == "e7" }
        #expect((example?["log_e"]?.doubleValue ?? 0) > 9)
        #expect(example?["trials"]?.arrayValue?.contains { $0["draw"]?.stringValue?.hasPrefix("control/") == true } == true)
        #expect(json["suites.0.alpha_spent"]?.doubleValue ?? 0 > 0)
        #expect(json["suites.0.order"]?.stringValue?.hasPrefix("sha256:") == true)
        let words = try workspace.ratchet("run", "--target", "lab/new").words
        #expect(words.contains("regressed for certain") && words.contains("with the accepted version"))
        #expect(!words.contains("p <") && !words.contains("p ="))
    }

    @Test("the same model again passes, and so does a better one")
    func unchanged() throws {
        let workspace = try project(models: ", better: {pass: 1}")
        #expect(try workspace.ratchet("run").code == 0)
        #expect(try workspace.ratchet("run", "--target", "lab/better").code == 0)
    }

    @Test("a model that answers nothing right is stopped after a few calls, unless the whole list is wanted")
    func early() throws {
        let workspace = try project(models: ", new: {pass: 0}")
        let stopped = try workspace.ratchet("run", "--target", "lab/new", "-j", "1", "--format", "json")
        #expect(stopped.code == 100)
        let looked = try stopped.json["suites.0.early_stop.looked"]?.intValue ?? 60
        #expect(looked < 30)
        #expect(try workspace.ratchet("baseline", "accept").error.contains("was stopped early"))
        let whole = try workspace.ratchet("run", "--target", "lab/new", "--no-early-stop", "--no-cache", "--format", "json")
        #expect(whole.code == 100)
        #expect(try whole.json["suites.0.counts.failed"] == 60)
    }

    @Test("when the provider changed, the accepted version fails too, and the run is stale")
    func drift() throws {
        let workspace = try project()
        try workspace.write("ratchet.yaml", Self.configuration("", "drift: 0.6,"))
        let run = try workspace.ratchet("run", "--format", "json")
        #expect(run.code == 102)
        #expect(try run.json["suites.0.drift.shown"] == true)
        let words = try workspace.ratchet("run").words
        #expect(words.contains("the provider changed, not you"))
    }

    @Test("an outage is neither a regression nor a pass")
    func outage() throws {
        let workspace = try project()
        try workspace.write("ratchet.yaml", Self.configuration(", new: {pass: 0.999, outage: 0.5}"))
        #expect(try workspace.ratchet("run", "--target", "lab/new").code == 69)
    }

    @Test("effort: quick is one pass, and a run can be asked to rule a drop out")
    func effort() throws {
        let workspace = try project(models: ", new: {pass: 0.93}")
        let quick = try workspace.ratchet("run", "--target", "lab/new", "--effort", "quick", "--format", "json")
        #expect(try quick.json["suites.0.delta.passes"] == 1)
        let thorough = try workspace.ratchet("run", "--effort", "thorough", "--format", "json")
        #expect(try thorough.json["suites.0.delta.passes"] == 3)
        let release = try workspace.ratchet("run", "--release", "--format", "json")
        #expect(release.code == 0 || release.code == 101)
        try workspace.write("ratchet.yaml", Self.configuration(", new: {pass: 0.93}") + "gate: {require: {no_worse_than: 0.0001}}\n")
        let proof = try workspace.ratchet("run", "--target", "lab/new")
        #expect(proof.code != 0)
    }

    @Test("power and flaky read the baseline and make no call")
    func power() throws {
        let workspace = try project(models: "", extra: "examples: {e3: 0.6},")
        try workspace.write("ratchet.yaml", Self.configuration(", old2: {pass: 1, examples: {e3: 0.6, e4: 0.5}}"))
        try workspace.ratchet("run", "--target", "lab/old2", "--trials", "5")
        try workspace.ratchet("baseline", "accept")
        let power = try workspace.ratchet("power")
        #expect(power.code == 0)
        #expect(power.output.contains("60 examples") && power.output.contains("points"))
        #expect(try workspace.ratchet("power", "--format", "json").json["suites.0.drop"]?.doubleValue ?? 1 < 0.5)
        let flaky = try workspace.ratchet("flaky", "--format", "json")
        let ids = try flaky.json["suites.0.examples"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
        #expect(!ids.isEmpty && Set(ids).isSubset(of: ["e3", "e4"]))
        #expect(try workspace.ratchet("flaky").output.contains("runs "))
        try workspace.remove("baselines")
        #expect(try workspace.ratchet("power").code == 66)
    }

    @Test("a simulated provider that is none is refused with its place")
    func malformed() throws {
        let workspace = try Workspace(examples: [], configuration: "version: 1\nbackends:\n  lab: {kind: simulate, pass: 2, examples: {a: often}}\n")
        let check = try workspace.ratchet("check")
        #expect(check.code == 78)
        #expect(check.error.contains("ratchet.yaml:3:"))
    }

    /// Sixty answers of which the last words are lost: all still pass, by a threshold that is far below.
    private func graded(policy: String) throws -> Workspace {
        let words = "one two three four five six seven eight nine ten"
        let examples = (0..<60).map { #"{"id":"e\#($0)","input":"q\#($0)","expected":"\#(words)","checks":[{"token_f1":{},"threshold":0.3}]}"# }
        func recording(lost: Int) -> [String] {
            (0..<60).flatMap { place in
                (1...3).map { draw in
                    let kept = words.split(separator: " ").dropLast(place % 3 + (draw == 2 ? 1 : 0) + (place % 2 == 0 ? lost : 0))
                    return #"{"suite":"s","example":"e\#(place)","trial":\#(draw),"output":"\#(kept.joined(separator: " "))"}"#
                }
            }
        }
        let workspace = try Workspace(examples: examples, recording: recording(lost: 0), suite: policy)
        try workspace.ratchet("run", "--trials", "3")
        #expect(try workspace.ratchet("baseline", "accept").code == 0)
        try workspace.write("recording.jsonl", recording(lost: 2).map { $0 + "\n" }.joined())
        return workspace
    }

    @Test("grades that fall above every threshold are shown, and fail a run whose policy bounds the mean score")
    func gradedScores() throws {
        let shown = try graded(policy: "description: a suite\n")
        #expect(try shown.read("baselines/s.jsonl").contains(#""scores":[1,0.9474,1]"#))
        let run = try shown.ratchet("run")
        #expect(run.code == 0)
        #expect(run.words.contains("fell by more than chance explains; it does not gate"))
        let gated = try graded(policy: "gate: {metrics: {score: {max_drop: 0.02}}}\n")
        let failed = try gated.ratchet("run", "--format", "json")
        #expect(failed.code == 100)
        let json = try failed.json
        #expect(json["suites.0.failed_rules"]?.texts == ["metric"])
        let score = json["suites.0.metric_results"]?.arrayValue?.first { $0["metric"] == "score" }
        #expect((score?["difference_high"]?.doubleValue ?? 0) < 0)
        #expect((score?["p"]?.doubleValue ?? 1) < 0.01)
        #expect(try gated.ratchet("run", "--allow-regression", "s:metric:score", "--reason", "Legal asked for shorter answers").code == 0)
        #expect(try gated.ratchet("run").words.contains("PASSED WITH 1 OVERRIDE"))
        let floor = try graded(policy: "gate: {metrics: {score: {min: 0.9}}}\n")
        #expect(try floor.ratchet("run").words.contains("below the 0.900 that is wanted"))
    }
}
