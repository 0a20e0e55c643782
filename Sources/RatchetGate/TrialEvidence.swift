import Glibc
import RatchetCore
import RatchetStatistics

/// What trials say about single examples: the evidence that one got worse, against "it was always as flaky as this"
/// (GATE.md 2.2). Learned once from the records; each number is a pure function of two counts.
struct TrialEvidence: Sendable {
    private let prior: FlakinessPrior?
    /// How many examples have a record to be worse than.
    let examples: Int
    /// ln e from which an example is certainly worse: every one of the suite could have raised the alarm.
    let certain: Double
    /// ln e from which an example is more likely worse than not.
    let probable: Double
    /// ln G from which the examples together are certainly worse.
    let pooledCertain: Double
    /// Whether the records say enough of flakiness for evidence to be pooled: with mostly one or two trials each it
    /// rests on assumptions, and three of those add up to an alarm.
    let canPool: Bool

    /// ln e below which an example is as flaky as before.
    static let cleared = log(3.0)
    /// How many of the suite's examples a change breaks, before anything is seen.
    private static let priorBroken = 0.3
    private static let fewestTrialsToPool = 3

    init(records: [TrialCount], budget: FalseAlarmBudget) {
        let counts = records.compactMap(\.passCount).filter { $0.trials > 0 }
        prior = FlakinessPrior.fit(counts)
        examples = counts.count
        let share = Double(max(examples, 1))
        certain = log(share / budget.examples)
        probable = log(share / Self.priorBroken)
        pooledCertain = log(1 / budget.examples)
        let trials = counts.map(\.trials).sorted()
        canPool = !trials.isEmpty && trials[trials.count / 2] >= Self.fewestTrialsToPool
    }

    /// ln e of one example; 0 without a new trial.
    func logE(record: TrialCount, now: TrialCount) -> Double {
        guard let prior, let record = record.passCount, let now = now.passCount else { return 0 }
        return RegressionEvidence.logE(new: now, record: record, prior: prior)
    }

    /// The same for many, each pair of counts worked out once.
    func logE(_ pairs: [(record: TrialCount, now: TrialCount)]) -> [Double] {
        var known: [[TrialCount]: Double] = [:]
        return pairs.map { pair in
            let key = [pair.record, pair.now]
            if let value = known[key] { return value }
            let value = logE(record: pair.record, now: pair.now)
            known[key] = value
            return value
        }
    }

    /// ln of the evidence that the accepted version, run today, does worse than its record: the chance of its trials if it
    /// got worse together with the version under test, against their chance if it did not.
    ///
    /// "It did not" is a mixture of "nothing changed" and "the version under test alone got worse"; what its own trials
    /// say decides between the two. So an example that is merely flaky, and was asked because it had failed, is no
    /// evidence of drift, and one that is certainly broken does not hide it.
    func logDrift(record: TrialCount, run: TrialCount, control: TrialCount) -> Double {
        guard let prior, let record = record.passCount, let run = run.passCount, let control = control.passCount else { return 0 }
        func unchanged(_ count: PassCount) -> Double {
            RegressionEvidence.logUnchanged(count, record: record, prior: prior)
        }
        let broken = log(Self.priorBroken / Double(max(examples, 1)))
        let worse = RegressionEvidence.logWorse(run)
        let before = Self.logSum(unchanged(run), broken + worse)
        let after = Self.logSum(unchanged(run + control), broken + worse + unchanged(control))
        return RegressionEvidence.logWorse(run + control) - worse - (after - before)
    }

    private static func logSum(_ one: Double, _ other: Double) -> Double {
        max(one, other) + log1p(exp(-abs(one - other)))
    }
}

extension TrialCount {
    var passCount: PassCount? { PassCount(passes: passes, trials: trials) }

    static func + (left: TrialCount, right: TrialCount) -> TrialCount {
        TrialCount(passes: left.passes + right.passes, trials: left.trials + right.trials)
    }
}
