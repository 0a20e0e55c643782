internal import CSQLite
import RatchetJSON

/// A database that statements are tried on, held in memory; nothing can change it.
final class SQLFixture: Sendable {
    // SQLite reads it and never writes: every connection to it is read-only.
    private nonisolated(unsafe) let image: UnsafeMutablePointer<UInt8>?
    private let size: Int
    /// The names of tables and views, in order.
    let tables: [String]

    /// The largest database, in bytes.
    static let largestDatabase: Int64 = 256 << 20

    /// - Parameter script: SQL that makes the tables, and fills them.
    convenience init(script: String) throws(SQLError) {
        let connection = try SQLConnection(permission: .setUp)
        try connection.run(script: script)
        try self.init(connection)
    }

    /// - Parameter path: A database file.
    convenience init(file path: String) throws(SQLError) {
        // Nobody changes it meanwhile, says `immutable`: no locks, no journals, no side files.
        let name = path.replacing("%", with: "%25").replacing("?", with: "%3f").replacing("#", with: "%23")
        try self.init(SQLConnection(path: "file:\(name)?mode=ro&immutable=1", permission: .statements([])))
    }

    private init(_ connection: SQLConnection) throws(SQLError) {
        tables = try connection.tables()
        (image, size) = try connection.image(limit: Self.largestDatabase)
        // A database in WAL mode could not be opened from memory; its file is complete without the log.
        if let image, size > 19 { (image[18], image[19]) = (1, 1) }
    }

    deinit { sqlite3_free(image) }

    /// What the database is, for a hash of its content.
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: image, count: size) }

    /// A connection of one's own.
    func connect(_ kinds: Set<SQLStatementKind>) throws(SQLError) -> SQLConnection {
        try SQLConnection(image: UnsafeMutableBufferPointer(start: image, count: size), permission: .statements(kinds))
    }
}

/// Why SQL could not be compiled or run.
struct SQLError: Error {
    enum Kind { case wrong, refused, limit }

    var kind: Kind
    /// For people.
    var message: String
    /// The byte of the statement where it is wrong.
    var offset: Int?
}

/// What a query gave.
struct SQLRows: Sendable {
    var columns: [String]
    /// Lists of values: null, number, text, and for a blob `{"blob": "hexadecimal digits"}`.
    var rows: [JSONValue]
}
