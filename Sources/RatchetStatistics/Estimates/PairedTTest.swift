/// The paired t test of per-example differences (Student 1908).
package struct PairedTTest: Hashable, Sendable {
    package let count: Int
    package let mean: Double
    /// With n - 1; `nil` for one difference.
    package let standardDeviation: Double?
    /// t = mean / (sd / √n) with n - 1 degrees of freedom; `nil` for one difference.
    package let test: MeanTTest?

    /// `nil` without a difference, with one that is not finite, or unless 0 < level < 1.
    package init?(differences: [Double], level: Double = 0.95) {
        guard level > 0, level < 1, let mean = Sample.mean(differences) else { return nil }
        let deviation = Sample.variance(differences).map { $0.squareRoot() }
        self.count = differences.count
        self.mean = mean
        self.standardDeviation = deviation
        self.test = deviation.flatMap {
            MeanTTest(
                mean: mean, standardError: $0 / Double(differences.count).squareRoot(),
                degreesOfFreedom: Double(differences.count - 1), level: level)
        }
    }
}
