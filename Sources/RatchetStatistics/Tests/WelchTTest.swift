/// The t test of two means whose variances may differ (Welch 1947): mean of the first minus mean of the second.
package struct WelchTTest: Hashable, Sendable {
    package let difference: Double
    /// √(s1²/n1 + s2²/n2); `nil` when a list has one value.
    package let standardError: Double?
    /// With Satterthwaite's 1946 degrees of freedom; `nil` when a list has one value, or both have variance 0.
    package let test: MeanTTest?

    /// `nil` when a list is empty or holds a value that is not finite, or unless 0 < level < 1.
    package init?(_ first: [Double], minus second: [Double], level: Double = 0.95) {
        guard let firstMean = Sample.mean(first), let secondMean = Sample.mean(second), level > 0, level < 1
        else { return nil }
        let difference = firstMean - secondMean
        guard difference.isFinite else { return nil }
        self.difference = difference
        guard let firstPart = Sample.variance(first).map({ $0 / Double(first.count) }),
            let secondPart = Sample.variance(second).map({ $0 / Double(second.count) })
        else {
            self.standardError = nil
            self.test = nil
            return
        }
        let variance = firstPart + secondPart
        // Shares of the variance, so that no square overflows.
        let (firstShare, secondShare) = (firstPart / variance, secondPart / variance)
        self.standardError = variance.squareRoot()
        self.test =
            variance > 0
            ? MeanTTest(
                mean: difference, standardError: variance.squareRoot(),
                degreesOfFreedom: 1
                    / (firstShare * firstShare / Double(first.count - 1)
                        + secondShare * secondShare / Double(second.count - 1)),
                level: level)
            : nil
    }
}
