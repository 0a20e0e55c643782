import Foundation
import RatchetRunner
import Synchronization
import TestSupport
import Testing

@testable import RatchetCLI

/// Clocks of machines are set back and forward: while nothing runs, and in the middle of a run.
@Suite("Clocks that jump")
struct ClockTests {
    private static let noon = 1_790_000_000.0

    private func ratchet(_ workspace: Workspace, _ arguments: [String], now: @escaping @Sendable () -> Double) async throws -> (code: Int32, written: String) {
        let terminal = ScriptedTerminal([])
        var context = try terminal.context(workspace.root)
        context.clock = RunClock(now: now, monotonic: RunClock.system.monotonic, sleep: RunClock.system.sleep)
        let code = await CommandLineProgram.run(arguments, in: context)
        return (code, terminal.written)
    }

    @Test("The latest run is the one that was recorded last, also when the clock was set back before it")
    func latest() async throws {
        let workspace = try Workspace(
            examples: [#"{"id":"e","input":"q","checks":[{"contains":"yes"}]}"#], recording: [#"{"example":"e","output":"yes"}"#])
        #expect(try await ratchet(workspace, ["run"], now: { Self.noon }).code == 66)
        try workspace.write("recording.jsonl", #"{"example":"e","output":"no"}"# + "\n")
        #expect(try await ratchet(workspace, ["run"], now: { Self.noon - 86_400 }).code == 66)
        let accepted = try await ratchet(workspace, ["baseline", "accept"], now: { Self.noon - 86_400 })
        #expect(accepted.code == 0 && accepted.written.contains("0 of 1 passing"), "\(accepted.written)")
        let runs = try workspace.ratchet("runs", "list").output.split(separator: "\n").map(String.init)
        #expect(runs.firstIndex { $0.contains("20260920-") }! < runs.firstIndex { $0.contains("20260921-") }!, "\(runs)")
    }

    @Test("A run whose clock jumps by hours at every look comes to its end, and nothing is asked twice", arguments: [-6.0, 6.0])
    func jumping(hours: Double) async throws {
        let server = try LoopbackServer { _ in
            .json(#"{"model":"m","choices":[{"message":{"role":"assistant","content":"yes"},"finish_reason":"stop"}],"usage":{"prompt_tokens":6,"completion_tokens":2}}"#)
        }
        let workspace = try Workspace(
            examples: (0..<20).map { #"{"id":"e\#($0)","input":"question \#($0)","checks":[{"contains":"yes"}]}"# }, suite: "target: api/m\n",
            configuration: "version: 1\nbackends:\n  api: {kind: openai, base_url: \"\(server.url)\", stream: false}\n")
        let looks = Atomic(0)
        let now: @Sendable () -> Double = {
            Self.noon + Double(looks.add(1, ordering: .relaxed).newValue % 2) * hours * 3600
        }
        let run = try await ratchet(workspace, ["run", "--max-calls", "12", "-j", "4"], now: now)
        #expect(run.code == 75, "\(run.written)")
        let rest = try await ratchet(workspace, ["run", "-j", "4"], now: now)
        #expect(rest.code == 66 && rest.written.contains("20 passed"), "\(rest.written)")
        #expect(Set(server.requests.map { String(decoding: $0.body, as: UTF8.self) }).count == 20)
        #expect(server.requests.count == 20)
        let shown = try workspace.ratchet("report", "latest", "--report", "json=-").json
        let latency = try #require(shown["suites.0.metrics.latency_ms.p50"]?.doubleValue)
        #expect((0..<60_000).contains(latency))
    }
}
