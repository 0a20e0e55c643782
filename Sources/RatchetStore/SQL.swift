import GRDB
import GRDBSQLite

// GRDB binds and reads texts as C strings, which end at the first NUL. Prompts and outputs may hold NULs, so values go
// through SQLite's own functions here, which take lengths; connections, transactions, statements and migrations are
// GRDB's.

extension Database {
    /// Runs a statement that returns no rows.
    func run(_ sql: String, _ values: any SQLBindable...) throws {
        try step(sql, values) { _ in }
    }

    /// Hands every row to `body`, one at a time; a statement must not run itself again inside its own `body`.
    func forEachRow(_ sql: String, _ values: any SQLBindable..., body: (inout ColumnReader) throws -> Void) throws {
        try step(sql, values, body: body)
    }

    func rows<Element>(
        _ sql: String, _ values: any SQLBindable..., body: (inout ColumnReader) throws -> Element
    ) throws -> [Element] {
        var elements: [Element] = []
        try step(sql, values) { elements.append(try body(&$0)) }
        return elements
    }

    /// The first row; the others are not computed.
    func firstRow<Element>(
        _ sql: String, _ values: any SQLBindable..., body: (inout ColumnReader) throws -> Element
    ) throws -> Element? {
        var element: Element?
        try step(sql, values, limit: 1) { element = try body(&$0) }
        return element
    }

    private func step(
        _ sql: String, _ values: [any SQLBindable], limit: Int = .max, body: (inout ColumnReader) throws -> Void
    ) throws {
        let statement = try cachedStatement(sql: sql).sqliteStatement
        guard sqlite3_bind_parameter_count(statement) == values.count else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "wrong number of arguments", sql: sql)
        }
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (position, value) in values.enumerated() {
            try check(value.bind(to: statement, at: Int32(position + 1)), sql)
        }
        var count = 0
        while count < limit {
            let code = sqlite3_step(statement)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else { return try check(code, sql) }
            var reader = ColumnReader(statement)
            try body(&reader)
            count += 1
        }
    }

    private func check(_ code: Int32, _ sql: String) throws {
        guard code != SQLITE_OK else { return }
        throw DatabaseError(
            resultCode: ResultCode(rawValue: code), message: sqliteConnection.map { String(cString: sqlite3_errmsg($0)) },
            sql: sql)
    }
}

/// The columns of one row, read from left to right.
struct ColumnReader {
    fileprivate let statement: SQLiteStatement
    fileprivate var column: Int32 = 0

    fileprivate init(_ statement: SQLiteStatement) { self.statement = statement }

    /// The next column's value; the type asked for decides how it is read.
    mutating func next<Value: SQLReadable>(_ type: Value.Type = Value.self) -> Value {
        defer { column += 1 }
        return Value.read(statement, column)
    }
}

/// A value that can stand for a `?` in a statement.
protocol SQLBindable {
    func bind(to statement: SQLiteStatement, at index: Int32) -> Int32
}

/// A value that a column can be read as.
protocol SQLReadable {
    static func read(_ statement: SQLiteStatement, _ column: Int32) -> Self
}

extension String: SQLBindable, SQLReadable {
    func bind(to statement: SQLiteStatement, at index: Int32) -> Int32 {
        /// Tells SQLite to take a copy.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        var text = self
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                // SQLite takes a null pointer, which an empty buffer may have, for NULL.
                guard let start = characters.baseAddress, !characters.isEmpty else {
                    return sqlite3_bind_text(statement, index, "", 0, transient)
                }
                return sqlite3_bind_text64(
                    statement, index, start, sqlite3_uint64(characters.count), transient, UInt8(SQLITE_UTF8))
            }
        }
    }

    static func read(_ statement: SQLiteStatement, _ column: Int32) -> String {
        guard let start = sqlite3_column_text(statement, column) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }
}

extension Int64: SQLBindable, SQLReadable {
    func bind(to statement: SQLiteStatement, at index: Int32) -> Int32 { sqlite3_bind_int64(statement, index, self) }

    static func read(_ statement: SQLiteStatement, _ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }
}

extension Int: SQLBindable, SQLReadable {
    func bind(to statement: SQLiteStatement, at index: Int32) -> Int32 { Int64(self).bind(to: statement, at: index) }

    static func read(_ statement: SQLiteStatement, _ column: Int32) -> Int {
        Int(truncatingIfNeeded: Int64.read(statement, column))
    }
}

extension Bool: SQLBindable, SQLReadable {
    func bind(to statement: SQLiteStatement, at index: Int32) -> Int32 { (self ? 1 : 0).bind(to: statement, at: index) }

    static func read(_ statement: SQLiteStatement, _ column: Int32) -> Bool { Int64.read(statement, column) != 0 }
}

extension Double: SQLBindable, SQLReadable {
    /// SQLite keeps a NaN as NULL.
    func bind(to statement: SQLiteStatement, at index: Int32) -> Int32 { sqlite3_bind_double(statement, index, self) }

    static func read(_ statement: SQLiteStatement, _ column: Int32) -> Double { sqlite3_column_double(statement, column) }
}

extension Optional: SQLBindable where Wrapped: SQLBindable {
    func bind(to statement: SQLiteStatement, at index: Int32) -> Int32 {
        self?.bind(to: statement, at: index) ?? sqlite3_bind_null(statement, index)
    }
}

extension Optional: SQLReadable where Wrapped: SQLReadable {
    static func read(_ statement: SQLiteStatement, _ column: Int32) -> Wrapped? {
        sqlite3_column_type(statement, column) == SQLITE_NULL ? nil : Wrapped.read(statement, column)
    }
}
