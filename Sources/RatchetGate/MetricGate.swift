import Glibc
import RatchetCore
import RatchetStatistics

/// What is known of a suite's metrics: of this run, of the one it is compared with, and of runs before.
package struct MetricEvidence: Sendable {
    package var now: RunMetrics
    /// What each example took, where both sides are recorded.
    package var usage: [String: ExampleUsage]
    package var usageBefore: [String: ExampleUsage]
    /// The accepted run's figures.
    package var before: [Metric: Double]
    /// One figure of each passed run before, of the same target.
    package var history: [Metric: [Double]]
    /// Whether both sides were asked in turn, in one run: then times can be compared as well.
    package var isInterleaved: Bool
    /// Whether what is not bounded is compared as well, for a person.
    package var isShown = false
    /// Times of the side that is compared with, where they are interleaved.
    package var timesBefore: RunMetrics?

    package init(
        now: RunMetrics, usage: [String: ExampleUsage] = [:], usageBefore: [String: ExampleUsage] = [:], before: [Metric: Double] = [:],
        history: [Metric: [Double]] = [:], isInterleaved: Bool = false, timesBefore: RunMetrics? = nil
    ) {
        self.now = now
        self.usage = usage
        self.usageBefore = usageBefore
        self.before = before
        self.history = history
        self.isInterleaved = isInterleaved
        self.timesBefore = timesBefore
    }
}

extension MetricEvidence {
    /// Only what does not depend on when it was asked.
    package var withoutTimes: MetricEvidence {
        func timeless(_ usage: [String: ExampleUsage]) -> [String: ExampleUsage] {
            usage.mapValues { ExampleUsage(costUSD: $0.costUSD, inputTokens: $0.inputTokens, outputTokens: $0.outputTokens) }
        }
        var evidence = self
        evidence.now.latencies = []
        evidence.now.timesToFirstToken = []
        evidence.timesBefore = nil
        evidence.usage = timeless(usage)
        evidence.usageBefore = timeless(usageBefore)
        return evidence
    }
}

/// What became of one metric.
package struct MetricResult: Hashable, Codable, Sendable {
    /// What its judgement rests on.
    package enum Basis: String, Codable, Sendable {
        /// An absolute limit, which needs no statistics.
        case budget
        /// The same examples on both sides.
        case paired
        /// Both sides asked in turn.
        case interleaved
        /// The runs before, of which there are enough.
        case history
        /// The accepted run alone: a warning, never a failure.
        case baseline
    }

    package var metric: Metric
    package var basis: Basis
    package var now: Double
    package var before: Double?
    /// New over old, with its 90 % interval, where there is one.
    package var ratio: Interval?
    /// New minus old, of a metric that lies between fixed ends, with its 90 % interval.
    package var difference: Interval? = nil
    /// What it must not exceed, or, of a metric that is better when it is higher, not fall below.
    package var limit: Double?
    /// One-sided, of an increase beyond what is allowed; of a score, of any fall.
    package var p: Double?
    package var isGating: Bool
    package var hasFailed: Bool
    /// The override file that permits it.
    package var override: String? = nil
}

extension MetricResult {
    /// Whether it is beyond what was observed and a tenth more.
    func isWorse(than observed: ObservedChange) -> Bool {
        metric == .score ? now + 1e-9 < observed.now - (observed.before - observed.now) / 10 : now > observed.now * 1.1
    }
}

