/// The test of Mann and Whitney 1947: does a value of the first list tend to be larger than one of the second?
///
/// The word "slower overall" rests on it; of a quantile such as p95 it says nothing.
package struct MannWhitneyTest: Hashable, Sendable {
    /// U, the pairs in which the first's value is larger, equal ones counted half.
    package let u: Double
    /// (U - nm/2) / sd, with the variance corrected for ties; `nil` when all values are equal.
    package let z: Double?
    /// By the normal approximation with continuity correction 1/2; `nil` when all values are equal.
    package let p: PValues?

    /// U over the number of pairs: the chance that a value of the first list is larger, 0.5 when nothing differs.
    package let probabilityOfLarger: Double

    /// `nil` when a list is empty or holds a value that is not a number.
    package init?(_ first: [Double], _ second: [Double]) {
        guard !first.isEmpty, !second.isEmpty, !first.contains(where: \.isNaN), !second.contains(where: \.isNaN)
        else { return nil }
        let midranks = Midranks(first + second)
        let (n, m) = (Double(first.count), Double(second.count))
        let total = n + m
        let u = midranks.ranks.prefix(first.count).reduce(0, +) - n * (n + 1) / 2
        let variance = n * m / 12 * (total + 1 - midranks.tieCorrection / (total * (total - 1)))
        let isConstant = midranks.tieCorrection == total * total * total - total
        let statistic =
            isConstant ? nil : NormalTest(u, mean: n * m / 2, standardDeviation: max(0, variance).squareRoot())
        self.u = u
        self.z = statistic?.z
        self.p = statistic?.pValues(correction: 0.5)
        self.probabilityOfLarger = u / (n * m)
    }
}
