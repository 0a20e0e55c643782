extension Schema {
    /// How many calls an account took at once, and why that changed, while a run was under way.
    static let version4 = """
        CREATE TABLE concurrency_change (
            run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            account TEXT NOT NULL,
            time REAL NOT NULL,
            before INTEGER NOT NULL,
            after INTEGER NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (run, position)
        ) STRICT, WITHOUT ROWID;
        """
}
