import RatchetCore
import RatchetStatistics

/// One suite's side of the conversation between gate and runner: it asks for trials until it can decide.
///
/// The first pass asks for the planned trials of every example, in a random order fixed before the run, and may end
/// early. Then come rounds of single trials of the examples that look worse (`SuiteGate+Rounds.swift`), further passes
/// over all examples while the pass rate looks suspicious, and, when the run is about to fail, a few trials of the
/// accepted version that tell a changed provider from a changed prompt.
///
/// The k-th trial of an example is draw `run/k`, whoever asked for it. The aggregate test takes the same first draws of
/// every example, so that trials which were asked for because of what came before never bias it.
package struct SuiteGate: Sendable {
    package let input: GateInput
    let budget: FalseAlarmBudget
    let evidence: TrialEvidence
    private(set) var ledgers: [String: TrialLedger] = [:]
    /// The same trials as the merge base's checks judge them, of examples that are compared by those.
    private var formerLedgers: [String: TrialLedger] = [:]
    private let comparedFormerly: Set<String>
    private(set) var earlyStop: EarlyStop
    /// `nil` where the whole suite is wanted.
    private(set) var earlyPass: EarlyPass?
    /// How many examples of the schedule have been looked at.
    private(set) var position = 0
    /// Passes over all examples that have been asked for.
    private(set) var passes = 1
    private var phase = Phase.beginning
    /// The examples under suspicion, while they are asked again.
    private(set) var suspects: [GatedExample] = []
    /// The examples in the order of the first pass.
    let scheduled: [GatedExample]
    /// Examples that an override file names: they neither stop a run nor ask for another pass.
    private let permitted: Set<String>

    private enum Phase { case beginning, firstPass, rounds, furtherPasses, probe, end }

    package init(_ input: GateInput) {
        self.input = input
        budget = FalseAlarmBudget(total: input.falseAlarms)
        evidence = TrialEvidence(
            records: input.examples.filter(\.isComparable).map(\.planned), budget: budget)
        earlyStop = EarlyStop(budget: budget, minimumDrop: input.policy.minimumDrop)
        let compared = input.examples.count(where: \.isComparable)
        if input.stopsWhenDecided, compared >= EarlyPass.fewestExamples {
            earlyPass = EarlyPass(margin: input.policy.noWorseThan ?? GatePolicy.releaseMargin, size: compared)
        }
        // By rank and not by shuffling: another example in the suite leaves the order of the others as it is.
        scheduled = input.examples.map { (rank: Self.rank($0.id, seed: input.seed), example: $0) }
            .sorted { ($0.rank, $0.example.id) < ($1.rank, $1.example.id) }.map(\.example)
        comparedFormerly = Set(input.examples.filter(\.isComparedFormerly).map(\.id))
        permitted = Set(
            input.overrides.flatMap { override -> [String] in
                if case .examples(let ids) = override.scope { ids } else { [] }
            })
    }

    /// A gate that has seen what another has.
    init(_ input: GateInput, continuing other: SuiteGate) {
        self.init(input)
        ledgers = other.ledgers
        formerLedgers = other.formerLedgers
        earlyStop = other.earlyStop
        earlyPass = other.earlyPass
        position = other.position
        passes = other.passes
        phase = other.phase
        suspects = other.suspects
    }

    package mutating func nextTrials() -> [TrialKey] {
        var wanted: [TrialKey] = []
        while wanted.isEmpty {
            switch phase {
            case .beginning:
                phase = .firstPass
                wanted = firstPass
            case .firstPass where input.endsAfterFirstPass:
                phase = .end
            case .firstPass:
                phase = earlyStop.hasStopped ? .probe : .rounds
                if phase == .rounds { suspects = examplesUnderSuspicion }
            case .rounds:
                suspects.removeAll(where: isSettled)
                wanted = round
                if wanted.isEmpty { phase = .furtherPasses }
            case .furtherPasses:
                wanted = nextPass()
                if wanted.isEmpty { phase = .probe }
            case .probe:
                wanted = probe
                if wanted.isEmpty { phase = .end }
            case .end:
                return []
            }
        }
        return wanted
    }

    /// Whether a trial that was asked for is still wanted, now that others of the same answer have come in.
    package func wants(_ key: TrialKey) -> Bool { !(phase == .firstPass && (earlyStop.hasStopped || hasDecidedEarly)) }

    /// Whether the first pass ended because a drop that matters was ruled out.
    var hasDecidedEarly: Bool { earlyPass?.hasDecided == true }

    package mutating func report(_ outcome: TrialOutcome) {
        switch outcome.key.draw.role {
        case .run, .control: break
        case .record, .judge: return
        }
        let id = outcome.key.example
        ledgers[id, default: TrialLedger()].add(withoutDriftedVerdicts(outcome))
        if comparedFormerly.contains(id) { formerLedgers[id, default: TrialLedger()].add(outcome.asFormerly) }
        if phase == .firstPass { lookAtPrefix() }
    }

    /// Takes in the trials of a run that is over, as its only pass.
    package mutating func take(_ outcomes: some Sequence<TrialOutcome>) {
        phase = .end
        for outcome in outcomes { report(outcome) }
    }

    func ledger(_ id: String) -> TrialLedger { ledgers[id] ?? TrialLedger() }

    /// The trials that are held against the record.
    func compared(_ example: GatedExample) -> TrialLedger {
        (example.isComparedFormerly ? formerLedgers[example.id] : ledgers[example.id]) ?? TrialLedger()
    }

    /// The record with this run's trials of the accepted version: all that is known of how it was.
    func record(_ example: GatedExample) -> TrialCount {
        example.all + compared(example).controlCount
    }

    /// The rule that may ask for more trials of this example, and where it stands; `nil` when none applies.
    func bestOf(_ example: GatedExample) -> BestOf.Verdict? {
        let planned = input.suite.trials
        let rule: BestOf
        switch example.mustPass {
        case .bestOfFive: rule = BestOf(5, planned: planned)
        case .always: return nil
        case .no:
            guard input.basis.isCompared, mustPassAsNew(example) else { return nil }
            rule = BestOf(3, planned: planned)
        }
        return rule.verdict(ledger(example.id), planned: planned)
    }

    /// New examples must pass or be known to fail. So must changed ones whose record passed: editing an example is
    /// no way to lose it. A suite whose records mostly cannot be compared any more is stale instead.
    func mustPassAsNew(_ example: GatedExample) -> Bool {
        // Between two runs, an example that only one of them has is neither better nor worse.
        if case .run = input.basis { return false }
        guard !example.isKnownFailing else { return false }
        switch example.standing {
        case .comparable: return false
        case .new: return true
        case .formerly(let record, _): return record.planned.state == .passed
        case .incomparable(let record, _): return record.planned.state == .passed && !isStale
        }
    }

    /// Fewer than half of the recorded examples are comparable.
    var isStale: Bool {
        let recorded = input.examples.count(where: \.hasRecord) + input.missing.count
        let comparable = input.examples.count(where: \.isComparable)
        return input.basis.isCompared && recorded > 0 && comparable * 2 < recorded
    }

    func isPermitted(_ example: GatedExample) -> Bool { permitted.contains(example.id) }

    func key(_ example: String, _ draw: Draw) -> TrialKey {
        TrialKey(suite: input.suite.suite, example: example, draw: draw)
    }

    /// Another pass has been asked for.
    mutating func beginPass() { passes += 1 }

    // MARK: The first pass

    private var firstPass: [TrialKey] {
        (1...max(input.suite.trials, 1)).flatMap { number in scheduled.map { key($0.id, Draw(.run, number)) } }
    }

    /// Where calls are free nothing is saved, and where the fall is permitted nothing is settled by it.
    var canStopEarly: Bool {
        input.stopsEarly && !input.suite.isDeterministic && input.basis.isCompared
            && !input.overrides.contains { $0.scope == .passRate }
    }

    /// Looks at the examples that have come in without a gap since the last look.
    private mutating func lookAtPrefix() {
        let canStopEarly = canStopEarly
        while position < scheduled.count, !earlyStop.hasStopped, !hasDecidedEarly {
            let example = scheduled[position]
            let ledger = compared(example)
            guard ledger.states[1] != nil || ledger.exhaustedFrom != nil else { return }
            position += 1
            let record = example.isComparable && !isPermitted(example) ? example.planned : nil
            if canStopEarly { earlyStop.look(record: record, state: ledger.states[1]) }
            earlyPass?.look(record: record, state: ledger.states[1])
        }
    }

    private static func rank(_ id: String, seed: UInt64) -> UInt64 {
        // FNV-1a over the id, then mixed with the seed: stable on every platform.
        let hash = id.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        var mixer = SplitMix64(seed: seed ^ hash)
        return mixer.next()
    }

    /// The outcome as it is without the verdicts of judges that have drifted: unscored where they had a say, unless
    /// another check failed as well.
    private func withoutDriftedVerdicts(_ outcome: TrialOutcome) -> TrialOutcome {
        guard case .state(let state) = outcome.result, state.isScored, let drift = input.drifts[outcome.key.example] else {
            return outcome
        }
        let judged = drift.names.filter { outcome.checks[$0]?.isVerdict == true }
        guard !judged.isEmpty else { return outcome }
        var outcome = outcome
        for name in judged { outcome.checks[name] = .unscored }
        if drift.arePartOfMean || !outcome.checks.values.contains(.failed) { outcome.result = .state(.unscored) }
        return outcome
    }
}

extension TrialOutcome {
    /// The outcome as the merge base's checks have it; where they were not asked, an answer without a verdict.
    fileprivate var asFormerly: TrialOutcome {
        guard case .state(let state) = result else { return self }
        return TrialOutcome(
            key: key, result: .state(former?.state ?? (state == .errored ? .errored : .unscored)), checks: former?.checks ?? [:],
            score: former?.score)
    }
}

extension CheckState {
    fileprivate var isVerdict: Bool { self == .passed || self == .failed }
}
