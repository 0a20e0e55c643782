-- A database as schema version 1 makes it, with one run. Released; never edit.

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

-- Answers that may be read again instead of asking. An entry that a baseline was made of names the run that took it.
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

CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES ('1 runs, trials, requests and cache');

INSERT INTO run VALUES (1, 'old-run', 1700000000.5, NULL, 'interrupted', '0.1.0', '4c1d2e0', 'sha256:plan', -1, 0, NULL);
INSERT INTO run_suite VALUES (1, 0, 'support', 'openai/gpt-4o', 'answer@1.0.0', 'sha256:p', 'sha256:q', 5, 300, 0);
INSERT INTO request VALUES (1, 'trial', 'trace-1', 1700000001.0, 'sha256:f', 'sha256:g', 'answer', '1.0.0', 'sha256:p',
    'openai/gpt-4o', 'gpt-4o-2024', '{"temperature":0}', '["kb-12"]', '[]', 'On its way.', 'stop', 21, 4, 310.5, NULL,
    NULL, NULL, 0, '[{"duration":310.5,"waited":0,"status":200}]', NULL);
INSERT INTO request VALUES (2, 'judge', 'trace-2', 1700000002.0, 'sha256:h', 'sha256:i', NULL, NULL, NULL,
    'openai/gpt-4o', NULL, '{}', '[]', '[]', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, '[]', 'timed out');
INSERT INTO message VALUES (1, 'sha256:m', 'user', 'Where is it?');
INSERT INTO request_message VALUES (1, 0, 1);
INSERT INTO trial VALUES (1, 1, 'support', 'refund', 'run', 1, 'passed', 'sha256:e', 1, 1700000003.0);
INSERT INTO score VALUES (1, 0, 'contains', 'contains', 'passed', 1.0, 1, 1.0, 'found “way”', 'sha256:c');
INSERT INTO judge_request VALUES (1, 0, 2);
INSERT INTO cache VALUES (1, 'sha256:f', 'trace-1', 1700000001.0, 'On its way.', '[]', 'stop', 'gpt-4o-2024', 21, 4, 310.5,
    NULL, NULL, NULL);
