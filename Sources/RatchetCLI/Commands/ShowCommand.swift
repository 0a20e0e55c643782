import ArgumentParser
import RatchetCore
import RatchetFiles
import RatchetJSON
import RatchetReports

/// `ratchet show`
struct ShowCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "A recorded run, or one example of it in full.",
        discussion: """
            show RUN prints the run's report; show RUN ID one example: what the model was sent, the accepted output and the new one word \
            by word, each trial with each check's work and the judges' words, attempts and cost, and how to have it again. With an \
            example alone the latest run is meant.
            """)

    @OptionGroup var project: ProjectOptions
    @Argument(help: "A run's id, an unambiguous beginning of one, or latest.") var run = "latest"
    @Argument(help: "An example, as id or suite/id.") var example: String?
    @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

    func run(_ context: Context) async throws -> ExitCode {
        let recorded = try RecordedRuns.open(context, project, suites: nil)
        let (report, example) = try meant(recorded)
        guard let example else {
            try context.show(report, format)
            return .passed
        }
        guard let (suite, id) = Self.suite(of: example, in: report) else {
            throw DiagnosticsError([
                Diagnostic(
                    "the run \(report.header.id) has no example \(Quoted.text(example)), or several suites have one of this name",
                    help: "name it as suite/id", exitCode: .usage)
            ])
        }
        guard let decision = report.decision.suites.first(where: { $0.suite.suite == suite }) else { return .passed }
        try report.forEachExample(suite, [id]) { found in
            switch format {
            case .human: context.output(try ExampleReport(color: context.usesColor, width: context.width).text(found, in: decision, of: report))
            case .json: context.output(JSONReport.example(found).serialized(.compact) + "\n")
            }
        }
        return .passed
    }

    /// The run, and the example; where the one name that was given is no run, it may be an example of the latest.
    private func meant(_ recorded: RecordedRuns) throws -> (report: RunReport, example: String?) {
        if example == nil, (try? recorded.header(run)) == nil, let latest = try? recorded.report("latest"), Self.suite(of: run, in: latest) != nil {
            return (latest, run)
        }
        return (try recorded.report(run), example)
    }

    /// - Returns: `nil` when no suite has it, or when several have an example of a bare id.
    private static func suite(of name: String, in report: RunReport) -> (suite: String, id: String)? {
        let found = report.decision.suites.compactMap { suite -> (suite: String, id: String)? in
            let own = suite.suite.suite
            let ids = [name] + (name.hasPrefix(own + "/") ? [String(name.dropFirst(own.count + 1))] : [])
            return ids.first { id in suite.examples.contains { $0.id == id } }.map { (own, $0) }
        }
        return found.count == 1 ? found.first : nil
    }
}
