import GRDB
import RatchetCore

extension Store {
    /// How many trials are read at once; only so many are in memory.
    private static let pageSize = 128

    /// Hands the run's trials to `body`, a page in memory at a time: suite by suite in the order of the run, the
    /// examples in the order of `examples` or, without it, of their ids' bytes, the draws of an example by role and
    /// number.
    ///
    /// No transaction is open while `body` runs, so it may take its time and use the store itself; trials that are
    /// recorded meanwhile may or may not be seen. An error of `body` ends the walk and is thrown on.
    package func forEachTrial(
        run name: String, suite: String? = nil, examples: [String]? = nil, body: (TrialRecord) throws -> Void
    ) throws {
        let (run, suites) = try read { database in
            let run = try database.existingRunID(name)
            return (run, try suite.map { [$0] } ?? database.suites(ofRun: run))
        }
        for suite in suites {
            if let examples {
                for example in examples {
                    try read { try $0.trials(run: run, suite: suite, example: example) }.forEach(body)
                }
            } else {
                try forEachPage(run: run, suite: suite) { try $0.forEach(body) }
            }
        }
    }

    private func forEachPage(run: Int64, suite: String, body: ([TrialRecord]) throws -> Void) throws {
        var last: TrialKey?
        while true {
            let page = try read { try $0.trials(run: run, suite: suite, after: last, limit: Self.pageSize) }
            try body(page)
            last = page.last?.key
            if page.count < Self.pageSize { return }
        }
    }

    /// All trials of one example, by role and number.
    package func exampleTrials(run: String, suite: String, example: String) throws(StoreError) -> [TrialRecord] {
        try read { try $0.trials(run: $0.existingRunID(run), suite: suite, example: example) }
    }

    /// What the gate needs of every finished trial, without requests and outputs, ordered by suite, example and draw.
    package func outcomes(run: String) throws(StoreError) -> [TrialOutcome] {
        try read { database in
            var outcomes: [TrialOutcome] = []
            var current: Int64?
            var score = MeanScore()
            try database.forEachRow(
                """
                SELECT t.id, t.suite, t.example, t.role, t.draw, t.state, s.name, s.state, s.score, s.weight
                FROM trial t LEFT JOIN score s ON s.trial = t.id AND s.gating
                WHERE t.run = ? ORDER BY t.suite, t.example, t.role, t.draw, s.position
                """, database.existingRunID(run)
            ) { row in
                let trial = row.next(Int64.self)
                let key = try row.trialKey()
                let state: TrialState = try row.state()
                if trial != current {
                    outcomes.append(TrialOutcome(key: key, result: .state(state)))
                    current = trial
                    score = MeanScore()
                }
                guard let check = row.next(String?.self) else { return }
                let last = outcomes.count - 1
                // Of two checks with the same name the first counts, as in `TrialRecord.outcome`.
                let found: CheckState = try row.state()
                if outcomes[last].checks[check] == nil { outcomes[last].checks[check] = found }
                score.add(state: found, score: row.next(), weight: row.next())
                outcomes[last].score = score.value
            }
            return outcomes
        }
    }

    /// The hash of every example of the suite as it was when its last trial finished.
    package func exampleHashes(run: String, suite: String) throws(StoreError) -> [String: String] {
        try read { database in
            let hashes = try database.rows(
                "SELECT example, exampleHash FROM trial WHERE run = ? AND suite = ? ORDER BY finished, id",
                database.existingRunID(run), suite
            ) { ($0.next(String.self), $0.next(String.self)) }
            return Dictionary(hashes, uniquingKeysWith: { _, last in last })
        }
    }
}

extension Database {
    /// The suites with trials: those of the header in its order, then any others.
    fileprivate func suites(ofRun run: Int64) throws -> [String] {
        try rows(
            """
            SELECT t.suite FROM (SELECT DISTINCT suite FROM trial WHERE run = ?1) t
            LEFT JOIN (SELECT suite, min(position) AS position FROM run_suite WHERE run = ?1 GROUP BY suite) s
                ON s.suite = t.suite
            ORDER BY s.position IS NULL, s.position, t.suite
            """, run
        ) { $0.next(String.self) }
    }

    fileprivate func trials(run: Int64, suite: String, example: String) throws -> [TrialRecord] {
        try completed(
            rows(
                Self.selection + "WHERE t.run = ? AND t.suite = ? AND t.example = ? ORDER BY t.role, t.draw", run,
                suite,
                example
            ) { try $0.trial() })
    }

    fileprivate func trials(run: Int64, suite: String, after last: TrialKey?, limit: Int) throws -> [TrialRecord] {
        // Every key is greater than the empty one: no example has an empty id.
        try completed(
            rows(
                Self.selection + """
                    WHERE t.run = ? AND t.suite = ? AND (t.example, t.role, t.draw) > (?, ?, ?)
                    ORDER BY t.example, t.role, t.draw LIMIT ?
                    """, run, suite, last?.example ?? "", last?.draw.role.rawValue ?? "", last?.draw.number ?? 0, limit
            ) { try $0.trial() })
    }

    private static var selection: String {
        """
        SELECT t.id, t.suite, t.example, t.role, t.draw, t.state, t.exampleHash, t.finished, t.request,
            \(RequestTable.columns)
        FROM trial t JOIN request r ON r.id = t.request

        """
    }

    /// Adds what other tables hold of the trials: messages, checks and judges' requests.
    private func completed(_ trials: [StoredTrial]) throws -> [TrialRecord] {
        try trials.map { stored in
            var trial = stored.trial
            trial.request.messages = try messages(ofRequest: stored.request)
            trial.checks = try rows(
                """
                SELECT name, type, state, score, gating, weight, reason, failureKind, hash
                FROM score WHERE trial = ? ORDER BY position
                """, stored.id
            ) { row in
                CheckResult(
                    name: row.next(), type: row.next(), state: try row.state(), score: row.next(), gating: row.next(),
                    weight: row.next(), reason: row.next(),
                    failureKind: row.next(String?.self).flatMap(FailureKind.init), hash: row.next())
            }
            trial.judgeRequests = try judgeRequests(ofTrial: stored.id)
            return trial
        }
    }

    private func judgeRequests(ofTrial trial: Int64) throws -> [RequestRecord] {
        let stored = try rows(
            """
            SELECT r.id, \(RequestTable.columns) FROM judge_request j JOIN request r ON r.id = j.request
            WHERE j.trial = ? ORDER BY j.position
            """, trial
        ) { (id: $0.next(Int64.self), request: try $0.request()) }
        return try stored.map { id, request in
            var request = request
            request.messages = try messages(ofRequest: id)
            return request
        }
    }
}

/// A trial as its own row tells it.
private struct StoredTrial {
    var id: Int64
    var request: Int64
    var trial: TrialRecord
}

extension ColumnReader {
    fileprivate mutating func trialKey() throws -> TrialKey {
        TrialKey(suite: next(), example: next(), draw: Draw(try state(), next()))
    }

    fileprivate mutating func trial() throws -> StoredTrial {
        let id = next(Int64.self)
        let key = try trialKey()
        let state: TrialState = try self.state()
        let exampleHash = next(String.self)
        let finished = next(Double.self)
        let request = next(Int64.self)
        let trial = TrialRecord(
            key: key, state: state, exampleHash: exampleHash, request: try self.request(), checks: [],
            judgeRequests: [],
            finished: finished)
        return StoredTrial(id: id, request: request, trial: trial)
    }
}
