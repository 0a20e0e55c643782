import Foundation
import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetJSON
import TestSupport
import Testing

@testable import RatchetBackends

@Suite("Embeddings", .timeLimit(.minutes(1)))
struct EmbeddingTests {
    static func request(_ text: String, params: JSONObject = [:]) -> Request {
        Request(
            target: Target(backend: "api", model: "text-embedding-3-small"), messages: [Message(role: .user, content: text)],
            params: params, draw: Draw(.judge, 1), purpose: .embedding(check: "close"))
    }

    private func backend(_ server: LoopbackServer, key: String? = nil) throws -> any Backend {
        let configuration = BackendConfiguration(
            name: "api", kind: .openai(baseURL: server.url + "/v1/"), source: SourceReference(file: "ratchet.yaml"))
        return ProviderBackend(
            ChatCompletions(), baseURL: server.url + "/v1/",
            client: ProviderClient(configuration: configuration, key: key, transport: try loopbackTransport(), now: { 0 }))
    }

    static let reply = """
        {"object": "list", "model": "text-embedding-3-small", "data": [{"object": "embedding", "index": 0, \
        "embedding": [0.5, -1.25e-3, 1]}], "usage": {"prompt_tokens": 4, "total_tokens": 4}}
        """

    @Test("The text is sent to /embeddings with the key, and the answer is the vector as JSON, with its tokens")
    func wire() async throws {
        let server = try LoopbackServer { _ in .json(Self.reply) }
        defer { server.stop() }
        let response = try await backend(server, key: "sk-1").respond(to: Self.request("Où est-ce ? \"x\"", params: ["dimensions": 3]))
        #expect(response.output.text == "[0.5,-1.25e-3,1]")
        #expect(response.usage == Usage(inputTokens: 4, outputTokens: nil))
        #expect(response.model == "text-embedding-3-small")
        #expect((response.latency ?? -1) >= 0 && response.timeToFirstToken == nil)
        let sent = try #require(server.requests.first)
        #expect(sent.method == "POST" && sent.target == "/v1/embeddings")
        #expect(sent.header("Authorization") == "Bearer sk-1")
        #expect(
            try JSONValue(parsing: sent.body)
                == ["model": "text-embedding-3-small", "input": "Où est-ce ? \"x\"", "dimensions": 3])
    }

    @Test("Request and reply are as OpenAI's published schema has them")
    func schema() async throws {
        guard let url = SharedData.url("conformance/openai-schema/openai-chat.schema.json") else { return }
        let definitions = try JSONValue(parsing: Array(Data(contentsOf: url)))["$defs"] ?? [:]
        func schema(_ name: String) throws -> JSONSchema {
            try JSONSchema(["$ref": .string("#/$defs/\(name)"), "$defs": definitions], regex: PCRE2JSONRegexEngine())
        }
        #expect(try schema("CreateEmbeddingResponse").validate(JSONValue(parsing: Self.reply)).isEmpty)
        let server = try LoopbackServer { _ in .json(Self.reply) }
        defer { server.stop() }
        _ = try await backend(server).respond(to: Self.request("text", params: ["dimensions": 3]))
        let violations = try schema("CreateEmbeddingRequest").validate(JSONValue(parsing: server.requests[0].body))
        #expect(violations.isEmpty, "\(violations)")
    }

    @Test("Answers that are no embedding are malformed, in words", arguments: [
        (#"{"data": []}"#, "the answer has no embedding"), (#"{"choices": []}"#, "the answer has no embedding"),
        (#"{"data": [{"embedding": "AACAPw=="}]}"#, "no list of numbers"), (#"{"data": [{"embedding": [1, null]}]}"#, "no list of numbers"),
        ("<html>", "not JSON"), (#"{"data": [{"embedding": []}]}"#, "no list of numbers"),
    ])
    func malformed(_ body: String, _ words: String) async throws {
        let server = try LoopbackServer { _ in .json(body) }
        defer { server.stop() }
        let backend = try backend(server)
        let error = await #expect(throws: BackendError.self) { try await backend.respond(to: Self.request("x")) }
        #expect(error?.kind == .malformed && error?.message.contains(words) == true, "\(String(describing: error))")
    }

    @Test("A refusal is told with the server's words, without the key, and whether to try again", arguments: [
        (400, #"{"error": {"message": "input too long sk-1"}}"#, BackendError.Kind.status, false),
        (429, #"{"error": {"message": "slow down"}}"#, .status, true), (401, #"{"error": {"message": "bad key sk-1"}}"#, .credentials, false),
        (200, #"{"error": {"message": "overloaded sk-1"}}"#, .status, true),
    ])
    func refused(_ status: Int, _ body: String, _ kind: BackendError.Kind, _ isRetryable: Bool) async throws {
        let server = try LoopbackServer { _ in .json(body, status: status) }
        defer { server.stop() }
        let backend = try backend(server, key: "sk-1")
        let error = await #expect(throws: BackendError.self) { try await backend.respond(to: Self.request("x")) }
        #expect(error?.kind == kind && error?.isRetryable == isRetryable, "\(String(describing: error))")
        #expect(error?.message.contains("sk-1") == false)
    }

    @Test("The echo backend refuses, and a recording answers by the content's fingerprint")
    func others() async throws {
        let refusal = await #expect(throws: BackendError.self) { try await EchoBackend().respond(to: Self.request("x")) }
        #expect(refusal?.message.contains("echo has no embeddings") == true)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ratchet-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var writer = RecordingWriter()
        writer.addJudgement(
            fingerprint: Self.request("x").contentFingerprint, response: Response(output: Output(text: "[1,2]")))
        try writer.write(to: folder + "/r.jsonl")
        let recording = try #require(Recording.read("r.jsonl", in: ProjectFolder(root: folder)).recording)
        let replay = ReplayBackend(recording)
        #expect(try await replay.respond(to: Self.request("x")).output.text == "[1,2]")
        let missing = await #expect(throws: BackendError.self) { try await replay.respond(to: Self.request("y")) }
        #expect(missing?.message.contains("no embedding of text-embedding-3-small for close") == true)
    }
}
