import GRDB
import RatchetCore

extension Store {
    /// Adds how the limits of the accounts changed in a start of the run, behind those of earlier starts.
    package func add(_ changes: [ConcurrencyChange], run name: String) throws(StoreError) {
        guard !changes.isEmpty else { return }
        try write { database in
            let run = try database.existingRunID(name)
            let count = try database.rows("SELECT count(*) FROM concurrency_change WHERE run = ?", run) { $0.next(Int.self) }.first ?? 0
            for (place, change) in changes.enumerated() {
                try database.run(
                    "INSERT INTO concurrency_change (run, position, account, time, before, after, reason) VALUES (?, ?, ?, ?, ?, ?, ?)", run,
                    count + place, change.account, change.time, change.from, change.to, change.reason)
            }
        }
    }

    /// How the limits changed while the run was under way, in order.
    package func concurrencyChanges(run name: String) throws(StoreError) -> [ConcurrencyChange] {
        try read { database in
            try database.rows(
                "SELECT account, time, before, after, reason FROM concurrency_change WHERE run = ? ORDER BY position",
                database.existingRunID(name)
            ) { row in
                ConcurrencyChange(account: row.next(), time: row.next(), from: row.next(), to: row.next(), reason: row.next())
            }
        }
    }
}
