import Glibc
import RatchetBackends
import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetOperations
import RatchetReports
import RatchetRunner
import RatchetStore

/// One run from plan to decision: load → plan → execute → check → record → compare → decide. Reporting is left to the
/// caller, who gets a recorded run.
struct RunSession {
    struct Options {
        var baselineName: String?
        /// `--baseline none`
        var isUngated = false
        /// `-j`; `nil` for what the configuration says, or for what the accounts turn out to take.
        var concurrency: Int?
        var usesCache = true
        var spending = SpendingLimits()
        /// The recorded run whose answers are judged anew, instead of asking the model.
        var regraded: RunHeader?
        /// A try of an example that was just added: recorded, and never taken for the latest run.
        var isTry = false
        /// The version that the one under test is compared with, both asked in turn; `nil` for the baseline.
        var comparedWith: String?
        /// Instead of the policy's.
        var effort: GateEffort?
        /// Whether a first pass that has plainly failed ends there.
        var stopsEarly = true
        var stopsWhenDecided = false
        /// Whether the first pass goes through the providers' batches.
        var usesBatches = false
        /// What the run's order and its random tests follow from, instead of its id.
        var seed: UInt64?
        /// The whole that this run is a part of; `plan` holds the part alone.
        var shard: ShardDescription?
        /// The shards whose trials are this run's first pass.
        var shards: [ShardFile] = []
        /// Suites of which nothing can be asked beyond that.
        var unaskable: Set<String> = []
        /// Where baseline, policy and checks were read from: the reader must be able to tell.
        var basisNote: String? = "baseline, policy and checks were read from the working tree"
        /// Suites that the merge base has and the change does not.
        var removedSuites: [String] = []
        /// By suite, by what the change lowers its own guard.
        var weakenings: [String: [Weakening]] = [:]
    }

    /// Seconds that calls in flight are given to finish after a first Ctrl-C: they are paid for.
    static let grace = 10.0

    let context: Context
    let opened: OpenedProject
    let plan: RunPlan
    let store: Store
    let backends: [String: ConfiguredBackend]
    let baselines: [String: Baseline]
    let overrides: [Override]
    var canaries: [String: JudgeCanary] = [:]
    let options: Options
    let progress: Progress

    /// A run that has been executed as far as it went.
    struct Outcome {
        var header: RunHeader
        var gate: RunGate
        /// Codes that hold for reasons outside the gate.
        var circumstances: [ExitCode]
        var notes: [String]
    }

