/// Mean, variance and quantiles of a list of numbers; `nil` where undefined.
package enum Sample {
    /// The arithmetic mean; `nil` of nothing, of values that are not finite, and where the sum overflows.
    ///
    /// Added up as deviations from the first value and corrected once by the mean of the residuals, so that
    /// a common offset (1e8 + small differences) costs no digits and equal values give exactly that value.
    package static func mean(_ values: [Double]) -> Double? {
        guard let first = values.first, values.allSatisfy(\.isFinite) else { return nil }
        let n = Double(values.count)
        let rough = first + values.reduce(0) { $0 + ($1 - first) } / n
        let mean = rough + values.reduce(0) { $0 + ($1 - rough) } / n
        return mean.isFinite ? mean : nil
    }

    /// The sample variance with n - 1; `nil` below two values and where the mean is.
    ///
    /// The corrected two-pass algorithm of Chan, Golub and LeVeque 1983, equation 1.7.
    package static func variance(_ values: [Double]) -> Double? {
        guard values.count >= 2 else { return nil }
        return centeredProducts(values, values).map { max(0, $0) / Double(values.count - 1) }
    }

    /// The variance with 1/n, of the values themselves and not of what they were drawn from; 0 of one value.
    package static func populationVariance(_ values: [Double]) -> Double? {
        populationCovariance(values, values).map { max(0, $0) }
    }

    /// The covariance of pairs with 1/n; `nil` of nothing, of lists that differ in length, and where a mean is.
    package static func populationCovariance(_ first: [Double], _ second: [Double]) -> Double? {
        centeredProducts(first, second).map { $0 / Double(first.count) }
    }

    /// The harmonic mean n / Σ(1/x); `nil` of nothing or when a value is not above 0.
    package static func harmonicMean(_ values: [Double]) -> Double? {
        guard !values.isEmpty, values.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
        return Double(values.count) / values.reduce(0) { $0 + 1 / $1 }
    }

    /// The q-quantile of values sorted in ascending order, 0 <= q <= 1; `nil` of nothing.
    ///
    /// Hyndman and Fan 1996, type 7 (the default of R and NumPy): with h = (n - 1) q, the value at place h counted
    /// from 0, linear between the two neighbours.
    package static func quantile(_ q: Double, ofSorted values: [Double]) -> Double? {
        guard !values.isEmpty, (0...1).contains(q) else { return nil }
        let place = Double(values.count - 1) * q
        let below = Int(place)
        let fraction = place - Double(below)
        guard fraction > 0, below + 1 < values.count else { return values[below] }
        return values[below] + fraction * (values[below + 1] - values[below])
    }

    /// Σ (x - mean x)(y - mean y), corrected for what rounding left of the means.
    private static func centeredProducts(_ first: [Double], _ second: [Double]) -> Double? {
        guard first.count == second.count, let firstMean = mean(first), let secondMean = mean(second)
        else { return nil }
        var (products, firstResidual, secondResidual) = (0.0, 0.0, 0.0)
        for (x, y) in zip(first, second) {
            let (deviation, other) = (x - firstMean, y - secondMean)
            products += deviation * other
            firstResidual += deviation
            secondResidual += other
        }
        let sum = products - firstResidual * secondResidual / Double(first.count)
        return sum.isFinite ? sum : nil
    }
}
