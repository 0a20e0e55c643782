import RatchetCore
import RatchetStatistics

/// The aggregate rule (GATE.md 1.3 and 1.6): significant in the exact within-example permutation test, borne out by a
/// robust t test, and big enough to matter.
enum AggregateTest {
    /// One compared example: planned trials of the record and of this run, each with at least one scored trial.
    struct Pair: Sendable {
        var before: TrialCount
        var now: TrialCount
        var group: String?

        var difference: Double { (now.rate ?? 0) - (before.rate ?? 0) }

        var counts: PassCountPair? {
            guard let baseline = PassCount(passes: before.passes, trials: before.trials),
                let new = PassCount(passes: now.passes, trials: now.trials)
            else { return nil }
            return PassCountPair(baseline: baseline, new: new)
        }
    }

    /// The first pass's share of the false-alarm budget: 0.2 of 1 % (GATE.md 0).
    static let firstPassShare = 0.2
    static let robustAlpha = 0.05
    static let level = 0.90
    static let power = 0.8

    /// `nil` without a pair.
    static func run(_ pairs: [Pair], falseAlarms: Double, minimumDrop: Double) -> AggregateResult? {
        let counts = pairs.compactMap(\.counts)
        let differences = pairs.map(\.difference)
        guard counts.count == pairs.count, let mean = Sample.mean(differences) else { return nil }
        let alpha = falseAlarms * firstPassShare
        let permutation = StratifiedPermutation.test(counts)
        let robust = robustTest(pairs, differences)
        let isDecrease = robust?.isDecrease(atLevel: robustAlpha) ?? (mean < 0)
        return AggregateResult(
            delta: Interval(
                value: mean, low: max(robust?.interval.low ?? -1, -1), high: min(robust?.interval.high ?? 1, 1),
                level: level),
            p: permutation.pLessMid, robustP: robust?.pLess, alpha: alpha, pairs: pairs.count,
            wouldHaveSeen: detectableDrop(counts, alpha: alpha).map { max($0, minimumDrop) },
            hasFailed: permutation.pLessMid <= alpha && isDecrease && -mean >= minimumDrop)
    }

    /// The one-sided t test of a drop, clustered where examples share a generation (`group`); `nil` for one pair.
    private static func robustTest(_ pairs: [Pair], _ differences: [Double]) -> MeanTTest? {
        guard pairs.contains(where: { $0.group != nil }) else {
            return PairedTTest(differences: differences, level: level)?.test
        }
        let clusters = pairs.enumerated().map { Cluster(group: $1.group, place: $1.group == nil ? $0 : 0) }
        return ClusteredMean(values: differences, clusters: clusters, level: level)?.test
    }

    /// An example without a group is a cluster of its own.
    private struct Cluster: Hashable {
        var group: String?
        var place: Int
    }

    /// GATE.md 1.9, with the variance under the flakiness fitted to the records.
    private static func detectableDrop(_ counts: [PassCountPair], alpha: Double) -> Double? {
        let records = counts.map(\.baseline)
        guard let variance = FlakinessPrior.fit(records)?.meanWithinVariance(of: records),
            let recordTrials = Sample.harmonicMean(records.map { Double($0.trials) }),
            let newTrials = Sample.harmonicMean(counts.map { Double($0.new.trials) }),
            let strength = Power(meanWithinVariance: variance, baselineTrials: recordTrials, newTrials: newTrials)
        else { return nil }
        return strength.minimumDetectableDrop(examples: counts.count, alpha: alpha, power: power)
    }
}
