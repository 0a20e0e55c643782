import RatchetCore
import RatchetStatistics

/// The aggregate rule (GATE.md 1.3 and 1.6): significant in the exact within-example permutation test, borne out by a
/// robust t test, and big enough to matter.
enum AggregateTest {
    /// One compared example: trials of the record and of this run, as many of each as was fixed in advance, and at least
    /// one scored.
    struct Pair: Sendable {
        var before: TrialCount
        var now: TrialCount
        var group: String?
        var tags: [String] = []

        var difference: Double { (now.rate ?? 0) - (before.rate ?? 0) }

        var counts: PassCountPair? {
            guard let baseline = before.passCount, let new = now.passCount else { return nil }
            return PassCountPair(baseline: baseline, new: new)
        }
    }

    static let robustAlpha = 0.05
    static let level = 0.90
    static let power = 0.8

    /// `nil` without a pair.
    ///
    /// - Parameter seed: Of the random sign flips, where examples share a generation.
    static func run(_ pairs: [Pair], alpha: Double, minimumDrop: Double, seed: UInt64) -> AggregateResult? {
        let counts = pairs.compactMap(\.counts)
        let differences = GroupedDifferences(pairs.map(\.difference), groups: pairs.map(\.group))
        guard counts.count == pairs.count, let mean = differences.mean else { return nil }
        var p = StratifiedPermutation.test(counts).pLessMid
        if let grouped = differences.pLessByGroup(seed: seed) { p = max(p, grouped) }
        let robust = differences.robustTest(level: level)
        return AggregateResult(
            delta: Interval(
                value: mean, low: max(robust?.interval.low ?? -1, -1), high: min(robust?.interval.high ?? 1, 1),
                level: level),
            p: p, robustP: robust?.pLess, alpha: alpha, pairs: pairs.count, wouldHaveSeen: nil,
            isBigEnough: (robust?.isDecrease(atLevel: robustAlpha) ?? (mean < 0)) && -mean >= minimumDrop)
    }

    /// The smallest drop of the pass rate that these pairs show four times in five (GATE.md 1.9), with the variance
    /// under the flakiness fitted to the records; `nil` when nothing varies.
    static func detectableDrop(_ pairs: [Pair], alpha: Double, minimumDrop: Double) -> Double? {
        let counts = pairs.compactMap(\.counts)
        let records = counts.map(\.baseline)
        guard let variance = FlakinessPrior.fit(records)?.meanWithinVariance(of: records),
            let recordTrials = Sample.harmonicMean(records.map { Double($0.trials) }),
            let newTrials = Sample.harmonicMean(counts.map { Double($0.new.trials) }),
            let strength = Power(meanWithinVariance: variance, baselineTrials: recordTrials, newTrials: newTrials)
        else { return nil }
        return strength.minimumDetectableDrop(examples: counts.count, alpha: alpha, power: power)
            .map { max($0, minimumDrop) }
    }
}
