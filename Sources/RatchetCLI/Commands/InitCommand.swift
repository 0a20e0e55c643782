import ArgumentParser
import Foundation
import RatchetCore
import RatchetFiles
import RatchetReports

/// `ratchet init`
struct InitCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Begin a project: a small one that runs at once, with comments that teach.")

    @Argument(help: "The folder; this one by default.") var directory: String = "."

    func run(_ context: Context) async throws -> ExitCode {
        let root = context.absolute(directory)
        let folder = ProjectFolder(root: root)
        let taken = ProjectTemplate.files.map(\.path).filter { FileManager.default.fileExists(atPath: folder.path($0)) }
        if !taken.isEmpty {
            throw DiagnosticsError(
                taken.map { Diagnostic("\($0) is there already; nothing was written", exitCode: .usage) })
        }
        do {
            for file in ProjectTemplate.files {
                let path = folder.path(file.path)
                try FileSystem.makeFolder((path as NSString).deletingLastPathComponent)
                try AtomicFile.write(file.text, to: path)
            }
        } catch {
            context.error("error: the project could not be written: \(error)\n")
            return .cannotWrite
        }
        for file in ProjectTemplate.files { context.output("wrote \(file.path)\n") }
        let go = directory == "." ? "" : "cd \(ShellWord.quoted(directory)), then "
        context.output(
            """

            next: \(go)ratchet run
                  it shows every answer; when they are right: ratchet baseline accept
                  then edit prompts/welcome/1.0.0.md and run again

            """)
        return .passed
    }
}
