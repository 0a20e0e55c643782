import ArgumentParser
import RatchetCore
import RatchetFiles
import RatchetRunner
import RatchetStore

/// `ratchet regrade`: when the check itself is in doubt.
struct RegradeCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "regrade",
        abstract: "Judge recorded answers by today's checks, without asking the model again.",
        discussion: """
            The result is a new run, compared with the baseline and decided like any other. Judges are asked only where the \
            rubric, the judge or the example has changed. With --baseline the accepted answers are judged anew, and their \
            records rewritten, so that both sides have the same judge.
            """)

    @OptionGroup var project: ProjectOptions
    @Argument(help: "A run's id, an unambiguous beginning of one, or latest.") var run: String?
    @Option(help: ArgumentHelp("Only this suite; may be repeated.", valueName: "name")) var suite: [String] = []
    @Option(help: ArgumentHelp("Show each check's work on this example, and record nothing.", valueName: "id"))
    var explain: String?
    @Flag(help: "Judge the accepted answers of the baseline, and rewrite its records.") var baseline = false
    @Option(help: ArgumentHelp("The baseline of this name, or none.", valueName: "name")) var against: String?
    @Option(name: .customShort("j"), help: ArgumentHelp("Calls in flight at once.", valueName: "count"))
    var concurrency: Int?
    @Option(help: "What is printed on standard output.") var format: OutputFormat = .human
    @Option(
        help: ArgumentHelp(
            "Write a report; kinds: \(ReportKind.names).", valueName: "kind=path"))
    var report: [ReportRequest] = []

    func validate() throws {
        if let concurrency, !(1...4096).contains(concurrency) { throw ValidationError("-j must be between 1 and 4096.") }
        if let against, !Name.isValid(against) { throw ValidationError("A baseline's name is made of \(Name.rule).") }
        if baseline, run != nil { throw ValidationError("Give a run or --baseline.") }
        if baseline, explain != nil { throw ValidationError("--explain goes with a run.") }
        if baseline, against == "none" { throw ValidationError("--baseline with --against none has nothing to judge.") }
    }

    func run(_ context: Context) async throws -> RatchetCore.ExitCode {
        do {
            return baseline ? try await regradeBaseline(context) : try await regradeRun(context)
        } catch {
            if format == .json, let refusal = Refusal(error, context) { context.output(refusal.json) }
            throw error
        }
    }

    private func regradeRun(_ context: Context) async throws -> RatchetCore.ExitCode {
        var opened = try OpenedProject.open(context, directory: project.directory)
        let store = try opened.openStore()
        let parent = try RecordedRuns(folder: opened.folder, store: store).header(run ?? "latest")
        let isUngated = against == "none"
        var (plan, notes) = try Regrading(store: store, parent: parent, suites: suite).plan(&opened)
        let backends = opened.backends(for: plan.judges)
        var baselines: [String: Baseline] = [:]
        if !isUngated {
            for suite in plan.suites { baselines[suite.run.suite] = opened.baseline(of: suite.run.suite, name: against) }
        }
        plan = plan.comparing(with: baselines)
        let overrides = opened.overrides()
        try opened.requireValid()
        try OpenedProject.requireCredentials(backends)
        if let explain {
            let caller = Caller(
                backends: backends, store: store, clock: context.clock,
                options: opened.callerOptions(concurrency: concurrency), interruption: Interruption())
            context.output(
                try await RegradeExplanation(store: store, parent: parent, plan: plan, caller: caller).explain(explain))
            return .passed
        }
        guard plan.plannedTrials > 0 else {
            throw DiagnosticsError([
                Diagnostic("nothing of the run \(parent.id) can be judged by today's checks", exitCode: .nothingToRun)
            ])
        }
        let files = try ReportFiles(report, context)
        let session = RunSession(
            context: context, opened: opened, plan: plan, store: store, backends: backends, baselines: baselines,
            overrides: overrides,
            options: .init(
                baselineName: isUngated ? nil : against, isUngated: isUngated, concurrency: concurrency, regraded: parent),
            progress: Progress(context: context))
        var outcome = try await session.execute()
        notes.insert("regraded: the answers of the run \(parent.id), judged by today's checks", at: 0)
        outcome.notes = notes + outcome.notes
        return try RunConclusion(session: session, outcome: outcome, permission: nil).conclude(format, files: files)
    }

    private func regradeBaseline(_ context: Context) async throws -> RatchetCore.ExitCode {
        let opened = try OpenedProject.open(context, directory: project.directory)
        var regrading = BaselineRegrading(context: context, opened: opened, suites: suite, name: against)
        return try await regrading.regrade(concurrency: concurrency)
    }
}
