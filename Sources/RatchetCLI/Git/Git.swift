import Foundation

/// What git says of a folder; everything is `nil` where there is no git or no repository.
///
/// Git is asked as a child process, without what the environment may say of another repository.
struct Git {
    let folder: String

    /// The commit checked out, abbreviated.
    var commit: String? { output(["rev-parse", "--short", "HEAD"]) }

    /// `Name <address>` as commits would carry it.
    var author: String? {
        guard let name = output(["config", "user.name"]) else { return nil }
        guard let address = output(["config", "user.email"]) else { return name }
        return "\(name) <\(address)>"
    }

    /// What a command prints, without the white space around it; `nil` when it fails or prints nothing.
    func output(_ arguments: [String]) -> String? {
        guard let data = data(arguments) else { return nil }
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? nil : text
    }

    /// What a command prints; `nil` when it fails.
    ///
    /// - Parameters:
    ///   - input: Given to it on standard input.
    ///   - index: An index file of its own, so that the repository's is not touched.
    func data(_ arguments: [String], input: Data? = nil, index: String? = nil) -> Data? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "-C", folder] + arguments
        var environment = ProcessInfo.processInfo.environment.filter { !Self.redirecting.contains($0.key) }
        environment["GIT_INDEX_FILE"] = index
        environment["LC_ALL"] = "C"
        process.environment = environment
        let (output, given) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = input == nil ? FileHandle.nullDevice as Any : given
        guard (try? process.run()) != nil else { return nil }
        if let input {
            // A list of paths can be longer than a pipe holds: it is written while the output is read.
            Thread.detachNewThread {
                try? given.fileHandleForWriting.write(contentsOf: input)
                try? given.fileHandleForWriting.close()
            }
        }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? data : nil
    }

    /// Variables by which git would look at another repository than the folder's.
    private static let redirecting: Set = [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CEILING_DIRECTORIES",
    ]
}
