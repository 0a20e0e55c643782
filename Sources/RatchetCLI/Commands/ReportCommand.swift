import ArgumentParser
import RatchetCore
import RatchetReports

/// `ratchet report`
struct ReportCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write reports of a recorded run.",
        discussion: """
            Without --report an HTML page is written: ratchet-RUN.html, or --output. Kinds: \(ReportKind.names). Reports of a run can \
            be made at any time: nothing is asked again, and the exit code does not repeat the verdict.
            """)

    @OptionGroup var project: ProjectOptions
    @Argument(help: "A run's id, an unambiguous beginning of one, or latest.") var run = "latest"
    @Option(name: .shortAndLong, help: ArgumentHelp("Where the HTML page goes.", valueName: "file")) var output: String?
    @Option(help: ArgumentHelp("Write a report of this kind.", valueName: "kind=path")) var report: [ReportRequest] = []

    func run(_ context: Context) async throws -> ExitCode {
        let recorded = try RecordedRuns.open(context, project, suites: nil)
        var requests = self.report
        if requests.isEmpty || output != nil { requests.append(ReportRequest(.html, try output ?? "ratchet-\(recorded.header(run).id).html")) }
        let files = try ReportFiles(requests, context)
        let report = try recorded.report(run, hasHistory: files.tellHistory)
        if let problem = files.write(report) {
            throw DiagnosticsError([Diagnostic(problem, exitCode: .cannotWrite)])
        }
        for request in requests where request.path != "-" { context.output("wrote \(request.path)\n") }
        return .passed
    }
}
