import Foundation
import GRDB

/// What the project remembers outside git: runs, trials, the request log and the response cache, in one SQLite file.
///
/// Several processes may use the file at once: readers never wait, and writers take turns. Every write is durable when
/// its method returns. Methods block their thread for the time of a disk access; where many trials arrive at once, use
/// a `TrialRecorder`.
///
/// ```swift
/// let store = try Store(path: ".ratchet/ratchet.sqlite")
/// try store.begin(header)
/// try store.record([trial], run: header.id, cacheable: true)
/// try store.finish(run: header.id, state: .finished, finished: now, verdict: verdict)
/// ```
package final class Store: Sendable {
    package enum Access: Sendable { case readWrite, readOnly }

    let database: any DatabaseWriter
    /// The file, for messages.
    package let path: String

    /// Opens the database at `path`. For writing it is created when it is missing, together with its folder, and brought
    /// up to the current schema; a folder `.ratchet` gets a `.gitignore` that keeps all of it out of git.
    package init(path: String, access: Access = .readWrite) throws(StoreError) {
        self.path = path
        do {
            switch access {
            case .readOnly:
                guard FileManager.default.fileExists(atPath: path) else { throw StoreError.missing(path) }
                database = try Self.openReadOnly(path)
            case .readWrite:
                try Self.createFolder(of: path)
                database = try Self.retryingWhileBusy { try Self.openForWriting(path) }
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private init(inMemory database: DatabaseQueue) {
        self.database = database
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

    /// Closes the database; using the store after that throws. A store that is simply dropped is closed as well.
    package func close() throws(StoreError) {
        do { try database.close() } catch { throw StoreError(error, path: path) }
    }

    /// One transaction that sees one state of the database.
    func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try database.read(body) } catch { throw StoreError(error, path: path) }
    }

    /// One transaction, durable when this returns.
    func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try database.write(body) } catch { throw StoreError(error, path: path) }
    }
}

// MARK: - Opening

extension Store {
    /// Seconds a writer waits for its turn.
    private static let patience = 30.0

    private static func openForWriting(_ path: String) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.busyMode = .callback { tries in
            // Short sleeps: SQLite's own timeout backs off to 100 ms, in which a busy neighbour has taken the lock again.
            let pause = 0.001
            Thread.sleep(forTimeInterval: pause)
            return Double(tries) * pause < patience
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        // GRDB sets NORMAL for WAL, which may lose the last commits when the power fails.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        try migrate(pool, path: path)
        return pool
    }

    private static func openReadOnly(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(patience)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.read { database in
            try refuseNewer(database, path: path)
            guard try Schema.migrator.hasCompletedMigrations(database) else { throw StoreError.older(path) }
        }
        return queue
    }

    private static func migrate(_ writer: some DatabaseWriter, path: String) throws {
        let migrator = Schema.migrator
        let isCurrent = try writer.read { database in
            try refuseNewer(database, path: path)
            return try migrator.hasCompletedMigrations(database)
        }
        if isCurrent { return }
        do {
            try migrator.migrate(writer)
        } catch {
            // Another process may have done the same at the same time; then all is well.
            guard try writer.read(migrator.hasCompletedMigrations) else { throw error }
        }
    }

    private static func refuseNewer(_ database: Database, path: String) throws {
        let migrator = Schema.migrator
        let unknown = try migrator.appliedIdentifiers(database).subtracting(migrator.migrations)
        guard unknown.isEmpty else { throw StoreError.newer(path, migrations: Array(unknown)) }
    }

    /// SQLite does not call the busy handler while the journal is switched to WAL, so that two processes which create a
    /// database at once need a second try.
    private static func retryingWhileBusy<Value>(_ body: () throws -> Value) throws -> Value {
        let deadline = Date(timeIntervalSinceNow: patience)
        while true {
            do {
                return try body()
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && Date() < deadline {
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
