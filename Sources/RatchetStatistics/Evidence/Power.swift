/// What a suite can and cannot see (one-sided, normal approximation).
///
/// With v the mean over examples of p(1 - p), n examples, m baseline and k new trials an example:
/// SE = √(v (1/m + 1/k) / n), and a drop is seen with the wanted power when it is (z_{1-α} + z_{power}) SE.
package struct Power: Hashable, Sendable {
    /// v; `FlakinessPrior.meanWithinVariance(of:)` estimates it.
    package let meanWithinVariance: Double
    /// m; the harmonic mean (`Sample.harmonicMean`) when the records differ.
    package let baselineTrials: Double
    /// k.
    package let newTrials: Double

    /// `nil` unless v is not negative and both numbers of trials are above 0.
    package init?(meanWithinVariance: Double, baselineTrials: Double, newTrials: Double) {
        guard meanWithinVariance >= 0, meanWithinVariance.isFinite, baselineTrials > 0, newTrials > 0
        else { return nil }
        self.meanWithinVariance = meanWithinVariance
        self.baselineTrials = baselineTrials
        self.newTrials = newTrials
    }

    /// SE of the difference of the two pass rates; `nil` without an example.
    package func standardError(examples: Int) -> Double? {
        examples > 0 ? (variancePerExample / Double(examples)).squareRoot() : nil
    }

    /// The smallest drop of the pass rate (0.02 is two points) that a test at `alpha` sees with probability `power`.
    ///
    /// Never below 0: where even no drop is seen often enough the answer is 0.
    package func minimumDetectableDrop(examples: Int, alpha: Double, power: Double = 0.8) -> Double? {
        guard let error = standardError(examples: examples), let reach = Self.reach(alpha: alpha, power: power)
        else { return nil }
        return max(0, reach * error)
    }

    /// How many examples are needed to see a drop; `nil` when that is more than anyone has (1e15).
    package func requiredExamples(drop: Double, alpha: Double, power: Double = 0.8) -> Int? {
        exactRequiredExamples(drop: drop, alpha: alpha, power: power)
            .flatMap { $0 <= 1e15 ? Int($0.rounded(.up)) : nil }
    }

    /// n = (z_{1-α} + z_{power})² v (1/m + 1/k) / drop², not rounded.
    package func exactRequiredExamples(drop: Double, alpha: Double, power: Double = 0.8) -> Double? {
        guard drop > 0, drop.isFinite, let reach = Self.reach(alpha: alpha, power: power) else { return nil }
        let ratio = max(0, reach) / drop
        return ratio * ratio * variancePerExample
    }

    private var variancePerExample: Double { meanWithinVariance * (1 / baselineTrials + 1 / newTrials) }

    /// z_{1-α} + z_{power}.
    private static func reach(alpha: Double, power: Double) -> Double? {
        guard let alphaQuantile = NormalDistribution.quantile(alpha),
            let powerQuantile = NormalDistribution.quantile(power)
        else { return nil }
        return powerQuantile - alphaQuantile
    }
}
