import Foundation
import RatchetCore
import RatchetFiles
import RatchetJSON
import TestSupport
import Testing

@testable import RatchetBackends

/// The providers' dialects on a real server: what is sent, and what is made of what comes.
@Suite("Providers", .timeLimit(.minutes(1)))
struct ProviderTests {
    enum Dialect: String, CaseIterable, Sendable {
        case openai, openai_responses, anthropic, gemini

        func kind(_ url: String) -> BackendConfiguration.Kind {
            switch self {
            case .openai: .openai(baseURL: url)
            case .openai_responses: .openaiResponses(baseURL: url)
            case .anthropic: .anthropic(baseURL: url)
            case .gemini: .gemini(baseURL: url)
            }
        }

        /// An answer in one piece: "Hello", 10 tokens in of which 4 were cached, 5 out of which 2 were reasoning.
        var whole: String {
            switch self {
            case .openai:
                #"{"model":"m-1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":2}}}"#
            case .openai_responses:
                #"{"id":"r","model":"m-1","status":"completed","output":[{"type":"reasoning","summary":[]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hello"}]}],"usage":{"input_tokens":10,"input_tokens_details":{"cached_tokens":4},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":2}}}"#
            case .anthropic:
                #"{"type":"message","model":"m-1","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"Hello"}],"stop_reason":"end_turn","usage":{"input_tokens":6,"cache_read_input_tokens":4,"cache_creation_input_tokens":0,"output_tokens":5,"output_tokens_details":{"thinking_tokens":2}}}"#
            case .gemini:
                #"{"candidates":[{"content":{"role":"model","parts":[{"text":"hm","thought":true},{"text":"Hello"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":3,"thoughtsTokenCount":2,"cachedContentTokenCount":4},"modelVersion":"m-1"}"#
            }
        }

        /// The same as a stream, in events.
        var events: [String] {
            switch self {
            case .openai:
                [
                    #"{"model":"m-1","choices":[{"index":0,"delta":{"role":"assistant","content":null}}]}"#,
                    #"{"model":"m-1","choices":[{"index":0,"delta":{"content":"Hel"}}]}"#,
                    #"{"model":"m-1","choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":"stop"}]}"#,
                    #"{"model":"m-1","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":2}}}"#,
                    "[DONE]",
                ]
            case .openai_responses:
                [
                    #"{"type":"response.created","response":{"status":"in_progress","output":[]}}"#,
                    #"{"type":"response.output_text.delta","delta":"Hel"}"#, #"{"type":"response.output_text.delta","delta":"lo"}"#,
                    #"{"type":"response.completed","response":\#(whole)}"#,
                ]
            case .anthropic:
                [
                    #"{"type":"message_start","message":{"model":"m-1","content":[],"usage":{"input_tokens":6,"cache_read_input_tokens":4,"cache_creation_input_tokens":0,"output_tokens":1}}}"#,
                    #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}"#,
                    #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#,
                    #"{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}"#, #"{"type":"ping"}"#,
                    #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hel"}}"#,
                    #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"lo"}}"#,
                    #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":5,"output_tokens_details":{"thinking_tokens":2}}}"#,
                    #"{"type":"message_stop"}"#,
                ]
            case .gemini:
                [
                    #"{"candidates":[{"content":{"parts":[{"text":"Hel"}]}}],"modelVersion":"m-1"}"#,
                    #"{"candidates":[{"content":{"parts":[{"text":"lo"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":3,"thoughtsTokenCount":2,"cachedContentTokenCount":4},"modelVersion":"m-1"}"#,
                ]
            }
        }

        /// An error inside of a stream that was begun.
        var failure: String {
            switch self {
            case .openai: #"{"error":{"message":"engine fell over","code":500}}"#
            case .openai_responses: #"{"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"engine fell over"}}}"#
            case .anthropic: #"{"type":"error","error":{"type":"overloaded_error","message":"engine fell over"}}"#
            case .gemini: #"{"error":{"code":503,"message":"engine fell over","status":"UNAVAILABLE"}}"#
            }
        }

