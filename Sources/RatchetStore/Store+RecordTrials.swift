import GRDB
import RatchetCore

/// Something to be made durable.
enum Entry: Sendable {
    /// A finished trial, and which of its answers the cache may give again.
    case trial(TrialRecord, cacheable: Bool, judgesCacheable: Bool)
    /// An answer for the cache alone.
    case answer(RequestRecord)
}

extension Store {
    /// Records finished trials in one transaction: all or none. A trial that is recorded already is replaced, with
    /// its requests.
    ///
    /// - Parameters:
    ///   - cacheable: Whether the generated answers may be given again to the same request. Answers that came from
    ///     the cache, and requests without an answer, are never put into it.
    ///   - judgesCacheable: The same for the judges' answers; like `cacheable` when it is not given.
    package func record(
        _ trials: [TrialRecord], run: String, cacheable: Bool, judgesCacheable: Bool? = nil
    ) throws(StoreError) {
        try write { database in
            let entries = trials.map {
                Entry.trial($0, cacheable: cacheable, judgesCacheable: judgesCacheable ?? cacheable)
            }
            try Self.write(entries, run: run, to: database)
        }
    }

    /// The same without blocking the caller's thread.
    func record(_ entries: [Entry], run: String) async throws(StoreError) {
        do {
            try await writer.write { try Self.write(entries, run: run, to: $0) }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private static func write(_ entries: [Entry], run: String, to database: Database) throws {
        var writer = try TrialWriter(database, run: database.existingRunID(run))
        let cache = try CacheWriter(database)
        for entry in entries {
            switch entry {
            case .trial(let trial, let cacheable, let judgesCacheable):
                try writer.write(trial)
                if cacheable { try cache.keep(trial.request) }
                if judgesCacheable { try trial.judgeRequests.forEach(cache.keep) }
            case .answer(let request):
                try cache.keep(request)
            }
        }
    }
}

/// Writes trials inside one transaction.
private struct TrialWriter {
    private let database: Database
    private let run: Int64
    private var requests: RequestWriter
    private let findTrial: PreparedStatement
    private let insertTrial: PreparedStatement
    private let insertScore: PreparedStatement
    private let insertJudgeRequest: PreparedStatement

    init(_ database: Database, run: Int64) throws {
        self.database = database
        self.run = run
        requests = try RequestWriter(database)
        findTrial = try database.prepared(
            "SELECT id, request FROM trial WHERE run = ? AND suite = ? AND example = ? AND role = ? AND draw = ?")
        insertTrial = try database.prepared(
            """
            INSERT INTO trial (run, suite, example, role, draw, state, exampleHash, request, finished)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        insertScore = try database.prepared(
            """
            INSERT INTO score (trial, position, name, type, state, score, gating, weight, reason, failureKind,
                hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        insertJudgeRequest = try database.prepared(
            "INSERT INTO judge_request (trial, position, request) VALUES (?, ?, ?)")
    }

    mutating func write(_ trial: TrialRecord) throws {
        try removeEarlierRecord(of: trial.key)
        try insertTrial.run(
            run, trial.key.suite, trial.key.example, trial.key.draw.role.rawValue, trial.key.draw.number,
            trial.state.rawValue, trial.exampleHash, requests.insert(trial.request), trial.finished)
        let id = database.lastInsertedRowID
        for (position, check) in trial.checks.enumerated() {
            try insertScore.run(
                id, position, check.name, check.type, check.state.rawValue, check.score, check.gating, check.weight,
                check.reason, check.failureKind?.rawValue, check.hash)
        }
        for (position, request) in trial.judgeRequests.enumerated() {
            try insertJudgeRequest.run(id, position, requests.insert(request))
        }
    }

    private func removeEarlierRecord(of key: TrialKey) throws {
        let earlier = try findTrial.firstRow(run, key.suite, key.example, key.draw.role.rawValue, key.draw.number) {
            (id: $0.next(Int64.self), request: $0.next(Int64.self))
        }
        guard let earlier else { return }
        let judges = try database.rows("SELECT request FROM judge_request WHERE trial = ?", earlier.id) {
            $0.next(Int64.self)
        }
        try database.run("DELETE FROM trial WHERE id = ?", earlier.id)
        for request in [earlier.request] + judges { try database.run("DELETE FROM request WHERE id = ?", request) }
    }
}
