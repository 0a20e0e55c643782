import Foundation
import GRDB
import RatchetCore
import Testing

@testable import RatchetStore

@Suite("Opening the database")
struct OpeningTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func error(access: Store.Access = .readWrite) -> StoreError? {
        #expect(throws: StoreError.self) { try Store(path: folder.database, access: access) }
    }

    private func createFolder() throws {
        try FileManager.default.createDirectory(atPath: folder.path + "/.ratchet", withIntermediateDirectories: true)
    }

    @Test("the folder is made, and git is told to leave it alone, once")
    func gitignore() throws {
        _ = try Store(path: folder.database)
        let ignore = folder.path + "/.ratchet/.gitignore"
        #expect(try String(contentsOfFile: ignore, encoding: .utf8) == "*\n")
        try "*\n!keep\n".write(toFile: ignore, atomically: true, encoding: .utf8)
        _ = try Store(path: folder.database)
        #expect(try String(contentsOfFile: ignore, encoding: .utf8) == "*\n!keep\n")
    }

    @Test("a folder of another name gets no .gitignore")
    func otherFolder() throws {
        _ = try Store(path: folder.path + "/some.sqlite")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/.gitignore"))
    }

    @Test("commits are flushed, the journal is a WAL, references are checked")
    func pragmas() throws {
        let store = try Store(path: folder.database)
        let pragmas = try store.writer.writeWithoutTransaction { database in
            try ["journal_mode", "synchronous", "foreign_keys"].map {
                try String.fetchOne(database, sql: "PRAGMA \($0)")
            }
        }
        #expect(pragmas == ["wal", "2", "1"])
    }

    @Test("reading what was never recorded says so and makes no file")
    func readingNothing() throws {
        #expect(error(access: .readOnly)?.kind == .missing)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/.ratchet"))
    }

    @Test("a store for reading refuses to write")
    func readOnly() throws {
        try Store(path: folder.database).begin(Sample.header())
        let store = try Store(path: folder.database, access: .readOnly)
        #expect(try store.run("run-1") == Sample.header())
        let error = #expect(throws: StoreError.self) { try store.begin(Sample.header("run-2")) }
        #expect(error?.kind == .readOnly)
    }

    @Test("a file that is no database is called that", arguments: [Store.Access.readWrite, .readOnly])
    func notADatabase(access: Store.Access) throws {
        try createFolder()
        try Data(repeating: 0x2A, count: 5_000).write(to: URL(fileURLWithPath: folder.database))
        let error = error(access: access)
        #expect(error?.kind == .corrupt)
        #expect(error?.description.contains("move it away") == true)
    }

    @Test("a damaged database is called that")
    func damaged() throws {
        do {
            let store = try Store(path: folder.database)
            try store.begin(Sample.header())
            try store.record((0..<500).map { Sample.trial("\($0)") }, run: "run-1", cacheable: true)
        }
        let handle = try #require(FileHandle(forUpdatingAtPath: folder.database))
        let size = try handle.seekToEnd()
        try handle.seek(toOffset: 4096)
        try handle.write(contentsOf: Data(repeating: 0xA5, count: Int(size) - 4096))
        try handle.close()
        let error = #expect(throws: StoreError.self) { try Store(path: folder.database).outcomes(run: "run-1") }
        #expect(error?.kind == .corrupt)
    }

    @Test("a folder in the file's place, and a file in the folder's place, are explained")
    func cannotOpen() throws {
        try FileManager.default.createDirectory(atPath: folder.database, withIntermediateDirectories: true)
        #expect(error()?.kind == .cannotOpen)
        try FileManager.default.removeItem(atPath: folder.path + "/.ratchet")
        try Data().write(to: URL(fileURLWithPath: folder.path + "/.ratchet"))
        #expect(error()?.kind == .cannotOpen)
    }

    @Test("a full disk is called that, and nothing is half recorded")
    func fullDisk() throws {
        let store = try Store(path: folder.database)
        try store.begin(Sample.header())
        try store.writer.writeWithoutTransaction { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(pages + 3)")
        }
        let error = #expect(throws: StoreError.self) {
            try store.record((0..<500).map { Sample.trial("\($0)") }, run: "run-1", cacheable: true)
        }
        #expect(error?.kind == .full)
        #expect(try store.outcomes(run: "run-1").isEmpty)
    }

    @Test("a database of a newer version is left alone", arguments: [Store.Access.readWrite, .readOnly])
    func newer(access: Store.Access) throws {
        let store = try Store(path: folder.database)
        try store.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('2 from the future')") }
        let error = error(access: access)
        #expect(error?.kind == .newer)
        #expect(error?.message.contains("“2 from the future”") == true)
    }

    @Test("an empty file becomes a database, but not by reading it")
    func emptyFile() throws {
        try createFolder()
        try Data().write(to: URL(fileURLWithPath: folder.database))
        #expect(error(access: .readOnly)?.kind == .older)
        #expect(try Store(path: folder.database).runs(limit: 1).isEmpty)
    }

    @Test("a store that is let go leaves one file")
    func closing() throws {
        do {
            let store = try Store(path: folder.database)
            try store.begin(Sample.header())
            _ = try store.runs(limit: 1)
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/.ratchet")
        #expect(files.sorted() == [".gitignore", "ratchet.sqlite"])
    }
}

@Suite("Migrations")
struct MigrationTests {
    /// What was released, as SQL that makes such a database: one file a version, never edited.
    static func released(_ version: Int) throws -> String {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
        return try String(contentsOf: folder.appendingPathComponent("schema-\(version).sql"), encoding: .utf8)
    }

    @Test("a database of every released version is brought up to date and keeps its runs", arguments: 1...1)
    func upgrade(version: Int) throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/old.sqlite"
        do {
            let queue = try DatabaseQueue(path: path)
            try queue.write { try $0.execute(sql: Self.released(version)) }
            try queue.close()
        }
        let store = try Store(path: path)
        let header = try #require(try store.run("old-run"))
        #expect(header.seed == .max)
        #expect(header.suites.map(\.suite) == ["support"])
        let trial = try #require(try store.exampleTrials(run: "old-run", suite: "support", example: "refund").first)
        #expect(trial.request.messages == [Message(role: .user, content: "Where is it?")])
        #expect(trial.request.cost == nil)
        #expect(trial.checks.map(\.name) == ["contains"])
        #expect(trial.judgeRequests.count == 1)
        #expect(try store.cachedResponse(fingerprint: "sha256:f", notBefore: 0)?.response.output.text == "On its way.")
        let problems = try store.read { try Row.fetchAll($0, sql: "PRAGMA foreign_key_check") }
        #expect(problems.isEmpty)
    }

    @Test("the migrations of a released version still make exactly its schema")
    func unedited() throws {
        func schema(_ prepare: (DatabaseQueue) throws -> Void) throws -> [String] {
            let queue = try DatabaseQueue()
            try prepare(queue)
            return try queue.read {
                try String.fetchAll($0, sql: "SELECT sql FROM sqlite_master WHERE sql <> '' ORDER BY name")
            }
        }
        let migrated = try schema { try Schema.migrator.migrate($0, upTo: "1 runs, trials, requests and cache") }
        let released = try schema { queue in try queue.write { try $0.execute(sql: Self.released(1)) } }
        #expect(migrated == released)
    }
}
