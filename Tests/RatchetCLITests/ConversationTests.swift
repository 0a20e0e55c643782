import Foundation
import RatchetJSON
import TestSupport
import Testing

/// Conversations and scripted tools, on the built program with a real server.
@Suite("Conversations", .timeLimit(.minutes(2)))
struct ConversationTests {
    /// Answers a user's turn with its number and words, a question about an order with a call of the tool, and a tool's result with what
    /// it says.
    private static func server() throws -> LoopbackServer {
        try LoopbackServer { request in
            let messages = (try? JSONValue(parsing: request.body))?["messages"]?.arrayValue ?? []
            let last = messages.last?["content"]?.stringValue ?? ""
            let turn = messages.filter { $0["role"] == "user" }.count
            var message: JSONObject = ["role": "assistant", "content": .string("\(turn): \(last)")]
            if messages.last?["role"] == "user", let order = last.split(separator: "order ").last, last.contains("order ") {
                message["content"] = .null
                let arguments = (["id": .string(String(order))] as JSONValue).serialized(.compact)
                message["tool_calls"] = [
                    ["id": "c1", "type": "function", "function": ["name": "lookup_order", "arguments": .string(arguments)]]
                ]
            }
            let answer: JSONValue = [
                "model": "m", "choices": [["message": .object(message), "finish_reason": "stop"]],
                "usage": ["prompt_tokens": 10, "completion_tokens": 2],
            ]
            return .json(answer.serialized(.compact))
        }
    }

    private static func workspace(_ url: String, _ examples: [String]) throws -> Workspace {
        try Workspace(
            examples: examples, suite: "target: api/m\n",
            configuration: "version: 1\nbackends:\n  api: {kind: openai, base_url: \"\(url)\", stream: false}\n"
                + "  tape: {kind: replay, file: tape.jsonl}\n")
    }

