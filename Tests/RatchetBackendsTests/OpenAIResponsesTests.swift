import RatchetCore
import RatchetJSON
import TestSupport
import Testing

@testable import RatchetBackends

@Suite("OpenAI's Responses", .timeLimit(.minutes(1)))
struct OpenAIResponsesTests {
    @Test(
        "a tool's choice is made in the API's words",
        arguments: [
            ("required", "required"), (["type": "function", "function": ["name": "lookup"]], ["type": "function", "name": "lookup"]),
            (["type": "function", "name": "lookup"], ["type": "function", "name": "lookup"]), (["type": "web_search"], ["type": "web_search"]),
        ] as [(JSONValue, JSONValue)])
    func toolChoice(choice: JSONValue, wanted: JSONValue) async throws {
        let server = try LoopbackServer { _ in .json(ProviderTests.Dialect.openai_responses.whole) }
        let backend = try ProviderTests.backend(.openai_responses, server.url, streams: false)
        _ = try await backend.respond(to: ProviderTests.request(params: ["tool_choice": choice], tools: [ProviderTests.tool]))
        #expect(try JSONValue(parsing: try #require(server.requests.first).body)["tool_choice"] == wanted)
    }

    @Test("parameters of the text stay beside the schema, and the seed is left out, which the API does not know")
    func textParameters() async throws {
        let server = try LoopbackServer { _ in .json(ProviderTests.Dialect.openai_responses.whole) }
        let backend = try ProviderTests.backend(.openai_responses, server.url)
        let request = ProviderTests.request(params: ["text": ["verbosity": "low"], "seed": 7], schema: ["type": "object"])
        _ = try await backend.respond(to: request)
        let body = try JSONValue(parsing: try #require(server.requests.first).body)
        #expect(body["text"] == ["verbosity": "low", "format": ["type": "json_schema", "name": "answer", "schema": ["type": "object"]]])
        #expect(body["stream"] == true && body["seed"] == nil)
    }

    @Test("a refusal, an answer that is cut off and a blocked prompt are answers, streamed as well")
    func unfinished() async throws {
        func answer(_ reply: LoopbackServer.Reply) async throws -> Output {
            let server = try LoopbackServer { _ in reply }
            return try await ProviderTests.backend(.openai_responses, server.url).respond(to: ProviderTests.request()).output
        }
        let refused = ProviderTests.stream(
            [
                #"{"type":"response.refusal.delta","delta":"I can't."}"#,
                #"{"type":"response.completed","response":{"status":"completed","output":[{"type":"message","content":[{"type":"refusal","refusal":"I can't."}]}]}}"#,
            ], pieceLength: 17)
        #expect(try await answer(refused) == Output(text: "I can't.", finishReason: "refusal"))
        let cut = ProviderTests.stream(
            [
                #"{"type":"response.output_text.delta","delta":"Once"}"#,
                #"{"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[{"type":"message","content":[{"type":"output_text","text":"Once"}]}]}}"#,
            ], pieceLength: 17)
        #expect(try await answer(cut) == Output(text: "Once", finishReason: "max_output_tokens"))
        let blocked = LoopbackServer.Reply.json(#"{"error":{"message":"filtered","code":"content_filter"}}"#, status: 400)
        #expect(try await answer(blocked) == Output(text: "", finishReason: "content_filter"))
    }

    @Test(
        "an error inside of a stream says whether asking again helps",
        arguments: [
            (#"{"type":"error","code":"rate_limit_exceeded","message":"no","param":null}"#, 429, true),
            (#"{"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"no"}}}"#, nil, true),
            (#"{"type":"response.failed","response":{"status":"failed","error":{"code":"invalid_prompt","message":"no"}}}"#, nil, false),
        ] as [(String, Int?, Bool)])
    func errorEvents(event: String, status: Int?, isRetryable: Bool) async throws {
        let error = try await ProviderTests.failure(.openai_responses, ProviderTests.stream([event], pieceLength: 4096))
        #expect(error.status == status && error.isRetryable == isRetryable && error.message == "the server reported: no")
    }
}
