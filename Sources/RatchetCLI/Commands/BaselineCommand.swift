import ArgumentParser
import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetJSON
import RatchetRunner
import RatchetStore

/// `ratchet baseline`
struct BaselineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baseline", abstract: "Accept a run as the baseline, and look at what was accepted.",
        subcommands: [Accept.self, Status.self, Show.self, BaselineMergeCommand.self, BaselineVerifyCommand.self])

    struct Accept: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "accept",
            abstract: "Take a run's trials into the baseline, as one batch.",
            discussion: """
                While nothing changed that the trials depend on, they are added to the record; a changed prompt, model, \
                parameter, example or check starts the record anew. Commit the files it writes.
                """)

        @OptionGroup var project: ProjectOptions
        @Argument(help: "A run's id, an unambiguous beginning of one, or latest.") var run = "latest"
        @Option(help: ArgumentHelp("A further baseline beside the suite's own.", valueName: "name")) var baseline: String?
        @Option(help: "Buy more trials first, until each example has that many.") var trials: Int?
        @Flag(help: "Buy without asking.") var yes = false
        @Option(
            parsing: .upToNextOption,
            help: ArgumentHelp("Accept although these examples are errored or unscored.", valueName: "id"))
        var without: [String] = []

        func validate() throws {
            if let baseline, !Name.isValid(baseline) || baseline == "none" {
                throw ValidationError("A baseline's name is made of \(Name.rule), and is not none.")
            }
            if let trials, !(1...BaselineAcceptance.cap).contains(trials) {
                throw ValidationError("--trials must be between 1 and \(BaselineAcceptance.cap).")
            }
        }

        func run(_ context: Context) async throws -> ExitCode {
            var opened = try OpenedProject.open(context, directory: project.directory)
            let runs = RecordedRuns(folder: opened.folder, store: try opened.openStore())
            return try await BaselineAccepting(
                run, of: runs, in: &opened, name: baseline, wantedTrials: trials, buysWithoutAsking: yes, without: without
            ).accept()
        }
    }

    struct Status: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "status", abstract: "What each suite's baseline holds, and whether it still fits the suite.")

        @OptionGroup var project: ProjectOptions
        @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

        func run(_ context: Context) async throws -> ExitCode {
            var opened = try OpenedProject.open(context, directory: project.directory)
            var statuses: [BaselineStatus] = []
            for planned in opened.plan(RunSelection()).suites {
                for name in opened.baselineNames(of: planned.suite.name) {
                    let baseline = opened.baseline(of: planned.suite.name, name: name)
                    statuses.append(BaselineStatus(planned, name: name, baseline: baseline))
                }
            }
            try opened.requireValid()
            switch format {
            case .human: for status in statuses { context.output(status.text + "\n") }
            case .json:
                let object: JSONObject = [
                    "format": "ratchet.baselines/1", "baselines": .array(statuses.map(\.json)),
                ]
                context.output(JSONValue.object(object).serialized(.compact) + "\n")
            }
            return statuses.contains { $0.baseline == nil } ? .noBaseline : .passed
        }
    }

    struct Show: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "A suite's accepted records, or one of them.")

        @OptionGroup var project: ProjectOptions
        @Argument(help: "A suite.") var suite: String
        @Argument(help: "An example's id.") var id: String?
        @Option(help: ArgumentHelp("A further baseline of the suite.", valueName: "name")) var baseline: String?

        func run(_ context: Context) async throws -> ExitCode {
            var opened = try OpenedProject.open(context, directory: project.directory)
            let found = opened.baseline(of: suite, name: baseline)
            try opened.requireValid()
            guard let found else {
                throw DiagnosticsError([
                    Diagnostic(
                        "the suite \"\(suite)\" has no baseline", help: "ratchet run \(suite), then ratchet baseline accept",
                        exitCode: .noBaseline)
                ])
            }
            let records = found.records.filter { id == nil || $0.id == id }
            if let id, records.isEmpty {
                throw DiagnosticsError([Diagnostic("the baseline has no record of \"\(id)\"", exitCode: .usage)])
            }
            for record in records { context.output(BaselineStatus.text(record, isWhole: id != nil) + "\n") }
            return .passed
        }
    }
}
