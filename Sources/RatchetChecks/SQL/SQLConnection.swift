internal import CSQLite
import RatchetJSON

/// One connection to SQLite, used by one task and then closed.
final class SQLConnection {
    private let database: OpaquePointer
    private let guardian: SQLGuard

    /// How many rows a query may give, and how many bytes they may have.
    static let largestResult = (rows: 100_000, bytes: 32 << 20)
    /// Bytes of one value: what functions such as `instr` do with two long ones takes the square of it.
    private static let largestValue: Int32 = 200_000

    /// - Parameter image: What `main` is to hold, to be read only.
    init(
        path: String = ":memory:", image: UnsafeMutableBufferPointer<UInt8>? = nil, permission: SQLGuard.Permission
    ) throws(SQLError) {
        var opened: OpaquePointer?
        // With SQLite's own lock off: this connection stays with one task.
        let access = path == ":memory:" ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
        let status = sqlite3_open_v2(path, &opened, access | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nil)
        guard status == SQLITE_OK, let opened else {
            let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close(opened)
            throw SQLError(kind: .wrong, message: message)
        }
        database = opened
        guardian = SQLGuard(permission)
        ratchet_sqlite3_harden(opened)
        sqlite3_exec(opened, "PRAGMA temp_store = MEMORY", nil, nil, nil)
        if case .statements = permission {
            sqlite3_limit(opened, SQLITE_LIMIT_LENGTH, Self.largestValue)
            sqlite3_limit(opened, SQLITE_LIMIT_SQL_LENGTH, 100_000)
            sqlite3_limit(opened, SQLITE_LIMIT_VDBE_OP, 10_000)
            sqlite3_limit(opened, SQLITE_LIMIT_EXPR_DEPTH, 200)
            sqlite3_limit(opened, SQLITE_LIMIT_COMPOUND_SELECT, 100)
            sqlite3_limit(opened, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200)
            sqlite3_limit(opened, SQLITE_LIMIT_WORKER_THREADS, 0)
        }
        // SQLite attaches it under the name `main`, which the guard would refuse.
        if let image, !image.isEmpty {
            let status = sqlite3_deserialize(
                opened, "main", image.baseAddress, sqlite3_int64(image.count), sqlite3_int64(image.count),
                UInt32(SQLITE_DESERIALIZE_READONLY))
            guard status == SQLITE_OK else { throw error(at: 0, of: "") }
        }
        sqlite3_limit(opened, SQLITE_LIMIT_ATTACHED, 0)
        guardian.attach(to: opened)
    }

    deinit { sqlite3_close_v2(database) }

    /// A copy of the database, to be freed with `sqlite3_free`; an empty database has none. Ends the guard's watch.
    func image(limit: Int64) throws(SQLError) -> (UnsafeMutablePointer<UInt8>?, Int) {
        // SQLite asks itself by PRAGMA how large it is.
        sqlite3_set_authorizer(database, nil, nil)
        var size: sqlite3_int64 = 0
        _ = sqlite3_serialize(database, "main", &size, UInt32(SQLITE_SERIALIZE_NOCOPY))
        guard size <= limit else { throw SQLError(kind: .limit, message: "the database is larger than \(limit >> 20) MB") }
        let image = sqlite3_serialize(database, "main", &size, 0)
        guard image != nil || size == 0 else { throw SQLError(kind: .limit, message: "the database could not be read") }
        return (image, image == nil ? 0 : Int(size))
    }

    func tables() throws(SQLError) -> [String] {
        let query = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name"
        guard let statement = try statements(in: query).first else { return [] }
        return try rows(of: statement).rows.compactMap { $0.arrayValue?.first?.stringValue }
    }

    // MARK: Statements

    /// A compiled statement.
    final class Statement {
        fileprivate let handle: OpaquePointer
        /// Whether it changes something, in a way that was allowed.
        private let changes: Bool

        fileprivate init(_ handle: OpaquePointer, changes: Bool) {
            self.handle = handle
            self.changes = changes
        }

        deinit { sqlite3_finalize(handle) }

        /// What it is, as far as that can be allowed; nothing for VACUUM and the like, of which no guard is told.
        var isQuery: Bool { sqlite3_stmt_readonly(handle) != 0 && sqlite3_column_count(handle) > 0 }
        var isKnown: Bool { isQuery || changes }
        var isExplanation: Bool { sqlite3_stmt_isexplain(handle) != 0 }
        var parameterCount: Int { Int(sqlite3_bind_parameter_count(handle)) }
    }

    /// All statements of a text, compiled one by one against the database as it is.
    func statements(in sql: String) throws(SQLError) -> [Statement] {
        var statements: [Statement] = []
        try forEachStatement(of: sql) { statement throws(SQLError) in statements.append(statement) }
        return statements
    }

