import ArgumentParser
import RatchetCore
import RatchetGate
import RatchetReports
import RatchetRunner
import RatchetStore

/// `ratchet compare`
struct CompareCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare two recorded runs, or two targets or prompt versions side by side.",
        discussion: """
            compare RUN [RUN] holds the second recorded run (the latest by default) against the first. compare --target A --target B \
            [SUITE…], or two --prompt, asks both in turn, in random order, and holds the second against the first: quality overall \
            and by slice, cost, tokens and latency. No baseline is needed. Exits 100 when the second is worse, 101 when that can't be said.
            """)

    @OptionGroup var project: ProjectOptions
    @Argument(help: "Two runs; or, with --target or --prompt twice, suites (all of them by default).") var names: [String] = []
    @Option(help: "A target, as backend/model; twice.") var target: [Target] = []
    @Option(help: ArgumentHelp("A prompt version; twice.", valueName: "id@version")) var prompt: [PromptReference] = []
    @Option(help: "Trials of each example on each side.") var trials = 3
    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("Only these examples, as id or suite/id.", valueName: "id"))
    var only: [String] = []
    @Option(help: ArgumentHelp("Only examples with this tag; may be repeated.", valueName: "tag")) var tag: [String] = []
    @Option(name: .customShort("j"), help: ArgumentHelp("Calls in flight at once.", valueName: "count"))
    var concurrency: Int?
    @OptionGroup(title: "Limits") var spending: SpendingOptions
    @Flag(name: .customLong("no-cache"), help: "Ask the models even where an answer is cached.") var noCache = false
    @Option(help: "What is printed on standard output.") var format: OutputFormat = .human
    @Option(help: ArgumentHelp("Write a report; kinds: \(ReportKind.names).", valueName: "kind=path")) var report: [ReportRequest] = []

    private var isLive: Bool { !target.isEmpty || !prompt.isEmpty }

    func validate() throws {
        if isLive {
            guard target.count == 2 || prompt.count == 2 else { throw ValidationError("Name two targets, or two prompt versions.") }
            if target.count > 2 || prompt.count > 2 { throw ValidationError("Two can be compared, no more.") }
            if !(1...1000).contains(trials) { throw ValidationError("--trials must be between 1 and 1000.") }
        } else if !(1...2).contains(names.count) {
            throw ValidationError("Name two runs, or one that the latest is compared with; or two targets.")
        }
    }

    func run(_ context: Context) async throws -> ExitCode {
        var opened = try OpenedProject.open(context, directory: project.directory)
        if isLive { return try await compareLive(&opened) }
        let runs = RecordedRuns(folder: opened.folder, store: try opened.openStore())
        let after = names.count == 2 ? names[1] : "latest"
        let files = try ReportFiles(report, context)
        var report = try RunComparison(
            store: runs.store, project: opened.project, folder: opened.folder, before: runs.header(names[0]), after: runs.header(after)
        ).report(DecisionConditions(today: context.today, isCI: context.isCI))
        files.write(&report, ProjectBackground(project: opened.project, folder: opened.folder, store: runs.store))
        try context.show(report, format)
        return report.decision.exit
    }

    private func compareLive(_ opened: inout OpenedProject) async throws -> ExitCode {
        let context = opened.context
        let before = opened.plan(selection(0))
        var plan = opened.plan(selection(1))
        for place in plan.suites.indices {
            guard let other = before.suites.first(where: { $0.run.suite == plan.suites[place].run.suite }) else { continue }
            for planned in plan.suites[place].examples { plan.suites[place].accepted[planned.example.id] = other.version }
        }
        let backends = opened.backends(for: plan.targets)
        try opened.requireValid()
        guard plan.plannedTrials > 0 else { return .nothingToRun }
        try OpenedProject.requireCredentials(backends)
        let files = try ReportFiles(report, context)
        let session = RunSession(
            context: context, opened: opened, plan: plan, store: try opened.openStore(), backends: backends, baselines: [:], overrides: [],
            options: .init(
                concurrency: concurrency, usesCache: !noCache, spending: spending.limits,
                comparedWith: name(of: before), basisNote: "both versions were asked in turn, in random order; there is no baseline in this"),
            progress: Progress(context: context))
        let outcome = try await session.execute()
        let conclusion = RunConclusion(session: session, outcome: outcome, permission: nil)
        return try conclusion.conclude(format, files: files)
    }

    /// The first version, for a person.
    private func name(of plan: RunPlan) -> String {
        let suite = plan.suites.first
        return (suite?.run.target ?? "") + (suite?.run.prompt.map { " with \($0)" } ?? "")
    }

    private func selection(_ side: Int) -> RunSelection {
        var selection = RunSelection()
        selection.suites = names
        selection.target = target.count == 2 ? target[side] : target.first
        selection.prompt = prompt.count == 2 ? prompt[side] : prompt.first
        selection.trials = trials
        selection.only = only
        selection.tags = tag
        return selection
    }
}
