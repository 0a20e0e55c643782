import Glibc

/// The regularized incomplete gamma function, from which the chi-square and Poisson distributions follow.
package enum IncompleteGamma {
    /// P(a, x) = γ(a, x) / Γ(a) and Q(a, x) = 1 - P(a, x) for a > 0, x >= 0; `nil` outside.
    ///
    /// Below x = a + 1 by the series of Abramowitz and Stegun 1964, 6.5.29, above by the continued fraction 6.5.31
    /// (Lentz's method), each where it converges in O(√a) steps; `nil` when it does not within 100,000 (a beyond about
    /// 1e9). Relative error of the small tail about 1e-13, 1e-11 for a near 1e6.
    package static func tails(_ a: Double, _ x: Double) -> TailProbabilities? {
        guard a > 0, a.isFinite, x >= 0 else { return nil }
        if x == 0 { return TailProbabilities(lower: 0, upper: 1) }
        if x == .infinity { return TailProbabilities(lower: 1, upper: 0) }
        if x < a + 1 {
            return series(a, x).map { min(1, density(a, x) * $0) }
                .map { TailProbabilities(lower: $0, upper: 1 - $0) }
        }
        return continuedFraction(a, x).map { min(1, density(a, x) * $0) }
            .map { TailProbabilities(lower: 1 - $0, upper: $0) }
    }

    /// x^a e^-x / Γ(a + 1), without cancelling logarithms (Loader 2000).
    private static func density(_ a: Double, _ x: Double) -> Double {
        exp(-GammaFunction.binetCorrection(a) - deviance(a, mean: x)) / sqrt(2 * .pi * a)
    }

    /// P(a, x) over the density: 1 + x/(a+1) + x²/((a+1)(a+2)) + ...
    private static func series(_ a: Double, _ x: Double) -> Double? {
        var (term, sum) = (1.0, 1.0)
        for step in 1...100_000 {
            term *= x / (a + Double(step))
            sum += term
            if term <= sum * Double.ulpOfOne / 4 { return sum }
        }
        return nil
    }

    /// Q(a, x) over the density: a / (x + 1 - a - 1(1 - a)/(x + 3 - a - 2(2 - a)/(x + 5 - a - ...))).
    private static func continuedFraction(_ a: Double, _ x: Double) -> Double? {
        ContinuedFraction.reciprocal(x + 1 - a) { (-$0 * ($0 - a), x + 1 - a + 2 * $0) }.map { a * $0 }
    }
}
