/// The t test of "the mean is 0" and the interval of the mean, from a standard error with its degrees of freedom.
package struct MeanTTest: Hashable, Sendable {
    package let standardError: Double
    package let degreesOfFreedom: Double
    /// mean / standard error; `nil` when the standard error is 0, and then the p-values are too.
    package let statistic: Double?
    /// P(T <= t): small when the mean lies below 0.
    package let pLess: Double?
    /// P(T >= t): small when the mean lies above 0.
    package let pGreater: Double?
    package let pTwoSided: Double?
    /// mean ± t(df) standard error; collapses to the mean when the standard error is 0.
    package let interval: ConfidenceInterval

    /// `nil` unless the degrees of freedom are above 0, the standard error is finite and 0 < level < 1.
    init?(mean: Double, standardError: Double, degreesOfFreedom: Double, level: Double) {
        guard standardError >= 0, standardError.isFinite, level > 0, level < 1,
            let distribution = StudentTDistribution(degreesOfFreedom: degreesOfFreedom),
            let critical = distribution.quantile((1 - level) / 2).map({ -$0 })
        else { return nil }
        let reach = critical * standardError
        let statistic = standardError > 0 ? mean / standardError : nil
        let tails = statistic.flatMap(distribution.tails)
        self.standardError = standardError
        self.degreesOfFreedom = degreesOfFreedom
        self.statistic = statistic
        self.pLess = tails?.lower
        self.pGreater = tails?.upper
        self.pTwoSided = tails.map { 2 * min($0.lower, $0.upper) }
        self.interval = ConfidenceInterval(estimate: mean, low: mean - reach, high: mean + reach, level: level)
    }

    /// Whether the mean lies below 0 at a one-sided level: `pLess <= level`.
    ///
    /// Where p is undefined because every difference is the same, the limit of p decides, so that a suite that fell
    /// by the same amount everywhere still counts as fallen.
    package func isDecrease(atLevel level: Double) -> Bool {
        pLess.map { $0 <= level } ?? (interval.estimate < 0)
    }
}