/// The rules of GATE.md 5 on what may fail a run: absolute budgets, the same examples on both sides for money and tokens,
/// and for times only sides asked in turn or at least eight runs of history. Everything else is a warning.
package enum MetricGate {
    static let level = 0.90

    /// - Parameter seed: Of the random sign flips and resamples.
    package static func results(
        _ evidence: MetricEvidence, budgets: [Metric: MetricBudget], falseAlarms: Double, seed: UInt64
    ) -> [MetricResult] {
        let alpha = alpha(budgets, falseAlarms: falseAlarms)
        return Metric.allCases.flatMap { metric -> [MetricResult] in
            let budget = budgets[metric]
            let isAsked = budget?.maxIncrease != nil || evidence.isInterleaved || evidence.isShown
            return [
                budget?.max.flatMap { absolute(metric, evidence, limit: $0) },
                isAsked ? increase(metric, evidence, allowed: budget?.maxIncrease, alpha: alpha, seed: seed) : nil,
            ].compactMap { $0 }
        }
    }

    /// The chance of a false alarm that each bounded change may take.
    static func alpha(_ budgets: [Metric: MetricBudget], falseAlarms: Double) -> Double {
        falseAlarms / Double(max(budgets.values.count(where: \.boundsChange), 1))
    }

    private static func absolute(_ metric: Metric, _ evidence: MetricEvidence, limit: Double) -> MetricResult? {
        guard let now = evidence.now.value(metric) else { return nil }
        return MetricResult(metric: metric, basis: .budget, now: now, limit: limit, isGating: true, hasFailed: now > limit)
    }

    private static func increase(
        _ metric: Metric, _ evidence: MetricEvidence, allowed: Double?, alpha: Double, seed: UInt64
    ) -> MetricResult? {
        if evidence.isInterleaved || !metric.isTime, let result = paired(metric, evidence, allowed: allowed, alpha: alpha, seed: seed) {
            return result
        }
        guard let allowed, let now = evidence.now.value(metric), let before = evidence.before[metric], before > 0 else { return nil }
        let limit = before * (1 + allowed)
        var result = MetricResult(
            metric: metric, basis: .baseline, now: now, before: before, limit: limit, isGating: false, hasFailed: now > limit)
        if let bound = evidence.history[metric].flatMap(PredictionBound.init), let p = bound.pLarger(now) {
            result.basis = .history
            result.isGating = true
            result.p = p
            result.hasFailed = now > limit && p <= alpha
        }
        return result
    }

    /// Example by example: the ratio of the geometric means, and the sign-flip test of its excess. A 95 % quantile of
    /// times has no pairs: sides that were asked in turn are compared by Harrell and Davis's estimate.
    private static func paired(
        _ metric: Metric, _ evidence: MetricEvidence, allowed: Double?, alpha: Double, seed: UInt64
    ) -> MetricResult? {
        if metric == .latencyP95 || metric == .ttftP95 { return quantile(metric, evidence, allowed: allowed, alpha: alpha, seed: seed) }
        var logs: [Double] = []
        var (now, before) = (0.0, 0.0)
        for (id, usage) in evidence.usage.sorted(by: { $0.key < $1.key }) {
            guard let new = usage.value(metric), let old = evidence.usageBefore[id]?.value(metric), new > 0, old > 0 else { continue }
            logs.append(log(new / old))
            now += new
            before += old
        }
        guard logs.count >= 5, let mean = Sample.mean(logs) else { return nil }
        let test = PairedTTest(differences: logs, level: level)?.test
        let ratio = Interval(
            value: exp(mean), low: exp(test?.interval.low ?? mean), high: exp(test?.interval.high ?? mean), level: level)
        let excess = logs.map { $0 - log(1 + (allowed ?? 0)) }
        let p = PermutationTest.signFlip(excess, direction: .greater, seed: seed)?.p
        let count = Double(logs.count)
        return MetricResult(
            metric: metric, basis: evidence.isInterleaved ? .interleaved : .paired, now: now / count, before: before / count,
            ratio: ratio, limit: allowed.map { before / count * (1 + $0) }, p: p, isGating: allowed != nil,
            hasFailed: allowed != nil && exp(mean) > 1 + (allowed ?? 0) && p.map { $0 <= alpha } ?? false)
    }

    private static func quantile(
        _ metric: Metric, _ evidence: MetricEvidence, allowed: Double?, alpha: Double, seed: UInt64
    ) -> MetricResult? {
        guard evidence.isInterleaved, let old = evidence.timesBefore else { return nil }
        let times: (RunMetrics) -> [Double] = { metric == .latencyP95 ? $0.latencies : $0.timesToFirstToken }
        let (new, before) = (times(evidence.now), times(old))
        guard new.count >= RunMetrics.fewestForP95, before.count >= RunMetrics.fewestForP95,
            let ratio = QuantileRatio(new: new, baseline: before, quantile: 0.95, level: level, seed: seed),
            let now = evidence.now.value(metric), let then = old.value(metric)
        else { return nil }
        let interval = ratio.interval
        return MetricResult(
            metric: metric, basis: .interleaved, now: now, before: then,
            ratio: Interval(value: interval.estimate, low: interval.low, high: interval.high, level: level),
            limit: allowed.map { then * (1 + $0) }, p: ratio.pLarger, isGating: allowed != nil,
            hasFailed: allowed.map { interval.low > 1 + $0 && ratio.pLarger <= alpha } ?? false)
    }
}

extension RunMetrics {
    /// Below this many values nothing bounds a 95 % quantile from above (GATE.md 5.1).
    package static let fewestForP95 = 59

    /// The figure that a policy's budget is held against; `nil` where it is not known.
    package func value(_ metric: Metric) -> Double? {
        let known = calls - unpricedCalls
        return switch metric {
        case .costUSD: known > 0 ? costUSD.map { $0 / Double(known) } : nil
        case .inputTokens: calls > 0 ? inputTokens.map { Double($0) / Double(calls) } : nil
        case .outputTokens: calls > 0 ? outputTokens.map { Double($0) / Double(calls) } : nil
        case .latencyP50: Self.quantile(latencies, 0.5)
        case .latencyP95: latencies.count >= Self.fewestForP95 ? Self.quantile(latencies, 0.95) : nil
        case .ttftP50: Self.quantile(timesToFirstToken, 0.5)
        case .score: nil
        case .ttftP95: timesToFirstToken.count >= Self.fewestForP95 ? Self.quantile(timesToFirstToken, 0.95) : nil
        }
    }

    private static func quantile(_ sorted: [Double], _ q: Double) -> Double? {
        HarrellDavisQuantile(count: sorted.count, quantile: q)?.value(ofSorted: sorted)
    }
}
