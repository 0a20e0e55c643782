import Foundation
import RatchetJSON
import Synchronization
import TestSupport
import Testing

/// `run --batch`, on the built program with a real server that speaks the providers' batch APIs.
@Suite("Batches", .timeLimit(.minutes(3)))
struct BatchTests {
    /// Batches of either provider: what was sent, what becomes of it, and what was asked outside of any batch.
    private final class Provider: Sendable {
        struct State {
            var files: [String: [JSONValue]] = [:]
            var batches: [String: [JSONValue]] = [:]
            var live = 0
            var cancelled: [String] = []
            /// How a batch ends, in OpenAI's words.
            var end = "completed"
            /// The share of a batch that is answered with an error.
            var refuses: @Sendable (String) -> Bool = { _ in false }
        }

        let state = Mutex(State())

        func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
            let text = String(decoding: request.body, as: UTF8.self)
            let path = request.target
            return state.withLock { state in
                if path.hasSuffix("/files") {
                    let lines = text.split(separator: "\r\n\r\n").last.map { $0.split(separator: "\r\n--")[0] } ?? ""
                    let id = "file-\(state.files.count + 1)"
                    state.files[id] = lines.split(separator: "\n").compactMap { try? JSONValue(parsing: String($0)) }
                    return .json(#"{"id":"\#(id)"}"#)
                }
                if path.hasSuffix("/content") { return Self.lines(state.batches[String(path.split(separator: "/")[1])] ?? [], state.refuses) }
                if path.hasSuffix("/results") { return Self.messages(state.batches[String(path.split(separator: "/")[3])] ?? []) }
                if path.hasSuffix("/cancel") {
                    state.cancelled.append(path)
                    return .json("{}")
                }
                if path.hasSuffix("/batches"), request.method == "POST" {
                    let json = (try? JSONValue(parsing: text)) ?? .null
                    let id = "batch-\(state.batches.count + 1)"
                    state.batches[id] = json["requests"]?.arrayValue ?? json["input_file_id"]?.stringValue.flatMap { state.files[$0] } ?? []
                    return .json(#"{"id":"\#(id)","status":"validating","processing_status":"in_progress"}"#)
                }
                if path.contains("/batches/") {
                    let id = String(path.split(separator: "/").last ?? "")
                    let count = state.batches[id]?.count ?? 0
                    return .json(
                        #"{"id":"\#(id)","status":"\#(state.end)","output_file_id":"\#(id)","request_counts":{"total":\#(count),"completed":\#(count),"succeeded":\#(count)},"processing_status":"ended"}"#
                    )
                }
                state.live += 1
                return .json(Self.completion("live").serialized(.compact))
            }
        }

        private static func completion(_ text: String) -> JSONValue {
            [
                "model": "m", "choices": [["message": ["role": "assistant", "content": .string(text)], "finish_reason": "stop"]],
                "usage": ["prompt_tokens": 10, "completion_tokens": 5],
            ]
        }

        private static func words(_ body: JSONValue?) -> String {
            let asked = body?["messages"]?.arrayValue?.last?["content"]?.stringValue ?? ""
            return asked.contains("Question:") ? #"{"reason":"fine","verdict":"pass"}"# : "yes to \(asked)"
        }

        private static func lines(_ requests: [JSONValue], _ refuses: (String) -> Bool) -> LoopbackServer.Reply {
            // In another order than they were sent.
            .json(
                requests.reversed().map { line -> String in
                    let words = words(line["body"])
                    let response: JSONValue = refuses(words)
                        ? ["status_code": 400, "body": ["error": ["message": "too odd"]]] : ["status_code": 200, "body": completion(words)]
                    return (["custom_id": line["custom_id"] ?? .null, "response": response, "error": .null] as JSONValue).serialized(.compact)
                }.joined(separator: "\n"))
        }

        private static func messages(_ requests: [JSONValue]) -> LoopbackServer.Reply {
            .json(
                requests.map { line -> String in
                    let message: JSONValue = [
                        "model": "m", "content": [["type": "text", "text": .string(words(line["params"]))]], "stop_reason": "end_turn",
                        "usage": ["input_tokens": 10, "output_tokens": 5],
                    ]
                    let result: JSONValue = ["type": "succeeded", "message": message]
                    return (["custom_id": line["custom_id"] ?? .null, "result": result] as JSONValue).serialized(.compact)
                }.joined(separator: "\n"))
        }
    }

