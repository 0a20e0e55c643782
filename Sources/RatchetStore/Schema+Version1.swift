extension Schema {
    /// Released; never edit. Times are seconds since 1970, durations milliseconds, cost US dollars. What is not
    /// known is NULL, never 0. Lists and objects are JSON texts.
    static let version1 = """
        CREATE TABLE run (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            started REAL NOT NULL,
            finished REAL,
            state TEXT NOT NULL,
            version TEXT NOT NULL,
            gitCommit TEXT,
            planKey TEXT NOT NULL,
            seed INTEGER NOT NULL,
            isPartial INTEGER NOT NULL,
            verdict TEXT
        ) STRICT;

        CREATE TABLE run_suite (
            run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            suite TEXT NOT NULL,
            target TEXT NOT NULL,
            prompt TEXT,
            promptHash TEXT,
            paramsHash TEXT NOT NULL,
            trials INTEGER NOT NULL,
            exampleCount INTEGER NOT NULL,
            isDeterministic INTEGER NOT NULL,
            PRIMARY KEY (run, position)
        ) STRICT, WITHOUT ROWID;

        -- The request log: one row a call to a model, whatever it was made for.
        CREATE TABLE request (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            traceID TEXT NOT NULL,
            time REAL NOT NULL,
            fingerprint TEXT NOT NULL,
            contentFingerprint TEXT NOT NULL,
            promptID TEXT,
            promptVersion TEXT,
            promptHash TEXT,
            target TEXT NOT NULL,
            answeringModel TEXT,
            params TEXT NOT NULL,
            contextIDs TEXT NOT NULL,
            toolCalls TEXT NOT NULL,
            output TEXT,
            finishReason TEXT,
            inputTokens INTEGER,
            outputTokens INTEGER,
            latency REAL,
            timeToFirstToken REAL,
            cost REAL,
            feedback TEXT,
            isCached INTEGER NOT NULL,
            attempts TEXT NOT NULL,
            error TEXT
        ) STRICT;

        -- A rendered message is stored once, however many requests send it.
        CREATE TABLE message (
            id INTEGER PRIMARY KEY,
            hash TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL,
            content TEXT NOT NULL
        ) STRICT;

        CREATE TABLE request_message (
            request INTEGER NOT NULL REFERENCES request(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            message INTEGER NOT NULL REFERENCES message(id),
            PRIMARY KEY (request, position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE trial (
            id INTEGER PRIMARY KEY,
            run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
            suite TEXT NOT NULL,
            example TEXT NOT NULL,
            role TEXT NOT NULL,
            draw INTEGER NOT NULL,
            state TEXT NOT NULL,
            exampleHash TEXT NOT NULL,
            request INTEGER NOT NULL UNIQUE REFERENCES request(id),
            finished REAL NOT NULL,
            UNIQUE (run, suite, example, role, draw)
        ) STRICT;

        CREATE TABLE score (
            trial INTEGER NOT NULL REFERENCES trial(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            type TEXT NOT NULL,
            state TEXT NOT NULL,
            score REAL,
            gating INTEGER NOT NULL,
            weight REAL NOT NULL,
            reason TEXT NOT NULL,
            hash TEXT NOT NULL,
            PRIMARY KEY (trial, position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE judge_request (
            trial INTEGER NOT NULL REFERENCES trial(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            request INTEGER NOT NULL UNIQUE REFERENCES request(id),
            PRIMARY KEY (trial, position)
        ) STRICT, WITHOUT ROWID;

        -- Answers that may be read again instead of asking. An entry that a baseline was made of names the run that
        -- took it.
        CREATE TABLE cache (
            id INTEGER PRIMARY KEY,
            fingerprint TEXT NOT NULL UNIQUE,
            traceID TEXT NOT NULL,
            time REAL NOT NULL,
            output TEXT NOT NULL,
            toolCalls TEXT NOT NULL,
            finishReason TEXT,
            answeringModel TEXT,
            inputTokens INTEGER,
            outputTokens INTEGER,
            latency REAL,
            timeToFirstToken REAL,
            cost REAL,
            takenBy TEXT
        ) STRICT;
        """
}
