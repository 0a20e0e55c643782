import Glibc
import RatchetCore
import RatchetStatistics

/// Whether the accepted version, run today, does worse than its records (GATE.md 2.1): then the provider changed, or
/// whatever else stands behind the target, and not the change under test.
///
/// Two views of the trials of the accepted version make the evidence, half of it each. One is of the examples that had
/// failed, and knows that they were asked for that reason. The other is of the first examples of the schedule, whatever
/// came of them: it sees a fall that is spread thin.
extension SuiteGate {
    /// The evidence that suffices when the run fails anyway, and only its cause is in question: 20 to 1.
    private static let sufficesForCause = log(20.0)
    private static let fewestFailures = 2
    private static let probedSuspects = 10
    private static let probesOfSuspect = 3
    /// Examples of the schedule that are probed at once, and at most.
    private static let probedAtOnce = 20
    private static let probedExamples = 100

    /// - Parameter fails: Whether the examples or the pass rate fail the run.
    func providerDrift(fails: Bool) -> ProviderDrift? {
        let asked = input.examples.filter { $0.isComparable && compared($0).controlCount.trials > 0 }
        guard !asked.isEmpty else { return nil }
        let suspects = PooledEvidence.logG(
            asked.filter { failedWhenPlanned($0) }.map { example in
                let ledger = compared(example)
                return evidence.logDrift(record: example.all, run: ledger.count(upTo: .max), control: ledger.controlCount)
            })
        let control = asked.reduce(into: TrialCount()) { $0 = $0 + compared($1).controlCount }
        let logE = Self.logMean(suspects, prefixEvidence)
        let suffices = fails ? Self.sufficesForCause : log(1 / budget.earlyStop)
        return ProviderDrift(
            examples: asked.count, control: control, logE: logE,
            isShown: control.trials - control.passes >= Self.fewestFailures && logE >= suffices)
    }

    /// Trials of the accepted version when the run is about to fail: what else could have caused it?
    var probe: [TrialKey] {
        guard !input.controllable.isEmpty else { return [] }
        let open = input.examples.filter { !isPermitted($0) }
        if earlyStop.hasStopped || aggregateLooks(open).contains(where: \.hasFailed) { return probeOfSchedule }
        return examplesHaveFailed(among: open) ? probeOfSuspects : []
    }

    private var probeOfSuspects: [TrialKey] {
        let lost = scheduled.filter { example in
            input.controllable.contains(example.id) && example.planned.state == .passed && failedWhenPlanned(example)
        }
        return lost.prefix(Self.probedSuspects).flatMap { example in
            stride(from: ledger(example.id).controls.count + 1, through: Self.probesOfSuspect, by: 1)
                .map { key(example.id, Draw(.control, $0)) }
        }
    }

    /// Another few examples, as long as those before leave the question open.
    private var probeOfSchedule: [TrialKey] {
        let prefix = controlledPrefix.count
        guard prefix < Self.probedExamples, prefix == 0 || (prefixEvidence > 0 && prefixEvidence < Self.sufficesForCause)
        else { return [] }
        let next = probedSchedule.prefix(min((prefix / Self.probedAtOnce + 1) * Self.probedAtOnce, Self.probedExamples))
        return next.filter { ledger($0.id).controls[1] == nil }.map { key($0.id, Draw(.control, 1)) }
    }

    private var probedSchedule: [GatedExample] { scheduled.filter { input.controllable.contains($0.id) && $0.isComparable } }

    /// The first examples of the schedule whose accepted version has been asked, without a gap.
    private var controlledPrefix: ArraySlice<GatedExample> {
        probedSchedule.prefix { ledger($0.id).controls[1] != nil }
    }

    /// ln e of "the odds of passing fell" over the first trial of each: exact, and without a model of flakiness.
    private var prefixEvidence: Double {
        var evidence = EarlyStopEvidence()
        for example in controlledPrefix {
            guard let record = example.planned.passCount, let state = compared(example).controls[1], state.isScored else { continue }
            evidence.add(record: record, passed: state == .passed)
        }
        return evidence.logE
    }

    private func failedWhenPlanned(_ example: GatedExample) -> Bool {
        let now = compared(example).count(upTo: input.suite.trials)
        return now.passes < now.trials
    }

    private static func logMean(_ one: Double, _ other: Double) -> Double {
        max(one, other) + log1p(exp(-abs(one - other))) - log(2.0)
    }
}
