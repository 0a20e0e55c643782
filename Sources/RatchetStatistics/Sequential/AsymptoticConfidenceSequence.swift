import Glibc

/// An interval of a mean that may be looked at after every value: it covers at all times at once.
///
/// The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024 (arXiv
/// 2103.06476): mean ± sd √(2 (nρ² + 1) / (n²ρ²) ln(√(nρ² + 1) / α)), narrowest near n = t* for
/// ρ² = (-2 ln α + ln(-2 ln α + 1)) / t*.
package struct AsymptoticConfidenceSequence: Hashable, Sendable {
    package let alpha: Double
    /// ρ².
    package let mixingVariance: Double

    /// - Parameters:
    ///   - alpha: how often it may miss, ever.
    ///   - tunedFor: t*, the number of values at which it should be narrowest.
    /// - Returns: `nil` unless 0 < alpha < 1 and t* is finite and above 0.
    package init?(alpha: Double = 0.05, tunedFor plannedCount: Double = 5_000) {
        guard alpha > 0, alpha < 1, plannedCount > 0, plannedCount.isFinite else { return nil }
        let doubled = -2 * log(alpha)
        self.alpha = alpha
        self.mixingVariance = (doubled + log1p(doubled)) / plannedCount
    }

    /// Half the width of the interval after n values; `nil` unless n >= 1 and the standard deviation is finite and not
    /// negative. Start looking only after 100 values.
    package func halfWidth(count: Int, standardDeviation: Double) -> Double? {
        guard count >= 1, standardDeviation >= 0, standardDeviation.isFinite else { return nil }
        let n = Double(count)
        let scaled = n * mixingVariance
        return standardDeviation * sqrt(2 * (scaled + 1) / (n * scaled) * (log1p(scaled) / 2 - log(alpha)))
    }
}