    func execute() async throws -> Outcome {
        var (header, finished, lock) = try begin(planKey: plan.key(baseline: against))
        defer { withExtendedLifetime(lock) {} }
        var notes: [String] = []
        if !finished.isEmpty { notes.append("resumed: \(finished.count) finished trials were kept") }

        let taken = try takeShards(into: header.id)
        finished.merge(taken.answers) { _, answer in answer }

        let interruption = Interruption()
        let watch = context.onSignal { interruption.request($0) }
        defer { withExtendedLifetime(watch) {} }
        var timer: Task<Void, Never>?
        let refusedKey = RefusedKey(interruption: interruption)
        let unavailable = Lock(0)
        let ending = Lock<String?>(nil)
        let budget = RunBudget(options.spending)
        var observers = Caller.Observers()
        observers.onWait = { progress.waits($0) }
        observers.onFailure = { refusedKey.note($0) }
        observers.onEnd = { code, words in
            ending.update { $0 = $0 ?? words }
            interruption.request(code)
        }
        var callerOptions = opened.callerOptions(concurrency: options.concurrency, usesCache: options.usesCache)
        callerOptions.budget = budget
        let caller = Caller(
            backends: backends, store: store, clock: context.clock, options: callerOptions, interruption: interruption,
            observers: observers)
        if let seconds = options.spending.time {
            let clock = context.clock
            timer = Task {
                guard (try? await clock.sleep(seconds)) != nil else { return }
                observers.onEnd(.budgetExhausted, "the time of --time-limit is over")
            }
        }
        defer { timer?.cancel() }
        let executor = RunExecutor(
            plan: plan, run: header.id, caller: caller,
            answers: options.regraded.map { RecordedAnswers(store: store, run: $0.id) }, store: store, clock: context.clock,
            interruption: interruption,
            onEvent: { event in
                if case .unavailable = event { unavailable.update { $0 += 1 } }
                progress.update(event)
            })
        let planKey = header.planKey
        if options.usesBatches {
            do {
                let summary = try await batchPass(planKey, caller, callerOptions.prices, interruption).run(finished: Set(finished.keys))
                notes.append(summary.map(Self.words) ?? "batches wait at the provider: the same command goes on waiting, ratchet batches lists them")
            } catch let failure as BatchPass.Failure {
                observers.onEnd(.backendUnavailable, failure.message)
            }
        }
        let inputs = gateInputs(seed: header.seed, canaries: try await canaryResults(interruption, budget))
        let conversation = Task { [finished, header] in
            guard let other = options.comparedWith else {
                var gate = TakenTrials(taken.outcomes, for: RunGate(inputs))
                try await executor.execute(&gate, finished: finished)
                return gate.planner
            }
            var trials = InterleavedTrials(plan, seed: header.seed)
            try await executor.execute(&trials, finished: finished)
            return RunGate(decided: plan.suites.map { $0.gate(trials.outcomes, comparedWith: other, header: header, suites: plan.suites.count) })
        }
        interruption.afterRequest(seconds: Self.grace, clock: context.clock) { conversation.cancel() }
        let gate = try await conversation.value
        progress.finish()
        try store.add(caller.concurrencyChanges, run: header.id)
        notes += Self.words(of: caller.concurrencyChanges)

        // A run that went to its end is never resumed: nobody needs its lock any more.
        if interruption.code == nil { unlink(lockPath(header.id)) }
        if unavailable.value > 0 {
            notes.append("the recording has no further trial for \(count(unavailable.value, "trial")) of those asked for")
        }
        var circumstances: [ExitCode] = []
        for name in options.removedSuites {
            circumstances.append(.regressed)
            notes.append("the suite \(name) is gone: what it covered is lost; --allow-regression \(name):policy permits it")
        }
        if let problem = refusedKey.problem {
            circumstances.append(.noCredentials)
            notes.append(problem)
        } else if let code = interruption.code {
            circumstances.append(code)
            if let words = ending.value { notes.append(words) }
        }
        return Outcome(header: header, gate: gate, circumstances: circumstances, notes: notes)
    }

    private func batchPass(_ planKey: String, _ caller: Caller, _ prices: PriceList, _ interruption: Interruption) -> BatchPass {
        BatchPass(
            plan: plan, planKey: planKey, caller: caller, store: store, backends: backends, prices: prices, clock: context.clock,
            interruption: interruption, onEvent: { progress.tells(of: $0) })
    }

    private static func words(of summary: BatchPass.Summary) -> String {
        var words = "\(count(summary.answered, "call")) answered in batches"
        if summary.fullCost > summary.cost { words += " for \(Wording.dollars(summary.cost.dollars)), \(Wording.dollars(summary.fullCost.dollars)) one by one" }
        if summary.refused > 0 { words += "; \(count(summary.refused, "call")) that they refused asked one by one" }
        return words
    }

    /// What a person should know of how the accounts took the calls: trouble, and not growth.
    private static func words(of changes: [ConcurrencyChange]) -> [String] {
        Dictionary(grouping: changes, by: \.account).sorted { $0.key < $1.key }.compactMap { account, changes in
            let cuts = changes.count { $0.reason == AdaptiveConcurrency.Reason.rateLimit.rawValue }
            let outages = changes.count { $0.reason == AdaptiveConcurrency.Reason.outage.rawValue }
            guard cuts + outages > 0 else { return nil }
            let trouble = [cuts > 0 ? "refused calls for their rate \(count(cuts, "time"))" : nil, outages > 0 ? "was out \(count(outages, "time"))" : nil]
            let most = changes.map { max($0.from, $0.to) }.max() ?? 0
            return "\(account) \(trouble.compactMap { $0 }.joined(separator: " and ")); it took up to \(count(most, "call")) at once, and \(changes.last?.to ?? most) in the end"
        }
    }

    /// What the run is held against and made of besides its plan: another of that is another run.
    private var against: String {
        var text = options.comparedWith.map { "asked in turn with \($0)" } ?? (options.isUngated ? "none" : options.baselineName ?? "")
        if let run = options.regraded { text += " regrading \(run.id)" }
        if let shard = options.shard { text += " shard \(shard.shard) of \(shard.planKey)" }
        for file in options.shards { text += " shard \(file.description.shard) \(file.digest)" }
        if let seed = options.seed { text += " seed \(seed)" }
        return text
    }

