import Foundation
import RatchetCore
import RatchetJSON
import RatchetStatistics
import RatchetStore
import Synchronization
import TestSupport
import Testing

/// A run that is killed without warning, again and again, with a server that remembers what it was asked.
@Suite("Killed at any moment")
struct CrashTests {
    private static let examples = 400
    /// All of them with `make test-all`.
    private static let kills = ProcessInfo.processInfo.environment["RATCHET_TEST_MODEL"] == nil ? 40 : 200

    /// What the server has been asked since the last start, and a signal at the n-th question.
    private final class Log: Sendable {
        private struct State {
            var asked: [String] = []
            var all: [String: Int] = [:]
            var wanted = Int.max
        }

        private let state = Mutex(State())
        let reached = DispatchSemaphore(value: 0)

        func begin(signallingAt count: Int) {
            state.withLock {
                $0.asked = []
                $0.wanted = count
            }
        }

        func note(_ id: String) {
            let isReached = state.withLock { state in
                state.asked.append(id)
                state.all[id, default: 0] += 1
                return state.asked.count == state.wanted
            }
            if isReached { reached.signal() }
        }

        var asked: [String] { state.withLock(\.asked) }
        var repeated: Int { state.withLock { $0.all.values.reduce(0) { $0 + $1 - 1 } } }
    }

    private static func server(_ log: Log) throws -> LoopbackServer {
        try LoopbackServer { request in
            let json = try? JSONValue(parsing: request.body)
            let question = json?["messages.0.content"]?.stringValue ?? ""
            log.note(question)
            // The same question always has the same answer; a third of them is wrong.
            let isRight = question.utf8.reduce(7) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % 3 != 0
            return .json(
                #"{"model":"m","choices":[{"message":{"role":"assistant","content":"\#(isRight ? "yes" : "no")"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#
            )
        }
    }

    private static func project(_ url: String) throws -> Workspace {
        try Workspace(
            examples: (0..<examples).map { #"{"id":"e\#($0)","input":"q\#($0)","checks":[{"contains":"yes"}]}"# }, suite: "target: api/m\n",
            configuration: "version: 1\nbackends:\n  api: {kind: openai, base_url: \"\(url)\", stream: false}\n")
    }

    private static let arguments = ["run", "-j", "3", "--seed", "5", "--format", "json"]

    @Test("what was recorded is there and is never asked again, and the end is that of a run that nobody disturbed")
    func killed() throws {
        var random = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 0 ... .max, using: &random)
        var generator = SplitMix64(seed: seed)
        let log = Log()
        let server = try Self.server(log)
        let workspace = try Self.project(server.url)
        var recorded: Set<String> = []
        var killed = 0
        for _ in 0..<Self.kills {
            log.begin(signallingAt: Int.random(in: 1...5, using: &generator))
            let process = Process()
            process.executableURL = Workspace.program
            process.arguments = Self.arguments
            process.currentDirectoryURL = workspace.root
            process.environment = ["PATH": "/usr/bin:/bin", "HOME": workspace.root.path, "LANG": "C.UTF-8"]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            process.terminationHandler = { _ in log.reached.signal() }
            try process.run()
            log.reached.wait()
            // Anywhere between the question and what becomes of its answer.
            for _ in 0..<Int.random(in: 0...200_000, using: &generator) { _ = generator.next() }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            killed += process.terminationReason == .uncaughtSignal ? 1 : 0
            while log.reached.wait(timeout: .now()) == .success {}
            #expect(recorded.isDisjoint(with: log.asked), "seed \(seed): a recorded call was sent again")
            let now = try Self.recorded(workspace)
            #expect(recorded.isSubset(of: now), "seed \(seed): what was recorded is gone")
            recorded = now
        }
        #expect(killed > Self.kills / 2)
        log.begin(signallingAt: .max)
        let end = try workspace.ratchet(Self.arguments)
        #expect(recorded.isDisjoint(with: log.asked), "seed \(seed)")
        // Only what was in flight at a kill, or on its way to the disk, can have been asked twice: two for each place.
        #expect(log.repeated <= killed * 6, "seed \(seed)")

        let calm = try Self.server(Log())
        let undisturbed = try Self.project(calm.url)
        let whole = try undisturbed.ratchet(Self.arguments)
        #expect(end.code == whole.code)
        for key in ["counts", "pass_rate", "transitions", "failed_rules", "order"] {
            #expect(try end.json["suites.0.\(key)"] == whole.json["suites.0.\(key)"], "seed \(seed): \(key)")
        }
        let states = { (json: JSONValue) in json["suites.0.examples"]?.arrayValue?.map { [$0["id"], $0["state"], $0["now"]] } }
        #expect(try states(end.json) == states(whole.json), "seed \(seed)")
        #expect(calm.requests.count == Self.examples)
    }

    @Test("a disk that is full ends the run with 73, keeps what was shown, and the same command goes on once there is room")
    func full() throws {
        let log = Log()
        let server = try Self.server(log)
        let workspace = try Self.project(server.url)
        // No file may grow beyond so many blocks of 512 bytes: for the database the same as a disk without room.
        let limited = try workspace.run(
            "/bin/sh", ["-c", "trap '' XFSZ; ulimit -f 1000; exec \"$@\"", "sh", Workspace.program.path] + Self.arguments)
        #expect(limited.code == ExitCode.cannotWrite.rawValue)
        #expect(limited.error.contains("ratchet.sqlite"))
        let recorded = try Self.recorded(workspace)
        #expect(!recorded.isEmpty && recorded.count < Self.examples)

        log.begin(signallingAt: .max)
        let end = try workspace.ratchet(Self.arguments)
        #expect(end.code == ExitCode.noBaseline.rawValue)
        #expect(recorded.isDisjoint(with: log.asked))
        #expect(try Self.recorded(workspace).count == Self.examples)
    }

    /// The questions whose trials are in the database.
    private static func recorded(_ workspace: Workspace) throws -> Set<String> {
        let store = try Store(path: workspace.root.appendingPathComponent(".ratchet/ratchet.sqlite").path)
        guard let run = try store.runs(limit: 1).first?.header.id else { return [] }
        return Set(try store.outcomes(run: run).map { "q" + $0.key.example.dropFirst() })
    }
}
