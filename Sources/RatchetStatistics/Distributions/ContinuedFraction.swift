/// Continued fractions by the method of Lentz, as modified by Thompson and Barnett 1986.
enum ContinuedFraction {
    /// 1 / (b0 + a1/(b1 + a2/(b2 + ...))); `nil` when it has not settled after 200,000 terms.
    /// - Parameter term: a_i and b_i, for i from 1.
    static func reciprocal(_ first: Double, term: (Double) -> (numerator: Double, denominator: Double)) -> Double? {
        var c = 1 / nonZero(0)
        var d = 1 / nonZero(first)
        var fraction = d
        var settledSteps = 0
        for step in 1...200_000 {
            let (numerator, denominator) = term(Double(step))
            d = 1 / nonZero(denominator + numerator * d)
            c = nonZero(denominator + numerator / c)
            let change = d * c
            fraction *= change
            // Twice in a row: one term may be almost 0 by accident.
            settledSteps = abs(change - 1) <= Double.ulpOfOne ? settledSteps + 1 : 0
            if settledSteps == 2 { return fraction }
        }
        return nil
    }

    private static func nonZero(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
}
