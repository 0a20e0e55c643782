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
    @OptionGroup var deciding: DecidingOptions
    @OptionGroup var calls: CallOptions
    @OptionGroup var reports: ReportOptions
    @Flag(help: "End the first pass over a suite of 2,000 or more once a drop of 2 points is ruled out.")
    var untilDecided = false
    @Flag(name: .customLong("no-early-stop"), help: "Run every example even where the run has plainly failed.")
    var noEarlyStop = false
    @Option(help: "Exit codes as in the table (plain), or as git bisect run wants them: 0, 1, and 125 for can't say (bisect).")
    var exitStyle: ExitStyle = .plain
    @Option(
        help: ArgumentHelp(
            "What the run's order and its random tests follow from: the same seed decides the same trials alike.", valueName: "number"))
    var seed: UInt64?
    @Option(
        help: ArgumentHelp(
            "Run the i-th of n parts and write it to a file for ratchet gate; auto asks the scheduler's environment.", valueName: "i/n|auto"))
    var shard: ShardRequest?
    @Option(help: ArgumentHelp("The file that a shard is written to; shard-I-of-N.ratchet by default.", valueName: "file"))
    var out: String?
    @Flag(help: "Ask the first pass through the provider's batches: for a part of the price, within hours; the same command goes on waiting.")
    var batch = false
    @Flag(help: "Print what would be run, without a call.") var dryRun = false
    @Flag(help: "Print calls, tokens, money and time of the run, without a call.") var estimate = false
    @Option(
        help: ArgumentHelp(
            "When a key is missing: fail with 77, or skip: exit 0, headed NOT RUN in every report.", valueName: "fail|skip"))
    var onNoCredentials: WithoutCredentials = .fail
    @OptionGroup(title: "Limits") var spending: SpendingOptions

    func validate() throws {
        if let trials, !(1...1000).contains(trials) { throw ValidationError("--trials must be between 1 and 1000.") }
        if let baseline, !Name.isValid(baseline) { throw ValidationError("A baseline's name is made of \(Name.rule).") }
        if batch {
            // A batch is sent whole: nothing could hold it to a budget, and its answers come by way of the cache.
            if spending.maxCost != nil || spending.maxCalls != nil {
                throw ValidationError("--batch sends everything at once: see what it costs with --estimate, and leave out --max-cost and --max-calls.")
            }
            if calls.noCache { throw ValidationError("--batch needs the cache: its answers come by way of it.") }
        }
        guard shard != nil else {
            if out != nil { throw ValidationError("--out goes with --shard.") }
            return
        }
        if let option = optionsForDeciding.first {
            throw ValidationError("A shard decides nothing: \(option) goes with ratchet gate, which does.")
        }
        if untilDecided { throw ValidationError("A shard runs to its end: --until-decided needs the whole run.") }
        if exitStyle != .plain { throw ValidationError("A shard decides nothing: there is no --exit-style for it.") }
    }

    /// What was given of the options that a shard has no use for.
    private var optionsForDeciding: [String] {
        [
            (!deciding.allowRegression.isEmpty, "--allow-regression"), (deciding.effort != nil, "--effort"),
            (deciding.release, "--release"), (!reports.report.isEmpty, "--report"), (reports.record != nil, "--record"),
        ].filter(\.0).map(\.1)
    }

    func run(_ context: Context) async throws -> RatchetCore.ExitCode {
        try await context.refusing(reports.format) { try await runSuites(context) }
    }

    private func runSuites(_ context: Context) async throws -> RatchetCore.ExitCode {
        let shard = try shard?.shard(in: context.environment)
        var prepared = try RunPreparation(context, project, selection, baseline: baseline, deciding)
        try prepared.requireValid(spending.problems(prepared))
        let whole = prepared.plan
        if let shard { prepared.plan = whole.part(shard) }
        if dryRun {
            context.output(DryRun(plan: prepared.plan, backends: prepared.backends).text(reports.format))
            return whole.plannedTrials == 0 ? .nothingToRun : .passed
        }
        if estimate {
            context.output(try prepared.estimate(calls).text(reports.format))
            return whole.plannedTrials == 0 ? .nothingToRun : .passed
        }
        if whole.plannedTrials == 0 { return try reportNothing(context, isPartial: whole.isPartial) }
        do {
            prepared.plan = try OpenedProject.requireCredentials(prepared.backends, for: prepared.plan)
        } catch let missing as DiagnosticsError where onNoCredentials == .skip {
            return try skip(context, missing)
        }
        var options = RunSession.Options(
            baselineName: prepared.isUngated ? nil : baseline, isUngated: prepared.isUngated,
            concurrency: calls.concurrency, usesCache: !calls.noCache, spending: spending.limits,
            effort: deciding.effort, stopsEarly: !noEarlyStop,
            stopsWhenDecided: untilDecided, seed: seed,
            basisNote: prepared.note, removedSuites: prepared.removedSuites, weakenings: prepared.weakenings)
        options.usesBatches = batch
        if batch { try prepared.requireValid(batchProblems(prepared)) }
        if let shard {
            let file = out ?? "shard-\(shard.index)-of-\(shard.count).ratchet"
            try ReportFiles.requireWritable([context.absolute(file)])
            options.runShard(prepared.description(of: shard, selection, whole: whole))
            let session = try prepared.session(options)
            return try ShardConclusion(session: session, outcome: try await session.execute(), name: file).conclude(reports.format)
        }
        let files = try reports.files(context)
        let session = try prepared.session(options)
        let outcome = try await session.execute()
        return try RunConclusion(session: session, outcome: outcome, permission: deciding.permission).conclude(
            reports.format, files: files)
    }

    /// A change from a fork has no keys: that nothing was asked is said, and is no verdict.
    private func skip(_ context: Context, _ missing: DiagnosticsError) throws -> ExitCode {
        let skipped = SkippedReport(reasons: missing.diagnostics.map(\.message), version: Version.current)
        try reports.files(context).write(skipped)
        switch reports.format {
        case .human: context.output(skipped.terminal)
        case .json: context.output(skipped.json)
        }
        return .passed
    }

    private func batchProblems(_ prepared: RunPreparation) -> [Diagnostic] {
        let suites = prepared.plan.suites.filter { prepared.backends[$0.target.backend]?.batches == nil }
        return Set(suites.map(\.target.backend)).sorted().map { name in
            Diagnostic(
                "the backend \(Quoted.text(name)) takes no batches", help: "openai, openai_responses and anthropic do; leave out --batch for the others",
                exitCode: .usage)
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
        try context.show(report, reports.format)
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
