import Foundation
import RatchetJSON
import Testing

/// A real small model behind a real server, started by the same script as the demo's.
private final class ModelServer {
    private let process = Process()
    let url: String

    init(port: Int) throws {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let pipe = Pipe()
        process.executableURL = root.appendingPathComponent("scripts/demo-server")
        process.arguments = ["--port", "\(port)"]
        process.standardOutput = pipe
        try process.run()
        // The script prints its address when the model is loaded.
        let line = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        url = line.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    deinit {
        // Not terminate(): a child of the test process may have that signal blocked.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}

@Suite(
    "A real model",
    .enabled(if: ProcessInfo.processInfo.environment["RATCHET_TEST_MODEL"] != nil, "make test-all runs these"))
struct RealModelTests {
    @Test("is asked, measured, judged, recorded and replayed")
    func everything() throws {
        let server = try ModelServer(port: 18_089)
        try #require(server.url.hasPrefix("http"))
        let examples = (1...6).map {
            #"{"id":"e\#($0)","input":"Say hello to customer number \#($0).","checks":[{"regex":"\\w"},{"judge":"kind","gating":false}]}"#
        }
        let workspace = try Workspace(
            examples: examples, suite: "params: {temperature: 0.7, max_tokens: 24, seed: 7}\n",
            configuration: """
                version: 1
                backends: {model: {kind: openai, base_url: "\(server.url)"}}
                defaults: {target: model/smollm2, trials: 2, concurrency: 2}

                """)
        try workspace.write(
            "rubrics/kind.md",
            """
            ---
            judge: model/smollm2
            scale: pass_fail
            params: {temperature: 0, max_tokens: 80}
            allow_self: true
            ---
            Is this answer kind? Answer: {{output}}

            """)
        let live = try workspace.ratchet("run", "--format", "json", "--record", "answers.jsonl")
        #expect(live.code == 66, "\(live.error)")
        let json = try live.json
        #expect(json["suites.0.counts.passed"] == 6)
        #expect(json["suites.0.metrics.calls"] == 12)
        #expect(json["suites.0.metrics.judge_calls"]?.intValue ?? 0 >= 12)
        #expect(json["suites.0.metrics.input_tokens"]?.intValue ?? 0 > 12)
        #expect(json["suites.0.metrics.ttft_ms.p50"]?.doubleValue ?? 0 > 0)
        #expect(json["suites.0.metrics.latency_ms.p95"] == .null)
        let first = json["suites.0.examples.0.trials.0.output"]
        #expect(first != json["suites.0.examples.0.trials.1.output"], "two trials are two generations")

        // The same command is answered from the cache, a replay from the recording: the same outputs and verdicts.
        let cached = try workspace.ratchet("run", "--format", "json").json
        #expect(cached["suites.0.metrics.cached"] == 12)
        try workspace.write(
            "ratchet.yaml",
            """
            version: 1
            backends: {model: {kind: replay, file: answers.jsonl}}
            defaults: {target: model/smollm2, trials: 2}

            """)
        let replayed = try workspace.ratchet("run", "--format", "json")
        #expect(replayed.code == 66, "\(replayed.error)")
        #expect(try replayed.json["suites.0.counts"] == json["suites.0.counts"])
        #expect(try replayed.json["suites.0.examples.0.trials.0.output"] == first)
        #expect(try replayed.json["suites.0.examples.0.trials.0.checks"] == json["suites.0.examples.0.trials.0.checks"])
    }
}
