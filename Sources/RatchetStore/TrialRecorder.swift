import RatchetCore

/// Records the trials of one run as they finish, many at a time: while one transaction waits for the disk, the trials
/// that finish meanwhile gather for the next. Five thousand concurrent trials cost a handful of disk flushes, a
/// single one costs one.
///
/// ```swift
/// let recorder = TrialRecorder(store: store, run: header.id)
/// try await recorder.record(trial, cacheable: true)  // returns when a kill -9 can no longer lose it
/// ```
package actor TrialRecorder {
    private let store: Store
    private let run: String
    private var waiting: [(entry: Entry, caller: CheckedContinuation<Void, any Error>)] = []
    private var isWriting = false
    /// How many transactions were committed.
    package private(set) var transactionCount = 0

    package init(store: Store, run: String) {
        self.store = store
        self.run = run
    }

    /// Returns when the trial is durable; a `StoreError` says that it is not. See `Store.record` for the parameters.
    package func record(_ trial: TrialRecord, cacheable: Bool, judgesCacheable: Bool? = nil) async throws {
        try await enqueue(.trial(trial, cacheable: cacheable, judgesCacheable: judgesCacheable ?? cacheable))
    }

    /// Puts an answer into the cache before its trial has finished, so that a generation which was paid for outlives
    /// a crash while its judges are still being asked.
    package func cache(_ answer: RequestRecord) async throws {
        try await enqueue(.answer(answer))
    }

    private func enqueue(_ entry: Entry) async throws {
        try await withCheckedThrowingContinuation { caller in
            waiting.append((entry, caller))
            guard !isWriting else { return }
            isWriting = true
            // A task of its own: a caller that is cancelled must not take the others' transaction with it.
            Task { await writeAll() }
        }
    }

    private func writeAll() async {
        while !waiting.isEmpty {
            let batch = waiting
            waiting = []
            let result: Result<Void, any Error>
            do {
                try await store.record(batch.map(\.entry), run: run)
                transactionCount += 1
                result = .success(())
            } catch {
                result = .failure(error)
            }
            for (_, caller) in batch { caller.resume(with: result) }
        }
        isWriting = false
    }
}
