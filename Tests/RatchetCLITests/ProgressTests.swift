import RatchetCore
import RatchetJSON
import Synchronization
import Testing

@testable import RatchetCLI

@Suite("Progress")
struct ProgressTests {
    private static func trial(_ id: String, cost: Double?, state: TrialState = .passed) -> TrialRecord {
        let target = Target("api/m") ?? Target(backend: "api", model: "m")
        var response = Response(output: Output(text: "x"))
        response.cost = cost
        let key = TrialKey(suite: "s", example: id, draw: Draw(.run, 1))
        let request = Request(target: target, messages: [], draw: key.draw, purpose: .trial(suite: "s", example: id, prompt: nil))
        let exchange = Exchange(request: request, fingerprint: "f", result: .success(response), attempts: [], traceID: "t", isCached: false, time: 0)
        return TrialRecord(
            key: key, state: state, exampleHash: "h", request: RequestRecord(exchange: exchange, kind: .trial), checks: [], judgeRequests: [], finished: 0)
    }

    @Test("The bar tells what is done, failed and running, the money so far and to come, and names what takes long; within the width")
    func bar() throws {
        let written = Mutex("")
        let now = Mutex(0.0)
        var context = try Context.standard()
        context.error = { text in written.withLock { $0 = text } }
        context.isErrorTerminal = true
        context.measuredWidth = { 120 }
        context.clock.monotonic = { now.withLock { $0 } }
        context.clock.sleep = { _ in throw CancellationError() }
        let progress = Progress(context: context)
        progress.update(.scheduled(4))
        for id in ["a", "b", "c\u{1B}[2J"] { progress.update(.started(TrialKey(suite: "s", example: id, draw: Draw(.run, 1)))) }
        progress.update(.finished(Self.trial("a", cost: 0.5), isResumed: false))
        now.withLock { $0 = 14 }
        progress.update(.finished(Self.trial("b", cost: 0.5, state: .failed), isResumed: false))
        let line = written.withLock { $0 }
        #expect(line.contains("2/4, 1 failed, 1 running, $1.00 of about $2.00, s/c"))
        #expect(line.contains(" 14 s") && !line.contains("\u{1B}[2J"))
        context.measuredWidth = { 40 }
        let narrow = Progress(context: context)
        narrow.update(.scheduled(4))
        narrow.update(.finished(Self.trial(String(repeating: "long", count: 30), cost: 0.5), isResumed: false))
        #expect(written.withLock { $0 }.unicodeScalars.count <= 40 + 4)
    }
}
