import RatchetCore
import RatchetStatistics

/// One suite's side of the conversation between gate and runner: it asks for trials until it can decide.
///
/// The first pass asks for the planned trials of every example, in a random order fixed before the run. Then it asks
/// again where a rule of GATE.md says so: failing must-pass examples (best of five) and failing new ones (best of
/// three). Those further trials never enter the aggregate test, which they would bias.
package struct SuiteGate: Sendable {
    package let input: GateInput
    private(set) var ledgers: [String: TrialLedger] = [:]
    private var hasStarted = false

    package init(_ input: GateInput) { self.input = input }

    /// A gate that has seen what another has.
    init(_ input: GateInput, continuing other: SuiteGate) {
        self.input = input
        ledgers = other.ledgers
        hasStarted = other.hasStarted
    }

    package mutating func nextTrials() -> [TrialKey] {
        guard hasStarted else {
            hasStarted = true
            return firstPass()
        }
        return input.examples.flatMap { example -> [TrialKey] in
            guard input.drifts[example.id] == nil, case .open(let wanted) = bestOf(example) else { return [] }
            let first = ledger(example.id).highestDraw + 1
            return (first..<first + wanted).map { key(example.id, $0) }
        }
    }

    package mutating func report(_ outcome: TrialOutcome) {
        guard outcome.key.draw.role == .run else { return }
        ledgers[outcome.key.example, default: TrialLedger()].add(withoutDriftedVerdicts(outcome))
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

    func ledger(_ id: String) -> TrialLedger { ledgers[id] ?? TrialLedger() }

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
        case .incomparable(let record, _): return record.planned.state == .passed && !isStale
        }
    }

    /// Fewer than half of the recorded examples are comparable.
    var isStale: Bool {
        let recorded = input.examples.filter { $0.record != nil }.count + input.missing.count
        let comparable = input.examples.filter { $0.comparableRecord != nil }.count
        return input.basis.isCompared && recorded > 0 && comparable * 2 < recorded
    }

    private func firstPass() -> [TrialKey] {
        var random = SeededGenerator(seed: input.seed)
        let order = random.shuffled(input.examples.map(\.id))
        return (1...max(input.suite.trials, 1)).flatMap { number in order.map { key($0, number) } }
    }

    private func key(_ example: String, _ number: Int) -> TrialKey {
        TrialKey(suite: input.suite.suite, example: example, draw: Draw(.run, number))
    }
}

/// The whole command's gate: its suites side by side.
package struct RunGate: TrialPlanner {
    package private(set) var suites: [SuiteGate]

    package init(_ inputs: [GateInput]) { suites = inputs.map(SuiteGate.init) }

    package mutating func nextTrials() -> [TrialKey] {
        suites.indices.flatMap { suites[$0].nextTrials() }
    }

    package mutating func report(_ outcome: TrialOutcome) {
        guard let place = suites.firstIndex(where: { $0.input.suite.suite == outcome.key.suite }) else { return }
        suites[place].report(outcome)
    }
}

extension CheckState {
    fileprivate var isVerdict: Bool { self == .passed || self == .failed }
}
