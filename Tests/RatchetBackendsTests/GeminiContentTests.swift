import RatchetCore
import RatchetJSON
import TestSupport
import Testing

@testable import RatchetBackends

@Suite("Gemini", .timeLimit(.minutes(1)))
struct GeminiContentTests {
    private func sent(model: String = "m", params: JSONObject = [:], messages: [Message]? = nil) async throws -> (target: String, body: JSONValue) {
        let server = try LoopbackServer { _ in ProviderTests.stream(ProviderTests.Dialect.gemini.events, pieceLength: 4096) }
        var request = ProviderTests.request(params: params, tools: [ProviderTests.tool], messages: messages)
        request.target = Target(backend: "api", model: model)
        _ = try await ProviderTests.backend(.gemini, server.url).respond(to: request)
        let first = try #require(server.requests.first)
        return (first.target, try JSONValue(parsing: first.body))
    }

    @Test(
        "a model is one of Google's, unless it names its collection",
        arguments: [
            ("gemini-2.5-flash", "models/gemini-2.5-flash"), ("models/gemini-2.5-flash", "models/gemini-2.5-flash"),
            ("tunedModels/mine-7", "tunedModels/mine-7"),
        ])
    func addresses(model: String, path: String) async throws {
        #expect(try await sent(model: model).target == "/v1beta/\(path):streamGenerateContent?alt=sse")
    }

    @Test("parameters are in Google's words, and its own stand where they belong")
    func parameters() async throws {
        let settings: JSONValue = [["category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"]]
        let body = try await sent(
            params: [
                "temperature": 0, "top_p": 0.9, "top_k": 40, "max_tokens": 64, "seed": 7, "stop": ["A", "B"],
                "thinkingConfig": ["thinkingBudget": 0], "safetySettings": settings,
                "tool_choice": ["type": "function", "function": ["name": "lookup"]],
            ]
        ).body
        #expect(
            body["generationConfig"] == [
                "temperature": 0, "topP": 0.9, "topK": 40, "maxOutputTokens": 64, "seed": 7, "stopSequences": ["A", "B"],
                "thinkingConfig": ["thinkingBudget": 0],
            ])
        #expect(body["safetySettings"] == settings)
        #expect(body["toolConfig"] == ["functionCallingConfig": ["mode": "ANY", "allowedFunctionNames": ["lookup"]]])
    }

    @Test("the roles are user and model, and what the system says stands apart")
    func roles() async throws {
        let messages = [
            Message(role: .system, content: "S"), Message(role: .user, content: "A"), Message(role: .assistant, content: "B"),
            Message(role: .user, content: "C"),
        ]
        let body = try await sent(messages: messages).body
        #expect(body["contents"]?.arrayValue?.map { $0["role"] } == ["user", "model", "user"])
        #expect(body["systemInstruction"] == ["parts": [["text": "S"]]])
    }

    @Test(
        "prompts and answers that are blocked for safety are answers that say so",
        arguments: [
            (#"{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":9}}"#, "", "PROHIBITED_CONTENT"),
            (#"{"candidates":[{"finishReason":"SAFETY"}],"usageMetadata":{"promptTokenCount":9}}"#, "", "SAFETY"),
            (
                #"{"candidates":[{"content":{"parts":[{"text":"Once"}]},"finishReason":"SAFETY"}],"usageMetadata":{"promptTokenCount":9}}"#,
                "Once", "SAFETY"
            ),
        ], [true, false])
    func blocks(_ reply: (json: String, text: String, finish: String), streams: Bool) async throws {
        let server = try LoopbackServer { _ in streams ? ProviderTests.stream([reply.json], pieceLength: 19) : .json(reply.json) }
        let response = try await ProviderTests.backend(.gemini, server.url, streams: streams).respond(to: ProviderTests.request())
        #expect(response.output == Output(text: reply.text, finishReason: reply.finish))
        #expect(response.usage == Usage(inputTokens: 9, outputTokens: nil))
    }

    @Test("what tools added to the prompt is input, and thoughts are output")
    func usage() async throws {
        let counts =
            #"{"promptTokenCount":10,"toolUsePromptTokenCount":5,"candidatesTokenCount":3,"thoughtsTokenCount":2,"cachedContentTokenCount":4}"#
        let server = try LoopbackServer { _ in .json(#"{"candidates":[{"finishReason":"STOP"}],"usageMetadata":\#(counts)}"#) }
        let response = try await ProviderTests.backend(.gemini, server.url, streams: false).respond(to: ProviderTests.request())
        #expect(response.usage == Usage(inputTokens: 15, outputTokens: 5, cachedTokens: 4, reasoningTokens: 2))
    }

    @Test("an unknown key is a matter of credentials, though the status is 400; another 400 is not")
    func unknownKey() async throws {
        let details = #"[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]"#
        let unknown = try await ProviderTests.failure(
            .gemini, .json(#"{"error":{"code":400,"message":"API key not valid: sk-secret","details":\#(details)}}"#, status: 400))
        #expect(unknown.kind == .credentials && unknown.message == "HTTP 400: API key not valid: [key]")
        let other = try await ProviderTests.failure(.gemini, .json(#"{"error":{"code":400,"message":"no such field"}}"#, status: 400))
        #expect(other.kind == .status && !other.isRetryable)
    }
}
