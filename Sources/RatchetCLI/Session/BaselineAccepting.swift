import RatchetBackends
import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetJSON
import RatchetReports
import RatchetRunner
import RatchetStore

/// Accepting a run: refuse what is no basis, buy the trials that were asked for, write the files, and say what the
/// record can see.
struct BaselineAccepting {
    let context: Context
    let opened: OpenedProject
    let store: Store
    let header: RunHeader
    let baselines: [String: Baseline]
    let name: String?
    let wantedTrials: Int?
    let buysWithoutAsking: Bool
    /// Examples that may be left out although they are errored or unscored.
    let named: Set<String>

    /// Reads the baselines that the run would go into.
    ///
    /// - Throws: All that is wrong with the project's files.
    init(
        _ run: String, of runs: RecordedRuns, in opened: inout OpenedProject, name: String? = nil, wantedTrials: Int? = nil,
        buysWithoutAsking: Bool = false, without: [String] = []
    ) throws {
        header = try runs.header(run)
        var baselines: [String: Baseline] = [:]
        for suite in header.suites { baselines[suite.suite] = opened.baseline(of: suite.suite, name: name) }
        try opened.requireValid()
        context = opened.context
        self.opened = opened
        store = runs.store
        self.baselines = baselines
        self.name = name
        self.wantedTrials = wantedTrials
        self.buysWithoutAsking = buysWithoutAsking
        named = Set(without)
    }

    func accept() async throws -> ExitCode {
        try refuseIncomplete()
        if let wantedTrials {
            let code = try await buy(upTo: wantedTrials)
            guard code == .passed else { return code }
        }
        let commit = Git(folder: opened.folder.root).commit
        for suite in header.suites {
            let examples = try RunTrials.accepted(store: store, run: header.id, suite: suite)
            let keptIDs = Set(opened.project.suites.first { $0.name == suite.suite }?.examples.map(\.id) ?? [])
            let result = BaselineAcceptance.accept(
                examples.filter { $0.count.trials > 0 }.map(keepingOutput), of: suite, run: header.id, into: baselines[suite.suite], name: name,
                keptIDs: keptIDs, date: context.today, commit: commit)
            try write(result, suite: suite)
        }
        try store.retireFromCache(run: header.id)
        return .passed
    }

    private func keepingOutput(_ example: AcceptedExample) -> AcceptedExample {
        var example = example
        if !opened.project.configuration.keepsBaselineOutputs { example.output = nil }
        return example
    }

    /// An incomplete run is no basis, nor is one with errored or unscored examples, unless a person names those.
    private func refuseIncomplete() throws {
        var problems: [Diagnostic] = []
        let known = Set(
            opened.project.suites.filter { suite in header.suites.contains { $0.suite == suite.name } }
                .flatMap { suite in suite.examples.flatMap { [$0.id, $0.reference] } })
        for id in named.subtracting(known).sorted() {
            problems.append(Diagnostic("--without: there is no example \"\(id)\"", exitCode: .usage))
        }
        if header.state != .finished {
            problems.append(
                Diagnostic(
                    "the run \(header.id) is \(header.state.rawValue): it can't be accepted",
                    help: "resume it with the command that began it"))
        }
        if let shard = header.shard {
            problems.append(
                Diagnostic(
                    "the run \(header.id) is the shard \(shard.shard) of another: a part is no basis",
                    help: "put all shards together with ratchet gate FILE…, then accept that run"))
        }
        for suite in header.suites {
            if !opened.project.suites.contains(where: { $0.name == suite.suite }) {
                problems.append(Diagnostic("the suite \(suite.suite) of the run \(header.id) is not there any more"))
                continue
            }
            var states: [String: Set<TrialState>] = [:]
            try store.forEachTrial(run: header.id, suite: suite.suite) { trial in
                states[trial.key.example, default: []].insert(trial.state)
            }
            let unusable = states.filter { $0.value.isDisjoint(with: [.passed, .failed]) }.keys
            let unnamed = unusable.filter { !named.contains($0) && !named.contains("\(suite.suite)/\($0)") }.sorted()
            if !unnamed.isEmpty {
                let list = unnamed.prefix(10).joined(separator: " ") + (unnamed.count > 10 ? " …" : "")
                problems.append(
                    Diagnostic(
                        "\(count(unnamed.count, "example")) of \(suite.suite) got no answer or no verdict: \(list)",
                        help: "run again, or accept without them: --without \(list)"))
            }
        }
        let decision = try store.verdict(run: header.id).map { try StoredDecision(json: $0).decision }
        for suite in decision?.suites ?? [] {
            guard let stop = suite.earlyStop ?? suite.earlyPass else { continue }
            problems.append(
                Diagnostic(
                    "the run \(header.id) was stopped early in \(suite.suite.suite), after \(stop.looked) of \(stop.scheduled) examples",
                    help: "run again with --no-early-stop, then accept that run"))
        }
        for judge in Set(decision?.suites.flatMap { $0.judges ?? [] } ?? []).filter({ $0.hasDrifted && $0.isGating }) {
            problems.append(
                Diagnostic(
                    "the judge of \(judge.rubric) had drifted when the run \(header.id) was judged: its verdicts are no basis",
                    help: "ratchet regrade --baseline, then ratchet judge canary \(judge.rubric) --renew, then run again"))
        }
        if !problems.isEmpty { throw DiagnosticsError(problems) }
    }

