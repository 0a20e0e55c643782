import Glibc

/// The regularized incomplete beta function I_x(a, b), from which the t and binomial distributions follow.
package enum IncompleteBeta {
    /// I_x(a, b) for a, b > 0 and 0 <= x <= 1; `nil` outside.
    package static func regularized(_ x: Double, a: Double, b: Double) -> Double? {
        tails(x, complement: 1 - x, a: a, b: b)?.lower
    }

    /// I_x(a, b) and 1 - I_x(a, b).
    ///
    /// Continued fraction of Abramowitz and Stegun 1964, 26.5.8, on the side of the mean where it converges in
    /// O(√max(a, b)) steps; `nil` when it does not within 200,000 (a and b both beyond about 1e10). Relative error of
    /// the small tail about 1e-13, 1e-11 for a, b near 1e6.
    /// - Parameter complement: 1 - x, given apart so that an x near 1 loses nothing.
    package static func tails(_ x: Double, complement: Double, a: Double, b: Double) -> TailProbabilities? {
        guard a > 0, b > 0, a.isFinite, b.isFinite, (0...1).contains(x), (0...1).contains(complement)
        else { return nil }
        if x == 0 { return TailProbabilities(lower: 0, upper: 1) }
        if complement == 0 { return TailProbabilities(lower: 1, upper: 0) }
        guard x < (a + 1) / (a + b + 2) else {
            return lowerTail(complement, complement: x, a: b, b: a).map { TailProbabilities(lower: 1 - $0, upper: $0) }
        }
        return lowerTail(x, complement: complement, a: a, b: b).map { TailProbabilities(lower: $0, upper: 1 - $0) }
    }

    /// The x with I_x(a, b) = p, the p-quantile of the Beta(a, b) distribution, and its complement 1 - x.
    ///
    /// Safeguarded Newton on the logarithm of the smaller tail, as a function of logit x, whose slope is the power term
    /// of the continued fraction. Relative error of x and of 1 - x about 1e-12.
    /// - Returns: `nil` unless 0 < p < 1 and a, b > 0, and where x or 1 - x is below about 1e-300.
    package static func quantile(_ p: Double, a: Double, b: Double) -> (value: Double, complement: Double)? {
        guard p > 0, p < 1, a > 0, b > 0, a.isFinite, b.isFinite else { return nil }
        let isLower = p <= 0.5
        let target = isLower ? p : 1 - p
        var (low, high) = (-690.0, 690.0)
        var place = min(high, max(low, log(a / b)))
        for _ in 0..<200 {
            let (x, complement) = (1 / (1 + exp(-place)), 1 / (1 + exp(place)))
            guard let tails = tails(x, complement: complement, a: a, b: b) else { return nil }
            let tail = isLower ? tails.lower : tails.upper
            if (tail < target) == isLower { low = place } else { high = place }
            let slope = powerTerm(x, complement: complement, a: a, b: b) / tail
            let step = log(tail / target) / slope
            let newton = isLower ? place - step : place + step
            let next = newton > low && newton < high ? newton : low + (high - low) / 2
            // An absolute error of logit x is a relative one of x and of 1 - x.
            if abs(next - place) <= 1e-14 * max(1, abs(next)) { break }
            place = next
        }
        guard place > -689, place < 689 else { return nil }
        return (1 / (1 + exp(-place)), 1 / (1 + exp(place)))
    }

    private static func lowerTail(_ x: Double, complement: Double, a: Double, b: Double) -> Double? {
        guard let fraction = continuedFraction(x, a: a, b: b) else { return nil }
        let tail = powerTerm(x, complement: complement, a: a, b: b) * fraction / a
        return tail.isFinite ? min(1, tail) : nil
    }

    /// x^a (1 - x)^b / B(a, b) by the saddle-point form of Loader 2000, "Fast and accurate computation of binomial
    /// probabilities", which has no cancelling logarithms of gamma functions.
    static func powerTerm(_ x: Double, complement: Double, a: Double, b: Double) -> Double {
        let total = a + b
        let corrections =
            GammaFunction.binetCorrection(total) - GammaFunction.binetCorrection(a) - GammaFunction.binetCorrection(b)
        let exponent = corrections - deviance(a, mean: total * x) - deviance(b, mean: total * complement)
        return sqrt(a / total * b / (2 * .pi)) * exp(exponent)
    }

    /// 1 / (1 + d1/(1 + d2/(1 + ...))) with d_2m = m(b-m)x / ((a+2m-1)(a+2m)) and
    /// d_(2m+1) = -(a+m)(a+b+m)x / ((a+2m)(a+2m+1)).
    private static func continuedFraction(_ x: Double, a: Double, b: Double) -> Double? {
        ContinuedFraction.reciprocal(1) { step in
            let m = (step / 2).rounded(.down)
            let isEven = step == 2 * m
            let numerator =
                isEven
                ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
                : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            return (numerator, 1)
        }
    }
}
