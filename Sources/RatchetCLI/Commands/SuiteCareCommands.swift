import ArgumentParser
import RatchetCore
import RatchetFiles
import RatchetJSON
import RatchetOperations
import RatchetReports

/// `ratchet suite dedupe`
struct SuiteDedupeCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "dedupe", abstract: "Find examples whose inputs say nearly the same.",
        discussion: """
            Likeness is the share of runs of three words that two inputs have in common. --remove takes all but the first of each group out \
            of the suite's files, when their checks and wanted answers are the same too; a recorded example that is gone has to be permitted \
            like any other loss.
            """)

    @OptionGroup var project: ProjectOptions
    @Argument(help: "The suite.") var suite: String
    @Option(help: "The least likeness, from 0.5 to 1.") var threshold = 0.8
    @Flag(help: "Take all but the first out of the files.") var remove = false
    @Flag(help: "Do not ask.") var yes = false
    @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

    func validate() throws {
        if !(0.5...1).contains(threshold) { throw ValidationError("--threshold must be between 0.5 and 1.") }
    }

    func run(_ context: Context) async throws -> ExitCode {
        let (opened, found) = try SuiteCare.open(context, project, suite)
        let texts = found.examples.map { $0.input.stringValue ?? $0.input.serialized(.canonical) }
        let groups = NearDuplicates.groups(of: texts, threshold: threshold)
        switch format {
        case .json:
            let rows = groups.map { group -> JSONValue in
                ["ids": .strings(group.members.map { found.examples[$0].id }), "likeness": .double((group.likeness * 1000).rounded() / 1000)]
            }
            context.output(JSONValue.object(["format": "ratchet.duplicates/1", "suite": .string(suite), "groups": .array(rows)]).serialized(.compact) + "\n")
        case .human:
            for group in groups {
                context.output("\(Wording.fixed(group.likeness * 100, 0)) % alike\n")
                for place in group.members { context.output("  " + line(found.examples[place]) + "\n") }
            }
            context.output(groups.isEmpty ? "no two inputs are \(Wording.fixed(threshold * 100, 0)) % alike\n" : "\(count(groups.count, "group"))\n")
        }
        guard remove else { return .passed }
        let doomed = groups.flatMap { group in
            group.members.dropFirst().map { found.examples[$0] }.filter { isSame($0, found.examples[group.members[0]]) }
        }
        guard !doomed.isEmpty else {
            context.output("nothing to remove: alike inputs have other checks or wanted answers\n")
            return .passed
        }
        guard try yes || context.confirm("remove \(count(doomed.count, "example"))?") else { return .usage }
        for file in try ExampleRows(opened.folder).remove(doomed) { context.output("changed \(file)\n") }
        return .passed
    }

    private func line(_ example: Example) -> String {
        let text = example.input.stringValue ?? example.input.serialized(.compact)
        return TerminalText.plain(example.id, limit: 50) + "  " + TerminalText.plain(text, limit: 100)
    }

    private func isSame(_ one: Example, _ other: Example) -> Bool {
        one.expected == other.expected && one.checks.map(\.json) == other.checks.map(\.json) && one.mustPass == other.mustPass
    }
}

/// `ratchet suite compact`
struct SuiteCompactCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact", abstract: "Move the examples of added/ into examples.jsonl, by id.",
        discussion: "Nothing else changes: rows stay as they were written, and baselines and overrides go by ids.")

    @OptionGroup var project: ProjectOptions
    @Argument(help: "The suite.") var suite: String

    func run(_ context: Context) async throws -> ExitCode {
        let (opened, found) = try SuiteCare.open(context, project, suite)
        let moved = try ExampleRows(opened.folder).compact(found)
        context.output(moved.isEmpty ? "nothing lies in suites/\(suite)/added\n" : "moved \(count(moved.count, "example")) to suites/\(suite)/examples.jsonl\n")
        return .passed
    }
}

/// `ratchet suite stats`
struct SuiteStatsCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "What a suite covers: tags, checks, lengths; and which examples never failed, or flake.")

    @OptionGroup var project: ProjectOptions
    @Argument(help: "The suite.") var suite: String
    @Option(help: "How many recorded runs are looked at.") var runs = 50
    @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

    func run(_ context: Context) async throws -> ExitCode {
        let (opened, found) = try SuiteCare.open(context, project, suite)
        let hasStore = FileSystem.kind(opened.folder.path(".ratchet/ratchet.sqlite")) != nil
        let history = hasStore ? try RunHistory(store: try opened.openStore(), limit: runs) : nil
        let stats = SuiteStatistics(found) { history?.counts(suite, $0) ?? [] }
        context.output(format == .json ? stats.json.serialized(.compact) + "\n" : stats.text)
        return .passed
    }
}

/// What the commands that look after suites share.
enum SuiteCare {
    static func open(_ context: Context, _ project: ProjectOptions, _ suite: String) throws -> (OpenedProject, Suite) {
        var opened = try OpenedProject.open(context, directory: project.directory, suites: [suite])
        guard let found = opened.project.suites.first(where: { $0.name == suite }) else {
            throw DiagnosticsError([Diagnostic("there is no suite \"\(suite)\"", exitCode: .usage)])
        }
        try opened.requireValid()
        return (opened, found)
    }
}