    func run(script: String) throws(SQLError) {
        try forEachStatement(of: script) { statement throws(SQLError) in
            while true {
                switch sqlite3_step(statement.handle) {
                case SQLITE_ROW: continue
                case SQLITE_DONE: return
                default: throw self.error(at: 0, of: "")
                }
            }
        }
        if sqlite3_get_autocommit(database) == 0 { throw SQLError(kind: .wrong, message: "a transaction is left open") }
    }

    private func forEachStatement(of sql: String, _ body: (Statement) throws(SQLError) -> Void) throws(SQLError) {
        // SQLite reads to the first zero byte, and would take no notice of what is behind it.
        guard !sql.utf8.contains(0) else { throw SQLError(kind: .wrong, message: "there is a zero byte in it") }
        let bytes = sql.utf8.map { CChar(bitPattern: $0) } + [0]
        var start = 0
        while start < bytes.count - 1 {
            guardian.beginStatement()
            var handle: OpaquePointer?
            var next = start
            let status = bytes.withUnsafeBufferPointer { buffer -> Int32 in
                guard let base = buffer.baseAddress else { return SQLITE_NOMEM }
                var tail: UnsafePointer<CChar>?
                let status = sqlite3_prepare_v2(database, base + start, Int32(clamping: bytes.count - start), &handle, &tail)
                next = tail.map { $0 - base } ?? bytes.count
                return status
            }
            guard status == SQLITE_OK else {
                sqlite3_finalize(handle)
                throw error(at: start, of: sql)
            }
            // Space and comments give none.
            if let handle { try body(Statement(handle, changes: guardian.changesSomething)) }
            guard next > start else { return }
            start = next
        }
    }

    func rows(of statement: Statement) throws(SQLError) -> SQLRows {
        let width = Int(sqlite3_column_count(statement.handle))
        var result = SQLRows(columns: [], rows: [])
        for column in 0..<width {
            result.columns.append(sqlite3_column_name(statement.handle, Int32(column)).map { String(cString: $0) } ?? "")
        }
        guardian.beginStatement()
        var size = 0
        while true {
            switch sqlite3_step(statement.handle) {
            case SQLITE_DONE: return result
            case SQLITE_ROW: break
            default: throw error(at: 0, of: "")
            }
            let row = (0..<width).map { value(of: statement.handle, Int32($0), &size) }
            result.rows.append(.array(row))
            size += 16 * width
            if result.rows.count > Self.largestResult.rows || size > Self.largestResult.bytes {
                throw SQLError(kind: .limit, message: "it gives more than \(Self.largestResult.rows) rows or \(Self.largestResult.bytes >> 20) MB")
            }
        }
    }

    private func value(of statement: OpaquePointer, _ column: Int32, _ size: inout Int) -> JSONValue {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return .number(JSONNumber(Int(sqlite3_column_int64(statement, column))))
        case SQLITE_FLOAT: return .number(Self.number(sqlite3_column_double(statement, column)))
        case SQLITE_NULL: return .null
        case SQLITE_TEXT:
            guard let text = sqlite3_column_text(statement, column) else { return .null }
            let count = Int(sqlite3_column_bytes(statement, column))
            size += count
            return .string(String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self))
        default:
            let count = Int(sqlite3_column_bytes(statement, column))
            size += count
            let bytes = UnsafeRawBufferPointer(start: sqlite3_column_blob(statement, column), count: count)
            let digits = Array("0123456789abcdef".utf8)
            let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
            return ["blob": .string(String(decoding: text, as: UTF8.self))]
        }
    }

    /// With 12 significant digits: in which order a sum was made must not matter.
    private static func number(_ value: Double) -> JSONNumber {
        var text = [CChar](repeating: 0, count: 40)
        ratchet_sqlite3_print(value, &text, Int32(text.count))
        let written = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // An infinity is written in letters.
        return JSONNumber(validating: written) ?? JSONNumber(validating: value < 0 ? "-1e999" : "1e999") ?? JSONNumber(0)
    }

    /// What SQLite, or the guard, has against the statement that starts at `start`.
    private func error(at start: Int, of sql: String) -> SQLError {
        if let limit = guardian.limit { return SQLError(kind: .limit, message: limit) }
        if let refusal = guardian.refusal { return SQLError(kind: .refused, message: refusal) }
        let message = String(cString: sqlite3_errmsg(database))
        let code = sqlite3_errcode(database)
        if code == SQLITE_TOOBIG || code == SQLITE_NOMEM { return SQLError(kind: .limit, message: message) }
        let offset = Int(sqlite3_error_offset(database))
        return SQLError(kind: .wrong, message: message, offset: offset >= 0 ? start + offset : nil)
    }
}
