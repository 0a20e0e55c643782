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
}
