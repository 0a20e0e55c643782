/// A statistic against its normal approximation.
struct NormalTest {
    private let deviation: Double
    private let scale: Double

    /// `nil` when the standard deviation is 0: the statistic could not have been another.
    init?(_ statistic: Double, mean: Double, standardDeviation: Double) {
        guard standardDeviation > 0 else { return nil }
        self.deviation = statistic - mean
        self.scale = standardDeviation
    }

    var z: Double { deviation / scale }

    /// - Parameter correction: how far the statistic is moved towards its mean for each p, half its step when it is
    ///   discrete.
    func pValues(correction: Double = 0) -> PValues {
        let outer = max(0, abs(deviation) - correction)
        return PValues(
            less: NormalDistribution.tails((deviation + correction) / scale).lower,
            greater: NormalDistribution.tails((deviation - correction) / scale).upper,
            twoSided: 2 * NormalDistribution.tails(outer / scale).upper)
    }
}
