import Foundation
import RatchetCore
import RatchetJSON
import RatchetStore

/// A folder that is gone when the test is.
final class TemporaryFolder: Sendable {
    let path: String
    /// Where a project's database would be.
    var database: String { path + "/.ratchet/ratchet.sqlite" }

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("ratchet-store-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

enum Sample {
    static func header(
        _ id: String = "run-1", started: Double = 1_700_000_000, state: RunHeader.State = .running,
        planKey: String = "plan"
    ) -> RunHeader {
        RunHeader(
            id: id, started: started, state: state, version: "0.1.0", commit: nil, planKey: planKey, seed: 1,
            isPartial: false, suites: [])
    }

    static func suite(_ name: String) -> RunSuite {
        RunSuite(
            suite: name, target: "echo/echo", prompt: nil, promptHash: nil, paramsHash: "sha256:p", trials: 1,
            exampleCount: 1,
            isDeterministic: true)
    }

    static func check(_ name: String = "contains", _ state: CheckState = .passed, gating: Bool = true) -> CheckResult {
        CheckResult(
            name: name, type: "contains", state: state, score: 1, gating: gating, weight: 1, reason: "found",
            hash: "sha256:c")
    }

    /// A request with as little in it as there can be.
    static func request(
        _ fingerprint: String = "f", kind: RequestRecord.Kind = .trial, trace: String = "trace",
        time: Double = 1_700_000_000,
        output: String? = "answer", isCached: Bool = false, usage: Usage? = nil, latency: Double? = nil,
        timeToFirstToken: Double? = nil, cost: Double? = nil, messages: [Message] = []
    ) -> RequestRecord {
        RequestRecord(
            kind: kind, traceID: trace, time: time, fingerprint: fingerprint, contentFingerprint: "content",
            prompt: nil,
            promptHash: nil, target: "echo/echo", answeringModel: nil, params: [:], messages: messages, contextIDs: [],
            toolCalls: [], output: output, finishReason: nil, usage: usage, latency: latency,
            timeToFirstToken: timeToFirstToken, cost: cost, feedback: nil, isCached: isCached, attempts: [], error: nil)
    }

    static func trial(
        _ example: String, suite: String = "support", draw: Draw = Draw(.run, 1), state: TrialState = .passed,
        request: RequestRecord = request(), checks: [CheckResult] = [check()], judges: [RequestRecord] = []
    ) -> TrialRecord {
        TrialRecord(
            key: TrialKey(suite: suite, example: example, draw: draw), state: state, exampleHash: "sha256:e",
            request: request, checks: checks, judgeRequests: judges, finished: 1_700_000_001)
    }

    /// A request with something in every field.
    static func fullRequest(kind: RequestRecord.Kind = .trial, trace: String = "0af7651916cd43dd") -> RequestRecord {
        RequestRecord(
            kind: kind, traceID: trace, time: 1_700_000_000.125, fingerprint: "sha256:f-\(trace)",
            contentFingerprint: "sha256:content", prompt: "support-answer@1.2.0", promptHash: "sha256:prompt",
            target: "openai/org/model:free", answeringModel: "model-0613",
            params: ["temperature": exact("0.70"), "stop": ["a", "b"], "logit_bias": [:]],
            messages: [Message(role: .system, content: "You answer."), Message(role: .user, content: "Where is it?")],
            contextIDs: ["kb-12", ""],
            toolCalls: [
                ToolCall(id: "call-1", name: "lookup", arguments: ["order": 7], result: ["state": "sent"]),
                ToolCall(id: nil, name: "text", arguments: "{\"kept\": as text", result: .null),
                ToolCall(id: nil, name: "number-in-text", arguments: "5"),
            ],
            output: "On its way.", finishReason: "stop", usage: Usage(inputTokens: 21, outputTokens: 0), latency: 310.5,
            timeToFirstToken: 40.25, cost: 0.000123, feedback: ["thumb": "down", "edit": .null], isCached: false,
            attempts: [
                Attempt(status: 429, duration: 12.5, waited: 0, problem: "too many requests"),
                Attempt(status: nil, duration: 310.5, waited: 1000, problem: nil),
            ], error: nil)
    }
}

/// A number as it was written.
func exact(_ literal: String) -> JSONValue { (try? JSONValue(parsing: literal)) ?? .null }

/// The bytes of a text: Swift's strings are equal when they look equal, and that is not what is recorded.
func bytes(_ text: String?) -> [UInt8]? { text.map { Array($0.utf8) } }
