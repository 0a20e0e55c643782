import GRDB
import RatchetCore
import RatchetJSON

/// A run as a list shows it.
package struct RunSummary: Hashable, Sendable {
    package var header: RunHeader
    /// How many trials ended in which state.
    package var trials: [TrialState: Int]
    /// The member `exit` of the run's verdict, without the rest of it.
    package var exit: JSONValue?
}

extension Store {
    /// Records that a run has begun. An id that is taken already is an error.
    package func begin(_ header: RunHeader) throws(StoreError) {
        try write { database in
            guard try database.runID(header.id) == nil else {
                throw StoreError(.duplicateRun, "a run with the id \(header.id) is recorded already")
            }
            try database.run(
                """
                INSERT INTO run (name, started, finished, state, version, gitCommit, planKey, seed, isPartial, parent,
                    shard)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                header.id, header.started, header.finished, header.state.rawValue, header.version, header.commit,
                header.planKey, Int64(bitPattern: header.seed), header.isPartial, header.parent, JSONColumn.text(header.shard))
            try database.insertSuites(of: header, run: database.lastInsertedRowID)
        }
    }

    /// Replaces everything the header says, and keeps the run's trials and verdict.
    package func update(_ header: RunHeader) throws(StoreError) {
        try write { database in
            let run = try database.existingRunID(header.id)
            try database.run(
                """
                UPDATE run SET started = ?, finished = ?, state = ?, version = ?, gitCommit = ?, planKey = ?, seed = ?,
                    isPartial = ?, parent = ?, shard = ?
                WHERE id = ?
                """,
                header.started, header.finished, header.state.rawValue, header.version, header.commit, header.planKey,
                Int64(bitPattern: header.seed), header.isPartial, header.parent, JSONColumn.text(header.shard), run)
            try database.run("DELETE FROM run_suite WHERE run = ?", run)
            try database.insertSuites(of: header, run: run)
        }
    }

    /// Records how a run ended; `finished` in seconds since 1970. A verdict that is there stays when `verdict` is
    /// `nil`.
    package func finish(
        run name: String, state: RunHeader.State, finished: Double?, verdict: JSONValue? = nil
    ) throws(StoreError) {
        try write { database in
            try database.run(
                "UPDATE run SET state = ?, finished = ?, verdict = coalesce(?, verdict) WHERE id = ?", state.rawValue,
                finished, verdict?.serialized(.compact), database.existingRunID(name))
        }
    }

    /// The run with exactly this id.
    package func run(_ name: String) throws(StoreError) -> RunHeader? {
        try read { database in
            try database.headers("WHERE name = ?", name).first?.header
        }
    }

    /// What the gate said of the run, if it has come to that.
    package func verdict(run name: String) throws(StoreError) -> JSONValue? {
        try read { database in
            let run = try database.existingRunID(name)
            return try database.firstRow("SELECT verdict FROM run WHERE id = ?", run) { row in
                try row.next(String?.self).map { try JSONColumn.value($0) }
            } ?? nil
        }
    }

    /// The newest runs first: as they were recorded, for a clock may have been set back since.
    package func runs(limit: Int) throws(StoreError) -> [RunSummary] {
        try read { database in
            let runs = try database.headers("ORDER BY id DESC LIMIT ?", max(0, limit))
            return try runs.map { run in
                var summary = RunSummary(header: run.header, trials: [:], exit: nil)
                try database.forEachRow("SELECT state, count(*) FROM trial WHERE run = ? GROUP BY state", run.id) {
                    row in
                    summary.trials[try row.state()] = row.next()
                }
                let exit = try database.firstRow(
                    "SELECT json_array(json_extract(verdict, '$.exit')) FROM run WHERE id = ?", run.id
                ) { try JSONColumn.value($0.next()).arrayValue?.first }
                if case let exit?? = exit, !exit.isNull { summary.exit = exit }
                return summary
            }
        }
    }

    /// The newest run that was asked for with this plan and has not come to its end. Whether another process is still
    /// working on it is not known here: the caller proves by a lock that nobody does.
    package func interruptedRun(planKey: String) throws(StoreError) -> RunHeader? {
        try read { database in
            try database.headers(
                "WHERE planKey = ? AND state IN ('running', 'interrupted') ORDER BY id DESC LIMIT 1",
                planKey
            ).first?.header
        }
    }

    /// The full id of the run a person means by `name`: an id, the unambiguous start of one, or `latest`, which is
    /// the newest finished run or, while none has finished, the newest. A try of one example is never `latest`, nor is a
    /// shard.
    package func resolve(_ name: String) throws(StoreError) -> String {
        try read { database in
            if name == "latest" { return try database.latestRun() }
            if try database.runID(name) != nil { return name }
            let candidates = try database.rows(
                """
                SELECT name FROM run WHERE substr(name, 1, length(?1)) = ?1 AND ?1 <> ''
                ORDER BY id DESC
                """, name
            ) { $0.next(String.self) }
            if candidates.count == 1 { return candidates[0] }
            if candidates.isEmpty {
                throw StoreError(
                    .unknownRun, "no run is called \(name)", help: "ratchet runs list shows the recorded runs")
            }
            let shown = candidates.prefix(8).joined(separator: ", ") + (candidates.count > 8 ? ", …" : "")
            throw StoreError(
                .ambiguousRun, "\(candidates.count) runs begin with \(name): \(shown)", help: "give more of the id")
        }
    }
}

extension Database {
    /// The key of a run inside the database.
    func runID(_ name: String) throws -> Int64? {
        try firstRow("SELECT id FROM run WHERE name = ?", name) { $0.next() }
    }

    func existingRunID(_ name: String) throws -> Int64 {
        guard let run = try runID(name) else {
            throw StoreError(.unknownRun, "no run is called \(name)", help: "ratchet runs list shows the recorded runs")
        }
        return run
    }

    fileprivate func latestRun() throws -> String {
        let newest = try firstRow(
            "SELECT name FROM run WHERE name NOT LIKE 'try-%' AND shard IS NULL ORDER BY state = 'finished' DESC, id DESC LIMIT 1"
        ) {
            $0.next(String.self)
        }
        guard let newest else {
            throw StoreError(.unknownRun, "no run has been recorded yet", help: "ratchet run records a run")
        }
        return newest
    }

    fileprivate func insertSuites(of header: RunHeader, run: Int64) throws {
        for (position, suite) in header.suites.enumerated() {
            try self.run(
                """
                INSERT INTO run_suite (run, position, suite, target, prompt, promptHash, paramsHash, trials,
                    exampleCount, isDeterministic)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                run, position, suite.suite, suite.target, suite.prompt, suite.promptHash, suite.paramsHash,
                suite.trials,
                suite.exampleCount, suite.isDeterministic)
        }
    }