    // MARK: Buying trials

    private func buy(upTo wanted: Int) async throws -> ExitCode {
        var opened = opened
        let plan = opened.plan(asIn: header)
        let backends = opened.backends(for: plan.targets)
        try opened.requireValid()
        let bought = try boughtTrials()
        var keys: [TrialKey] = []
        for suite in header.suites {
            let ran = try RunTrials.accepted(store: store, run: header.id, suite: suite)
            try requireSame(plan.suites.first { $0.run.suite == suite.suite }, as: suite, ran)
            // Numbered on from the run's own trials: a recording hands them out in order.
            for example in ran {
                for number in stride(from: suite.trials + 1, through: wanted, by: 1) {
                    let key = TrialKey(suite: suite.suite, example: example.id, draw: Draw(.record, number))
                    if !bought.contains(key) { keys.append(key) }
                }
            }
        }
        let isFree = header.suites.allSatisfy(\.isDeterministic)
        guard !keys.isEmpty else { return .passed }
        guard try isFree || buysWithoutAsking || context.confirm("\(count(keys.count, "call")) will be made. Go on?") else {
            context.output("nothing was bought or accepted\n")
            return .usage
        }
        let progress = Progress(context: context)
        let interruption = Interruption()
        let watch = context.onSignal { interruption.request($0) }
        defer { withExtendedLifetime(watch) {} }
        var observers = Caller.Observers()
        observers.onWait = { progress.waits($0) }
        observers.onEnd = { [context] code, words in
            context.error("error: \(words)\n")
            interruption.request(code)
        }
        let caller = Caller(
            backends: backends, store: store, clock: context.clock, options: opened.callerOptions(), interruption: interruption,
            observers: observers)
        let executor = RunExecutor(
            plan: plan.comparing(with: baselines), run: header.id, caller: caller, store: store, clock: context.clock,
            interruption: interruption, onEvent: { progress.update($0) })
        var list = TrialList(keys)
        try await executor.execute(&list)
        progress.finish()
        if let code = interruption.code { return code }
        if list.errored > 0 {
            context.error(
                "error: \(count(list.errored, "trial")) got no answer; nothing was accepted; the same command goes on\n")
            return .backendUnavailable
        }
        return .passed
    }

    /// Trials that were bought for this run before: they are there, and not paid again. One without an answer is.
    private func boughtTrials() throws -> Set<TrialKey> {
        var bought: Set<TrialKey> = []
        for suite in header.suites {
            try store.forEachTrial(run: header.id, suite: suite.suite) { trial in
                if trial.key.draw.role == .record, trial.state != .errored { bought.insert(trial.key) }
            }
        }
        return bought
    }

    /// More trials can only be bought of what was run: the same prompt, target, examples and checks.
    private func requireSame(_ planned: PlannedSuite?, as suite: RunSuite, _ ran: [AcceptedExample]) throws {
        let isSame =
            planned?.run.target == suite.target && planned?.run.promptHash == suite.promptHash
            && planned?.run.paramsHash == suite.paramsHash
        let changed = ran.filter { old in
            guard let now = planned?.example(old.id) else { return true }
            return now.hash != old.exampleHash || now.checks.checkHashes != old.checks && old.count.trials > 0
        }
        guard !isSame || !changed.isEmpty else { return }
        let what = isSame ? count(changed.count, "example") : "the prompt, target or parameters"
        throw DiagnosticsError([
            Diagnostic(
                "more trials of \(suite.suite) can't be bought for the run \(header.id): \(what) changed since",
                help: "run again with --trials \(wantedTrials ?? 5), then accept that run", exitCode: .usage)
        ])
    }

