import GRDB
import RatchetCore

extension Store {
    /// Remembers a batch, or what has become of it.
    package func save(_ batch: Batch) throws(StoreError) {
        try write { database in
            try database.run(
                """
                INSERT INTO batch (id, backend, model, planKey, submitted, requests, state) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (backend, id) DO UPDATE SET state = excluded.state
                """, batch.id, batch.backend, batch.model, batch.planKey, batch.submitted, batch.requests, batch.state.rawValue)
        }
    }

    /// All batches, the oldest first.
    package func batches() throws(StoreError) -> [Batch] {
        try read { database in
            try database.rows("SELECT id, backend, model, planKey, submitted, requests, state FROM batch ORDER BY submitted, id") { row in
                Batch(
                    id: row.next(), backend: row.next(), model: row.next(), planKey: row.next(), submitted: row.next(), requests: row.next(),
                    state: try row.state())
            }
        }
    }
}
