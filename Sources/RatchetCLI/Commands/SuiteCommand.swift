import ArgumentParser
import RatchetCore
import RatchetFiles
import RatchetJSON
import RatchetOperations
import RatchetReports
import RatchetStore

/// `ratchet suite`
struct SuiteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suite", abstract: "Add examples to suites, list them, and label outputs.",
        subcommands: [
            Add.self, List.self, SuiteImportCommand.self, SuiteStatsCommand.self, SuiteDedupeCommand.self, SuiteCompactCommand.self, Label.self,
        ])

    struct Add: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "add",
            abstract: "Turn a failure into an example, for ever.",
            discussion: """
                The example comes from --input, from a stored run, from a request log, or as a JSON object on standard \
                input. It is written to a file of its own and run once, so that you see it fail for the right reason.
                """)

        @OptionGroup var project: ProjectOptions
        @Argument(help: "The suite to add to.") var suite: String
        @Option(help: "The example's id; made from the input by default.") var id: String?
        @Option(help: "The input: a text, or a JSON object with the prompt's variables.") var input: String?
        @Option(help: "The wanted answer; checked by contains unless --check says otherwise.") var expected: String?
        @Option(help: ArgumentHelp("A check, as suites write it; may be repeated.", valueName: "json")) var check: [String] = []
        @Option(help: ArgumentHelp("A tag; may be repeated.", valueName: "tag")) var tag: [String] = []
        @Option(help: ArgumentHelp("A group of examples that belong together.", valueName: "name")) var group: String?
        @Flag(help: "Its failure alone fails the gate.") var mustPass = false
        @Option(help: ArgumentHelp("It fails for this reason for now; the gate tells when it passes.", valueName: "reason"))
        var knownFailing: String?
        @Option(help: ArgumentHelp("An example of a stored run.", valueName: "run/id")) var fromRun: String?
        @Option(help: ArgumentHelp("A request log, with --trace.", valueName: "file")) var fromLog: String?
        @Option(help: ArgumentHelp("The log line's trace id.", valueName: "id")) var trace: String?
        @Flag(help: "Add although it looks as if it held secrets or personal data.") var allowSensitive = false
        @Flag(name: .customLong("no-run"), help: "Do not run the example.") var noRun = false

        func validate() throws {
            let sources = [input != nil, fromRun != nil, fromLog != nil].filter { $0 }.count
            if sources > 1 { throw ValidationError("Give one of --input, --from-run and --from-log.") }
            if (fromLog == nil) != (trace == nil) { throw ValidationError("--from-log and --trace go together.") }
            if let id, id.isEmpty { throw ValidationError("--id must not be empty.") }
        }

        func run(_ context: Context) async throws -> ExitCode {
            var opened = try OpenedProject.open(context, directory: project.directory)
            // The first example of a suite finds it empty; the project is judged once more with the example in it.
            let isFirst = opened.project.suites.contains { $0.name == suite && $0.examples.isEmpty }
            if !isFirst { try opened.requireValid() }
            var draft = try draft(context, opened)
            draft.amend(try amendments())
            var adding = ExampleAdding(
                context: context, opened: opened, suite: suite, draft: draft, allowsSensitive: allowSensitive, runs: !noRun)
            return try await adding.add()
        }

        private func draft(_ context: Context, _ opened: OpenedProject) throws -> ExampleDraft {
            if let input {
                let value = input.hasPrefix("{") || input.hasPrefix("[") ? try json(input, "--input") : .string(input)
                return ExampleDraft(input: value, today: context.today)
            }
            if let fromRun { return try draft(fromRun: fromRun, context, opened) }
            if let fromLog, let trace { return try draft(fromLog: fromLog, trace: trace, context, opened) }
            guard !context.isInputTerminal else {
                throw ValidationError("Give --input, --from-run, --from-log, or a JSON object on standard input.")
            }
            let value = try json(String(decoding: context.standardInput(), as: UTF8.self), "standard input")
            guard let object = value.objectValue, object["input"] != nil else {
                throw refused("standard input must hold one JSON object with an \"input\"")
            }
            return ExampleDraft(content: object)
        }

        private func draft(fromRun name: String, _ context: Context, _ opened: OpenedProject) throws -> ExampleDraft {
            guard let slash = name.firstIndex(of: "/") else {
                throw ValidationError("--from-run takes RUN/ID, with a run's id or latest.")
            }
            let runs = RecordedRuns(folder: opened.folder, store: try opened.openStore())
            let header = try runs.header(String(name[..<slash]))
            let wanted = String(name[name.index(after: slash)...])
            for run in header.suites {
                let ids = [wanted, wanted.hasPrefix(run.suite + "/") ? String(wanted.dropFirst(run.suite.count + 1)) : wanted]
                for id in Set(ids) {
                    guard let trial = try runs.store.exampleTrials(run: header.id, suite: run.suite, example: id).first
                    else { continue }
                    let example = opened.project.suites.first { $0.name == run.suite }?.examples.first { $0.id == id }
                    return ExampleDraft(trial: trial, example: example, run: header.id, today: context.today)
                }
            }
            throw refused("the run \(header.id) has no example \"\(wanted)\"")
        }

        private func draft(
            fromLog file: String, trace: String, _ context: Context, _ opened: OpenedProject
        ) throws -> ExampleDraft {
            let (line, problems) = RequestLog.find(trace: trace, in: context.absolute(file), opened.folder)
            guard let line, problems.isEmpty else { throw ProjectProblems(folder: opened.folder, problems) }
            if check.isEmpty, expected == nil {
                throw refused(
                    "a log line has no check: say what a good answer is",
                    help: line.edit.map(Self.offer) ?? "add --expected TEXT or --check JSON")
            }
            return ExampleDraft(log: line, today: context.today)
        }

        /// The edit a person made to a logged answer is what they wanted instead.
        private static func offer(_ edit: String) -> String {
            let word = ShellWord.quoted(edit)
            return word == "ID"
                ? "the feedback offers one, to be given with --expected: \(TerminalText.plain(edit, limit: 200))"
                : "the feedback offers one: --expected \(word)"
        }

        private func amendments() throws -> ExampleDraft.Amendments {
            var amendments = ExampleDraft.Amendments()
            amendments.id = id
            amendments.expected = expected.map { .string($0) }
            amendments.checks = try check.map { text in
                // A bare type needs no quotes: --check is_json
                Name.isValid(text) ? .string(text) : try json(text, "--check")
            }
            amendments.tags = tag
            amendments.group = group
            amendments.mustPass = mustPass
            amendments.knownFailing = knownFailing
            return amendments
        }

        private func json(_ text: String, _ place: String) throws -> JSONValue {
            do {
                return try JSONValue(parsing: text)
            } catch {
                throw refused("\(place) is not JSON: \(error.message) (line \(error.line), column \(error.column))")
            }
        }

        private func refused(_ message: String, help: String? = nil) -> DiagnosticsError {
            DiagnosticsError([Diagnostic(message, help: help)])
        }
    }

    struct List: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "The suites, or the examples of one.")

        @OptionGroup var project: ProjectOptions
        @Argument(help: "A suite.") var suite: String?
        @Option(help: ArgumentHelp("Only examples with this tag.", valueName: "tag")) var tag: String?
        @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

        func run(_ context: Context) async throws -> ExitCode {
            var opened = try OpenedProject.open(context, directory: project.directory)
            try opened.requireValid()
            guard let suite else {
                context.output(SuiteListing.suites(opened.project.suites, format))
                return .passed
            }
            guard let found = opened.project.suites.first(where: { $0.name == suite }) else {
                throw DiagnosticsError([Diagnostic("there is no suite \"\(suite)\"", exitCode: .usage)])
            }
            context.output(SuiteListing.examples(found, tag: tag, format))
            return .passed
        }
    }
}
