/// The two tails of a distribution at one point, each computed so that the small one keeps its relative accuracy.
package struct TailProbabilities: Hashable, Sendable {
    /// P(X <= x), the cumulative distribution function.
    package let lower: Double
    /// P(X > x), the survival function.
    package let upper: Double

    var swapped: TailProbabilities { TailProbabilities(lower: upper, upper: lower) }
}
