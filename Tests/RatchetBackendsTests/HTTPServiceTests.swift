import RatchetCore
import RatchetJSON
import TestSupport
import Testing

@testable import RatchetBackends

@Suite("JSON services", .timeLimit(.minutes(1)))
struct HTTPServiceTests {
    private static let paths: [HTTPService.Part: String] = [
        .output: "$.answer", .error: "$.error", .toolCalls: "$.calls", .finishReason: "$.why", .inputTokens: "$.in", .outputTokens: "$.out",
        .costUSD: "$.cost", .model: "$.model",
    ]

    private static func backend(
        _ url: String, method: String = "POST", body: JSONValue = ["q": "{{user}}"], paths: [HTTPService.Part: String] = paths
    ) throws -> any Backend {
        let service = HTTPService(url: url, method: method, body: body, paths: paths, keyHeader: "X-Token", keyPrefix: "")
        return try ProviderTests.backend(.openai, url, kind: .http(service))
    }

    private static func answer(_ reply: LoopbackServer.Reply, paths: [HTTPService.Part: String] = paths) async throws -> Response {
        let server = try LoopbackServer { _ in reply }
        return try await backend(server.url, paths: paths).respond(to: ProviderTests.request())
    }

    private static func failure(_ reply: LoopbackServer.Reply) async throws -> BackendError {
        let error = await #expect(throws: BackendError.self) { try await answer(reply) }
        return try #require(error)
    }

    @Test("everything that paths name is taken of an answer")
    func parts() async throws {
        let response = try await Self.answer(
            .json(
                #"{"answer":"Hello","calls":[{"name":"lookup","arguments":{"id":"A-7"}}],"why":"stop","in":7,"out":2,"cost":0.25,"model":"m-9"}"#))
        let call = ToolCall(id: nil, name: "lookup", arguments: ["id": "A-7"])
        #expect(response.output == Output(text: "Hello", toolCalls: [call], finishReason: "stop"))
        #expect(response.usage == Usage(inputTokens: 7, outputTokens: 2) && response.cost == 0.25 && response.model == "m-9")
    }

    @Test(
        "an output is text, or the text of any JSON; several are joined",
        arguments: [
            (#"{"answer":"Hello"}"#, "$.answer", "Hello"), (#"{"answer":""}"#, "$.answer", ""), (#"{"answer":{"n":1.50}}"#, "$.answer", #"{"n":1.50}"#),
            (#"{"answer":false}"#, "$.answer", "false"), (#"{"answer":["a","b"]}"#, "$.answer[*]", "ab"),
            (#"{"answer":[1,"b",null,{"c":2}]}"#, "$.answer[*]", #"1b{"c":2}"#), (#"[{"t":"x"},{"t":"y"}]"#, "$[*].t", "xy"),
        ])
    func outputs(json: String, path: String, text: String) async throws {
        #expect(try await Self.answer(.json(json), paths: [.output: path]).output.text == text)
    }

    @Test("an answer without output, or with null, is malformed and shown; with tool calls it is one without text", arguments: [#""answer":null,"#, ""])
    func missing(member: String) async throws {
        let error = try await Self.failure(.json("{\(member)\"other\":1}"))
        #expect(error.kind == .malformed && error.message == "the answer has nothing at $.answer: {\(member)\"other\":1}")
        let response = try await Self.answer(.json("{\(member)\"calls\":[{\"name\":\"lookup\"}]}"))
        #expect(response.output == Output(text: "", toolCalls: [ToolCall(id: nil, name: "lookup", arguments: [:])]))
    }

    @Test("null, false and an empty text are no error; any other value is")
    func errors() async throws {
        for none in ["null", "false", #""""#] {
            #expect(try await Self.answer(.json(#"{"error":\#(none),"answer":"Hello"}"#)).output.text == "Hello", "\(none)")
        }
        let told = try await Self.failure(.json(#"{"error":{"code":7,"why":"sk-secret is\u001b[31m no customer"},"answer":"Hello"}"#))
        #expect(told.kind == .status && told.message.contains("[key] is") && !told.message.contains("\u{1B}"), "\(told)")
    }

    @Test("what is sent is JSON of the template's shape, and asks for JSON; GET sends no body")
    func requests() async throws {
        let server = try LoopbackServer { _ in .json(#"{"answer":"Hello"}"#) }
        let body: JSONValue = ["q": "Q: {{user}}", "s": "{{system}}", "m": "{{messages}}", "p": "{{params}}", "fixed": [1, true, .null]]
        let hostile = #"", "admin": true, "x": "{{system}} \"# + "\u{0}\n"
        let messages = [Message(role: .system, content: "S"), Message(role: .user, content: hostile)]
        _ = try await Self.backend(server.url, body: body).respond(to: ProviderTests.request(params: ["top_k": 3], messages: messages))
        _ = try await Self.backend(server.url, method: "GET", body: body).respond(to: ProviderTests.request())
        let (post, get) = (server.requests[0], server.requests[1])
        #expect(
            try JSONValue(parsing: post.body) == [
                "q": .string("Q: " + hostile), "s": "S", "p": ["top_k": 3], "fixed": [1, true, .null],
                "m": [["role": "system", "content": "S"], ["role": "user", "content": .string(hostile)]],
            ])
        #expect(post.method == "POST" && post.header("X-Token") == "sk-secret" && post.header("Accept") == "application/json")
        #expect(get.method == "GET" && get.body.isEmpty)
    }

    @Test("broken connections, pages, garbage and refusals are told as those of providers are")
    func faults() async throws {
        for reply in [LoopbackServer.Reply.closeWithoutReply, .truncated(#"{"answer":"He"#)] {
            let error = try await Self.failure(reply)
            #expect(error.kind == .transport && error.isRetryable, "\(error)")
        }
        let invalid = LoopbackServer.Reply.response(body: Array(#"{"answer":""#.utf8) + [0xFF] + Array(#""}"#.utf8))
        for (reply, words) in [(.text("<html>Hello"), "<html>Hello"), (.text(""), "an empty body"), (invalid, "not JSON")] as [(LoopbackServer.Reply, String)] {
            let error = try await Self.failure(reply)
            #expect(error.kind == .malformed && error.message.contains(words), "\(error)")
        }
        let refused = try await Self.failure(.text("no access for sk-secret", status: 401))
        #expect(refused.kind == .credentials && refused.message == "HTTP 401: no access for [key]")
        let limited = try await Self.failure(.text("slow down", status: 429, headers: ["Retry-After": "7"]))
        #expect(limited.kind == .status && limited.isRetryable && limited.retryAfter == 7)
    }
}
