/// The mean of people's scores, from a judge's scores on everything and people's on a few of them.
///
/// Prediction-powered inference with power tuning (PPI++; Angelopoulos, Duchi and Zrnic 2023, arXiv 2311.01453).
/// With Y and F the people's and the judge's scores of the n labelled answers, F' the judge's of the N others:
///
///     θ = λ mean(F') + mean(Y - λF)        se² = λ² var(F')/N + var(Y - λF)/n       (variances with 1/n)
///
/// For scores in [0, 1] and at least 200 labels: below, the interval covers too rarely. For a judge that says pass or
/// fail, `JudgeStratifiedRate` is as narrow and covers at every size.
package struct PredictionPoweredMean: Hashable, Sendable {
    /// θ ± z se, not clipped.
    package let interval: ConfidenceInterval
    package let standardError: Double
    /// λ, how far the judge is trusted: 0 not at all, 1 is plain prediction-powered inference.
    package let lambda: Double

    /// - Parameters:
    ///   - labels: Y, people's scores.
    ///   - predictionsOfLabeled: F, the judge's scores of the same answers, in the same order.
    ///   - predictionsOfUnlabeled: F'.
    ///   - lambda: λ; `nil` to choose the one of least variance in [0, 1]:
    ///     cov(Y, F) / ((1 + n/N) var(all predictions)), and 0 when the predictions do not vary.
    /// - Returns: `nil` when either part is empty, labels and predictions differ in number, a value is not finite, or
    ///   unless 0 < level < 1.
    package init?(
        labels: [Double], predictionsOfLabeled: [Double], predictionsOfUnlabeled: [Double], lambda: Double? = nil,
        level: Double = 0.95
    ) {
        guard labels.count == predictionsOfLabeled.count,
            let z = NormalDistribution.twoSidedCritical(level: level),
            let unlabeledMean = Sample.mean(predictionsOfUnlabeled),
            let unlabeledVariance = Sample.populationVariance(predictionsOfUnlabeled),
            let lambda = lambda
                ?? Self.tunedLambda(
                    labels: labels, predictionsOfLabeled: predictionsOfLabeled,
                    predictionsOfUnlabeled: predictionsOfUnlabeled)
        else { return nil }
        let rectified = zip(labels, predictionsOfLabeled).map { $0 - lambda * $1 }
        guard let rectifier = Sample.mean(rectified), let rectifierVariance = Sample.populationVariance(rectified)
        else { return nil }
        let estimate = lambda * unlabeledMean + rectifier
        let variance =
            lambda * lambda * unlabeledVariance / Double(predictionsOfUnlabeled.count)
            + rectifierVariance / Double(labels.count)
        let error = variance.squareRoot()
        guard estimate.isFinite, error.isFinite else { return nil }
        self.lambda = lambda
        self.standardError = error
        self.interval = ConfidenceInterval(
            estimate: estimate, low: estimate - z * error, high: estimate + z * error, level: level)
    }

    private static func tunedLambda(
        labels: [Double], predictionsOfLabeled: [Double], predictionsOfUnlabeled: [Double]
    ) -> Double? {
        guard let covariance = Sample.populationCovariance(labels, predictionsOfLabeled),
            let variance = Sample.variance(predictionsOfLabeled + predictionsOfUnlabeled)
        else { return nil }
        guard variance > 0 else { return 0 }
        let share = 1 + Double(labels.count) / Double(predictionsOfUnlabeled.count)
        return min(1, max(0, covariance / (share * variance)))
    }
}
