import Foundation
import RatchetChecks
import RatchetCore
import RatchetJSON
import TestSupport
import Testing

@testable import RatchetBackends

@Suite("Chat completions", .timeLimit(.minutes(1)))
struct ChatCompletionsTests {
    private func answer(_ events: [String]) async throws -> Response {
        let server = try LoopbackServer { _ in ProviderTests.stream(events, pieceLength: 4096) }
        return try await ProviderTests.backend(.openai, server.url).respond(to: ProviderTests.request(tools: [ProviderTests.tool]))
    }

    private func event(_ index: Int, _ id: String?, _ name: String?, _ arguments: String, finish: String? = nil) -> String {
        let function: JSONValue = ["name": .optional(name), "arguments": .string(arguments)]
        let call: JSONValue = ["index": .int(index), "id": .optional(id), "function": function]
        let json: JSONValue = ["choices": [["index": 0, "delta": ["tool_calls": [call]], "finish_reason": .optional(finish)]]]
        return json.serialized(.compact)
    }

    @Test("calls at once stay apart, also where a server numbers all of them 0, and come in the order of their indices")
    func parallelCalls() async throws {
        let wanted = [
            ToolCall(id: "c1", name: "lookup", arguments: ["id": "A"]), ToolCall(id: "c2", name: "lookup", arguments: ["id": "B"]),
        ]
        let zeros = [event(0, "c1", "lookup", #"{"id":"A"}"#), event(0, "c2", "lookup", #"{"id":"B"}"#, finish: "tool_calls")]
        #expect(try await answer(zeros).output.toolCalls == wanted)
        let mixed = [
            event(1, "c2", "lookup", #"{"id":"#), event(0, "c1", "lookup", #"{"id":"#), event(1, nil, nil, #""B"}"#),
            event(0, nil, nil, #""A"}"#, finish: "tool_calls"),
        ]
        #expect(try await answer(mixed).output.toolCalls == wanted)
    }

    @Test("a call whose every piece has an id of its own is one call, with the first of them")
    func wanderingIDs() async throws {
        let events = [
            event(0, "c1", "lookup", ""), event(0, "c2", nil, #"{"id":"#), event(0, "c3", "", #""A"}"#, finish: "tool_calls"),
        ]
        #expect(try await answer(events).output.toolCalls == [ToolCall(id: "c1", name: "lookup", arguments: ["id": "A"])])
    }

    @Test("counts of null leave room for those that stand elsewhere")
    func nullUsage() throws {
        let json = try JSONValue(parsing: #"{"usage":null,"x_groq":{"usage":{"prompt_tokens":47,"completion_tokens":10}}}"#)
        #expect(ChatCompletions.usage(json) == Usage(inputTokens: 47, outputTokens: 10))
        #expect(ChatCompletions.usage(try JSONValue(parsing: #"{"usage":null}"#)) == nil)
    }

    @Test("an answer that a filter has stopped keeps its words and says so")
    func contentFilter() async throws {
        let response = try await answer([
            #"{"choices":[],"prompt_filter_results":[{"prompt_index":0}]}"#, #"{"choices":[{"index":0,"delta":{"content":"Once"}}]}"#,
            #"{"choices":[{"index":0,"delta":{},"finish_reason":"content_filter"}]}"#,
        ])
        #expect(response.output == Output(text: "Once", finishReason: "content_filter"))
    }

    @Test("what is sent is what OpenAI's published schema allows, plain, streamed, and with everything")
    func schema() async throws {
        guard let url = SharedData.url("conformance/openai-schema/openai-chat.schema.json") else { return }
        let definitions = try JSONValue(parsing: Array(Data(contentsOf: url)))["$defs"] ?? [:]
        let schema = try JSONSchema(
            ["$ref": "#/$defs/CreateChatCompletionRequest", "$defs": definitions], regex: PCRE2JSONRegexEngine())
        let server = try LoopbackServer { _ in .json(ProviderTests.Dialect.openai.whole) }
        let params: JSONObject = ["temperature": 0.5, "top_p": 0.9, "seed": 7, "stop": ["END"], "max_completion_tokens": 64, "tool_choice": "auto"]
        for streams in [false, true] {
            let backend = try ProviderTests.backend(.openai, server.url, streams: streams)
            _ = try await backend.respond(to: ProviderTests.request())
            _ = try await backend.respond(
                to: ProviderTests.request(params: params, tools: [ProviderTests.tool], schema: ["type": "object", "properties": [:]]))
        }
        #expect(server.requests.count == 4)
        for request in server.requests {
            let violations = schema.validate(try JSONValue(parsing: request.body))
            #expect(violations.isEmpty, "\(request.text): \(violations)")
        }
        #expect(!schema.validate(["model": "m"]).isEmpty)
    }

    /// By the beginning of its name, what OpenAI's own client makes of a recorded stream.
    private static let recorded: [(name: String, output: Output, usage: Usage)] = [
        (
            "173417d5", Output(text: "I'm sorry, I can't assist with that request.", finishReason: "refusal"),
            Usage(inputTokens: 79, outputTokens: 11, reasoningTokens: 0)
        ),
        (
            "2018feb6", calls([("call_4XzlGBLtUe9dy3GVNV4jhq7h", "get_weather", ["city": "New York City"])]),
            Usage(inputTokens: 44, outputTokens: 16, reasoningTokens: 0)
        ),
        (
            "7e5ea4d1", Output(text: #"{"city":"San Francisco","temperature":61,"units":"f"}"#, finishReason: "stop"),
            Usage(inputTokens: 79, outputTokens: 14, reasoningTokens: 0)
        ),
        (
            "a247c49c", calls([("call_CTf1nWJLqSeRgDqaCG27xZ74", "get_weather", ["city": "San Francisco", "state": "CA"])]),
            Usage(inputTokens: 48, outputTokens: 19, reasoningTokens: 0)
        ),
        // Three choices at once: the first is the answer.
        (
            "a491adda", Output(text: #"{"city":"San Francisco","temperature":65,"units":"f"}"#, finishReason: "stop"),
            Usage(inputTokens: 79, outputTokens: 42, reasoningTokens: 0)
        ),
        (
            "c6aa7e39", calls([("call_c91SqDXlYFuETYv8mUHzz6pp", "GetWeatherArgs", ["city": "Edinburgh", "country": "UK", "units": "c"])]),
            Usage(inputTokens: 76, outputTokens: 24, reasoningTokens: 0)
        ),
        (
            "f82268f2",
            calls([
                ("call_JMW1whyEaYG438VE1OIflxA2", "GetWeatherArgs", ["city": "Edinburgh", "country": "GB", "units": "c"]),
                ("call_DNYTawLBoN8fj3KN6qU9N1Ou", "get_stock_price", ["ticker": "AAPL", "exchange": "NASDAQ"]),
            ]), Usage(inputTokens: 149, outputTokens: 60, reasoningTokens: 0)
        ),
    ]

    private static func calls(_ calls: [(id: String, name: String, arguments: JSONValue)]) -> Output {
        Output(text: "", toolCalls: calls.map { ToolCall(id: $0.id, name: $0.name, arguments: $0.arguments) }, finishReason: "tool_calls")
    }

    @Test("recorded streams of OpenAI's own tests, split anywhere", arguments: [1, 97, 65536])
    func recordedStreams(pieceLength: Int) async throws {
        guard let folder = SharedData.url("conformance/provider-streams/openai") else { return }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        for (beginning, output, usage) in Self.recorded {
            let name = try #require(names.first { $0.hasPrefix(beginning) })
            let body = Array(try Data(contentsOf: folder.appendingPathComponent(name)))
            let server = try LoopbackServer { _ in
                .eventStream(
                    stride(from: 0, to: body.count, by: pieceLength).map {
                        LoopbackServer.Piece.bytes(Array(body[$0..<min($0 + pieceLength, body.count)]))
                    })
            }
            let response = try await ProviderTests.backend(.openai, server.url).respond(to: ProviderTests.request())
            #expect(response.output == output, "\(name)")
            #expect(response.usage == usage, "\(name)")
            #expect(response.model == "gpt-4o-2024-08-06", "\(name)")
        }
    }
}