    fileprivate func headers(_ condition: String, _ value: some SQLBindable) throws -> [(id: Int64, header: RunHeader)]
    {
        let columns = "id, name, started, finished, state, version, gitCommit, planKey, seed, isPartial, parent, shard"
        let headers = try rows("SELECT \(columns) FROM run \(condition)", value) { row in
            (id: row.next(Int64.self), header: try row.header())
        }
        return try headers.map { run in
            var header = run.header
            header.suites = try rows(
                """
                SELECT suite, target, prompt, promptHash, paramsHash, trials, exampleCount, isDeterministic
                FROM run_suite WHERE run = ? ORDER BY position
                """, run.id
            ) { row in
                RunSuite(
                    suite: row.next(), target: row.next(), prompt: row.next(), promptHash: row.next(),
                    paramsHash: row.next(), trials: row.next(), exampleCount: row.next(), isDeterministic: row.next())
            }
            return (run.id, header)
        }
    }
}

extension ColumnReader {
    fileprivate mutating func header() throws -> RunHeader {
        RunHeader(
            id: next(), started: next(), finished: next(), state: try state(), version: next(), commit: next(),
            planKey: next(), seed: UInt64(bitPattern: next(Int64.self)), isPartial: next(),
            parent: next(), shard: try next(String?.self).map(JSONColumn.shard), suites: [])
    }

    /// The next column as one of an enumeration's words.
    mutating func state<State: RawRepresentable>(_ type: State.Type = State.self) throws -> State
    where State.RawValue == String {
        let text = next(String.self)
        guard let state = State(rawValue: text) else { throw StoreError.unreadable("a state", text) }
        return state
    }
}
