/// The test of McNemar 1947: of the examples that only one of two sides passed, how many did the first pass?
///
/// Without a difference that is X ~ Binomial(b + c, 1/2), with b passed only by the first and c only by the second
/// side. `greater` is small when the first side passes more, `less` when the second does. All are 1 without a
/// discordant example.
package enum McNemarTest {
    /// The exact conditional test: `greater` = P(X >= b), `less` = P(X <= b), two-sided min(1, 2 P(X <= min(b, c))).
    package static func exact(_ outcomes: PairedOutcomes) -> PValues {
        guard let distribution = distribution(outcomes) else { return .uninformative }
        return PValues(
            less: distribution.tails(outcomes.onlyFirst).lower, greater: distribution.atLeast(outcomes.onlyFirst))
    }

    /// The mid-p version, each tail less half of P(X = b): closer to its nominal level, and above it in none of the
    /// 9,595 scenarios of Fagerland, Lydersen and Laake 2013 (BMC Medical Research Methodology 13:91).
    package static func midP(_ outcomes: PairedOutcomes) -> PValues {
        guard let distribution = distribution(outcomes) else { return .uninformative }
        let exact = exact(outcomes)
        let half = distribution.mass(outcomes.onlyFirst) / 2
        let twoSided =
            outcomes.onlyFirst == outcomes.onlySecond
            ? 1 - half : 2 * (min(exact.less, exact.greater) - half)
        return PValues(less: exact.less - half, greater: exact.greater - half, twoSided: twoSided)
    }

    private static func distribution(_ outcomes: PairedOutcomes) -> BinomialDistribution? {
        outcomes.discordant > 0 ? BinomialDistribution(trials: outcomes.discordant, probability: 0.5) : nil
    }
}
