/// The signed-rank test of Wilcoxon 1945: for display, never for the gate.
///
/// It asks about the median of symmetric differences: many tiny losses alarm it, and a rare collapse does not.
/// Differences of 0 are dropped, equal ones share their rank. Statistic: W+, the sum of the ranks of the positive
/// differences.
package struct WilcoxonSignedRankTest: Hashable, Sendable {
    package let nonZero: Int
    package let positiveRanks: Double
    package let negativeRanks: Double

    private let ranks: [Double]
    private let tieCorrection: Double

    /// `nil` with a difference that is not finite.
    package init?(_ differences: [Double]) {
        guard differences.allSatisfy(\.isFinite) else { return nil }
        let kept = differences.filter { $0 != 0 }
        let midranks = Midranks(kept.map(abs))
        let signed = zip(kept, midranks.ranks)
        self.nonZero = kept.count
        self.positiveRanks = signed.reduce(0) { $1.0 > 0 ? $0 + $1.1 : $0 }
        self.negativeRanks = signed.reduce(0) { $1.0 < 0 ? $0 + $1.1 : $0 }
        self.ranks = midranks.ranks
        self.tieCorrection = midranks.tieCorrection
    }

    /// How many differences other than 0 the exact test takes.
    package static let mostForExact = 300

    /// From the exact distribution of W+ over all sign vectors, ties included; two-sided is twice the smaller tail.
    /// 1 without a difference other than 0.
    /// - Returns: `nil` with more than `mostForExact` of them.
    package func exact() -> PValues? {
        guard nonZero <= Self.mostForExact else { return nil }
        // Midranks are halves: twice them are whole numbers.
        let distribution = ranks.sorted().reduce(ProbabilityMass.certain(0)) { sum, rank in
            sum.convolved(with: .either(0, Int(2 * rank)))
        }
        let observed = Int(2 * positiveRanks)
        return PValues(
            less: distribution.probability(atMost: observed), greater: distribution.probability(atLeast: observed))
    }

    /// The normal approximation: mean n(n+1)/4, variance n(n+1)(2n+1)/24 - Σ(t³-t)/48 over groups of t ties.
    package struct Approximation: Hashable, Sendable {
        package let mean: Double
        package let standardDeviation: Double
        /// (W+ - mean) / standard deviation, without correction; `nil` without a difference other than 0.
        package let z: Double?
        /// All 1 without a difference other than 0.
        package let p: PValues
    }

    /// - Parameter continuityCorrection: moves W+ by 1/2 towards its mean for each p.
    package func approximation(continuityCorrection: Bool = false) -> Approximation {
        let n = Double(nonZero)
        let mean = n * (n + 1) / 4
        let deviation = max(0, n * (n + 1) * (2 * n + 1) / 24 - tieCorrection / 48).squareRoot()
        guard let statistic = NormalTest(positiveRanks, mean: mean, standardDeviation: deviation) else {
            return Approximation(mean: mean, standardDeviation: deviation, z: nil, p: .uninformative)
        }
        return Approximation(
            mean: mean, standardDeviation: deviation, z: statistic.z,
            p: statistic.pValues(correction: continuityCorrection ? 0.5 : 0))
    }
}