        var finish: String {
            switch self {
            case .openai: "stop"
            case .openai_responses: "completed"
            case .anthropic: "end_turn"
            case .gemini: "STOP"
            }
        }

        var keyHeader: (name: String, value: String) {
            switch self {
            case .openai, .openai_responses: ("Authorization", "Bearer sk-secret")
            case .anthropic: ("x-api-key", "sk-secret")
            case .gemini: ("x-goog-api-key", "sk-secret")
            }
        }
    }

    static let tool: JSONValue = [
        "type": "function",
        "function": ["name": "lookup", "description": "Finds an order.", "parameters": ["type": "object", "properties": ["id": ["type": "string"]]]],
    ]

    static func request(
        params: JSONObject = [:], tools: JSONValue? = nil, schema: JSONValue? = nil, messages: [Message]? = nil
    ) -> Request {
        Request(
            target: Target(backend: "api", model: "m"), messages: messages ?? [Message(role: .system, content: "Be kind."), Message(role: .user, content: "Hi")],
            params: params, tools: tools, responseSchema: schema, draw: Draw(.run, 1), purpose: .trial(suite: "s", example: "e", prompt: nil))
    }

    static func backend(
        _ dialect: Dialect, _ url: String, streams: Bool = true, kind: BackendConfiguration.Kind? = nil
    ) throws -> any Backend {
        var configuration = BackendConfiguration(name: "api", kind: kind ?? dialect.kind(url), source: SourceReference(file: "ratchet.yaml"))
        configuration.streams = streams
        configuration.apiKeyVariable = "KEY"
        let factory = BackendFactory(
            environment: ["KEY": "sk-secret"], transport: try loopbackTransport(), folder: ProjectFolder(root: "/"), now: { 0 })
        return try #require(factory.make(configuration).0?.backend)
    }

    static func stream(_ events: [String], pieceLength: Int) -> LoopbackServer.Reply {
        let bytes = Array(events.map { "data: \($0)\n\n" }.joined().utf8)
        let pieces = stride(from: 0, to: bytes.count, by: pieceLength).map {
            LoopbackServer.Piece.bytes(Array(bytes[$0..<min($0 + pieceLength, bytes.count)]))
        }
        return .eventStream(pieces)
    }

