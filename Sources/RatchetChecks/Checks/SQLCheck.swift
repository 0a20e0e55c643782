import RatchetCore
import RatchetJSON

/// `sql`: the output is SQL that compiles, or that gives the wanted rows.
package struct SQLCheck: Check {
    package static let type = "sql"
    package static let documentation = CheckDocumentation(
        .structure, "The output is SQL that compiles against a schema, or that gives the wanted rows.",
        details: """
            SQLite is the engine. The SQL stands in a code fence (the first for `sql`, else the first without a language) or is \
            the whole output; the reason says which. With `schema` alone the statement is compiled and never run. With `rows` \
            or `expected_query` it is run, and its rows are compared with the wanted ones. `{"from": "expected"}` takes either \
            from the example's `expected`. `schema` and `database` are names of files, or SQL itself.

            The SQL of a model is not trusted. The database is held in memory and read only; ATTACH, PRAGMA and extensions \
            are refused. A query that takes too many steps, too much memory or gives too many rows is given up: the check is \
            then `errored`, never passed or failed.

            Numbers with a fraction are compared to 12 significant digits, or by `tolerance`. An integer equals the same \
            number with a fraction; a text never equals a number. In `rows` a row is a list, or an object by the names of columns. The \
            score is the fraction of values that are as wanted.
            """,
        options: [
            .init("schema", "path of an .sql file, or SQL", "what makes the tables"),
            .init("database", "path of an .sqlite, .sqlite3, .db or .sql file, or SQL", "the tables with their rows, instead of `schema`"),
            .init("kinds", "list of words", "what the statement may be: `select`, `insert`, `update`, `delete`, `create`, `alter`, `drop`; only `select` by default; what is run must be a `select`"),
            .init("statements", "whole number or {min, max}", "how many statements there are; 1 by default; each is compiled by itself"),
            .init("expected_query", "SQL", "the query whose rows are wanted"),
            .init("rows", "list of rows", "the wanted rows"),
            .init("order", "true or false", "whether the order of rows matters; false by default"),
            .init("column_names", "true or false", "whether the names of columns matter; false by default"),
            .init("tolerance", "number or {absolute, relative}", "how far numbers may be apart"),
            FormatBlock.option(default: .fence),
        ],
        samples: [
            .init(
                #"{"sql": {"schema": "CREATE TABLE users (id INTEGER, name TEXT)"}}"#,
                passes: "```sql\nSELECT name FROM users WHERE id = 3;\n```", fails: "SELECT nme FROM users"),
            .init(
                #"{"sql": {"database": "CREATE TABLE t (n); INSERT INTO t VALUES (1), (2)", "expected_query": "SELECT sum(n) FROM t"}}"#,
                passes: "SELECT sum(n) AS total FROM t", fails: "SELECT count(*) FROM t"),
            .init(
                #"{"sql": {"database": "CREATE TABLE t (n); INSERT INTO t VALUES (1), (2)", "rows": {"from": "expected"}}}"#,
                expected: "[[2], [1]]", passes: "SELECT n FROM t", fails: "SELECT n FROM t WHERE n > 1"),
        ])

    private static let languages: Set<String> = [
        "sql", "sqlite", "sqlite3", "postgresql", "postgres", "mysql", "mariadb", "tsql", "plsql", "pgsql",
    ]

    private let fixture: SQLFixture
    private let kinds: Set<SQLStatementKind>
    private let statements: CountRange
    private let wanted: SQLWantedRows?
    private let allowed: FormatBlock.Location

    package init?(_ options: CheckOptions) {
        allowed = options.choice("allow", default: .fence)
        statements = options.range("statements") ?? CountRange(minimum: 1, maximum: 1)
        kinds = Self.kinds(options)
        guard let fixture = options.sqlFixture() else { return nil }
        self.fixture = fixture
        wanted = SQLWantedRows(options, fixture)
        if wanted != nil, kinds != [.select] || !statements.contains(1) {
            options.report("what is run must be one `select`", at: kinds == [.select] ? "statements" : "kinds")
        }
        if options.problems.contains(where: { $0.severity == .error }) { return nil }
    }

    private static func kinds(_ options: CheckOptions) -> Set<SQLStatementKind> {
        guard let value = options.value("kinds") else { return [.select] }
        let words = (value.arrayValue ?? [value]).map { $0.stringValue?.lowercased() ?? $0.serialized(.compact) }
        let kinds = words.compactMap(SQLStatementKind.init(rawValue:))
        if kinds.count == words.count, !kinds.isEmpty { return Set(kinds) }
        let unknown = words.first { SQLStatementKind(rawValue: $0) == nil } ?? ""
        options.report(
            "there is no kind of statement \(Excerpt.quoted(unknown))", at: "kinds",
            help: Suggestion.help(for: unknown, in: SQLStatementKind.allCases.map(\.rawValue)))
        return [.select]
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        guard let block = FormatBlock.find(in: input.subject, languages: Self.languages) else {
            return .lacking("no SQL: the code fences of the output are for other languages")
        }
        guard !block.isBlank else { return .lacking("no SQL: nothing is there \(block.place)") }
        return block.outcome(of: evaluate(block), allowed: allowed, name: "SQL")
    }

    private func evaluate(_ block: FormatBlock) -> CheckOutcome {
        do throws(SQLError) {
            let connection = try fixture.connect(kinds)
            let compiled = try connection.statements(in: block.text)
            if let objection = objection(to: compiled) { return .failed("the SQL \(block.place) \(objection)") }
            guard let wanted, let statement = compiled.first else {
                return .passed("SQL \(block.place): \(compiled.count == 1 ? "it compiles" : "\(compiled.count) statements compile")")
            }
            return wanted.outcome(of: try connection.rows(of: statement), place: block.place)
        } catch {
            return outcome(of: error, in: block)
        }
    }

    private func objection(to compiled: [SQLConnection.Statement]) -> String? {
        guard statements.contains(compiled.count) else {
            return "has \(compiled.count) statements, wanted \(statements.description)"
        }
        let allowsQueries = kinds.contains(.select)
        if compiled.contains(where: { $0.isExplanation || !$0.isKnown || ($0.isQuery && !allowsQueries) }) {
            return "is no \(Excerpt.list(allowedKinds)) statement"
        }
        if wanted != nil, let count = compiled.first?.parameterCount, count > 0 { return "has \(count) parameters without values" }
        return nil
    }

    private var allowedKinds: [String] { SQLStatementKind.allCases.filter(kinds.contains).map { $0.rawValue.uppercased() } }

    private func outcome(of error: SQLError, in block: FormatBlock) -> CheckOutcome {
        switch error.kind {
        case .limit: return .errored("the SQL \(block.place) was given up: \(Excerpt.oneLine(error.message))")
        case .refused: return .failed("the SQL \(block.place) holds \(Excerpt.oneLine(error.message)), wanted \(Excerpt.list(allowedKinds)) only")
        case .wrong:
            let line = error.offset.map { offset in
                " (line \(1 + block.lineOffset + block.text.utf8.prefix(offset).reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }))"
            }
            let isMissing = error.message.hasPrefix("no such table")
            let tables = isMissing ? "; there are \(Excerpt.list(fixture.tables.map(Excerpt.oneLine), "and", atMost: 10))" : ""
            return .failed(
                "the SQL \(block.place) is wrong: \(Excerpt.oneLine(error.message))\(line ?? "")\(tables), in \(Excerpt.quoted(block.text, limit: 120))")
        }
    }
}

