import ArgumentParser
import Foundation
import RatchetCore
import RatchetFiles
import RatchetJSON
import RatchetReports

/// `ratchet suite import`
struct SuiteImportCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Add the examples of another tool's file to a suite.",
        discussion: """
            Reads what ratchet init --from reads. The examples are written to suites/SUITE/FILE.jsonl, as a file of their own; ids that the \
            suite has already, and inputs, are left out and counted. Prompts, providers and what else the file holds are listed, as is \
            what cannot be mapped.
            """)

    @OptionGroup var project: ProjectOptions
    @Argument(help: "The file.") var file: String
    @Option(help: "The suite that gets the examples.") var suite: String
    @Option(help: ArgumentHelp("The format of the file, where it is not seen from its content.", valueName: "format")) var format: ImportFormat?
    @Option(help: ArgumentHelp("A tag for all of them; may be repeated.", valueName: "tag")) var tag: [String] = []
    @Flag(help: "Write nothing; say what would be.") var dryRun = false

    func run(_ context: Context) async throws -> ExitCode {
        let opened = try OpenedProject.open(context, directory: project.directory, suites: [suite])
        guard let existing = opened.project.suites.first(where: { $0.name == suite }) else {
            throw DiagnosticsError([
                Diagnostic("there is no suite \"\(suite)\"", help: "begin one with: ratchet init --from \(ShellWord.quoted(file))", exitCode: .usage)
            ])
        }
        let imported = try Importer.read(path: context.absolute(file), name: file, format: format, suite: suite)
        var ids = Set(existing.examples.map(\.id))
        var inputs = Set(existing.examples.map { $0.input.serialized(.canonical) })
        var known = (ids: 0, inputs: 0)
        var text = ""
        var written = 0
        for var example in imported.examples {
            let input = (example["input"] ?? .null).serialized(.canonical)
            if inputs.contains(input) {
                known.inputs += 1
                continue
            }
            guard ids.insert(example["id"]?.stringValue ?? "").inserted else {
                known.ids += 1
                continue
            }
            inputs.insert(input)
            // What the tool says of all examples is said of each, for the suite's own checks are not touched.
            let checks = imported.checks + (example["checks"]?.arrayValue ?? [])
            if !checks.isEmpty { example["checks"] = .array(checks) }
            if !tag.isEmpty { example["tags"] = .strings(Set(tag + (example["tags"]?.arrayValue ?? []).compactMap(\.stringValue)).sorted()) }
            text += JSONValue.object(example).serialized(.compact) + "\n"
            written += 1
        }
        context.output(ImportWords.summary(imported).replacing("listed in IMPORT.md", with: "listed here"))
        if known.inputs > 0 { context.output("left out: \(count(known.inputs, "example")) whose input the suite has\n") }
        if known.ids > 0 { context.output("left out: \(count(known.ids, "example")) whose id the suite has\n") }
        guard written > 0, !dryRun else {
            context.output(dryRun ? "would write \(count(written, "example"))\n" : "nothing to write\n")
            return written == 0 ? .nothingToRun : .passed
        }
        let path = Self.free(Importer.suiteName(file), opened.folder, suite)
        try AtomicFile.write(text, to: opened.folder.path(path))
        context.output("wrote \(path)\n\nnext: ratchet check\n")
        return .passed
    }

    /// A file that is not there yet.
    private static func free(_ stem: String, _ folder: ProjectFolder, _ suite: String) -> String {
        let paths = [stem] + (2...10_000).map { "\(stem)-\($0)" }
        let found = paths.lazy.map { "suites/\(suite)/\($0).jsonl" }.first { FileSystem.kind(folder.path($0)) == nil }
        return found ?? "suites/\(suite)/\(stem)-\(UUID().uuidString).jsonl"
    }
}
