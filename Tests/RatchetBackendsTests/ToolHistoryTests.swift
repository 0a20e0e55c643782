import RatchetCore
import RatchetJSON
import Testing

@testable import RatchetBackends

@Suite("Calls of tools and their results, as each provider wants them told")
struct ToolHistoryTests {
    private static var request: Request {
        var request = ProviderTests.request()
        request.messages = [
            Message(role: .system, content: "Help."), Message(role: .user, content: "Two orders"),
            Message(
                role: .assistant, content: "",
                toolCalls: [
                    ToolCall(id: "a", name: "lookup", arguments: ["n": 1]), ToolCall(id: "b", name: "track", arguments: ["n": 2]),
                ]),
            Message(role: .tool, content: #"{"state":"late"}"#, toolCallID: "a"),
            Message(role: .tool, content: "lost", toolCallID: "b"), Message(role: .assistant, content: "Bad news."),
            Message(role: .user, content: "Oh"),
        ]
        return request
    }

    private func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text) }

    @Test("chat completions: messages of the role tool")
    func chat() throws {
        let messages = try #require(ChatCompletions(apiVersion: nil).body(Self.request, streams: false)["messages"]?.arrayValue)
        #expect(messages.count == 7)
        #expect(
            try messages[2] == json(
                #"{"role":"assistant","content":"","tool_calls":[{"id":"a","type":"function","function":{"name":"lookup","arguments":"{\"n\":1}"}},{"id":"b","type":"function","function":{"name":"track","arguments":"{\"n\":2}"}}]}"#
            ))
        #expect(try messages[4] == json(#"{"role":"tool","content":"lost","tool_call_id":"b"}"#))
    }

    @Test("Anthropic: blocks, and the results of one answer in one turn")
    func anthropic() throws {
        let messages = try #require(AnthropicMessages().body(Self.request, streams: false)["messages"]?.arrayValue)
        #expect(messages.map { $0["role"]?.stringValue } == ["user", "assistant", "user", "assistant", "user"])
        #expect(
            try messages[1]["content"] == json(
                #"[{"type":"tool_use","id":"a","name":"lookup","input":{"n":1}},{"type":"tool_use","id":"b","name":"track","input":{"n":2}}]"#))
        #expect(
            try messages[2]["content"] == json(
                #"[{"type":"tool_result","tool_use_id":"a","content":"{\"state\":\"late\"}"},{"type":"tool_result","tool_use_id":"b","content":"lost"}]"#
            ))
    }

    @Test("Gemini: parts by the tool's name, and results as objects")
    func gemini() throws {
        let contents = try #require(GeminiContent().body(Self.request, streams: false)["contents"]?.arrayValue)
        #expect(contents.map { $0["role"]?.stringValue } == ["user", "model", "user", "model", "user"])
        #expect(
            try contents[2]["parts"] == json(
                #"[{"functionResponse":{"name":"lookup","response":{"state":"late"}}},{"functionResponse":{"name":"track","response":{"result":"lost"}}}]"#
            ))
        #expect(
            try contents[1]["parts"] == json(
                #"[{"functionCall":{"name":"lookup","args":{"n":1}}},{"functionCall":{"name":"track","args":{"n":2}}}]"#))
    }

    @Test("Responses: items of their own")
    func responses() throws {
        let items = try #require(OpenAIResponses().body(Self.request, streams: false)["input"]?.arrayValue)
        #expect(try items[2] == json(#"{"type":"function_call","call_id":"a","name":"lookup","arguments":"{\"n\":1}"}"#))
        #expect(try items[5] == json(#"{"type":"function_call_output","call_id":"b","output":"lost"}"#))
        #expect(items.count == 8)
    }
}