    @Test("an answer in one piece, and the same as a stream split anywhere, are the same", arguments: Dialect.allCases, [0, 1, 7, 4096])
    func answers(dialect: Dialect, pieceLength: Int) async throws {
        let server = try LoopbackServer { _ in
            pieceLength == 0 ? .json(dialect.whole) : Self.stream(dialect.events, pieceLength: pieceLength)
        }
        let response = try await Self.backend(dialect, server.url, streams: pieceLength > 0).respond(to: Self.request())
        #expect(response.output == Output(text: "Hello", finishReason: dialect.finish))
        #expect(response.model == "m-1")
        let usage = try #require(response.usage)
        #expect([usage.inputTokens, usage.outputTokens, usage.cachedTokens, usage.reasoningTokens] == [10, 5, 4, 2])
        #expect((response.timeToFirstToken != nil) == (pieceLength > 0))
        let sent = try #require(server.requests.first)
        #expect(sent.header(dialect.keyHeader.name) == dialect.keyHeader.value)
        if dialect == .anthropic { #expect(sent.header("anthropic-version") == "2023-06-01") }
    }

    @Test("what is sent is what the provider wants, and parameters only when they are set", arguments: Dialect.allCases)
    func bodies(dialect: Dialect) async throws {
        let server = try LoopbackServer { _ in .json(dialect.whole) }
        let backend = try Self.backend(dialect, server.url, streams: false)
        _ = try await backend.respond(to: Self.request())
        _ = try await backend.respond(
            to: Self.request(
                params: ["temperature": 0.5, "max_tokens": 64, "stop": "END", "top_p": 0.9], tools: [Self.tool]))
        let bodies = try server.requests.map { try JSONValue(parsing: $0.body) }
        let parameters = Self.tool["function"]?["parameters"] ?? .null
        switch dialect {
        case .openai:
            #expect(server.requests[0].target == "/chat/completions")
            #expect(bodies[0] == ["model": "m", "messages": [["role": "system", "content": "Be kind."], ["role": "user", "content": "Hi"]]])
            #expect(bodies[1]["tools"] == [Self.tool] && bodies[1]["max_tokens"] == 64 && bodies[1]["stop"] == "END")
        case .openai_responses:
            #expect(server.requests[0].target == "/responses")
            #expect(bodies[0] == ["model": "m", "input": [["role": "system", "content": "Be kind."], ["role": "user", "content": "Hi"]]])
            #expect(bodies[1]["max_output_tokens"] == 64 && bodies[1]["max_tokens"] == nil)
            #expect(bodies[1]["tools"] == [["type": "function", "name": "lookup", "description": "Finds an order.", "parameters": parameters]])
        case .anthropic:
            #expect(server.requests[0].target == "/v1/messages")
            #expect(bodies[0] == ["model": "m", "max_tokens": 4096, "system": "Be kind.", "messages": [["role": "user", "content": "Hi"]]])
            #expect(bodies[1]["max_tokens"] == 64 && bodies[1]["stop_sequences"] == ["END"] && bodies[1]["stop"] == nil)
            #expect(bodies[1]["tools"] == [["name": "lookup", "description": "Finds an order.", "input_schema": parameters]])
        case .gemini:
            #expect(server.requests[0].target == "/v1beta/models/m:generateContent")
            #expect(
                bodies[0] == [
                    "systemInstruction": ["parts": [["text": "Be kind."]]], "contents": [["role": "user", "parts": [["text": "Hi"]]]],
                ])
            #expect(
                bodies[1]["generationConfig"] == ["temperature": 0.5, "maxOutputTokens": 64, "stopSequences": ["END"], "topP": 0.9])
            #expect(
                bodies[1]["tools"] == [["functionDeclarations": [["name": "lookup", "description": "Finds an order.", "parameters": parameters]]]])
        }
        if dialect != .gemini { #expect(bodies[1]["temperature"] == 0.5 && bodies[1]["top_p"] == 0.9) }
    }

    @Test("a schema is asked for in the provider's way, and a structured answer is the text", arguments: Dialect.allCases)
    func schemas(dialect: Dialect) async throws {
        let schema: JSONValue = ["type": "object", "properties": ["total": ["type": "number"]]]
        let structured =
            dialect == .anthropic
            ? #"{"model":"m-1","content":[{"type":"tool_use","id":"t","name":"answer","input":{"total":12.50}}],"stop_reason":"tool_use"}"#
            : dialect.whole.replacingOccurrences(of: "Hello", with: #"{\"total\":12.50}"#)
        let server = try LoopbackServer { _ in .json(structured) }
        let response = try await Self.backend(dialect, server.url, streams: false).respond(to: Self.request(schema: schema))
        #expect(response.output.text == #"{"total":12.50}"# && response.output.toolCalls.isEmpty)
        let body = try JSONValue(parsing: try #require(server.requests.first).body)
        switch dialect {
        case .openai: #expect(body["response_format"]?["json_schema"]?["schema"] == schema)
        case .openai_responses: #expect(body["text"]?["format"] == ["type": "json_schema", "name": "answer", "schema": schema])
        case .anthropic: #expect(body["tool_choice"] == ["type": "tool", "name": "answer"] && body["tools"]?.arrayValue?.first?["input_schema"] == schema)
        case .gemini: #expect(body["generationConfig"] == ["responseMimeType": "application/json", "responseSchema": schema])
        }
    }

    private static let calls: [Dialect: (whole: String, events: [String])] = [
        .openai: (
            #"{"choices":[{"message":{"content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"lookup","arguments":"{\"id\":\"A-7\"}"}}]},"finish_reason":"tool_calls"}]}"#,
            [
                #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"lookup","arguments":""}}]}}]}"#,
                #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"id\":"}}]}}]}"#,
                #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"A-7\"}"}}]},"finish_reason":"tool_calls"}]}"#,
            ]
        ),
        .openai_responses: (
            #"{"status":"completed","output":[{"type":"function_call","call_id":"c1","name":"lookup","arguments":"{\"id\":\"A-7\"}"}]}"#,
            [
                #"{"type":"response.function_call_arguments.delta","delta":"{\"id\":"}"#,
                #"{"type":"response.completed","response":{"status":"completed","output":[{"type":"function_call","call_id":"c1","name":"lookup","arguments":"{\"id\":\"A-7\"}"}]}}"#,
            ]
        ),
        .anthropic: (
            #"{"content":[{"type":"tool_use","id":"c1","name":"lookup","input":{"id":"A-7"}}],"stop_reason":"tool_use"}"#,
            [
                #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"c1","name":"lookup","input":{}}}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"id\":"}}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"\"A-7\"}"}}"#,
                #"{"type":"message_delta","delta":{"stop_reason":"tool_use"}}"#, #"{"type":"message_stop"}"#,
            ]
        ),
        .gemini: (
            #"{"candidates":[{"content":{"parts":[{"functionCall":{"id":"c1","name":"lookup","args":{"id":"A-7"}}}]},"finishReason":"STOP"}]}"#,
            [#"{"candidates":[{"content":{"parts":[{"functionCall":{"id":"c1","name":"lookup","args":{"id":"A-7"}}}]},"finishReason":"STOP"}]}"#]
        ),
    ]

    @Test("tool calls come whole, and in pieces", arguments: Dialect.allCases, [true, false])
    func toolCalls(dialect: Dialect, streams: Bool) async throws {
        let (whole, events) = try #require(Self.calls[dialect])
        let server = try LoopbackServer { _ in streams ? Self.stream(events, pieceLength: 11) : .json(whole) }
        let response = try await Self.backend(dialect, server.url, streams: streams).respond(to: Self.request(tools: [Self.tool]))
        #expect(response.output.toolCalls == [ToolCall(id: "c1", name: "lookup", arguments: ["id": "A-7"])])
        #expect(response.output.text == "")
    }

    @Test("refusals and filters are answers with a finish reason that says so")
    func refusals() async throws {
        let replies: [(Dialect, LoopbackServer.Reply, Output)] = [
            (
                .openai, .json(#"{"choices":[{"message":{"content":null,"refusal":"I can't."},"finish_reason":"stop"}]}"#),
                Output(text: "I can't.", finishReason: "refusal")
            ),
            (
                .openai, .json(#"{"error":{"message":"filtered","code":"content_filter"}}"#, status: 400),
                Output(text: "", finishReason: "content_filter")
            ),
            (
                .openai_responses,
                .json(#"{"status":"completed","output":[{"type":"message","content":[{"type":"refusal","refusal":"I can't."}]}]}"#),
                Output(text: "I can't.", finishReason: "refusal")
            ),
            (
                .openai_responses,
                .json(#"{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[]}"#),
                Output(text: "", finishReason: "max_output_tokens")
            ),
            (
                .anthropic, .json(#"{"content":[],"stop_reason":"refusal","stop_details":{"explanation":"By policy."}}"#),
                Output(text: "By policy.", finishReason: "refusal")
            ),
            (.gemini, .json(#"{"promptFeedback":{"blockReason":"SAFETY"}}"#), Output(text: "", finishReason: "SAFETY")),
        ]
        for (dialect, reply, wanted) in replies {
            let server = try LoopbackServer { _ in reply }
            #expect(try await Self.backend(dialect, server.url, streams: false).respond(to: Self.request()).output == wanted)
        }
    }

    // MARK: Faults

    static func failure(_ dialect: Dialect, _ reply: LoopbackServer.Reply, streams: Bool = true) async throws -> BackendError {
        let server = try LoopbackServer { _ in reply }
        let backend = try Self.backend(dialect, server.url, streams: streams)
        do throws(BackendError) {
            _ = try await backend.respond(to: Self.request())
        } catch {
            return error
        }
        throw MissingError()
    }

    struct MissingError: Error {}

    @Test("a stream that stops before its end is a failure of the transport, and tried again", arguments: Dialect.allCases)
    func cutOff(dialect: Dialect) async throws {
        let events = Array(dialect.events.prefix(dialect == .gemini ? 1 : 2))
        let error = try await Self.failure(dialect, Self.stream(events, pieceLength: 4096))
        #expect(error.kind == .transport && error.isRetryable)
    }

    @Test("an error inside of a stream is the server's, with its words", arguments: Dialect.allCases)
    func errorInStream(dialect: Dialect) async throws {
        let error = try await Self.failure(dialect, Self.stream([dialect.events[0], dialect.failure], pieceLength: 4096))
        #expect(error.kind == .status && error.isRetryable)
        #expect(error.message.contains("engine fell over"))
    }

    @Test("pages, nothing, garbage and invalid text are told as what they are", arguments: Dialect.allCases)
    func garbage(dialect: Dialect) async throws {
        let page = try await Self.failure(dialect, .text("<html><body>Bad \u{1B}[31mgateway</body></html>"), streams: false)
        #expect(page.kind == .malformed && page.message.contains("<html>") && !page.message.contains("\u{1B}"))
        #expect(try await Self.failure(dialect, .text(""), streams: false).message.contains("an empty body"))
        #expect(try await Self.failure(dialect, .json("{}"), streams: false).kind == .malformed)
        #expect(try await Self.failure(dialect, Self.stream(["{not json"], pieceLength: 4096)).kind == .malformed)
        let invalid = LoopbackServer.Reply.eventStream([LoopbackServer.Piece.bytes(Array("data: \"".utf8) + [0xFF, 0xFE] + Array("\"\n\n".utf8))])
        #expect(try await Self.failure(dialect, invalid).kind == .malformed)
    }

    @Test("a refused key is never shown; a rate limit is waited for; an overload is tried again", arguments: Dialect.allCases)
    func statuses(dialect: Dialect) async throws {
        let refused = try await Self.failure(dialect, .json(#"{"error":{"message":"bad key sk-secret"}}"#, status: 401))
        #expect(refused.kind == .credentials && !refused.message.contains("sk-secret") && refused.message.contains("[key]"))
        let limited = try await Self.failure(dialect, .text(#"{"error":{"message":"slow down"}}"#, status: 429, headers: ["Retry-After": "7"]))
        #expect(limited.isRetryable && limited.retryAfter == 7)
        #expect(try await Self.failure(dialect, .json(#"{"error":{"message":"overloaded"}}"#, status: 529)).isRetryable)
        let quota = try await Self.failure(dialect, .json(#"{"error":{"message":"pay","code":"insufficient_quota"}}"#, status: 429))
        #expect(!quota.isRetryable)
    }

    @Test("a key that a long message is cut in is not shown in part", arguments: 0..<12)
    func keyAtTheCut(before: Int) async throws {
        let text = String(repeating: "x", count: 288 + before) + "sk-secret" + String(repeating: "y", count: 40)
        let error = try await Self.failure(.openai, .json(#"{"error":{"message":"\#(text)"}}"#, status: 400))
        #expect(!error.message.contains("sk-s") && error.message.hasSuffix("…"))
    }

    @Test("a schema with words that Google's own dialect lacks is sent as JSON Schema")
    func wideSchema() async throws {
        let schema: JSONValue = ["type": "object", "additionalProperties": false]
        let server = try LoopbackServer { _ in .json(Dialect.gemini.whole) }
        let tool: JSONValue = ["type": "function", "function": ["name": "f", "parameters": schema]]
        _ = try await Self.backend(.gemini, server.url, streams: false).respond(to: Self.request(tools: [tool], schema: schema))
        let body = try JSONValue(parsing: try #require(server.requests.first).body)
        #expect(body["generationConfig"]?["responseJsonSchema"] == schema && body["generationConfig"]?["responseSchema"] == nil)
        #expect(body["tools"] == [["functionDeclarations": [["name": "f", "parametersJsonSchema": schema]]]])
    }

    @Test("Google's delay stands in the body")
    func retryInfo() async throws {
        let error = try await Self.failure(
            .gemini, .json(#"[{"error":{"code":429,"message":"quota","details":[{"retryDelay":"3.5s"}]}}]"#, status: 429))
        #expect(error.retryAfter == 3.5 && error.message == "HTTP 429: quota")
    }

    @Test("Azure's version is in the address, and its key in a header of its own")
    func azure() async throws {
        let server = try LoopbackServer { _ in .json(Dialect.openai.whole) }
        let url = server.url + "/openai/deployments/d"
        let backend = try Self.backend(.openai, url, streams: false, kind: .openai(baseURL: url, apiVersion: "2024-10-21"))
        _ = try await backend.respond(to: Self.request())
        let sent = try #require(server.requests.first)
        #expect(sent.target == "/openai/deployments/d/chat/completions?api-version=2024-10-21")
        #expect(sent.header("api-key") == "sk-secret" && sent.header("Authorization") == nil)
    }

    @Test(
        "servers that count in their own way are understood",
        arguments: [
            (#"{"choices":[],"x_groq":{"usage":{"prompt_tokens":47,"completion_tokens":10}}}"#, Usage(inputTokens: 47, outputTokens: 10)),
            (
                #"{"usage":{"prompt_tokens":13,"completion_tokens":5,"total_tokens":18,"prompt_cache_hit_tokens":7}}"#,
                Usage(inputTokens: 13, outputTokens: 5, cachedTokens: 7)
            ),
            (
                #"{"usage":{"prompt_tokens":45,"completion_tokens":35,"total_tokens":165,"completion_tokens_details":{"reasoning_tokens":85}}}"#,
                Usage(inputTokens: 45, outputTokens: 120, reasoningTokens: 85)
            ),
        ])
    func usages(json: String, usage: Usage) throws {
        #expect(ChatCompletions.usage(try JSONValue(parsing: json)) == usage)
    }

    @Test("Recorded streams of Anthropic's own tests")
    func recorded() async throws {
        guard let folder = SharedData.url("conformance/provider-streams/anthropic") else { return }
        let wanted: [String: (text: String?, finish: String, calls: [String])] = [
            "compaction_response.txt": ("Hello there!", "end_turn", []),
            "refusal_response.txt": ("This request was refused due to policy.", "refusal", []),
            "stream-a-refusal.sse": (nil, "refusal", []), "stream-b-fallback.sse": (nil, "end_turn", []),
            "stream-a-toolrefusal.sse": (nil, "refusal", ["web_search"]),
            "tool_use_response.txt": ("I'll check the current weather in Paris for you.", "tool_use", ["get_weather"]),
        ]
        for (name, (text, finish, calls)) in wanted {
            let body = Array(try Data(contentsOf: folder.appendingPathComponent(name)))
            let server = try LoopbackServer { _ in
                .eventStream(stride(from: 0, to: body.count, by: 97).map { LoopbackServer.Piece.bytes(Array(body[$0..<min($0 + 97, body.count)])) })
            }
            let response = try await Self.backend(.anthropic, server.url).respond(to: Self.request())
            if let text { #expect(response.output.text == text, "\(name)") }
            #expect(response.output.finishReason == finish, "\(name)")
            #expect(response.output.toolCalls.map(\.name) == calls, "\(name)")
            #expect(response.usage?.inputTokens ?? 0 > 0, "\(name)")
        }
    }
}
