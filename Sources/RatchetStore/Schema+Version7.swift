extension Schema {
    /// Batches that wait at a provider, so that whoever runs the same again asks for them and does not send them twice.
    static let version7 = """
        CREATE TABLE batch (
            id TEXT NOT NULL,
            backend TEXT NOT NULL,
            model TEXT NOT NULL,
            planKey TEXT NOT NULL,
            submitted REAL NOT NULL,
            requests INTEGER NOT NULL,
            state TEXT NOT NULL,
            PRIMARY KEY (backend, id)
        ) STRICT, WITHOUT ROWID;
        """
}
