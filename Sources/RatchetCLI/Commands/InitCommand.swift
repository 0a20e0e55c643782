import ArgumentParser
import Foundation
import RatchetCore
import RatchetFiles
import RatchetReports

/// `ratchet init`
struct InitCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Begin a project: a small one that runs at once, with comments that teach.",
        discussion: """
            --from makes it of another tool's file: promptfoo configurations, openai/evals samples and registry entries, rows and graders of \
            OpenAI's hosted evals, Inspect datasets, deepeval goldens, pydantic-evals datasets, LangSmith examples, and tables (CSV, TSV, \
            JSONL, JSON). What cannot be mapped is listed in IMPORT.md beside the suite.
            """)

    @Argument(help: "The folder; this one by default.") var directory: String = "."
    @Option(help: ArgumentHelp("Another tool's file.", valueName: "file")) var from: String?
    @Option(help: ArgumentHelp("The format of that file, where it is not seen from its content.", valueName: "format")) var format: ImportFormat?
    @Option(help: ArgumentHelp("The suite's name; made of the file's by default.", valueName: "name")) var suite: String?

    func validate() throws {
        if from == nil, format != nil || suite != nil { throw ValidationError("--format and --suite go with --from.") }
        if let suite, !Name.isValid(suite) { throw ValidationError("A suite's name is made of \(Name.rule).") }
    }

    func run(_ context: Context) async throws -> ExitCode {
        let root = context.absolute(directory)
        let folder = ProjectFolder(root: root)
        let imported = try from.map { try Importer.read(path: context.absolute($0), name: $0, format: format, suite: suite) }
        let files = imported?.files ?? ProjectTemplate.files
        let taken = files.map(\.path).filter { FileManager.default.fileExists(atPath: folder.path($0)) }
        if !taken.isEmpty {
            throw DiagnosticsError(
                taken.map { Diagnostic("\($0) is there already; nothing was written", exitCode: .usage) })
        }
        do {
            for file in files {
                let path = folder.path(file.path)
                try FileSystem.makeFolder((path as NSString).deletingLastPathComponent)
                try AtomicFile.write(file.text, to: path)
            }
        } catch {
            context.error("error: the project could not be written: \(error)\n")
            return .cannotWrite
        }
        for file in files { context.output("wrote \(file.path)\n") }
        if let imported { context.output("\n" + ImportWords.summary(imported)) }
        let go = directory == "." ? "" : "cd \(ShellWord.quoted(directory)), then "
        context.output(
            """

            next: \(go)ratchet run
                  it shows every answer; when they are right: ratchet baseline accept
                  then edit \(files.first { $0.path.hasPrefix("prompts/") }?.path ?? "the suite") and run again

            """)
        return .passed
    }
}
