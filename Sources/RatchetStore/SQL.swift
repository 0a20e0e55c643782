import GRDB
import GRDBSQLite

// GRDB binds and reads texts as C strings, which end at the first NUL. Prompts and outputs may hold NULs, so values
// go through SQLite's own functions here, which take lengths; connections, transactions, statements and migrations
// are GRDB's.

extension Database {
    /// A statement for many uses inside one access to the database.
    func prepared(_ sql: String) throws -> PreparedStatement {
        PreparedStatement(statement: try cachedStatement(sql: sql), database: self)
    }

    /// Runs a statement that returns no rows.
    func run<each Value: SQLBindable>(_ sql: String, _ values: repeat each Value) throws {
        try prepared(sql).run(repeat each values)
    }

    /// Hands every row to `body`, one at a time; a statement must not run itself again inside its own `body`.
    func forEachRow<each Value: SQLBindable>(
        _ sql: String, _ values: repeat each Value, body: (inout ColumnReader) throws -> Void
    ) throws {
        try prepared(sql).forEachRow(repeat each values, body: body)
    }

    func rows<Element, each Value: SQLBindable>(
        _ sql: String, _ values: repeat each Value, body: (inout ColumnReader) throws -> Element
    ) throws -> [Element] {
        var elements: [Element] = []
        try forEachRow(sql, repeat each values) { elements.append(try body(&$0)) }
        return elements
    }

    /// The first row; the others are not computed.
    func firstRow<Element, each Value: SQLBindable>(
        _ sql: String, _ values: repeat each Value, body: (inout ColumnReader) throws -> Element
    ) throws -> Element? {
        try prepared(sql).firstRow(repeat each values, body: body)
    }
}

/// A compiled statement, to be used only inside the access to the database that it comes from.
struct PreparedStatement {
    fileprivate let statement: Statement
    fileprivate let database: Database

    /// Runs the statement for its effect.
    func run<each Value: SQLBindable>(_ values: repeat each Value) throws {
        try step(repeat each values, limit: 1) { _ in }
    }

    func forEachRow<each Value: SQLBindable>(
        _ values: repeat each Value, body: (inout ColumnReader) throws -> Void
    ) throws {
        try step(repeat each values, limit: .max, body: body)
    }

    func firstRow<Element, each Value: SQLBindable>(
        _ values: repeat each Value, body: (inout ColumnReader) throws -> Element
    ) throws -> Element? {
        var element: Element?
        try step(repeat each values, limit: 1) { element = try body(&$0) }
        return element
    }

    private func step<each Value: SQLBindable>(
        _ values: repeat each Value, limit: Int, body: (inout ColumnReader) throws -> Void
    ) throws {
        let raw = statement.sqliteStatement
        defer {
            sqlite3_reset(raw)
            sqlite3_clear_bindings(raw)
        }
        var bound: Int32 = 0
        for value in repeat each values {
            bound += 1
            try check(value.bind(to: raw, at: bound))
        }
        guard bound == sqlite3_bind_parameter_count(raw) else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "wrong number of arguments", sql: statement.sql)
        }
        var count = 0
        while count < limit {
            let code = sqlite3_step(raw)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else { return try check(code) }
            var reader = ColumnReader(raw)
            try body(&reader)
            count += 1
        }
    }

    private func check(_ code: Int32) throws {
        guard code != SQLITE_OK else { return }
        throw DatabaseError(
            resultCode: ResultCode(rawValue: code),
            message: database.sqliteConnection.map { String(cString: sqlite3_errmsg($0)) }, sql: statement.sql)
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

    static func read(_ statement: SQLiteStatement, _ column: Int32) -> Double {
        sqlite3_column_double(statement, column)
    }
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
