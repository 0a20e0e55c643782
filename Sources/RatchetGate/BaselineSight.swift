import RatchetCore
import RatchetStatistics

/// What a baseline lets a run see, before there is a run.
package enum BaselineSight {
    /// The smallest drop of the pass rate, as a share, that a run of one trial an example would see four times in five;
    /// `nil` when the records are empty.
    package static func detectableDrop(_ baseline: Baseline, policy: GatePolicy) -> Double? {
        let records = baseline.records.map(\.planned).filter { $0.trials > 0 }
        let pairs = records.map { AggregateTest.Pair(before: $0, now: TrialCount(passes: 0, trials: 1), group: nil) }
        return AggregateTest.detectableDrop(
            pairs, alpha: FalseAlarmBudget(total: policy.falseAlarms).aggregate(pass: 1, isOnly: false), minimumDrop: policy.minimumDrop)
    }
}
