import RatchetCore
import Testing

@testable import RatchetStore

@Suite("Trial recorder")
struct RecorderTests {
    @Test("concurrent trials share transactions, and all are recorded")
    func groupCommit() async throws {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder.database)
        try store.begin(Sample.header())
        let recorder = TrialRecorder(store: store, run: "run-1")
        try await withThrowingTaskGroup { group in
            for number in 0..<2_000 {
                group.addTask { try await recorder.record(Sample.trial("\(number)"), cacheable: false) }
            }
            try await group.waitForAll()
        }
        #expect(try store.outcomes(run: "run-1").count == 2_000)
        let transactions = await recorder.transactionCount
        #expect(transactions >= 1)
        #expect(transactions < 500)
    }

    @Test("a trial is durable when the call returns, one at a time")
    func durable() async throws {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder.database)
        try store.begin(Sample.header())
        let recorder = TrialRecorder(store: store, run: "run-1")
        for number in 1...5 {
            try await recorder.record(Sample.trial("\(number)"), cacheable: true)
            #expect(try Store(path: folder.database, access: .readOnly).outcomes(run: "run-1").count == number)
        }
        #expect(await recorder.transactionCount == 5)
    }

    @Test("an answer can be kept before its trial has finished")
    func answerFirst() async throws {
        let store = try Store.inMemory()
        try store.begin(Sample.header())
        try await TrialRecorder(store: store, run: "run-1").cache(Sample.request("f", trace: "t"))
        #expect(try store.cachedResponse(fingerprint: "f", notBefore: 0)?.traceID == "t")
        #expect(try store.metrics(run: "run-1").calls == 0)
    }

    @Test("a caller that is cancelled neither loses its trial nor the others'")
    func cancellation() async throws {
        let store = try Store.inMemory()
        try store.begin(Sample.header())
        let recorder = TrialRecorder(store: store, run: "run-1")
        let tasks = (0..<100).map { number in
            Task { try await recorder.record(Sample.trial("\(number)"), cacheable: false) }
        }
        for task in tasks { task.cancel() }
        for task in tasks { try await task.value }
        #expect(try store.outcomes(run: "run-1").count == 100)
    }

    @Test("every caller learns that recording failed, and the recorder lives on")
    func failure() async throws {
        let store = try Store.inMemory()
        let recorder = TrialRecorder(store: store, run: "later")
        let tasks = (0..<10).map { number in
            Task { try await recorder.record(Sample.trial("\(number)"), cacheable: false) }
        }
        for task in tasks {
            let error = await #expect(throws: StoreError.self) { try await task.value }
            #expect(error?.kind == .unknownRun)
        }
        #expect(await recorder.transactionCount == 0)
        try store.begin(Sample.header("later"))
        try await recorder.record(Sample.trial("a"), cacheable: false)
        #expect(await recorder.transactionCount == 1)
    }
}
