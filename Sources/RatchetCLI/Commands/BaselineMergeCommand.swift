import ArgumentParser
import Foundation
import RatchetCore
import RatchetFiles
import RatchetGate

/// `ratchet baseline merge`
struct BaselineMergeCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Merge a baseline that two branches changed.",
        discussion: """
            With a suite, resolves the conflict that git left in its baseline. With three files (what both began with, ours, \
            theirs) writes the merge to ours, or to --output: this is what git runs as a merge driver. Trials of both sides are \
            united; a record that both sides changed otherwise is stale until it is accepted anew.
            """)

    @OptionGroup var project: ProjectOptions
    @Argument(help: "A suite; or the three files BASE OURS THEIRS.") var names: [String]
    @Option(help: ArgumentHelp("A further baseline of the suite.", valueName: "name")) var baseline: String?
    @Option(help: ArgumentHelp("Where the merge of three files goes.", valueName: "file")) var output: String?

    func validate() throws {
        if names.count != 1, names.count != 3 { throw ValidationError("Name a suite, or three files: BASE OURS THEIRS.") }
        if names.count == 1, output != nil { throw ValidationError("--output goes with three files.") }
        if names.count == 3, baseline != nil { throw ValidationError("--baseline goes with a suite.") }
    }

    func run(_ context: Context) async throws -> ExitCode {
        let merge = BaselineMerge(context: context)
        if names.count == 3 {
            let files = names.map(context.absolute)
            return try merge.files(base: files[0], ours: files[1], theirs: files[2], output: output.map(context.absolute) ?? files[1])
        }
        let opened = try OpenedProject.open(context, directory: project.directory, suites: [])
        return try merge.conflict(in: opened.folder, suite: names[0], name: baseline)
    }
}
