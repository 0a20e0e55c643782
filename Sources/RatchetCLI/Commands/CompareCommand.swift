import ArgumentParser
import RatchetCore
import RatchetGate
import RatchetReports
import RatchetStore

/// `ratchet compare RUN RUN`: the second run against the first, with the gate's statistics and no baseline.
struct CompareCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare two recorded runs: the second against the first.",
        discussion: "Exits 100 when the second run is worse, 101 when that can't be said.")

    @OptionGroup var project: ProjectOptions
    @Argument(help: "The run to compare with.") var before: String
    @Argument(help: "The run that is compared.") var after: String = "latest"
    @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

    func run(_ context: Context) async throws -> ExitCode {
        let opened = try OpenedProject.open(context, directory: project.directory)
        let runs = RecordedRuns(folder: opened.folder, store: try opened.openStore())
        let report = try RunComparison(
            store: runs.store, project: opened.project, before: runs.header(before), after: runs.header(after)
        ).report(DecisionConditions(today: context.today, isCI: context.isCI))
        try context.show(report, format)
        return report.decision.exit
    }
}
