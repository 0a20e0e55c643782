/// The pass rate that people would have given, from a judge's verdicts on everything and people's labels on a few.
///
/// The labelled answers are drawn at random among those the judge passed, and among those it failed. With w the judge's
/// pass rate over N answers, and a, b the share of labelled judge-passes and judge-fails that people passed:
///
///     θ = w a + (1 - w) b
///
/// the stratified estimator of a proportion (Cochran 1977, section 5.3). Its interval is recovered from the Wilson
/// intervals [la, ua], [lb, ub] of a and b (MOVER; Zou and Donner 2008), plus the variance of w:
///
///     θ - √(w²(a - la)² + (1-w)²(b - lb)² + z²(a - b)² w(1-w)/N)   and likewise above.
package struct JudgeStratifiedRate: Hashable, Sendable {
    /// θ, clipped to [0, 1].
    package let interval: ConfidenceInterval
    /// w, what the judge alone says.
    package let judgeRate: Double

    /// - Parameters:
    ///   - judged: all answers; a pass is the judge's.
    ///   - labeledPasses: the labelled ones among the judge's passes; a pass is people's. Without any, all that is
    ///     known of a is that it lies in [0, 1], and it counts as 0.5.
    ///   - labeledFailures: the labelled ones among the judge's failures; the same.
    /// - Returns: `nil` when nothing was judged, or unless 0 < level < 1.
    package init?(judged: PassCount, labeledPasses: PassCount, labeledFailures: PassCount, level: Double = 0.95) {
        guard let w = judged.rate, let z = NormalDistribution.twoSidedCritical(level: level) else { return nil }
        let unknown = ConfidenceInterval(estimate: 0.5, low: 0, high: 1, level: level)
        let a = WilsonInterval.interval(labeledPasses, level: level) ?? unknown
        let b = WilsonInterval.interval(labeledFailures, level: level) ?? unknown
        let rate = w * a.estimate + (1 - w) * b.estimate
        let spread = z * (a.estimate - b.estimate)
        let judgeVariance = spread * spread * (w * (1 - w)) / Double(judged.trials)
        func reach(_ ofA: Double, _ ofB: Double) -> Double {
            let (partA, partB) = (w * ofA, (1 - w) * ofB)
            return (partA * partA + partB * partB + judgeVariance).squareRoot()
        }
        self.judgeRate = w
        self.interval = ConfidenceInterval(
            estimate: rate, low: rate - reach(a.reachBelow, b.reachBelow),
            high: rate + reach(a.reachAbove, b.reachAbove),
            level: level
        ).clipped(to: 0...1)
    }
}
