import Glibc
import RatchetCore
import RatchetStatistics

/// Whether the accepted version, run today, does worse than its records (GATE.md 2.1): then the provider changed, or
/// whatever else stands behind the target, and not the change under test.
extension SuiteGate {
    /// The evidence that suffices when the run fails anyway, and only its cause is in question: 20 to 1.
    private static let sufficesForCause = log(20.0)
    private static let fewestFailures = 2

    /// - Parameter fails: Whether the examples or the pass rate fail the run.
    func providerDrift(fails: Bool) -> ProviderDrift? {
        let asked = input.examples.filter { ledger($0.id).controlCount.trials > 0 && $0.isComparable }
        guard !asked.isEmpty else { return nil }
        let logE = asked.map { example in
            let ledger = ledger(example.id)
            return evidence.logDrift(record: example.all, run: ledger.count(upTo: .max), control: ledger.controlCount)
        }
        let control = asked.reduce(into: TrialCount()) { $0 = $0 + ledger($1.id).controlCount }
        let pooled = PooledEvidence.logG(logE)
        let suffices = fails ? Self.sufficesForCause : log(1 / budget.earlyStop)
        return ProviderDrift(
            examples: asked.count, control: control, logE: pooled,
            isShown: control.trials - control.passes >= Self.fewestFailures && pooled >= suffices)
    }
}
