import RatchetCore
import RatchetJSON
import Synchronization
import Testing

@testable import RatchetChecks

/// Gives each text the vector that a test wrote for it, and keeps what it was asked.
private final class Vectors: ModelCaller {
    private let texts: [String: String]
    private let asked = Mutex<[Request]>([])

    init(_ texts: [String: String]) { self.texts = texts }

    var requests: [Request] { asked.withLock { $0 } }

    func call(_ request: Request) async -> Exchange {
        asked.withLock { $0.append(request) }
        let vector = texts[request.messages[0].content]
        return Exchange(
            request: request, fingerprint: "",
            result: vector.map { .success(Response(output: Output(text: $0))) } ?? .failure(BackendError(.status, status: 500, "HTTP 500: out of memory")),
            attempts: [], traceID: "t", isCached: false, time: 0)
    }
}

@Suite("Embedding similarity")
struct EmbeddingSimilarityTests {
    static let check = #"{"embedding_similarity": "openai/text-embedding-3-small"}"#

    private func result(_ vectors: [String: String], check: String = check, expected: JSONValue = "a") async throws -> (CheckResult, Vectors) {
        let caller = Vectors(vectors)
        return (try await Checking.result(check, Output(text: "out"), expected: expected, caller: caller), caller)
    }

    // 0.96 = (3·4 + 4·3) / (5·5); 24/25 by hand.
    @Test("The score is the cosine, whatever the lengths of the vectors", arguments: [
        ("[3, 4]", "[4, 3]", 0.96, CheckState.passed), ("[0.3, 0.4]", "[40, 30]", 0.96, .passed), ("[1, 0]", "[0, 1]", 0, .failed),
        ("[1, 0]", "[-1, 0]", 0, .failed), ("[3, 4]", "[3, 4]", 1, .passed), ("[1, 1]", "[1, 0]", 0.5.squareRoot(), .failed),
        ("[1e300, 1e300]", "[1e-300, 1e-300]", 1, .passed), ("[4, 3]", "[1, 0]", 0.8, .passed), ("[3, 4]", "[1, 0]", 0.6, .failed),
    ])
    func cosine(_ output: String, _ wanted: String, _ score: Double, _ state: CheckState) async throws {
        let (result, _) = try await result(["out": output, "a": wanted])
        #expect(result.state == state, "\(result.reason)")
        #expect(abs((result.score ?? -1) - score) < 1e-12)
    }

    @Test("Of several wanted texts the closest counts, and the reason names it")
    func closest() async throws {
        let (result, caller) = try await result(["out": "[1, 0]", "a": "[0, 1]", "b": "[4, 3]"], expected: ["a", "b"])
        #expect(result.state == .passed)
        #expect(result.reason == #"cosine similarity 0.8 to "b", wanted at least 0.75"#)
        #expect(caller.requests.count == 3)
    }

    @Test("A threshold of one's own, and `not`")
    func threshold() async throws {
        let vectors = ["out": "[1, 0]", "a": "[4, 3]"]
        #expect(try await result(vectors, check: #"{"embedding_similarity": "openai/e", "threshold": 0.9}"#).0.state == .failed)
        #expect(try await result(vectors, check: #"{"embedding_similarity": "openai/e", "threshold": 0.8}"#).0.state == .passed)
        #expect(try await result(vectors, check: #"{"embedding_similarity": "openai/e", "not": true}"#).0.state == .failed)
    }

    @Test("What gives no cosine is errored, and says what came", arguments: [
        (["out": "[1, 0]"], "openai/text-embedding-3-small gave no embedding: HTTP 500: out of memory"),
        (["out": "[1, 0]", "a": "[0, 0]"], "nothing but zeros"), (["out": "[1, 0]", "a": "[1, 0, 0]"], "embeddings of 2 and 3 numbers"),
        (["out": "[1, 0]", "a": "Hello."], #"gave no embedding, but "Hello.""#), (["out": "[]", "a": "[1]"], "gave no embedding"),
        (["out": "[1e999]", "a": "[1]"], "gave no embedding"), (["out": #"["1"]"#, "a": "[1]"], "gave no embedding"),
    ])
    func errored(_ vectors: [String: String], _ reason: String) async throws {
        let (result, _) = try await result(vectors)
        #expect(result.state == .errored && result.score == nil)
        #expect(result.reason.contains(reason), "\(result.reason)")
    }

    @Test("Nothing is asked about a text that equals the wanted one, or that is empty")
    func free() async throws {
        let caller = Vectors([:])
        let same = try await Checking.result(Self.check, Output(text: "a"), expected: "a", caller: caller)
        let empty = try await Checking.result(Self.check, Output(text: " \n"), expected: "a", caller: caller)
        #expect(same.state == .passed && empty.state == .failed)
        #expect(empty.reason.contains("the output is empty"))
        #expect(caller.requests.isEmpty)
    }

    @Test("Requests carry the text, the model, the check's name and the wanted length, and are recorded as exchanges")
    func requests() async throws {
        let caller = Vectors(["out": "[1]", "a": "[1]"])
        let check = #"{"embedding_similarity": {"model": "openai/e/5", "dimensions": 64}, "name": "close"}"#
        let verdict = try await Checking.trial([check], Output(text: "out"), expected: "a", caller: caller)
        #expect(verdict.judgeExchanges.map { $0.request.messages } == [[Message(role: .user, content: "out")], [Message(role: .user, content: "a")]])
        for request in caller.requests {
            #expect(request.target == Target(backend: "openai", model: "e/5"))
            #expect(request.purpose == .embedding(check: "close"))
            #expect(request.params == ["dimensions": 64])
        }
        var chat = caller.requests[0]
        chat.purpose = .judge(rubric: "close")
        #expect(chat.contentFingerprint != caller.requests[0].contentFingerprint)
    }

    @Test("Nested in a group, its model and its calls are known before the run")
    func planned() throws {
        let example = try Writing.example([#"{"any_of": [\#(Self.check), "contains"]}"#], expected: ["a", "b"])
        let checks = try #require(CheckCompiler(Writing.resources()).compile(example).checks)
        #expect(checks.targets == [Target(backend: "openai", model: "text-embedding-3-small")])
        #expect(checks.judgeCalls == 3)
    }

    @Test("A model that cannot be meant is found before the first call", arguments: [
        (#""embedding_similarity""#, "needs a `model`"), (#"{"embedding_similarity": "text-embedding-3-small"}"#, "is no model"),
        (#"{"embedding_similarity": "opnai/e"}"#, "did you mean `openai`?"), (#"{"embedding_similarity": {"model": "openai/e", "dimensions": 0}}"#, "wants a whole number"),
        (#"{"embedding_similarity": {"model": "openai/e", "value": " "}}"#, "the empty text has no embedding"),
    ])
    func findings(_ check: String, _ finding: String) throws {
        let example = try Writing.example([check], expected: "a")
        let diagnostics = CheckCompiler(Writing.resources()).compile(example).diagnostics
        #expect(diagnostics.contains { "\($0.message) \($0.help ?? "")".contains(finding) }, "\(diagnostics)")
    }
}
