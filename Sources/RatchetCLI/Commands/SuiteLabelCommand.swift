import ArgumentParser
import RatchetCore
import RatchetFiles
import RatchetReports
import RatchetRunner
import RatchetStore

extension SuiteCommand {
    /// `ratchet suite label`
    struct Label: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "label",
            abstract: "Say what you think of outputs that human checks ask about.",
            discussion: """
                On a terminal it asks about one output after the other; elsewhere it lists what is waiting, with the command \
                that labels each. Labels are kept in suites/<suite>/labels.jsonl, and hold for the same output in every run.
                """)

        @OptionGroup var project: ProjectOptions
        @Argument(help: "A suite; all of the run by default.") var suite: String?
        @Option(name: .customLong("run"), help: ArgumentHelp("The run whose outputs are looked at.", valueName: "run"))
        var runName = "latest"
        @Option(help: ArgumentHelp("Only this check.", valueName: "name")) var check: String?
        @Option(
            name: .customLong("set"),
            help: ArgumentHelp("A label: an example's id, and pass, fail or a score from 0 to 1; may be repeated.", valueName: "id=pass|fail"))
        var labels: [String] = []
        @Option(help: ArgumentHelp("Who judges; git's user by default.", valueName: "name")) var rater: String?
        @Option(help: ArgumentHelp("Why; goes with --set.", valueName: "text")) var note: String?
        @Flag(help: "Ask about outputs too that others have judged.") var again = false
        @Option(help: "How what is waiting is printed.") var format: OutputFormat = .human

        func validate() throws {
            for label in labels where LabelRequest(label) == nil {
                throw ValidationError("--set takes ID=pass, ID=fail or ID=SCORE with a score from 0 to 1, not \"\(label)\".")
            }
            if labels.isEmpty, note != nil { throw ValidationError("--note goes with --set.") }
            if let rater, rater.allSatisfy(\.isWhitespace) { throw ValidationError("--rater must not be empty.") }
        }

        func run(_ context: Context) async throws -> RatchetCore.ExitCode {
            var opened = try OpenedProject.open(context, directory: project.directory)
            _ = opened.plan(RunSelection())
            try opened.requireValid()
            let runs = RecordedRuns(folder: opened.folder, store: try opened.openStore())
            let header = try runs.header(runName)
            let labelling = Labelling(
                context: context, opened: opened, store: runs.store, header: header, suites: try suites(of: header),
                check: check, rater: try rater(context, opened.folder), again: again)
            return try label(labelling)
        }

        private func label(_ labelling: Labelling) throws -> RatchetCore.ExitCode {
            let context = labelling.context
            let (items, changed) = try labelling.items()
            if changed > 0 {
                context.error("note: \(count(changed, "example")) changed since the run \(labelling.header.id); run again before labelling \(changed == 1 ? "it" : "them")\n")
            }
            let waiting = labelling.waiting(items)
            if !labels.isEmpty {
                let given = try labelling.labels(labels.compactMap(LabelRequest.init), note: note, among: items)
                try labelling.keep(given)
                let done = Set(given.map(\.label.subject))
                labelling.conclude(stillWaiting: waiting.count { !done.contains($0.review.subject) })
                return .passed
            }
            let dialogue = LabelDialogue(labelling)
            if format == .json {
                context.output(dialogue.json(waiting, among: items))
                return .passed
            }
            guard !waiting.isEmpty else {
                context.output(
                    items.isEmpty
                        ? "the run \(labelling.header.id) has no output that a human check asks about\n"
                        : "nothing is waiting: \(count(items.count, "output")) of the run \(labelling.header.id) judged\n")
                return .passed
            }
            context.output("\(count(waiting.count, "output")) of the run \(labelling.header.id) waiting for \(TerminalText.plain(labelling.rater, limit: 80))\n\n")
            guard context.isInputTerminal, context.isErrorTerminal else {
                dialogue.list(waiting, among: items)
                return .passed
            }
            let given = try dialogue.ask(waiting)
            if given > 0 { labelling.conclude(stillWaiting: waiting.count - given) }
            return .passed
        }

        private func suites(of header: RunHeader) throws -> [String] {
            let names = header.suites.map(\.suite)
            guard let suite else { return names }
            guard names.contains(suite) else {
                throw DiagnosticsError([
                    Diagnostic(
                        "the run \(header.id) has no suite \"\(suite)\"", help: "its suites: \(names.joined(separator: ", "))",
                        exitCode: .usage)
                ])
            }
            return [suite]
        }

        private func rater(_ context: Context, _ folder: ProjectFolder) throws -> String {
            if let rater { return rater }
            if let author = Git(folder: folder.root).author { return author }
            if let user = context.environment["USER"], !user.isEmpty { return user }
            throw DiagnosticsError([
                Diagnostic("nobody knows who judges: git has no user here", help: "add --rater NAME", exitCode: .usage)
            ])
        }
    }
}
