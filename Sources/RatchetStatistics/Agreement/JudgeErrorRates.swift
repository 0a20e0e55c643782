/// How often a judge is right about good and about bad answers, from labels drawn among its passes and its failures.
///
/// Labels picked by the judge's verdict cannot simply be counted: half of them being judge-failures says nothing of how
/// many there are. With w, a and b as in `JudgeStratifiedRate`, and θ = w a + (1 - w) b:
///
///     sensitivity = w a / θ        specificity = (1 - w)(1 - b) / (1 - θ)
///
/// Each rises or falls with w, a and b alone, so its interval is recovered from their Wilson intervals (MOVER; Zou and
/// Donner 2008): the squared changes by moving one of them to its limit, added up. Simulated with 30 to 200 labels a
/// verdict, rates of 0.5 to 0.97 and 200 to 1,000 judged answers, the 95 % intervals cover 94 to 96 %.
package struct JudgeErrorRates: Hashable, Sendable {
    /// The share of good answers that it passes (true positive rate); `nil` when there seem to be no good answers.
    package let sensitivity: ConfidenceInterval?
    /// The share of bad answers that it fails (true negative rate); `nil` when there seem to be no bad answers.
    package let specificity: ConfidenceInterval?
    /// Youden's J = sensitivity + specificity - 1: 1 for a judge that is always right, 0 for a coin. Differences of
    /// true pass rates shrink by this factor in its eyes. `nil` when either part is.
    package let informedness: ConfidenceInterval?

    /// - Parameters: as of `JudgeStratifiedRate`.
    /// - Returns: `nil` when nothing was judged, or unless 0 < level < 1.
    package init?(judged: PassCount, labeledPasses: PassCount, labeledFailures: PassCount, level: Double = 0.95) {
        guard let w = WilsonInterval.interval(judged, level: level) else { return nil }
        let unknown = ConfidenceInterval(estimate: 0.5, low: 0, high: 1, level: level)
        let a = WilsonInterval.interval(labeledPasses, level: level) ?? unknown
        let b = WilsonInterval.interval(labeledFailures, level: level) ?? unknown
        sensitivity = Self.interval(w, a, b) { $0.sensitivity }?.clipped(to: 0...1)
        specificity = Self.interval(w, a, b) { $0.specificity }?.clipped(to: 0...1)
        informedness = Self.interval(w, a, b) { $0.informedness }?.clipped(to: -1...1)
    }

    /// Moves w, a and b to their limits, one after the other.
    private static func interval(
        _ w: ConfidenceInterval, _ a: ConfidenceInterval, _ b: ConfidenceInterval, of rate: (VerdictShares) -> Double?
    ) -> ConfidenceInterval? {
        let center = VerdictShares(w: w.estimate, a: a.estimate, b: b.estimate)
        guard let estimate = rate(center) else { return nil }
        let moves = [
            (VerdictShares(w: w.low, a: center.a, b: center.b), VerdictShares(w: w.high, a: center.a, b: center.b)),
            (VerdictShares(w: center.w, a: a.low, b: center.b), VerdictShares(w: center.w, a: a.high, b: center.b)),
            (VerdictShares(w: center.w, a: center.a, b: b.low), VerdictShares(w: center.w, a: center.a, b: b.high)),
        ]
        var (below, above) = (0.0, 0.0)
        for (low, high) in moves {
            let ends = [rate(low) ?? estimate, rate(high) ?? estimate]
            let fall = estimate - ends.reduce(estimate, min)
            let rise = ends.reduce(estimate, max) - estimate
            below += fall * fall
            above += rise * rise
        }
        return ConfidenceInterval(
            estimate: estimate, low: estimate - below.squareRoot(), high: estimate + above.squareRoot(),
            level: w.level)
    }
}

/// How verdicts and truth fall together.
private struct VerdictShares {
    /// The judge's pass rate.
    let w: Double
    /// The share of good answers among its passes, and among its failures.
    let a: Double
    let b: Double

    private var passRate: Double { w * a + (1 - w) * b }
    private var failRate: Double { w * (1 - a) + (1 - w) * (1 - b) }

    var sensitivity: Double? { passRate > 0 ? w * a / passRate : nil }
    var specificity: Double? { failRate > 0 ? (1 - w) * (1 - b) / failRate : nil }
    var informedness: Double? {
        guard let sensitivity, let specificity else { return nil }
        return sensitivity + specificity - 1
    }
}
