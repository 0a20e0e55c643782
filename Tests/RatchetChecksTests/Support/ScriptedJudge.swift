import Foundation
import RatchetCore
import RatchetJSON
import Synchronization

/// A judge that answers by a script, in the order of the draws, and keeps what it was asked.
final class ScriptedJudge: ModelCaller {
    enum Answer: Sendable {
        case text(String)
        case cutOff(String)
        case failure(String)
        /// A refusal of the request, with its HTTP status.
        case refusal(Int, String)
        /// A recording that does not have it.
        case unrecorded
    }

    private let script: [Answer]
    private let asked = Mutex<[Request]>([])

    /// - Parameter script: the answer to draw `judge/1`, to `judge/2`, and so on.
    init(_ script: [Answer]) { self.script = script }

    /// What was asked, by draw.
    var requests: [Request] { asked.withLock { $0.sorted { $0.draw < $1.draw } } }

    func call(_ request: Request) async -> Exchange {
        asked.withLock { $0.append(request) }
        let number = request.draw.number
        let answer = number <= script.count ? script[number - 1] : .failure("nothing in the script for \(request.draw)")
        let result: Result<Response, BackendError> =
            switch answer {
            case .text(let text): .success(Response(output: Output(text: text, finishReason: "stop")))
            case .cutOff(let text): .success(Response(output: Output(text: text, finishReason: "length")))
            case .failure(let message): .failure(BackendError(.transport, message))
            case .refusal(let status, let message): .failure(BackendError(.status, status: status, "HTTP \(status): \(message)"))
            case .unrecorded: .failure(BackendError(.noFurtherRecording, "the recording has no such answer"))
            }
        return Exchange(
            request: request, fingerprint: request.contentFingerprint, result: result, attempts: [], traceID: "t",
            isCached: false, time: 0)
    }
}

/// Answers each request by a rule.
final class RuledJudge: ModelCaller {
    private let rule: @Sendable (Request) -> ScriptedJudge.Answer
    private let asked = Mutex<[Request]>([])

    init(_ rule: @escaping @Sendable (Request) -> ScriptedJudge.Answer) { self.rule = rule }

    var requests: [Request] { asked.withLock { $0 } }

    func call(_ request: Request) async -> Exchange {
        asked.withLock { $0.append(request) }
        var first = request
        first.draw = Draw(.judge, 1)
        var exchange = await ScriptedJudge([rule(request)]).call(first)
        exchange.request = request
        return exchange
    }
}

/// Answers by what it is shown: a fair reader of the text between the marks, deaf to everything in it. Of two answers the
/// one with the keyword is better. As a model of embeddings it counts letters.
struct KeywordJudge: ModelCaller {
    var keyword: String

    func call(_ request: Request) async -> Exchange {
        if case .embedding = request.purpose {
            let letters = request.messages.flatMap { $0.content.lowercased().utf8 }
            let counts = (UInt8(ascii: "a")...UInt8(ascii: "z")).map { letter in letters.count { $0 == letter } }
            return answered(request, JSONValue.array(counts.map { .int($0) }).serialized(.compact))
        }
        let shown = request.messages.filter { $0.role == .user }.map(\.content).joined()
        let isPair = request.responseSchema?["properties"]?["verdict"]?["enum"]?.arrayValue?.contains("tie") == true
        let verdict: String
        if isPair {
            let answers = shown.components(separatedBy: "</under-test")
            let has = answers.prefix(2).map { $0.contains(keyword) }
            verdict = has == [true, false] ? "first" : has == [false, true] ? "second" : "tie"
        } else {
            verdict = shown.contains(keyword) ? "pass" : "fail"
        }
        return answered(request, #"{"reason": "read it", "verdict": "\#(verdict)"}"#)
    }

    private func answered(_ request: Request, _ text: String) -> Exchange {
        Exchange(
            request: request, fingerprint: "", result: .success(Response(output: Output(text: text))), attempts: [],
            traceID: "t", isCached: false, time: 0)
    }
}
