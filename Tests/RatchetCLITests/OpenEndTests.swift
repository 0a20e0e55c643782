import Foundation
import RatchetJSON
import TestSupport
import Testing

@Suite("Programs, embeddings and recorded calls, on the built program")
struct OpenEndTests {
    static let configuration = """
        version: 1
        backends:
          recorded: {kind: replay, file: recording.jsonl}
          api: {kind: openai, base_url: "http://127.0.0.1:9", api_key_env: TEST_KEY}
        defaults: {target: recorded/m}

        """

    private func script(_ workspace: Workspace, _ path: String, _ lines: String) throws {
        try workspace.write(path, "#!/bin/sh\n\(lines)\n")
        chmod(workspace.root.appendingPathComponent(path).path, 0o755)
    }

    private func reason(_ result: Workspace.Result) throws -> String {
        try result.json["suites.0.examples.0.trials.0.checks.0.reason"]?.stringValue ?? result.output
    }

    @Test("A program of the project decides, in the project's folder and without the keys of backends")
    func command() throws {
        let workspace = try Workspace(
            examples: [#"{"id":"e1","input":"q","metadata":{"n":5},"checks":[{"command":["./checks/mine","a b"]}]}"#],
            recording: [#"{"example":"e1","output":"hello"}"#], configuration: Self.configuration)
        try script(
            workspace, "checks/mine", """
                test "$1" = "a b" && test -f ratchet.yaml && test -z "$TEST_KEY" && test "$OTHER" = kept || exit 9
                grep -q '"output":"hello"' && echo '{"passed": true, "reason": "seen"}'
                """)
        let result = try workspace.ratchet("run", environment: ["TEST_KEY": "sk-secret", "OTHER": "kept"])
        #expect(result.code == 66, "\(result.output)\(result.error)")
        let shown = try workspace.ratchet("runs", "show", "latest", "--format", "json")
        #expect(shown.output.contains("seen") || shown.code == 66, "\(shown.output)")
        #expect(!shown.output.contains("errored\":1"), "\(shown.output)")
    }

    @Test("A program that fails to judge leaves the trial unscored and never failed")
    func broken() throws {
        let workspace = try Workspace(
            examples: [#"{"id":"e1","input":"q","checks":[{"command":"./checks/mine"}]}"#],
            recording: [#"{"example":"e1","output":"hello"}"#], configuration: Self.configuration)
        try script(workspace, "checks/mine", "echo 'no module named x' >&2; exit 1")
        let result = try workspace.ratchet("run", "--format", "json")
        #expect(try result.json["suites.0.counts.unscored"] == 1, "\(result.output)\(result.error)")
        #expect(result.output.contains("ended with exit code 1; it said on standard error: no module named x"))
    }

    @Test("A program that is not there stops `check`, at its place")
    func missing() throws {
        let workspace = try Workspace(
            examples: [#"{"id":"e1","input":"q","checks":[{"command":["./checks/mine"]}]}"#],
            recording: [#"{"example":"e1","output":"hello"}"#], configuration: Self.configuration)
        let result = try workspace.ratchet("check")
        #expect(result.code == 65)
        #expect(result.error.contains("suites/s/examples.jsonl:1:"), "\(result.error)")
        #expect(result.error.contains("there is no file \"checks/mine\""), "\(result.error)")
    }

    private static func vector(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
        guard request.target.hasSuffix("/embeddings") else {
            return .json(#"{"model":"m","choices":[{"message":{"content":"It comes on Friday."},"finish_reason":"stop"}]}"#)
        }
        let isOutput = request.text.contains("It comes")
        return .json(#"{"object":"list","model":"e","data":[{"object":"embedding","index":0,"embedding":\#(isOutput ? "[3,4]" : "[4,3]")}],"usage":{"prompt_tokens":3,"total_tokens":3}}"#)
    }

    @Test("Embeddings are asked for with the key, cached, recorded, and replayed without a server")
    func embeddings() throws {
        let server = try LoopbackServer { Self.vector($0) }
        let configuration = """
            version: 1
            backends: {api: {kind: openai, base_url: "\(server.url)/v1", stream: false, api_key_env: TEST_KEY}}
            defaults: {target: api/m}

            """
        let workspace = try Workspace(
            examples: [#"{"id":"e1","input":"q","expected":"On Friday it arrives.","checks":[{"embedding_similarity":"api/e","threshold":0.95}]}"#],
            configuration: configuration)
        #expect(try workspace.ratchet("run").code == 77)
        let key = ["TEST_KEY": "sk-1"]
        let first = try workspace.ratchet("run", "--format", "json", "--record", "recording.jsonl", environment: key)
        #expect(try first.json["suites.0.counts.passed"] == 1, "\(first.output)\(first.error)")
        let embeddings = server.requests.filter { $0.target == "/v1/embeddings" }
        #expect(embeddings.count == 2 && embeddings.allSatisfy { $0.header("Authorization") == "Bearer sk-1" })
        try workspace.ratchet("run", environment: key)
        #expect(server.requests.count == 3)
        server.stop()

        try workspace.write(
            "ratchet.yaml", "version: 1\nbackends: {api: {kind: replay, file: recording.jsonl}}\ndefaults: {target: api/m}\n")
        let replayed = try workspace.ratchet("run", "--format", "json")
        #expect(try replayed.json["suites.0.counts.passed"] == 1, "\(replayed.output)\(replayed.error)")
        let dry = try workspace.ratchet("run", "--dry-run")
        #expect(dry.output.contains("up to 2 judge calls"), "\(dry.output)")
    }

    @Test("An endpoint that fails leaves the trial unscored; a backend that is not there stops before")
    func noEmbeddings() throws {
        let server = try LoopbackServer { request in
            request.target.hasSuffix("/embeddings") ? .json(#"{"error":{"message":"no such model"}}"#, status: 404) : Self.vector(request)
        }
        let workspace = try Workspace(
            examples: [#"{"id":"e1","input":"q","expected":"x","checks":[{"embedding_similarity":"api/e"}]}"#],
            configuration: """
                version: 1
                backends: {api: {kind: openai, base_url: "\(server.url)/v1", stream: false}}
                defaults: {target: api/m}

                """)
        let result = try workspace.ratchet("run", "--format", "json")
        #expect(try result.json["suites.0.counts.unscored"] == 1, "\(result.output)\(result.error)")
        #expect(result.output.contains("no such model"))
        try workspace.write("suites/s/examples.jsonl", #"{"id":"e1","input":"q","expected":"x","checks":[{"embedding_similarity":"apo/e"}]}"# + "\n")
        let refused = try workspace.ratchet("check")
        #expect(refused.code == 65 && refused.error.contains("there is no backend `apo`"), "\(refused.error)")
    }

    @Test("Tool calls, tokens and times of a recording: calls and tokens are facts, times are not today's")
    func recorded() throws {
        let checks = #"["tool_calls",{"tokens":100},{"latency":{"max":1}},{"finish_reason":"tool_calls"}]"#
        let expected = #"[{"get_weather":{"city":["Paris"],"unit":["celsius",""]}}]"#
        let workspace = try Workspace(
            examples: [#"{"id":"e1","input":"q","expected":\#(expected),"checks":\#(checks)}"#],
            recording: [#"{"example":"e1","output":"","tool_calls":[{"id":"c1","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Paris\"}"}}],"finish_reason":"tool_calls","usage":{"input_tokens":60,"output_tokens":30},"latency_ms":900}"#])
        let result = try workspace.ratchet("run", "--format", "json")
        #expect(try result.json["suites.0.counts.passed"] == 1, "\(result.output)\(result.error)")
    }
}
