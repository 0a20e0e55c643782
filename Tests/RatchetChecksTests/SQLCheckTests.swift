import Foundation
import RatchetCore
import RatchetJSON
import Testing

@testable import RatchetChecks

@Suite("sql")
struct SQLCheckTests {
    static let schema = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT); CREATE VIEW names AS SELECT name FROM users;"
    static let data = "\(schema) INSERT INTO users VALUES (1, 'ann'), (2, 'bob'), (3, NULL);"

    private static func compile(_ options: String = "") -> String { #"{"sql": {"schema": "\#(schema)"\#(options)}}"# }
    private static func run(_ options: String) -> String { #"{"sql": {"database": "\#(data)", \#(options)}}"# }

    @Test("Statements are compiled against the schema, and never run", arguments: [
        Case(compile(), "SELECT name FROM users WHERE id = ?", .passed, "SQL as the whole output: it compiles"), Case(compile(), "```sql\nSELECT * FROM names;\n```", .passed, "in a code fence"),
        Case(compile(), "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n", .passed), Case(compile(), "-- a\nSELECT 1 -- b\n;;\n/* c */", .passed),
        Case(compile(), "SELEC 1", .failed, "near \"SELEC\": syntax error (line 1)"), Case(compile(), "Well:\n```sql\nSELECT id,\n nme FROM users\n```", .failed, "no such column: nme (line 4)"),
        Case(compile(), "SELECT 1 FROM usr", .failed, "no such table: usr"), Case(compile(), "SELECT 1 FROM usr", .failed, "; there are names and users"),
        Case(compile(), "SELECT 1; SELECT 2", .failed, "has 2 statements, wanted exactly 1"), Case(compile(#", "statements": {"max": 2}"#), "SELECT 1; SELECT 2", .passed, "2 statements compile"),
        Case(compile(), "", .failed, "nothing is there"), Case(compile(), "-- nothing", .failed, "has 0 statements"), Case(compile(), "```json\n{}\n```", .failed, "for other languages"),
        Case(compile(#", "allow": "whole""#), "```sql\nSELECT 1\n```", .failed, "SQL inside a code fence"), Case(compile(), "SELECT '\0'", .failed, "a zero byte"),
    ])
    func compiling(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("Only kinds of statements that are allowed", arguments: [
        Case(compile(), "DELETE FROM users", .failed, "holds DELETE, wanted SELECT only"), Case(compile(), "INSERT INTO users VALUES (1, 'a')", .failed, "holds INSERT"),
        Case(compile(), "UPDATE users SET name = 'x'", .failed, "holds UPDATE"), Case(compile(), "DROP TABLE users", .failed, "wanted SELECT only"), Case(compile(), "ATTACH 'x.db' AS x", .failed, "ATTACH"),
        Case(compile(), "PRAGMA table_info(users)", .failed, "PRAGMA"), Case(compile(), "SELECT load_extension('x')", .failed, "load_extension"), Case(compile(), "BEGIN", .failed, "a transaction"),
        Case(compile(), "EXPLAIN SELECT 1", .failed, "is no SELECT statement"), Case(compile(), "VACUUM", .failed), Case(compile(), "CREATE VIRTUAL TABLE v USING fts5(a)", .failed), Case(compile(), "SELECT * FROM pragma_table_info('users')", .failed),
        Case(compile(#", "kinds": ["insert"]"#), "INSERT INTO users VALUES (4, 'a')", .passed), Case(compile(#", "kinds": ["insert"]"#), "SELECT 1", .failed, "is no INSERT statement"),
        Case(compile(#", "kinds": "insert""#), "INSERT INTO users SELECT 5, name FROM users ON CONFLICT DO UPDATE SET name = 'a'", .failed, "UPDATE"),
        Case(compile(#", "kinds": ["update", "delete"]"#), "DELETE FROM users WHERE id = 1 RETURNING name", .passed), Case(compile(#", "kinds": ["create"]"#), "CREATE TABLE t (a UNIQUE, b REFERENCES users(id))", .passed),
        Case(compile(#", "kinds": ["create"]"#), "CREATE TABLE t AS SELECT * FROM users", .passed), Case(compile(#", "kinds": ["create"]"#), "DROP TABLE users", .failed), Case(compile(#", "kinds": ["create"]"#), "INSERT INTO users VALUES (1, '')", .failed),
        Case(compile(#", "kinds": ["drop"]"#), "DROP TABLE users", .passed), Case(compile(#", "kinds": ["alter"]"#), "ALTER TABLE users ADD COLUMN age INTEGER", .passed), Case(compile(#", "kinds": ["alter"]"#), "ALTER TABLE users RENAME TO people", .passed),
    ])
    func kinds(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("Rows are compared with those wanted", arguments: [
        (run(#""expected_query": "SELECT name FROM users""#), "SELECT name AS n FROM users ORDER BY id DESC", CheckState.passed, 1, "gives the wanted rows (3 rows)"),
        (run(#""expected_query": "SELECT name FROM users""#), "SELECT name FROM users WHERE id < 3", .failed, 2.0 / 3, "gives 2 rows, wanted 3: [null] is missing"),
        (run(#""expected_query": "SELECT name FROM users""#), "SELECT id, name FROM users", .failed, 0, #"gives 2 columns ("id", "name"), wanted 1"#),
        (run(#""expected_query": "SELECT id FROM users ORDER BY id", "order": true"#), "SELECT id FROM users ORDER BY id DESC", .failed, 1.0 / 3, "only their order differs"),
        (run(#""expected_query": "SELECT id AS a FROM users", "column_names": true"#), "SELECT id FROM users", .failed, 0, #"gives the columns "id", wanted "a""#),
        (run(#""rows": [[1, "ann"], [2, "bob"]]"#), "SELECT id, name FROM users WHERE name IS NOT NULL", .passed, 1, ""), (run(#""rows": [{"n": 3.0}], "column_names": true"#), "SELECT count(*) AS n FROM users", .passed, 1, ""),
        (run(#""rows": [["3"]]"#), "SELECT count(*) FROM users", .failed, 0, #"row 1, column "count(*)": found 3, wanted "3""#), (run(#""rows": [[true]]"#), "SELECT 1 = 1", .passed, 1, ""),
        (run(#""rows": []"#), "SELECT 1 FROM users WHERE id = 9", .passed, 1, ""), (run(#""rows": [[0.3]]"#), "SELECT 0.1 + 0.2", .passed, 1, ""), (run(#""rows": [[0.33]], "tolerance": 0.01"#), "SELECT 1 / 3.0", .passed, 1, ""),
        (run(#""rows": [[{"blob": "00ff"}]]"#), "SELECT x'00FF'", .passed, 1, ""), (run(#""rows": [[1]]"#), "SELECT ?", .failed, 0, "has 1 parameters without values"),
        (run(#""rows": {"from": "expected"}"#), "SELECT 1", .passed, 1, ""), (run(#""rows": [[1]]"#), "SELECT abs(-9223372036854775807 - 1)", .failed, 0, "integer overflow"),
    ])
    func rows(_ check: String, _ output: String, _ state: CheckState, _ score: Double, _ reason: String) async throws {
        let result = try await Checking.result(check, Output(text: output), expected: "[[1]]")
        #expect(result.state == state, "\(result.reason)")
        #expect(abs((result.score ?? -1) - score) < 1e-9, "\(result.reason)")
        #expect(reason.isEmpty || result.reason.contains(reason), "\(result.reason)")
    }

    @Test("What would take for ever, or all memory, is given up and errored", arguments: [
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
        "WITH RECURSIVE n(i, s) AS (SELECT 1, 'a' UNION ALL SELECT i + 1, s || s FROM n) SELECT s FROM n", "SELECT zeroblob(1000000000)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000000) SELECT group_concat(i) FROM n", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT randomblob(100000) FROM n ORDER BY 1",
    ])
    func limits(_ query: String) async throws {
        let result = try await Checking.result(Self.run(#""rows": [[1]]"#), query)
        #expect(result.state == .errored, "\(result.reason)")
        #expect(result.reason.contains("given up"))
    }

    @Test("SQL made to cost time is answered", arguments: ["(", "SELECT ", "a,", "SELECT 1;", "-- \n", "SELECT 1 UNION ALL ", "'", "/*", "NOT "])
    func hostile(_ unit: String) async throws {
        let text = "SELECT " + String(repeating: unit, count: 200_000 / unit.utf8.count)
        for check in [Self.compile(), Self.run(#""rows": [[1]]"#)] {
            let result = try await Checking.result(check, text)
            #expect(result.state != .passed)
        }
    }

    @Test("Databases and scripts in files, with their hashes")
    func files() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("ratchet %#? \(UUID().uuidString).sqlite").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        func write(_ script: String) throws {
            let fixture = try SQLFixture(script: script)
            try Data(fixture.bytes).write(to: URL(fileURLWithPath: path))
        }
        func hash() throws -> String? {
            let example = try Writing.example([#"{"sql": {"database": "\#(path)", "rows": [[3]]}}"#])
            return CheckCompiler(Writing.resources(paths: [path])).compile(example).checks?.checkHashes["sql"]
        }
        try write(Self.data)
        let first = try hash()
        #expect(try first != nil && first == hash())
        let result = try await Checking.result(
            #"{"sql": {"database": "\#(path)", "rows": [[3]]}}"#, Output(text: "SELECT count(*) FROM users"), resources: Writing.resources(paths: [path]))
        #expect(result.state == .passed, "\(result.reason)")
        try write(Self.schema)
        #expect(try hash() != first)
        let texts = ["db/schema.sql": "PRAGMA foreign_keys=OFF; BEGIN TRANSACTION; \(Self.data) COMMIT;"]
        let script = try await Checking.result(
            #"{"sql": {"database": "db/schema.sql", "expected_query": {"from": "expected"}}}"#, Output(text: "SELECT 3"), expected: "SELECT count(*) FROM users",
            resources: Writing.resources(texts: texts))
        #expect(script.state == .passed, "\(script.reason)")
    }

    @Test("Options are read with care", arguments: [
        (#"{"sql": {}}"#, "needs a `schema` or a `database`"), (#"{"sql": {"schema": "CREATE TABLE t (a)", "database": "x.db"}}"#, "exclude each other"), (#"{"sql": {"schema": "CREATE TABL t"}}"#, "syntax error"),
        (#"{"sql": {"schema": "none.sql"}}"#, "there is no file none.sql"), (#"{"sql": {"database": "none.sqlite"}}"#, "there is no file none.sqlite"), (#"{"sql": {"schema": "ATTACH 'x' AS y"}}"#, "ATTACH is not allowed in it"),
        (#"{"sql": {"schema": "CREATE TABLE t (a)", "kinds": ["selct"]}}"#, "no kind of statement"), (#"{"sql": {"schema": "CREATE TABLE t (a)", "kinds": ["insert"], "rows": []}}"#, "must be one `select`"),
        (#"{"sql": {"schema": "CREATE TABLE t (a)", "rows": [[1], [1, 2]]}}"#, "row 2 of `rows`"), (#"{"sql": {"schema": "CREATE TABLE t (a)", "rows": 3}}"#, "a list of rows"),
        (#"{"sql": {"schema": "CREATE TABLE t (a)", "expected_query": "SELECT b FROM t"}}"#, "no such column: b"), (#"{"sql": {"schema": "CREATE TABLE t (a)", "expected_query": "DELETE FROM t"}}"#, "holds DELETE"),
        (#"{"sql": {"schema": "CREATE TABLE t (a)", "order": true}}"#, "how rows are compared"), (#"{"sql": {"schema": "CREATE TABLE t (a)", "rows": [[1]], "column_names": true}}"#, "rows that are objects"),
        (#"{"sql": {"schema": "BEGIN; CREATE TABLE t (a)"}}"#, "left open"),
        (#"{"sql": {"schema": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"}}"#, "more than"),
    ])
    func badOptions(_ check: String, _ message: String) throws {
        let findings = try Writing.findings([check])
        #expect(findings.contains { $0.contains(message) }, "\(findings)")
    }
}