    /// Records what the shards have run. What they were told is enough for the gate, except where the merge base's checks
    /// have to look at the answers as well.
    private func takeShards(into run: String) throws -> (outcomes: [TrialKey: TrialOutcome], answers: [TrialKey: TrialRecord]) {
        guard !options.shards.isEmpty else { return ([:], [:]) }
        for shard in options.shards { try store.takeTrials(of: shard.run, from: shard.store(), into: run) }
        let trials = Dictionary(plan.suites.map { ($0.run.suite, $0.run.trials) }, uniquingKeysWith: { first, _ in first })
        func isOfFirstPass(_ key: TrialKey) -> Bool { key.draw.role == .run && key.draw.number <= trials[key.suite] ?? 0 }
        var outcomes: [TrialKey: TrialOutcome] = [:]
        for outcome in try store.outcomes(run: run) where isOfFirstPass(outcome.key) { outcomes[outcome.key] = outcome }
        var answers: [TrialKey: TrialRecord] = [:]
        for suite in plan.suites {
            let ids = suite.examples.filter { $0.former != nil }.map(\.example.id)
            try store.forEachTrial(run: run, suite: suite.run.suite, examples: ids) { trial in
                guard isOfFirstPass(trial.key) else { return }
                outcomes[trial.key] = nil
                answers[trial.key] = trial
            }
        }
        return (outcomes, answers)
    }

    /// Resumes the interrupted run that asked for the same, or begins a new one. The lock is held while the process
    /// lives, however it ends: a run that is marked as running and can be locked was cut off.
    private func begin(planKey: String) throws -> (RunHeader, [TrialKey: TrialRecord], FileLock) {
        let oldest = context.clock.now() - opened.project.configuration.cacheMaximumAge
        try store.pruneCache(before: oldest)
        // Answers beyond the cache's age are no evidence for today, nor is a run that holds them.
        if var header = try store.interruptedRun(planKey: planKey), header.started >= oldest, let lock = try lock(header.id) {
            header.state = .running
            try store.update(header)
            return (header, try finishedTrials(of: header.id), lock)
        }
        let id = RunIdentifier.make(
            now: context.clock.now(), kind: options.isTry ? .try : options.shard == nil ? .run : .shard)
        guard let lock = try lock(id) else {
            throw DiagnosticsError([Diagnostic("another process is using the run \(id)", exitCode: .internalError)])
        }
        let header = RunHeader(
            id: id, started: context.clock.now(), version: Version.current, commit: Git(folder: opened.folder.root).commit,
            planKey: planKey, seed: options.seed ?? Digest.seed(id), isPartial: plan.isPartial, parent: options.regraded?.id,
            shard: options.shard, suites: plan.suites.map(\.run))
        try store.begin(header)
        return (header, [:], lock)
    }

    private func lock(_ run: String) throws -> FileLock? {
        try FileSystem.makeFolder(opened.folder.path(".ratchet/locks"))
        return try FileLock.acquire(lockPath(run), waiting: false)
    }

    private func lockPath(_ run: String) -> String { opened.folder.path(".ratchet/locks/\(run).lock") }

    /// A trial that got no answer is tried again; every other one is kept.
    private func finishedTrials(of run: String) throws -> [TrialKey: TrialRecord] {
        var finished: [TrialKey: TrialRecord] = [:]
        for suite in plan.suites {
            try store.forEachTrial(run: run, suite: suite.run.suite) { trial in
                if trial.state != .errored { finished[trial.key] = trial }
            }
        }
        return finished
    }

    /// What the judges that decide here say today of answers whose verdicts are known.
    private func canaryResults(_ interruption: Interruption, _ budget: RunBudget) async throws -> [String: JudgeStatus.Canary] {
        // Answers are judged anew because something about the judge has changed: its canary would only say so again.
        // A shard decides nothing.
        guard !options.isTry, options.regraded == nil, options.shard == nil else { return [:] }
        return try await CanaryWatch(
            opened: opened, plan: plan, store: store, backends: backends, canaries: canaries,
            concurrency: options.concurrency, usesCache: options.usesCache, budget: budget, interruption: interruption
        ).results()
    }

