/// The difference of two arms' means, less noisy by what is known of the same units from before.
///
/// CUPED (Deng, Xu, Kohavi and Walker 2013): y - θ(x - mean x) in place of y, with θ = cov(x, y) / var(x) over both
/// arms together. x is a metric of the period before, which the arms cannot have changed.
package struct CupedDifference: Hashable, Sendable {
    /// Treatment minus control, ± z standard error; `nil` when an arm has one unit.
    package let interval: ConfidenceInterval?
    package let difference: Double
    /// √(s1²/n1 + s2²/n2) of the adjusted values, never pooled; `nil` when an arm has one unit.
    package let standardError: Double?
    /// θ; 0 when x does not vary.
    package let theta: Double

    /// One arm: the metric of each unit and the same unit's metric of before.
    package struct Arm: Hashable, Sendable {
        package let values: [Double]
        package let before: [Double]

        /// `nil` without a unit, or when the lists differ in length.
        package init?(values: [Double], before: [Double]) {
            guard !values.isEmpty, values.count == before.count else { return nil }
            self.values = values
            self.before = before
        }

        func adjusted(theta: Double, mean: Double) -> [Double] {
            zip(values, before).map { $0 - theta * ($1 - mean) }
        }
    }

    /// `nil` with a value that is not finite, or unless 0 < level < 1.
    package init?(treatment: Arm, control: Arm, level: Double = 0.95) {
        let before = treatment.before + control.before
        guard let z = NormalDistribution.twoSidedCritical(level: level), let mean = Sample.mean(before),
            let variance = Sample.populationVariance(before),
            let covariance = Sample.populationCovariance(before, treatment.values + control.values)
        else { return nil }
        let theta = variance > 0 ? covariance / variance : 0
        guard
            let arms = WelchTTest(
                treatment.adjusted(theta: theta, mean: mean), minus: control.adjusted(theta: theta, mean: mean),
                level: level)
        else { return nil }
        self.theta = theta
        self.difference = arms.difference
        self.standardError = arms.standardError
        self.interval = arms.standardError.map {
            ConfidenceInterval(
                estimate: arms.difference, low: arms.difference - z * $0, high: arms.difference + z * $0, level: level)
        }
    }
}
