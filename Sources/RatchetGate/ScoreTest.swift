import RatchetCore
import RatchetStatistics

/// Graded scores (GATE.md 1.4): did the mean score fall?
///
/// A pass rate sees only thresholds that are crossed. Where checks grade, every trial has a mean score, and sides are
/// exchanged inside each example as in the test of the pass rate. Only the first pass is looked at: further passes are
/// asked for because of what the pass rate looked like.
enum ScoreTest {
    private static let shownDraws = 2_000

    /// One compared example, with at least one score on each side.
    struct Pair: Sendable {
        var before: [Double]
        var now: [Double]
        var group: String?
    }

    /// `nil` without a pair, or where no score is graded: then the pass rate says it all.
    static func run(_ pairs: [Pair], budget: MetricBudget?, alpha: Double, seed: UInt64) -> MetricResult? {
        let isGraded = pairs.contains { ($0.before + $0.now).contains { $0 > 0 && $0 < 1 } }
        guard isGraded || budget != nil, let before = Sample.mean(pairs.compactMap { Sample.mean($0.before) }),
            let now = Sample.mean(pairs.compactMap { Sample.mean($0.now) })
        else { return nil }
        let differences = GroupedDifferences(
            pairs.map { (Sample.mean($0.now) ?? 0) - (Sample.mean($0.before) ?? 0) }, groups: pairs.map(\.group))
        let trials = pairs.compactMap { ExchangeableTrials(baseline: $0.before, new: $0.now) }
        // What only a person reads needs no finer p.
        let draws = budget?.maxDrop == nil ? shownDraws : PermutationTest.standardDraws
        var p = PermutationTest(trials, seed: seed, draws: draws).p
        if let grouped = differences.pLessByGroup(seed: seed) { p = max(p, grouped) }
        let robust = differences.robustTest(level: AggregateTest.level)
        let hasFallen = p <= alpha && robust?.isDecrease(atLevel: AggregateTest.robustAlpha) ?? false
        var result = MetricResult(
            metric: .score, basis: .paired, now: now, before: before, limit: budget?.maxDrop.map { before - $0 }, p: p,
            isGating: budget?.maxDrop != nil, hasFailed: hasFallen && before - now > budget?.maxDrop ?? 0)
        result.difference = robust.map {
            Interval(
                value: now - before, low: max($0.interval.low, -1), high: min($0.interval.high, 1), level: AggregateTest.level)
        }
        return result
    }

    /// The absolute floor, which needs no record and no statistics.
    static func floor(_ scores: [Double], budget: MetricBudget?) -> MetricResult? {
        guard let least = budget?.min, let now = Sample.mean(scores) else { return nil }
        // A mean of thirds must not miss its floor by the last bit.
        return MetricResult(
            metric: .score, basis: .budget, now: now, limit: least, isGating: true, hasFailed: now + 1e-9 < least)
    }
}

extension SuiteGate {
    /// What became of the mean score, of the examples whose loss is not permitted.
    func scoreResults(_ examples: [GatedExample]) -> [MetricResult] {
        let budget = input.policy.metrics[.score]
        let planned = input.suite.trials
        let scored = examples.compactMap { Sample.mean(ledger($0.id).scores(upTo: planned)) }
        let pairs = examples.compactMap { example -> ScoreTest.Pair? in
            let now = compared(example).scores(upTo: planned)
            guard example.isComparable, let before = example.record?.scores, !before.isEmpty, !now.isEmpty else { return nil }
            return ScoreTest.Pair(before: before, now: now, group: example.group)
        }
        return [
            ScoreTest.floor(scored, budget: budget),
            ScoreTest.run(
                pairs, budget: budget, alpha: MetricGate.alpha(input.policy.metrics, falseAlarms: input.falseAlarms), seed: input.seed),
        ].compactMap { $0 }
    }
}
