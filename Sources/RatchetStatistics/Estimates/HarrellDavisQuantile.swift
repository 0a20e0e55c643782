/// A quantile as a weighted mean of all order statistics (Harrell and Davis 1982): far less noisy than one of them.
///
///     Σ_i x_(i) (I_{i/n}(a, b) - I_{(i-1)/n}(a, b))        a = (n + 1) q,   b = (n + 1)(1 - q)
///
/// The weights depend on n and q alone and are made once; those in tails that add up to less than 1e-18 are left
/// out, which leaves O(√n).
package struct HarrellDavisQuantile: Hashable, Sendable {
    package let count: Int
    package let quantile: Double
    /// The place, from 0, of the first order statistic with a weight.
    let start: Int
    let weights: [Double]

    /// `nil` unless 1 <= count <= 1e9 and 0 < quantile < 1.
    package init?(count: Int, quantile: Double) {
        guard (1...1_000_000_000).contains(count), quantile > 0, quantile < 1 else { return nil }
        let n = Double(count)
        let (a, b) = ((n + 1) * quantile, (n + 1) * (1 - quantile))
        func tails(_ place: Int) -> TailProbabilities? {
            IncompleteBeta.tails(Double(place) / n, complement: Double(count - place) / n, a: a, b: b)
        }
        // From the middle outwards, by the tail that is small there, so that nothing cancels.
        let middle = min(count, max(0, Int((n * quantile).rounded())))
        var below: [Double] = []
        var tail = tails(middle)?.lower
        while let known = tail, known > Self.negligible, middle - below.count > 0 {
            tail = tails(middle - below.count - 1)?.lower
            below.append(known - (tail ?? 0))
        }
        var above: [Double] = []
        tail = tails(middle)?.upper
        while let known = tail, known > Self.negligible, middle + above.count < count {
            tail = tails(middle + above.count + 1)?.upper
            above.append(known - (tail ?? 0))
        }
        let all = below.reversed() + above
        let sum = all.reduce(0, +)
        guard sum > 0 else { return nil }
        self.count = count
        self.quantile = quantile
        self.start = middle - below.count
        self.weights = all.map { $0 / sum }
    }

    /// The quantile of values in ascending order; `nil` unless there are `count` of them.
    package func value(ofSorted values: [Double]) -> Double? {
        guard values.count == count else { return nil }
        return value { values[$0] }
    }

    /// The quantile of the order statistics at places from 0.
    func value(_ orderStatistic: (Int) -> Double) -> Double {
        // As deviations from one of them, so that equal values give exactly that value.
        let center = orderStatistic(start + weights.count / 2)
        var sum = 0.0
        for (offset, weight) in weights.enumerated() { sum += weight * (orderStatistic(start + offset) - center) }
        return center + sum
    }

    /// The quantile of any values; `nil` of nothing, of what is not finite, and unless 0 < q < 1.
    package static func value(_ q: Double, of values: [Double]) -> Double? {
        guard values.allSatisfy(\.isFinite) else { return nil }
        return HarrellDavisQuantile(count: values.count, quantile: q)?.value(ofSorted: values.sorted())
    }

    private static let negligible = 1e-18
}