    private static func workspace(_ kind: String, _ url: String, count: Int = 6, check: String = #"{"contains":"yes"}"#) throws -> Workspace {
        let workspace = try Workspace(
            examples: (0..<count).map { #"{"id":"e\#($0)","input":"question \#($0)","checks":[\#(check)]}"# }, suite: "target: api/m\n",
            configuration: "version: 1\nbackends:\n  api: {kind: \(kind), base_url: \"\(url)\", stream: false}\n")
        try workspace.write("prices.yaml", "version: 1\nmodels:\n  m: {input: 1000, output: 2000, batch: 0.5}\n")
        return workspace
    }

    @Test("the first pass goes out as one batch, costs the batch's price, and nothing is asked one by one", arguments: ["openai", "anthropic"])
    func firstPass(kind: String) throws {
        let provider = Provider()
        let server = try LoopbackServer { provider.answer($0) }
        let workspace = try Self.workspace(kind, server.url)
        let run = try workspace.ratchet("run", "--batch", "--format", "json")
        #expect(run.code == 66, "\(run.error)\(run.output)")
        #expect(try run.json["suites.0.counts.passed"] == 6)
        // Half of 10 × 0.001 + 5 × 0.002 dollars a call.
        #expect(try run.json["suites.0.metrics.spent_usd"]?.doubleValue == 0.06)
        #expect(try run.json["notes"]?.texts.contains("6 calls answered in batches for $0.06, $0.12 one by one") == true)
        let (batches, live) = provider.state.withLock { ($0.batches, $0.live) }
        #expect(batches.values.map(\.count) == [6] && live == 0)
        let listed = try workspace.ratchet("batches")
        #expect(listed.output.contains("batch-1") && listed.output.contains("taken"))
    }

    @Test("turns of a conversation and judges go out in batches of their own, once what they are about is there")
    func rounds() throws {
        let provider = Provider()
        let server = try LoopbackServer { provider.answer($0) }
        let workspace = try Self.workspace("openai", server.url, count: 0)
        try workspace.write("suites/s/examples.jsonl", #"{"id":"talk","input":["one","two"],"checks":[{"contains":"yes to two"}]}"# + "\n")
        let run = try workspace.ratchet("run", "--batch", "--format", "json")
        #expect(try run.json["suites.0.counts.passed"] == 1, "\(run.error)\(run.output)")
        let (batches, live) = provider.state.withLock { ($0.batches, $0.live) }
        #expect(batches.count == 2 && live == 0)

        let other = Provider()
        let second = try LoopbackServer { other.answer($0) }
        let judged = try Self.workspace("openai", second.url, check: #"{"judge":"kind"},{"contains":"yes"}"#)
        try judged.write("rubrics/kind.md", "---\njudge: api/big\nversion: 1\n---\nQuestion: {{input}}\nAnswer: {{output}}\n")
        let run2 = try judged.ratchet("run", "--batch", "--format", "json")
        #expect(try run2.json["suites.0.counts.passed"] == 6, "\(run2.error)\(run2.output.prefix(2000))")
        #expect(other.state.withLock { $0.batches.values.map(\.count) } == [6, 6])
        #expect(other.state.withLock { $0.live } == 0)
    }

    @Test("a batch that waits is not sent again: the same command goes on waiting, and takes it")
    func resumed() throws {
        let provider = Provider()
        provider.state.withLock { $0.end = "in_progress" }
        let server = try LoopbackServer { provider.answer($0) }
        let workspace = try Self.workspace("openai", server.url)
        let first = try workspace.ratchet("run", "--batch", "--time-limit", "1s")
        #expect(first.code == 75, "\(first.error)")
        #expect(first.words.contains("the same command goes on waiting"))
        provider.state.withLock { $0.end = "completed" }
        let second = try workspace.ratchet("run", "--batch", "--time-limit", "1s", "--format", "json")
        #expect(try second.json["suites.0.counts.passed"] == 6, "\(second.error)")
        let (batches, live) = provider.state.withLock { ($0.batches, $0.live) }
        #expect(batches.count == 1 && live == 0)
    }

    @Test("requests that a batch refuses are asked one by one; a batch that breaks ends the run with 69 and keeps what there is")
    func broken() throws {
        let provider = Provider()
        provider.state.withLock { $0.refuses = { $0.contains("question 3") } }
        let server = try LoopbackServer { provider.answer($0) }
        let workspace = try Self.workspace("openai", server.url)
        let run = try workspace.ratchet("run", "--batch", "--format", "json")
        #expect(try run.json["suites.0.counts.passed"] == 5, "\(run.error)")
        #expect(provider.state.withLock { $0.live } == 1)

        let other = Provider()
        other.state.withLock { $0.end = "expired" }
        let second = try LoopbackServer { other.answer($0) }
        let expired = try Self.workspace("openai", second.url).ratchet("run", "--batch")
        #expect(expired.code == 69)
        #expect(expired.words.contains("expired") && expired.words.contains("6 of its 6 answers are kept"))
        #expect(other.state.withLock { $0.live } == 0)
    }

    @Test("batches cancel gives up what waits")
    func cancel() throws {
        let provider = Provider()
        provider.state.withLock { $0.end = "in_progress" }
        let server = try LoopbackServer { provider.answer($0) }
        let workspace = try Self.workspace("openai", server.url)
        _ = try workspace.ratchet("run", "--batch", "--time-limit", "1s")
        #expect(try workspace.ratchet("batches", "cancel", "nope").code == 65)
        let cancelled = try workspace.ratchet("batches", "cancel")
        #expect(cancelled.output.contains("given up: batch-1, 6 requests"))
        #expect(provider.state.withLock { $0.cancelled }.count == 1)
        #expect(try workspace.ratchet("batches", "--format", "json").output.contains("cancelled"))
    }

    @Test("--batch is refused where it can't be held: with budgets, without the cache, on backends that take none")
    func refusals() throws {
        let workspace = try Self.workspace("openai", "http://127.0.0.1:9")
        #expect(try workspace.ratchet("run", "--batch", "--max-cost", "1").code == 64)
        #expect(try workspace.ratchet("run", "--batch", "--no-cache").code == 64)
        let echo = try Workspace(examples: [#"{"id":"a","input":"x","checks":[{"contains":"x"}]}"#], suite: "target: e/m\n", configuration: "version: 1\nbackends:\n  e: {kind: echo}\n")
        let run = try echo.ratchet("run", "--batch")
        #expect(run.code == 64 && run.error.contains("takes no batches"))
    }
}
