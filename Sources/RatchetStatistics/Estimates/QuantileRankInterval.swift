import Glibc

/// The distribution-free interval of a quantile: between two of the sorted values, whatever their distribution.
///
/// With X ~ Binomial(n, q), the number of values below the quantile (David and Nagaraja 2003, section 7.1).
package struct QuantileRankInterval: Hashable, Sendable {
    /// The 1-based rank of the lower limit: the largest l with P(X <= l - 1) <= (1 - level) / 2.
    /// `nil` when there are too few values for any.
    package let lowerRank: Int?
    /// The 1-based rank of the upper limit: the smallest u with P(X <= u - 1) >= 1 - (1 - level) / 2.
    /// `nil` when there are too few values for any.
    package let upperRank: Int?
    /// P(l <= X < u): how often the interval really covers.
    package let coverage: Double

    /// `nil` unless 1 <= count <= 1e9, 0 < quantile < 1 and 0 < level < 1.
    package init?(count: Int, quantile: Double, level: Double = 0.95) {
        guard level > 0, level < 1, count >= 1,
            let binomial = BinomialDistribution(trials: count, probability: quantile)
        else { return nil }
        let limit = (1 - level) / 2 * (1 + Self.tieTolerance)
        // Both tails are monotone in the rank.
        let lower = Self.firstRank(in: 1...(count + 1)) { binomial.tails($0 - 1).lower > limit } - 1
        let upper = Self.firstRank(in: 1...(count + 1)) { binomial.tails($0 - 1).upper <= limit }
        self.lowerRank = lower >= 1 ? lower : nil
        self.upperRank = upper <= count ? upper : nil
        self.coverage = 1 - binomial.tails(lower - 1).lower - binomial.tails(upper - 1).upper
    }

    /// The fewest values from which a one-sided upper limit of the quantile exists: the smallest n with
    /// q^n <= 1 - confidence. 59 for the 95th percentile at 95 %: below, no p95 is worth printing.
    package static func fewestValues(quantile: Double, confidence: Double = 0.95) -> Int? {
        guard quantile > 0, quantile < 1, confidence > 0, confidence < 1 else { return nil }
        let exact = log(1 - confidence) / log(quantile)
        guard exact < 1e15 else { return nil }
        return max(1, Int((exact * (1 - tieTolerance)).rounded(.up)))
    }

    /// The first rank that satisfies a condition which stays true once it is; the last rank when none does before.
    private static func firstRank(in ranks: ClosedRange<Int>, where holds: (Int) -> Bool) -> Int {
        var (low, high) = (ranks.lowerBound, ranks.upperBound)
        while low < high {
            let middle = low + (high - low) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Two probabilities this close are a tie: 1 - 0.9375 and 1/16 must compare as equal.
    private static let tieTolerance = 1e-12
}