    private func gateInputs(seed: UInt64, canaries: [String: JudgeStatus.Canary]) -> [GateInput] {
        plan.suites.map { suite in
            let name = suite.run.suite
            let basis: GateBasis =
                options.isUngated
                ? .ungated : baselines[name] == nil ? .noBaseline(name: options.baselineName) : .baseline(name: options.baselineName)
            var input = GateInput(
                suite: suite.run, examples: suite.examples.map { ($0.example, $0.checks.checkHashes) }, formers: suite.formers,
                knownIDs: plan.isPartial ? nil : Set(suite.suite.examples.map(\.id)), baseline: baselines[name], basis: basis,
                policy: suite.suite.policy, suiteCount: plan.suites.count, overrides: overrides, seed: seed)
            input.judges = JudgeStatuses.of(suite, in: opened.project, canaries: canaries)
            input.drifts = JudgeStatuses.drifts(suite, input.judges)
            input.weakenings = options.weakenings[name] ?? []
            input.effort = options.effort ?? suite.suite.policy.effort
            input.stopsEarly = options.stopsEarly && options.regraded == nil
            input.stopsWhenDecided = options.stopsWhenDecided
            input.canRepeat = backends[suite.target.backend]?.configuration.kind != .echo
            if options.regraded == nil { input.controllable = Set(suite.accepted.keys) }
            if options.shard != nil || options.unaskable.contains(name) { input.endAfterFirstPass() }
            return input
        }
    }
}

/// A refused key ends the run: every further call would be refused too.
private final class RefusedKey: Sendable {
    private let interruption: Interruption
    private let state = Lock<String?>(nil)

    init(interruption: Interruption) { self.interruption = interruption }

    var problem: String? { state.value }

    func note(_ error: BackendError) {
        guard error.kind == .credentials else { return }
        state.update { $0 = $0 ?? error.message }
        interruption.request(.noCredentials)
    }
}

extension PlannedSuite {
    /// The decision's gate where another version was asked in turn: its trials are the record.
    fileprivate func gate(_ outcomes: [TrialOutcome], comparedWith other: String, header: RunHeader, suites: Int) -> SuiteGate {
        var counts: [String: TrialCount] = [:]
        var scores: [String: [Double]] = [:]
        var mine: [TrialOutcome] = []
        for outcome in outcomes where outcome.key.suite == run.suite {
            guard outcome.key.draw.role == .control else {
                mine.append(outcome)
                continue
            }
            guard case .state(let state) = outcome.result, state.isScored else { continue }
            counts[outcome.key.example, default: TrialCount()].trials += 1
            if state == .passed { counts[outcome.key.example, default: TrialCount()].passes += 1 }
            if let score = outcome.score { scores[outcome.key.example, default: []].append(score) }
        }
        let version = accepted.values.first
        let examples = examples.map { planned in
            let record = counts[planned.example.id].map { count in
                BaselineRecord(
                    id: planned.example.id, exampleHash: planned.hash, checks: planned.checks.checkHashes,
                    prompt: version?.prompt?.reference.description, promptHash: version?.prompt?.hash,
                    target: version?.target.description ?? other, paramsHash: version?.paramsHash ?? run.paramsHash,
                    batches: [
                        BaselineBatch(
                            id: "side", date: Context.day(header.started), commit: header.commit, kind: .planned, passes: count.passes,
                            trials: count.trials, passesByCheck: [:], scores: scores[planned.example.id])
                    ], output: nil)
            }
            return GatedExample(planned.example, checks: planned.checks.checkHashes, record: record, policy: suite.policy)
        }
        var gate = SuiteGate(
            GateInput(
                suite: run, basis: .run(other), examples: examples, missing: [], policy: suite.policy,
                falseAlarms: suite.policy.falseAlarms / Double(max(suites, 1)), overrides: [], seed: header.seed))
        gate.take(mine)
        return gate
    }

    /// By example, what the merge base's checks of it are, where they differ.
    fileprivate var formers: [String: FormerChecks] {
        let former = examples.compactMap { planned in
            planned.former.map { (planned.example.id, FormerChecks(exampleHash: $0.example.hash, checks: $0.checkHashes)) }
        }
        return Dictionary(former, uniquingKeysWith: { first, _ in first })
    }
}
