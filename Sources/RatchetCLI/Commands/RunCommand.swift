import ArgumentParser
import RatchetBackends
import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetReports
import RatchetRunner
import RatchetStore

/// `ratchet run`: the main job.
struct RunCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run suites against a model, compare with the baseline, and decide.",
        discussion: """
            Exits 0 when nothing regressed, 100 when something did; ratchet help exit-codes has all codes. A run that was \
            interrupted is resumed by the same command.
            """)

    @OptionGroup var project: ProjectOptions
    @Argument(help: "Suites to run; all of them by default.") var suites: [String] = []
    @Option(help: "What to test, as backend/model.") var target: Target?
    @Option(help: ArgumentHelp("The prompt version to test.", valueName: "id@version")) var prompt: PromptReference?
    @Option(help: "Trials for each example.") var trials: Int?
    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("Only these examples, as id or suite/id.", valueName: "id"))
    var only: [String] = []
    @Option(help: ArgumentHelp("Only examples with this tag; may be repeated.", valueName: "tag")) var tag: [String] = []
    @Option(help: ArgumentHelp("Compare with the baseline of this name, or with none.", valueName: "name"))
    var baseline: String?
    @Option(
        help: ArgumentHelp(
            "The branch or commit that this change is held against; none for the working tree's own files.", valueName: "ref"))
    var base: String?
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Permit these regressions, on record; SUITE:pass_rate for a fallen pass rate.", valueName: "id"))
    var allowRegression: [String] = []
    @Option(help: ArgumentHelp("Why they are permitted; at least 20 characters.", valueName: "text")) var reason: String?
    @Option(name: .customShort("j"), help: ArgumentHelp("Calls in flight at once.", valueName: "count"))
    var concurrency: Int?
    @Flag(name: .customLong("no-cache"), help: "Ask the model even where an answer is cached.") var noCache = false
    @Option(help: "What is printed on standard output.") var format: OutputFormat = .human
    @Option(
        help: ArgumentHelp(
            "Write a report; kinds: \(ReportKind.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "kind=path"))
    var report: [ReportRequest] = []
    @Option(help: ArgumentHelp("Write the answers as a recording that a replay backend reads.", valueName: "file"))
    var record: String?
    @Option(
        help: ArgumentHelp(
            "How hard to look: quick (one pass), normal, or thorough (three passes and more trials of suspects).",
            valueName: "effort"))
    var effort: GateEffort?
    @Flag(help: "End the first pass over a suite of 2,000 or more once a drop of 2 points is ruled out.")
    var untilDecided = false
    @Flag(
        help: "Also ask for proof that the pass rate fell by no more than 2 points (gate.require.no_worse_than says otherwise).")
    var release = false
    @Flag(name: .customLong("no-early-stop"), help: "Run every example even where the run has plainly failed.")
    var noEarlyStop = false
    @Option(help: "Exit codes as in the table (plain), or as git bisect run wants them: 0, 1, and 125 for can't say (bisect).")
    var exitStyle: ExitStyle = .plain
    @Flag(help: "Print what would be run, without a call.") var dryRun = false
    @Flag(help: "Print calls, tokens, money and time of the run, without a call.") var estimate = false
    @OptionGroup(title: "Limits") var spending: SpendingOptions

    func validate() throws {
        if let trials, !(1...1000).contains(trials) { throw ValidationError("--trials must be between 1 and 1000.") }
        if let concurrency, !(1...4096).contains(concurrency) { throw ValidationError("-j must be between 1 and 4096.") }
        if let baseline, !Name.isValid(baseline) { throw ValidationError("A baseline's name is made of \(Name.rule).") }
        if !allowRegression.isEmpty {
            guard let reason else { throw ValidationError("--allow-regression needs --reason.") }
            if let problem = OverrideReason.problem(with: reason) { throw ValidationError("--reason: \(problem).") }
        }
        if allowRegression.isEmpty, reason != nil { throw ValidationError("--reason goes with --allow-regression.") }
    }

    func run(_ context: Context) async throws -> RatchetCore.ExitCode {
        do {
            return try await runSuites(context)
        } catch {
            // Whoever reads JSON gets one object whatever happens; people read the same on standard error.
            if format == .json, let refusal = Refusal(error, context) { context.output(refusal.json) }
            throw error
        }
    }

    private func runSuites(_ context: Context) async throws -> RatchetCore.ExitCode {
        var opened = try OpenedProject.open(context, directory: project.directory, suites: nil)
        let isUngated = baseline == "none"
        let basis = isUngated ? nil : try BaseProject.open(base, for: opened)
        if let base = basis?.base { opened.takeCalibrations(of: base) }
        var plan = opened.plan(selection)
        var baselines: [String: Baseline] = [:]
        var weakenings: [String: [Weakening]] = [:]
        var note = basis?.note
        if !isUngated {
            if suites.isEmpty { opened.refuseOrphanedBaselines() }
            for suite in plan.suites {
                let name = suite.run.suite
                let own = opened.baseline(of: name, name: baseline)
                let accepted = basis?.base?.baseline(of: name, name: baseline)
                baselines[name] = accepted?.baseline ?? own
                if let base = basis?.base {
                    weakenings[name] = base.weakenings(of: suite.suite, baseline: own, name: baseline, in: opened)
                    if accepted?.baseline == nil, own != nil {
                        let why = accepted?.diagnostics.isEmpty == false ? "the baseline of \(name) there can't be read" : "\(name) has no baseline there yet"
                        note = (note ?? "") + "; \(why), so the working tree's is used"
                    }
                }
            }
        }
        if let base = basis?.base { plan = base.guarding(plan) }
        if release {
            for place in plan.suites.indices where plan.suites[place].suite.policy.noWorseThan == nil {
                plan.suites[place].suite.policy.noWorseThan = GatePolicy.releaseMargin
            }
        }
        plan = AcceptedVersions.plan(plan, with: baselines, in: opened)
        let backends = opened.backends(for: plan.targets)
        let overrides = OverrideApproval(folder: opened.folder, base: basis?.base?.commit).approved(
            opened.overrides(base: basis?.base), plan: plan)
        let removed = suites.isEmpty ? basis?.base?.removedSuites(opened.project, overrides: overrides, today: context.today) ?? [] : []
        let canaries = opened.canaries()
        opened.add(unknownPermissions(plan, baselines, weakenings, removed: removed))
        if context.isCI, !allowRegression.isEmpty,
            plan.suites.contains(where: { !$0.suite.policy.allowsOverrideFlagInCI })
        {
            opened.add([Diagnostic("the policy does not allow --allow-regression in CI", exitCode: .usage)])
        }
        let configuration = opened.project.configuration
        opened.add(
            spending.unpriced(plan.targets, prices: configuration.prices, day: context.today) {
                configuration.backend($0.backend)?.isDeterministic == true
            })
        try opened.requireValid()

        if estimate {
            let caller = Caller(
                backends: backends, store: try opened.openStore(), clock: context.clock,
                options: opened.callerOptions(concurrency: concurrency, usesCache: !noCache), interruption: Interruption())
            let estimate = RunEstimate(
                plan, backends: backends, folder: opened.folder, baselineName: isUngated ? nil : baseline,
                prices: configuration.prices, day: context.today, concurrency: concurrency ?? configuration.defaults.concurrency,
                isFree: { caller.isFree($0) })
            context.output(estimate.text(format))
            return plan.plannedTrials == 0 ? .nothingToRun : .passed
        }
        if dryRun {
            context.output(DryRun(plan: plan, backends: backends).text(format))
            return plan.plannedTrials == 0 ? .nothingToRun : .passed
        }
        if plan.plannedTrials == 0 { return try reportNothing(context, isPartial: plan.isPartial) }
        plan = try OpenedProject.requireCredentials(backends, for: plan)
        let files = try ReportFiles(
            report.map { ($0.kind, context.absolute($0.path)) }, recording: record.map(context.absolute), isCI: context.isCI)
        let store = try opened.openStore()
        let session = RunSession(
            context: context, opened: opened, plan: plan.comparing(with: baselines), store: store, backends: backends, baselines: baselines,
            overrides: overrides, canaries: canaries,
            options: .init(
                baselineName: isUngated ? nil : baseline, isUngated: isUngated,
                concurrency: concurrency, usesCache: !noCache, spending: spending.limits,
                effort: effort, stopsEarly: !noEarlyStop,
                stopsWhenDecided: untilDecided,
                basisNote: note, removedSuites: removed, weakenings: weakenings),
            progress: Progress(context: context))
        let outcome = try await session.execute()
        let conclusion = RunConclusion(
            session: session, outcome: outcome,
            permission: allowRegression.isEmpty ? nil : .init(names: allowRegression, reason: reason ?? ""))
        return try conclusion.conclude(format, files: files)
    }

    /// What `--allow-regression` names must be there: a typing error permits nothing.
    private func unknownPermissions(
        _ plan: RunPlan, _ baselines: [String: Baseline], _ weakenings: [String: [Weakening]], removed: [String]
    ) -> [Diagnostic] {
        let known = Set(
            plan.suites.flatMap { suite in
                let recorded = baselines[suite.run.suite]?.records.map(\.id) ?? []
                let ids = suite.suite.examples.map(\.id) + recorded + (weakenings[suite.run.suite] ?? []).compactMap(\.example)
                let slices = suite.suite.policy.slices.keys.map { "slice:\($0)" }
                return ids + ids.map { "\(suite.run.suite)/\($0)" }
                    + (["pass_rate", "policy"] + slices + Metric.allCases.map { "metric:\($0.rawValue)" }).map { "\(suite.run.suite):\($0)" }
            } + removed.map { "\($0):policy" })
        return allowRegression.filter { !known.contains($0) }.map {
            Diagnostic("--allow-regression: there is no example \"\($0)\"", exitCode: .usage)
        }
    }

    /// Nothing is recorded of a run that has nothing to run, or it would be taken for the latest one.
    private func reportNothing(_ context: Context, isPartial: Bool) throws -> ExitCode {
        let header = RunHeader(
            id: "none", started: context.clock.now(), state: .finished, version: Version.current, commit: nil, planKey: "",
            seed: 0, isPartial: isPartial, suites: [])
        let report = RunReport(
            header: header, decision: RunDecision(suites: []), metrics: [:], notes: ["no example was selected"]
        ) { _, _, _ in }
        try context.show(report, format)
        return report.decision.exit
    }

    private var selection: RunSelection {
        var selection = RunSelection()
        selection.suites = suites
        selection.target = target
        selection.prompt = prompt
        selection.trials = trials
        selection.only = only
        selection.tags = tag
        return selection
    }
}
