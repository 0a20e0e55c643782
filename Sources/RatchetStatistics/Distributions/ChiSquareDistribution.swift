/// The chi-square distribution: the sum of the squares of independent standard normal values.
package struct ChiSquareDistribution: Hashable, Sendable {
    package let degreesOfFreedom: Double

    /// `nil` unless the degrees of freedom are finite and above 0.
    package init?(degreesOfFreedom: Double) {
        guard degreesOfFreedom > 0, degreesOfFreedom.isFinite else { return nil }
        self.degreesOfFreedom = degreesOfFreedom
    }

    /// P(X <= x) = P(ν/2, x/2) and P(X > x) (Abramowitz and Stegun 1964, 26.4.19); `nil` when x is not a number.
    package func tails(_ x: Double) -> TailProbabilities? {
        guard !x.isNaN else { return nil }
        return IncompleteGamma.tails(degreesOfFreedom / 2, max(0, x) / 2)
    }
}
