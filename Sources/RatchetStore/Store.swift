import Foundation
import GRDB

/// What the project remembers outside git: runs, trials, the request log and the response cache, in one SQLite file.
///
/// Several processes may use the file at once: readers never wait, and writers take turns. Every write is durable
/// when its method returns. Methods block their thread for the time of a disk access; where many trials arrive at
/// once, use a `TrialRecorder`.
///
/// ```swift
/// let store = try Store(path: ".ratchet/ratchet.sqlite")
/// try store.begin(header)
/// try store.record([trial], run: header.id, cacheable: true)
/// try store.finish(run: header.id, state: .finished, finished: now, verdict: verdict)
/// ```
package final class Store: Sendable {
    package enum Access: Sendable {
        case readWrite
        case readOnly
        /// A file that one process writes and then hands on: it needs no other file beside it, and no disk that can share
        /// memory, as the write-ahead log does.
        case portable
    }

    // Two connections and no pool: reading while a batch is being flushed is all the concurrency there is to win,
    // and a pool spends more time on choosing a connection than a look into the cache takes.
    let reader: DatabaseQueue
    let writer: DatabaseQueue
    /// The file, for messages.
    package let path: String

    /// Opens the database at `path`. For writing it is created when it is missing, together with its folder, and
    /// brought up to the current schema; a folder `.ratchet` gets a `.gitignore` that keeps all of it out of git.
    package init(path: String, access: Access = .readWrite) throws(StoreError) {
        self.path = path
        do {
            switch access {
            case .readOnly:
                guard FileManager.default.fileExists(atPath: path) else { throw StoreError.missing(path) }
                reader = try Self.reader(path)
                writer = reader
                try reader.read { try Self.refuseOther($0, path: path) }
            case .readWrite:
                try Self.createFolder(of: path)
                writer = try Self.retryingWhileOthersOpen { try Self.writer(path, journal: .wal) }
                reader = try Self.reader(path)
            case .portable:
                try Self.createFolder(of: path)
                writer = try Self.writer(path, journal: .default)
                reader = writer
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private init(inMemory database: DatabaseQueue) {
        reader = database
        writer = database
        path = "(memory)"
    }

    /// A store that is gone with the process.
    package static func inMemory() throws(StoreError) -> Store {
        do {
            let queue = try DatabaseQueue()
            try migrate(queue, path: "(memory)")
            return Store(inMemory: queue)
        } catch {
            throw StoreError(error, path: "(memory)")
        }
    }

    deinit {
        // The last connection folds the WAL into the database, which a reader could not.
        try? reader.close()
        try? writer.close()
    }

    /// One transaction that sees one state of the database.
    func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try reader.read(body) } catch { throw StoreError(error, path: path) }
    }

    /// One transaction, durable when this returns.
    func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try writer.write(body) } catch { throw StoreError(error, path: path) }
    }
}

// MARK: - Opening

extension Store {
    /// Seconds a writer waits for its turn.
    private static let patience = 30.0

    private static func writer(_ path: String, journal: Configuration.JournalModeConfiguration) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.journalMode = journal
        configuration.busyMode = .callback { tries in
            // Short sleeps: SQLite's own timeout backs off to 100 ms, in which a busy neighbour has taken the lock
            // again.
            let pause = 0.001
            Thread.sleep(forTimeInterval: pause)
            return Double(tries) * pause < patience
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { database in
            // GRDB sets NORMAL for WAL, which may lose the last commits when the power fails.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // The indices on hashes are written all over: folding the WAL in every 16 MB and not every 4 writes each of
            // their pages less often (10,000 trials, 64 at a time: 2.3 s and not 3.9).
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
            try database.execute(sql: "PRAGMA cache_size = -16000")
        }
        try migrate(queue, path: path)
        return queue
    }

    private static func reader(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(patience)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private static func migrate(_ writer: DatabaseQueue, path: String) throws {
        let migrator = Schema.migrator
        var done = try writer.read { try appliedMigrations($0, path: path) }
        while done.count < migrator.migrations.count {
            do {
                try migrator.migrate(writer)
                return
            } catch {
                // Each migration is a transaction: one that another process made meanwhile fails here, and need not be
                // made again.
                let now = try writer.read { try appliedMigrations($0, path: path) }
                guard now.count > done.count else { throw error }
                done = now
            }
        }
    }

    /// A reader takes the database as it is or not at all.
    private static func refuseOther(_ database: Database, path: String) throws {
        let missing = try Set(Schema.migrator.migrations).subtracting(appliedMigrations(database, path: path))
        guard missing.isEmpty else { throw StoreError.older(path) }
    }

    /// The migrations that the database has been through; one that we do not know is a newer version's.
    private static func appliedMigrations(_ database: Database, path: String) throws -> Set<String> {
        // A transaction sees one state of the database from its first read on. GRDB asks twice whether migrations are
        // recorded, and takes a table that another process creates between for an error.
        _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master")
        let applied = try Schema.migrator.appliedIdentifiers(database)
        let unknown = applied.subtracting(Schema.migrator.migrations)
        guard unknown.isEmpty else { throw StoreError.newer(path, migrations: Array(unknown)) }
        return applied
    }

    /// Two processes that create a database at once need a second try: SQLite does not call the busy handler while
    /// the journal is switched to WAL (`SQLITE_BUSY`), and a table that the other one creates between two statements
    /// changes the schema under this one (`SQLITE_SCHEMA`).
    private static func retryingWhileOthersOpen<Value>(_ body: () throws -> Value) throws -> Value {
        let transient: [ResultCode] = [.SQLITE_BUSY, .SQLITE_SCHEMA]
        let deadline = Date(timeIntervalSinceNow: patience)
        while true {
            do {
                return try body()
            } catch let error as DatabaseError where transient.contains(error.resultCode) && Date() < deadline {
                Thread.sleep(forTimeInterval: 0.01)
            }
        }
    }

    private static func createFolder(of path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw StoreError(
                .cannotOpen, "the folder \(folder.path) cannot be created (\(error.localizedDescription))",
                help: "check the permissions of the project's folder")
        }
        guard folder.lastPathComponent == ".ratchet" else { return }
        // Written once: somebody may have reasons for another content. Failing is no reason not to record.
        try? Data("*\n".utf8).write(to: folder.appendingPathComponent(".gitignore"), options: .withoutOverwriting)
    }
}