extension CheckOptions {
    /// The database of the option `schema` or `database`.
    fileprivate func sqlFixture() -> SQLFixture? {
        let names = ["schema", "database"].filter { value($0) != nil }
        guard let name = names.first, names.count == 1 else {
            report(
                names.isEmpty ? "needs a `schema` or a `database`" : "`schema` and `database` exclude each other", at: names.last,
                help: #"for example {"sql": {"schema": "schema.sql"}}"#)
            return nil
        }
        guard let text = text(name) else { return nil }
        do throws(SQLError) {
            if Self.isName(text, of: ["sqlite", "sqlite3", "db"]) {
                guard let path = location(name) else { return nil }
                let fixture = try SQLFixture(file: path)
                addFileHash(Digest.sha256(fixture.bytes))
                return fixture
            }
            guard let script = Self.isName(text, of: ["sql"]) ? textFile(name) : text else { return nil }
            return try SQLFixture(script: script)
        } catch {
            let detail = error.kind == .refused ? "\(error.message) is not allowed in it" : Excerpt.oneLine(error.message)
            report("the `\(name)` cannot be made: \(detail)", at: name)
            return nil
        }
    }

    private static func isName(_ text: String, of extensions: [String]) -> Bool {
        !text.contains { $0.isNewline || $0 == ";" || $0 == "(" } && extensions.contains { text.lowercased().hasSuffix("." + $0) }
    }
}
