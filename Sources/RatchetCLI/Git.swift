import Foundation

/// What git says of the project's folder; everything is `nil` where there is no git or no repository.
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

    private func output(_ arguments: [String]) -> String? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "-C", folder] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return process.terminationStatus == 0 && !text.isEmpty ? text : nil
    }
}
