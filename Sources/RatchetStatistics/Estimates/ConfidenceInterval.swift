/// An estimate with the interval around it.
package struct ConfidenceInterval: Hashable, Sendable {
    package let estimate: Double
    package let low: Double
    package let high: Double
    /// The confidence level, for example 0.95; each side is missed with probability (1 - level) / 2.
    package let level: Double

    package init(estimate: Double, low: Double, high: Double, level: Double) {
        self.estimate = estimate
        self.low = low
        self.high = high
        self.level = level
    }

    /// estimate - low and high - estimate, not below 0.
    var reachBelow: Double { max(0, estimate - low) }
    var reachAbove: Double { max(0, high - estimate) }

    /// With what lies outside a range moved to its end.
    func clipped(to range: ClosedRange<Double>) -> ConfidenceInterval {
        func clip(_ value: Double) -> Double { min(range.upperBound, max(range.lowerBound, value)) }
        return ConfidenceInterval(estimate: clip(estimate), low: clip(low), high: clip(high), level: level)
    }
}