    private static let dialogue = #"""
        {"id":"talk","input":["hello","and then?","bye"],"checks":[
        {"equals":"3: bye"},{"equals":"1: hello","of":"turn:1","name":"first"},{"contains":"user: and then?","of":"conversation","name":"all"}]}
        """#.replacingOccurrences(of: "\n", with: "")

    @Test("replies are fed back turn by turn, each check looks at its turn, and tokens are those of all calls")
    func turns() throws {
        let server = try Self.server()
        let workspace = try Self.workspace(server.url, [Self.dialogue])
        let run = try workspace.ratchet("run", "--format", "json", "--record", "tape.jsonl")
        #expect(run.code == 66, "\(run.error)")
        #expect(try run.json["suites.0.counts.passed"] == 1)
        #expect(try run.json["suites.0.metrics.input_tokens"] == 30)
        let sent = try server.requests.map { try JSONValue(parsing: $0.body)["messages"]?.arrayValue?.compactMap { $0["content"]?.stringValue } }
        #expect(sent == [["hello"], ["hello", "1: hello", "and then?"], ["hello", "1: hello", "and then?", "2: and then?", "bye"]])
        // All of it comes from the cache, and so does nothing of it with --no-cache.
        #expect(try workspace.ratchet("run", "--format", "json").json["suites.0.counts.passed"] == 1)
        #expect(server.requests.count == 3)
        // Recorded, it is replayed with its turns.
        let replay = try workspace.ratchet("run", "--target", "tape/m", "--format", "json")
        #expect(try replay.json["suites.0.counts.passed"] == 1, "\(replay.error)")
        // Regraded, the stored run is the same conversation.
        let regraded = try workspace.ratchet("regrade", "latest", "--format", "json")
        #expect(try regraded.json["suites.0.counts.passed"] == 1, "\(regraded.error)")
        #expect(server.requests.count == 3)
    }

    @Test("a conversation that a budget cut goes on where it was: no turn is asked twice")
    func resumed() throws {
        let server = try Self.server()
        let workspace = try Self.workspace(server.url, [Self.dialogue])
        #expect(try workspace.ratchet("run", "--max-calls", "2").code == 75)
        #expect(server.requests.count == 2)
        #expect(try workspace.ratchet("run", "--max-calls", "2", "--format", "json").json["suites.0.counts.passed"] == 1)
        #expect(server.requests.count == 3)
    }

    @Test("answers that a baseline was made of are asked anew, all turns of them")
    func freshEvidence() throws {
        let server = try Self.server()
        let workspace = try Self.workspace(server.url, [Self.dialogue])
        _ = try workspace.ratchet("run")
        let accepted = try workspace.ratchet("baseline", "accept")
        #expect(accepted.code == 0, "\(accepted.error)")
        let before = server.requests.count
        _ = try workspace.ratchet("run")
        #expect(server.requests.count >= before + 3)
    }

    @Test("scripted results answer the model's calls, by their arguments; a call without one is the end")
    func tools() throws {
        let server = try Self.server()
        let lookups = #"{"lookup_order":[{"arguments":{"id":"7"},"result":{"state":"late"}},{"arguments":{"id":"8"},"result":"lost"}]}"#
        let workspace = try Self.workspace(
            server.url,
            [
                #"{"id":"seven","input":"where is order 7","tools":\#(lookups),"checks":[{"equals":"1: {\"state\":\"late\"}"},{"tool_calls":{"calls":[{"name":"lookup_order","arguments":{"id":"7"}}]}}]}"#,
                #"{"id":"eight","input":["order 8","thanks"],"tools":\#(lookups),"checks":[{"equals":"2: thanks"},{"equals":"1: lost","of":"turn:1","name":"t"}]}"#,
                #"{"id":"nine","input":["order 9","thanks"],"tools":\#(lookups),"checks":[{"tool_calls":{"calls":[{"name":"lookup_order"}]}},{"not":{"contains":"thanks"},"name":"n"}]}"#,
            ])
        let run = try workspace.ratchet("run", "--format", "json", "-j", "1")
        #expect(try run.json["suites.0.counts.passed"] == 3, "\(run.output)")
        #expect(server.requests.count == 6)
        let bodies = try server.requests.map { try JSONValue(parsing: $0.body)["messages"]?.arrayValue ?? [] }
        let result = try #require(bodies.joined().first { $0["role"] == "tool" })
        #expect(result["tool_call_id"] == "c1")
        #expect(bodies.joined().contains { $0["tool_calls"]?.arrayValue?.first?["function"]?["name"] == "lookup_order" })
    }

    @Test("a model that calls for ever is stopped at the limit")
    func limit() throws {
        let server = try LoopbackServer { _ in
            .json(
                #"{"model":"m","choices":[{"message":{"role":"assistant","content":"","tool_calls":[{"type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}"#
            )
        }
        let workspace = try Self.workspace(
            server.url, [#"{"id":"loop","input":"go","tools":{"f":{"result":"again"}},"checks":[{"finish_reason":"tool_calls"}]}"#])
        #expect(try workspace.ratchet("run", "--format", "json").json["suites.0.counts.passed"] == 1)
        #expect(server.requests.count == 11)
    }

    @Test("a prompt's messages come before the turns that it does not show itself")
    func prompts() throws {
        let server = try Self.server()
        let workspace = try Self.workspace(
            server.url,
            [
                #"{"id":"list","input":["hello","bye"],"checks":[{"equals":"2: bye"}]}"#,
                #"{"id":"member","input":{"plan":"gold","turns":["hello"]},"checks":[{"equals":"1: hello"}]}"#,
            ])
        try workspace.write("prompts/help/1.0.0.md", "---\nversion: 1.0.0\n---\nsystem:\nPlan: {{#plan}}{{plan}}{{/plan}}{{^plan}}none{{/plan}}.\n")
        try workspace.write("suites/s/suite.yaml", "target: api/m\nprompt: help@1.0.0\n")
        let run = try workspace.ratchet("run", "--format", "json", "-j", "1")
        #expect(try run.json["suites.0.counts.passed"] == 2, "\(run.error)")
        let first = Set(
            try server.requests.map { try JSONValue(parsing: $0.body)["messages"]?.arrayValue?.first?["content"]?.stringValue ?? "" })
        #expect(first == ["Plan: none.", "Plan: gold."])
    }

    @Test("an estimate counts every turn")
    func estimate() throws {
        let workspace = try Self.workspace("http://127.0.0.1:9/v1", [Self.dialogue])
        let estimate = try workspace.ratchet("run", "--estimate", "--format", "json")
        #expect(estimate.output.contains("3"), "\(estimate.output)\(estimate.error)")
    }
}
