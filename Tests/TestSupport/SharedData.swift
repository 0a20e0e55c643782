import Foundation

/// The folder of public test suites beside the package, which is not part of the repository.
package enum SharedData {
    /// The file or folder `path` of the shared folder; `nil`, and one line that says so, when it is absent.
    ///
    /// The folder is `RATCHET_SHARED` of the environment, else `../shared` beside the package root.
    package static func url(_ path: String) -> URL? {
        let url = root.appendingPathComponent(path)
        if FileManager.default.fileExists(atPath: url.path) { return url }
        announcements.announce("SKIPPED: \(url.path) is not there; set RATCHET_SHARED to the folder that holds \(path)")
        return nil
    }

    private static let root: URL = {
        if let path = ProcessInfo.processInfo.environment["RATCHET_SHARED"], !path.isEmpty {
            return URL(fileURLWithPath: path, isDirectory: true)
        }
        let package = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return package.deletingLastPathComponent().appendingPathComponent("shared", isDirectory: true)
    }()

    private static let announcements = Announcements()

    /// Says each thing once, however many tests ask.
    private final class Announcements: @unchecked Sendable {
        private let lock = NSLock()
        private var said: Set<String> = []

        func announce(_ line: String) {
            let isNew = lock.withLock { said.insert(line).inserted }
            if isNew { FileHandle.standardError.write(Data((line + "\n").utf8)) }
        }
    }
}
