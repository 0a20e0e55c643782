/// The z test of two pass rates of unrelated examples, with the pooled variance p(1 - p)(1/n1 + 1/n2).
///
/// For display beside competitors' numbers: examples that are the same on both sides are paired, and tested as such.
package struct TwoProportionTest: Hashable, Sendable {
    /// First minus second.
    package let difference: Double
    /// `nil` when everything passed or nothing did.
    package let z: Double?
    package let p: PValues?

    /// `nil` when either has no trial.
    package init?(_ first: PassCount, minus second: PassCount) {
        guard let one = first.rate, let two = second.rate, let pooled = (first + second).rate else { return nil }
        self.difference = one - two
        let (n1, n2) = (Double(first.trials), Double(second.trials))
        let deviation = (pooled * (1 - pooled) * (1 / n1 + 1 / n2)).squareRoot()
        let statistic = NormalTest(one - two, mean: 0, standardDeviation: deviation)
        self.z = statistic?.z
        self.p = statistic?.pValues()
    }
}