    // MARK: Writing

    private func write(_ result: BaselineAcceptance.Result, suite: RunSuite) throws {
        let file = BaselineFile(opened.folder)
        let path = try file.write(result.baseline, writer: "ratchet \(Version.current)")
        try file.writeMetrics(metrics(suite), suite: suite.suite, name: name)
        if let reference = suite.prompt.flatMap({ PromptReference($0) }), let prompt = opened.project.prompt(reference),
            prompt.hash == suite.promptHash
        {
            try file.store(prompt)
        }
        let changes = [
            (result.started, "begun"), (result.added, "extended"), (result.repeated, "unchanged"), (result.removed, "removed"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        context.output("accepted \(header.id) for \(suite.suite): \(changes.isEmpty ? "nothing to record" : changes)\n")
        context.output(flips(baselines[suite.suite], result.baseline))
        context.output("wrote \(path) and \(BaselineFile.metricsPath(suite: suite.suite, name: name))\n")
        context.output(sight(result.baseline, suite: suite))
    }

    /// What accepting changes in the baseline: a loss that is accepted is gone for good, so it is named.
    private func flips(_ old: Baseline?, _ new: Baseline) -> String {
        let before = Dictionary((old?.records ?? []).map { ($0.id, $0.planned.state) }, uniquingKeysWith: { first, _ in first })
        let passing = new.records.filter { $0.planned.state == .passed }.count
        let lost = new.records.filter { before[$0.id] == .passed && $0.planned.state == .failed }.map(\.id)
        guard !before.isEmpty else { return "\(passing) of \(new.records.count) passing\n" }
        let was = before.values.count { $0 == .passed }
        let names = lost.prefix(10).map { TerminalText.plain($0, limit: 60) }.joined(separator: ", ")
        return "\(passing) of \(new.records.count) passing (was \(was) of \(before.count))\n"
            + (lost.isEmpty ? "" : "accepted as failing from now on: \(names)\(lost.count > 10 ? ", …" : "")\n")
    }

    private func metrics(_ suite: RunSuite) throws -> JSONValue {
        let metrics = try store.metrics(run: header.id, suite: suite.suite)
        let verdict = try store.verdict(run: header.id).map { try StoredDecision(json: $0).decision }
        let counts = verdict?.suites.first { $0.suite.suite == suite.suite }?.counts
        return [
            "format": "ratchet.metrics/1", "suite": .string(suite.suite), "run": .string(header.id),
            "date": .string(context.today), "target": .string(suite.target), "prompt": .optional(suite.prompt),
            "trials": .int(suite.trials), "examples": .int(counts?.examples), "passed": .int(counts?.passed),
            "failed": .int(counts?.failed), "metrics": metrics.json,
        ]
    }

    /// What a comparison with this record can see, and what five trials an example would cost.
    private func sight(_ baseline: Baseline, suite: RunSuite) -> String {
        var text = ""
        let policy = opened.project.suites.first { $0.name == suite.suite }?.policy ?? opened.project.configuration.policy
        if let drop = BaselineSight.detectableDrop(baseline, policy: policy) {
            text +=
                drop < 1
                ? "a run of one trial each will see a drop of \(points(drop)) points or more\n"
                : "these records are too few to see a drop of the pass rate\n"
        }
        let short = baseline.records.filter { $0.planned.trials < 5 }
        if !short.isEmpty, !suite.isDeterministic {
            let calls = short.reduce(0) { $0 + 5 - $1.planned.trials }
            text +=
                "\(count(short.count, "record")) have fewer than 5 trials; \(calls) more calls buy them: "
                + "ratchet baseline accept \(header.id) --trials 5\n"
        }
        return text
    }

    private func points(_ share: Double) -> String {
        let tenths = Int((share * 1000).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}

/// A plain list of trials to run, once each.
private struct TrialList: TrialPlanner {
    private var rest: [TrialKey]
    private(set) var errored = 0

    init(_ keys: [TrialKey]) { rest = keys }

    mutating func nextTrials() -> [TrialKey] {
        defer { rest = [] }
        return rest
    }

    mutating func report(_ outcome: TrialOutcome) {
        if outcome.result == .state(.errored) { errored += 1 }
    }
}
