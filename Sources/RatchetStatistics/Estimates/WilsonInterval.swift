import Glibc

/// The interval of a pass rate.
package enum WilsonInterval {
    /// The score interval of Wilson 1927, without continuity correction:
    ///
    ///     (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)
    ///
    /// Exactly 0 below when nothing passed, exactly 1 above when everything did.
    /// - Returns: `nil` without a trial, or unless 0 < level < 1.
    package static func interval(_ count: PassCount, level: Double = 0.95) -> ConfidenceInterval? {
        guard let rate = count.rate, let z = NormalDistribution.twoSidedCritical(level: level) else { return nil }
        let n = Double(count.trials)
        let square = z * z / n
        let center = rate + square / 2
        let reach = z * sqrt(rate * (1 - rate) / n + square / (4 * n))
        return ConfidenceInterval(
            estimate: rate,
            low: count.passes == 0 ? 0 : (center - reach) / (1 + square),
            high: count.passes == count.trials ? 1 : (center + reach) / (1 + square),
            level: level)
    }
}
