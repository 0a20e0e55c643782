import Foundation
import Testing

extension Workspace {
    /// Runs git in the project's folder, as nobody in particular.
    @discardableResult
    func git(_ arguments: String..., at folder: String = "") throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["git", "-c", "user.name=A Developer", "-c", "user.email=dev@example.org", "-c", "commit.gpgsign=false"] + arguments
        process.currentDirectoryURL = folder.isEmpty ? root : root.appendingPathComponent(folder)
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": root.path, "GIT_CONFIG_NOSYSTEM": "1"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw GitFailure(text: "git \(arguments.joined(separator: " ")): \(text)") }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Everything that is there becomes a commit.
    func commit(_ message: String = "Change") throws {
        try git("add", "-A")
        try git("commit", "--quiet", "--allow-empty", "-m", message)
    }
}

struct GitFailure: Error { var text: String }

extension Workspace.Result {
    /// The output without its line breaks, which fall where the page ends.
    var words: String { output.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
