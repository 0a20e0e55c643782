import RatchetCore
import RatchetJSON
import TestSupport
import Testing

@testable import RatchetBackends

@Suite("Anthropic's messages", .timeLimit(.minutes(1)))
struct AnthropicMessagesTests {
    private static let schema: JSONValue = ["type": "object", "properties": ["total": ["type": "number"]]]

    private static func structured(_ pieces: [String], stop: String) -> [String] {
        [#"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"answer","input":{}}}"#]
            + pieces.map {
                let delta: JSONValue = ["type": "input_json_delta", "partial_json": .string($0)]
                return (["type": "content_block_delta", "index": 0, "delta": delta] as JSONValue).serialized(.compact)
            } + [#"{"type":"message_delta","delta":{"stop_reason":"\#(stop)"},"usage":{"output_tokens":5}}"#, #"{"type":"message_stop"}"#]
    }

    private func answer(_ events: [String], _ request: Request) async throws -> (Response, sent: JSONValue) {
        let server = try LoopbackServer { _ in ProviderTests.stream(events, pieceLength: 13) }
        let response = try await ProviderTests.backend(.anthropic, server.url).respond(to: request)
        return (response, try JSONValue(parsing: try #require(server.requests.first).body))
    }

    @Test("a structured answer in pieces is the text; one that was cut off is shown as it came, and is no JSON")
    func structuredAnswers() async throws {
        let request = ProviderTests.request(schema: Self.schema)
        let (whole, _) = try await answer(Self.structured([#"{"to"#, #"tal":12.50}"#], stop: "tool_use"), request)
        #expect(whole.output == Output(text: #"{"total":12.50}"#, finishReason: "end_turn"))
        let (cut, _) = try await answer(Self.structured([#"{"to"#, #"tal":12"#], stop: "max_tokens"), request)
        #expect(cut.output == Output(text: #"{"total":12"#, finishReason: "max_tokens"))
    }

    @Test(
        "the tool of a structured answer is forced but on a model that thinks, which refuses that",
        arguments: [
            (.null, "tool"), (["type": "disabled"], "tool"), (["type": "enabled", "budget_tokens": 1024], "auto"),
            (["type": "adaptive"], "auto"),
        ] as [(JSONValue, String)])
    func forcing(thinking: JSONValue, choice: String) async throws {
        let params: JSONObject = thinking.isNull ? [:] : ["thinking": thinking]
        let events = Self.structured([#"{"total":1}"#], stop: "tool_use")
        let (response, sent) = try await answer(events, ProviderTests.request(params: params, schema: Self.schema))
        #expect(sent["tool_choice"]?["type"]?.stringValue == choice)
        #expect(response.output.text == #"{"total":1}"#)
    }

    @Test("what a model that thinks answers without the tool is the answer")
    func unforced() async throws {
        let request = ProviderTests.request(params: ["thinking": ["type": "enabled", "budget_tokens": 1024]], schema: Self.schema)
        let (response, _) = try await answer(ProviderTests.Dialect.anthropic.events, request)
        #expect(response.output == Output(text: "Hello", finishReason: "end_turn"))
    }

    @Test(
        "a tool's choice is made in the API's words",
        arguments: [
            ("required", ["type": "any"]), ("auto", ["type": "auto"]), ("none", ["type": "none"]),
            (["type": "function", "function": ["name": "lookup"]], ["type": "tool", "name": "lookup"]),
            (["type": "any", "disable_parallel_tool_use": true], ["type": "any", "disable_parallel_tool_use": true]),
        ] as [(JSONValue, JSONValue)])
    func toolChoice(choice: JSONValue, wanted: JSONValue) async throws {
        let request = ProviderTests.request(params: ["tool_choice": choice], tools: [ProviderTests.tool])
        let (_, sent) = try await answer(ProviderTests.Dialect.anthropic.events, request)
        #expect(sent["tool_choice"] == wanted)
    }

    @Test("cache reads and writes are parts of the whole input, in the last word of the stream")
    func usage() async throws {
        let (response, _) = try await answer(
            [
                #"{"type":"message_start","message":{"usage":{"input_tokens":338,"cache_read_input_tokens":500,"cache_creation_input_tokens":20,"output_tokens":1}}}"#,
                #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":65,"cache_read_input_tokens":null}}"#,
            ], ProviderTests.request())
        #expect(response.usage == Usage(inputTokens: 858, outputTokens: 65, cachedTokens: 500, cacheWriteTokens: 20))
    }

    @Test(
        "an error inside of a stream says whether asking again helps",
        arguments: [
            ("overloaded_error", 529, true), ("rate_limit_error", 429, true), ("api_error", 500, true), ("invalid_request_error", nil, false),
            ("authentication_error", nil, false),
        ] as [(String, Int?, Bool)])
    func errorEvents(type: String, status: Int?, isRetryable: Bool) async throws {
        let event = #"{"type":"error","error":{"type":"\#(type)","message":"no"}}"#
        let error = try await ProviderTests.failure(.anthropic, ProviderTests.stream([event], pieceLength: 4096))
        #expect(error.status == status && error.isRetryable == isRetryable)
    }
}
