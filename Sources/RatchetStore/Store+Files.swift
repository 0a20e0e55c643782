import Foundation
import GRDB
import RatchetCore
import RatchetJSON

/// Runs that travel from one machine to another: one run in a file of its own, and back into a project's store.
extension Store {
    /// Writes a shard's run with its trials to `path`, whole or not at all: a database that needs no other file beside it.
    ///
    /// - Parameter header: As it is to be in the file; its shard gets the digest of what is written.
    package func export(_ header: RunHeader, to path: String) throws {
        let unfinished = path + ".\(UUID().uuidString)"
        defer { for end in ["", "-journal"] { try? FileManager.default.removeItem(atPath: unfinished + end) } }
        var header = header
        header.shard?.digest = try digest(run: header.id)
        let file = try Store(path: unfinished, access: .portable)
        try file.begin(header)
        try file.takeTrials(of: header.id, from: self, into: header.id)
        try file.close()
        guard rename(unfinished, path) == 0 else {
            throw StoreError(.cannotOpen, "\(path) cannot be written (\(String(cString: strerror(errno))))")
        }
    }

    /// Records another store's trials of a run as trials of one of this store's. None of them goes into the cache: what
    /// another machine was answered is evidence of that run alone.
    package func takeTrials(of run: String, from other: Store, into own: String) throws {
        var page: [TrialRecord] = []
        func record() throws {
            if !page.isEmpty { try self.record(page, run: own, cacheable: false) }
            page = []
        }
        try other.forEachTrial(run: run) { trial in
            page.append(trial)
            if page.count == Self.trialsTakenAtOnce { try record() }
        }
        try record()
    }

    private static let trialsTakenAtOnce = 512

    /// One hash over all that a decision takes from a run's trials. When they were finished is no part of it: the same
    /// answers, recorded twice, are the same.
    package func digest(run: String) throws -> String {
        var digest = ""
        try forEachTrial(run: run) { trial in
            digest = Digest.sha256(digest + trial.weighed.serialized(.canonical))
        }
        return digest
    }

    /// Nothing can be asked of it any more.
    private func close() throws(StoreError) {
        do { try writer.close() } catch { throw StoreError(error, path: path) }
    }
}

extension TrialRecord {
    /// What a decision takes from it.
    fileprivate var weighed: JSONValue {
        [
            .string(key.suite), .string(key.example), .string(key.draw.description), .string(state.rawValue), .string(exampleHash),
            request.weighed, .array(judgeRequests.map(\.weighed)),
            .array(
                checks.map {
                    [
                        .string($0.name), .string($0.state.rawValue), .double($0.score), .double($0.weight), .bool($0.gating),
                        .string($0.hash),
                    ]
                }),
        ]
    }
}

extension RequestRecord {
    fileprivate var weighed: JSONValue {
        [
            .string(traceID), .string(target), .optional(promptHash), .optional(output), .array(toolCalls.map(\.json)),
            .optional(finishReason), .optional(error), .bool(isCached), .double(latency), .double(timeToFirstToken), .double(cost),
            .int(usage?.inputTokens), .int(usage?.outputTokens),
        ]
    }
}
