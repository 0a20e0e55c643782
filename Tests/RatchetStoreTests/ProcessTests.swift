import Foundation
import GRDB
import RatchetCore
import Testing

@testable import RatchetStore

@Suite("Several writers, and writers that die")
struct ProcessTests {
    @Test("two stores on one file write at once, and both are heard")
    func twoStores() async throws {
        let folder = try TemporaryFolder()
        let path = folder.database
        try await withThrowingTaskGroup { group in
            for writer in 1...2 {
                group.addTask {
                    let store = try Store(path: path)
                    try store.begin(Sample.header("run-\(writer)"))
                    let recorder = TrialRecorder(store: store, run: "run-\(writer)")
                    for number in 0..<100 { try await recorder.record(Sample.trial("\(number)"), cacheable: true) }
                }
            }
            try await group.waitForAll()
        }
        let store = try Store(path: path, access: .readOnly)
        for writer in 1...2 { #expect(try store.outcomes(run: "run-\(writer)").count == 100) }
    }

    /// Creating takes a few steps, between which another process may stand at any other: many tries meet them all.
    @Test("many stores create the same database at once", arguments: 1...25)
    func creation(attempt: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder.database
        try await withThrowingTaskGroup { group in
            for writer in 1...8 {
                group.addTask { try Store(path: path).begin(Sample.header("run-\(writer)")) }
            }
            try await group.waitForAll()
        }
        #expect(try Store(path: path).runs(limit: 100).count == 8)
    }

    @Test("two processes write at once, and both are heard")
    func twoProcesses() async throws {
        let folder = try TemporaryFolder()
        let path = folder.database
        async let first: Void = writeInProcess(path, run: "run-1")
        async let second: Void = writeInProcess(path, run: "run-2")
        _ = await (first, second)
        let store = try Store(path: path)
        for run in ["run-1", "run-2"] { #expect(try store.outcomes(run: run).count == 200) }
    }

    private func writeInProcess(_ path: String, run: String) async {
        await #expect(processExitsWith: .success) { [path = path as String, run = run as String] in
            let store = try Store(path: path)
            try store.begin(Sample.header(run))
            for number in 0..<200 { try store.record([Sample.trial("\(number)")], run: run, cacheable: true) }
        }
    }

    @Test("what was recorded before a kill -9 is there afterwards, and the run can be resumed")
    func killed() async throws {
        let folder = try TemporaryFolder()
        let path = folder.database
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let store = try Store(path: path)
            try store.begin(Sample.header())
            let recorder = TrialRecorder(store: store, run: "run-1")
            try await withThrowingTaskGroup { group in
                for number in 0..<50 {
                    group.addTask { try await recorder.record(Sample.trial("\(number)"), cacheable: true) }
                }
                try await group.waitForAll()
            }
            // Another 50 are on their way.
            for number in 50..<100 {
                Task { try await recorder.record(Sample.trial("\(number)"), cacheable: true) }
            }
            kill(getpid(), SIGKILL)
        }
        let store = try Store(path: path)
        let outcomes = try store.outcomes(run: "run-1")
        #expect(Set(outcomes.map(\.key.example)).isSuperset(of: (0..<50).map(String.init)))
        #expect(try store.interruptedRun(planKey: "plan")?.id == "run-1")
        let intact = try store.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") }
        #expect(intact == "ok")
        try store.record([Sample.trial("0"), Sample.trial("resumed")], run: "run-1", cacheable: true)
        #expect(try store.outcomes(run: "run-1").count == outcomes.count + 1)
    }

    @Test("a reader sees what a writer that never closes has recorded")
    func openWriter() throws {
        let folder = try TemporaryFolder()
        let writer = try Store(path: folder.database)
        try writer.begin(Sample.header())
        try writer.record([Sample.trial("a")], run: "run-1", cacheable: true)
        for access in [Store.Access.readOnly, .readWrite] {
            #expect(try Store(path: folder.database, access: access).outcomes(run: "run-1").count == 1)
        }
        try writer.record([Sample.trial("b")], run: "run-1", cacheable: true)
        #expect(try Store(path: folder.database).outcomes(run: "run-1").count == 2)
    }
}
