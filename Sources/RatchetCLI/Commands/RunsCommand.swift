import ArgumentParser
import Foundation
import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetJSON
import RatchetReports
import RatchetStore

/// `ratchet runs`
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "List, show and export recorded runs.",
        subcommands: [List.self, Show.self, Export.self])

    struct List: ContextCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "Recorded runs, newest first.")

        @OptionGroup var project: ProjectOptions
        @Option(help: "How many.") var limit = 20
        @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

        func run(_ context: Context) async throws -> ExitCode {
            let recorded = try RecordedRuns.open(context, project)
            let store = recorded.store
            let runs = try store.runs(limit: limit).map { run -> RunSummary in
                var run = run
                run.header.state = recorded.state(of: run.header)
                return run
            }
            switch format {
            case .json:
                let rows = runs.map(row)
                context.output(JSONValue(dictionaryLiteral: ("format", "ratchet.runs/1"), ("runs", .array(rows))).serialized(.compact) + "\n")
            case .human:
                if runs.isEmpty { context.output("no runs yet; begin with: ratchet run\n") }
                for run in runs { context.output(line(run) + "\n") }
            }
            return .passed
        }

        private func line(_ run: RunSummary) -> String {
            let suites = run.header.suites.map { "\($0.suite) on \($0.target)\($0.prompt.map { " with \($0)" } ?? "")" }
            let state = run.header.state == .finished ? run.exit?["name"]?.stringValue : nil
            return "\(run.header.id)  \((state ?? run.header.state.rawValue).padding(to: 18))  "
                + suites.joined(separator: "; ")
        }

        private func row(_ run: RunSummary) -> JSONValue {
            [
                "run": .string(run.header.id), "started": .string(Context.timestamp(run.header.started)),
                "state": .string(run.header.state.rawValue), "exit": run.exit ?? .null,
                "suites": .array(
                    run.header.suites.map {
                        ["suite": .string($0.suite), "target": .string($0.target), "prompt": .optional($0.prompt)]
                    }),
            ]
        }
    }

    struct Show: ContextCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "The report of a recorded run.")

        @OptionGroup var project: ProjectOptions
        @Argument(help: "A run's id, an unambiguous beginning of one, or latest.") var run = "latest"
        @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

        func run(_ context: Context) async throws -> ExitCode {
            let report = try RecordedRuns.open(context, project).report(run)
            try context.show(report, format)
            return .passed
        }
    }

    struct Export: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Write a run's answers as a recording for the replay backend.")

        @OptionGroup var project: ProjectOptions
        @Argument(help: "A run's id, an unambiguous beginning of one, or latest.") var run = "latest"
        @Option(help: ArgumentHelp("The file to write.", valueName: "file")) var recording: String

        func run(_ context: Context) async throws -> ExitCode {
            let runs = try RecordedRuns.open(context, project)
            let header = try runs.header(run)
            let trials = try RecordingExport.write(run: header, store: runs.store, to: context.absolute(recording))
            context.output("wrote \(count(trials, "trial")) to \(recording)\n")
            return .passed
        }
    }
}
