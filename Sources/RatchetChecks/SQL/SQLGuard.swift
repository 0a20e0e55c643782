import Glibc

// A client of this module that also uses another SQLite wrapper must not see the same headers twice.
internal import CSQLite

/// Kinds of statements that `sql` may let an output hold.
enum SQLStatementKind: String, CaseIterable, Sendable {
    case select, insert, update, delete, create, alter, drop
}

/// Watches over one connection: which statements may be compiled, and how long they may run.
///
/// SQLite calls it while it compiles and runs statements, on the thread that asked for that.
final class SQLGuard {
    /// What may be done to a connection at most.
    enum Permission {
        /// Compiling and running the fixture's own script.
        case setUp
        case statements(Set<SQLStatementKind>)
    }

    /// Steps of SQLite's virtual machine that one statement may take: most often a second or two.
    static let stepLimit = 30_000_000
    /// Seconds of work, for steps that take long by themselves. A machine that has others to serve must not decide what an answer is worth, so
    /// the thread's own time counts and not that of the clock on the wall.
    static let timeLimit = 20.0
    /// Bytes that SQLite may hold in all of the program.
    static let memoryLimit: Int64 = 1 << 30
    /// Steps between two looks, and looks between two at the clock.
    private static let interval = 20
    private static let looksPerTime = 50

    private let permission: Permission
    /// What was refused, in words.
    private(set) var refusal: String?
    /// Which limit was reached, in words.
    private(set) var limit: String?
    private var steps = 0
    private var start = 0.0
    /// Whether the statement changes the schema: what it writes besides is SQLite's own doing.
    private var changesSchema = false
    /// Whether the statement writes anything that it may.
    private(set) var changesSomething = false

    init(_ permission: Permission) { self.permission = permission }

    func attach(to database: OpaquePointer) {
        let own = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_set_authorizer(
            database,
            { context, action, first, second, _, _ in
                guard let context else { return SQLITE_DENY }
                let guardian = Unmanaged<SQLGuard>.fromOpaque(context).takeUnretainedValue()
                return guardian.allows(action, first.map { String(cString: $0) }, second.map { String(cString: $0) }) ? SQLITE_OK : SQLITE_DENY
            }, own)
        sqlite3_progress_handler(
            database, Int32(Self.interval),
            { context in
                guard let context else { return 1 }
                return Unmanaged<SQLGuard>.fromOpaque(context).takeUnretainedValue().goesOn() ? 0 : 1
            }, own)
    }

    /// To be called before each statement.
    func beginStatement() {
        (refusal, limit, steps) = (nil, nil, 0)
        (changesSchema, changesSomething) = (false, false)
        start = Self.threadSeconds
    }

    private func goesOn() -> Bool {
        steps += Self.interval
        if steps > Self.stepLimit { limit = "it takes more than \(Self.stepLimit) steps" }
        if steps % (Self.interval * Self.looksPerTime) == 0, Self.threadSeconds - start > Self.timeLimit {
            limit = "it takes more than \(Int(Self.timeLimit)) seconds of work"
        }
        if sqlite3_memory_used() > Self.memoryLimit { limit = "it takes too much memory" }
        return limit == nil
    }

    private static var threadSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    // MARK: Authorizing (sqlite.org/c3ref/c_alter_table.html)

    private func allows(_ action: Int32, _ first: String?, _ second: String?) -> Bool {
        switch action {
        case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: return true
        case SQLITE_FUNCTION:
            let isAllowed = second?.lowercased() != "load_extension"
            if !isAllowed { refusal = "load_extension()" }
            return isAllowed
        default: break
        }
        guard case .statements(let kinds) = permission else { return allowsSetUp(action, first) }
        guard let kind = Self.kind(of: action) else {
            refusal = refusal ?? Self.name(of: action)
            return false
        }
        let isSchemaTable = ["sqlite_master", "sqlite_temp_master", "sqlite_schema"].contains(first ?? "")
        let changers: Set<SQLStatementKind> = [.create, .alter, .drop]
        if changers.contains(kind) {
            changesSchema = kinds.contains(kind)
            // Creating a table makes its indexes, and altering one makes it anew.
        } else if changesSchema || (isSchemaTable && !kinds.isDisjoint(with: changers)) {
            return true
        }
        if kinds.contains(kind) || (changesSchema && changers.contains(kind)) {
            changesSomething = true
            return true
        }
        refusal = refusal ?? kind.rawValue.uppercased()
        return false
    }

    private func allowsSetUp(_ action: Int32, _ first: String?) -> Bool {
        switch action {
        case SQLITE_ATTACH, SQLITE_DETACH:
            refusal = Self.name(of: action)
            return false
        case SQLITE_PRAGMA:
            // What dumps of databases begin with, and what is part of a database.
            let known = ["foreign_keys", "encoding", "page_size", "user_version", "application_id", "journal_mode", "synchronous"]
            let isKnown = known.contains(first?.lowercased() ?? "")
            if !isKnown { refusal = "PRAGMA \(first ?? "")" }
            return isKnown
        default: return true
        }
    }

    private static func kind(of action: Int32) -> SQLStatementKind? {
        switch action {
        case SQLITE_INSERT: .insert
        case SQLITE_UPDATE: .update
        case SQLITE_DELETE: .delete
        case SQLITE_CREATE_INDEX, SQLITE_CREATE_TABLE, SQLITE_CREATE_TRIGGER, SQLITE_CREATE_VIEW, SQLITE_CREATE_TEMP_INDEX,
            SQLITE_CREATE_TEMP_TABLE, SQLITE_CREATE_TEMP_TRIGGER, SQLITE_CREATE_TEMP_VIEW, SQLITE_REINDEX:
            .create
        case SQLITE_ALTER_TABLE: .alter
        case SQLITE_DROP_INDEX, SQLITE_DROP_TABLE, SQLITE_DROP_TRIGGER, SQLITE_DROP_VIEW, SQLITE_DROP_TEMP_INDEX,
            SQLITE_DROP_TEMP_TABLE, SQLITE_DROP_TEMP_TRIGGER, SQLITE_DROP_TEMP_VIEW:
            .drop
        default: nil
        }
    }

    private static func name(of action: Int32) -> String {
        switch action {
        case SQLITE_ATTACH: "ATTACH"
        case SQLITE_DETACH: "DETACH"
        case SQLITE_PRAGMA: "PRAGMA"
        case SQLITE_TRANSACTION: "a transaction"
        case SQLITE_SAVEPOINT: "SAVEPOINT"
        case SQLITE_CREATE_VTABLE, SQLITE_DROP_VTABLE: "a virtual table"
        case SQLITE_ANALYZE: "ANALYZE"
        default: "this statement"
        }
    }
}
