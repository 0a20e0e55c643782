import GRDB
import RatchetCore

/// Why the store could not do what it was asked, in words for a person.
package struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Hashable, Sendable {
        /// There is no database yet.
        case missing
        /// A newer version of the program wrote the database.
        case newer
        /// An older version wrote the database, and it was opened for reading only.
        case older
        case corrupt
        case readOnly
        case full
        /// Another process held the database for longer than we wait.
        case busy
        case cannotOpen
        case unknownRun
        case ambiguousRun
        case duplicateRun
        case other
    }

    package var kind: Kind
    /// What is wrong, in one line.
    package var message: String
    /// What to do about it, in one line.
    package var help: String?

    package init(_ kind: Kind, _ message: String, help: String? = nil) {
        self.kind = kind
        self.message = message
        self.help = help
    }

    package var description: String { help.map { "\(message); \($0)" } ?? message }

    /// The error as commands report it.
    package var diagnostic: Diagnostic {
        let code: ExitCode =
            switch kind {
            case .missing, .unknownRun, .ambiguousRun: .usage
            case .newer, .older: .badConfig
            case .corrupt, .readOnly, .full, .busy, .cannotOpen: .cannotWrite
            case .duplicateRun, .other: .internalError
            }
        return Diagnostic(.error, message, help: help, exitCode: code)
    }
}

extension StoreError {
    /// Any error that came out of working with the database at `path`.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError: self.init(error, path: path)
        default: self.init(.other, "\(path): \(error)")
        }
    }

    private init(_ error: DatabaseError, path: String) {
        let detail = error.message ?? "\(error.resultCode)"
        switch error.resultCode.primaryResultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(
                .corrupt, "\(path) is damaged or not a database of ratchet (\(detail))",
                help: "move it away: baselines are in git and not touched, only recorded runs and the cache are lost")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(
                .readOnly, "\(path) cannot be written (\(detail))",
                help: "check the permissions of the file and its folder")
        case .SQLITE_FULL:
            self.init(
                .full, "no space left to record results in \(path)",
                help: "free some space; the same command resumes the run")
        case .SQLITE_IOERR:
            self.init(
                .full, "reading or writing \(path) failed (\(detail))",
                help: "check the disk and its free space; the same command resumes the run")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                .busy, "another process has held \(path) for too long (\(detail))",
                help: "look for a ratchet that hangs or a database tool that is open")
        case .SQLITE_CANTOPEN:
            self.init(
                .cannotOpen, "\(path) cannot be opened (\(detail))",
                help: "check that its folder exists and may be written")
        case .SQLITE_TOOBIG:
            self.init(.other, "a text is too large to be recorded in \(path) (\(detail))")
        default:
            self.init(.other, "\(path): \(detail) (SQLite error \(error.extendedResultCode.rawValue))")
        }
    }

    static func missing(_ path: String) -> StoreError {
        StoreError(.missing, "nothing has been recorded yet: there is no \(path)", help: "ratchet run records a run")
    }

    static func newer(_ path: String, migrations: [String]) -> StoreError {
        let names = migrations.sorted().map { "“\($0)”" }.joined(separator: ", ")
        return StoreError(
            .newer, "\(path) was written by a newer version of ratchet (it knows \(names))",
            help: "update ratchet, or move the file away to start a new one")
    }

    static func older(_ path: String) -> StoreError {
        StoreError(
            .older, "\(path) was written by an older version of ratchet and cannot be brought up to date read-only",
            help: "ratchet run brings it up to date")
    }

    static func unreadable(_ what: String, _ text: String) -> StoreError {
        StoreError(
            .corrupt, "the database holds “\(text.prefix(60))” where \(what) belongs",
            help: "it was changed by hand or by a newer version of ratchet")
    }
}
