import Glibc

/// What the next run's latency or cost may be, from the runs before: the only way to see through what all calls of a
/// run share.
///
/// Student's prediction interval for one further value (Hahn 1969) of the logarithms of a run's quantile, one value a
/// run: mean ± t(n-1) s √(1 + 1/n).
package struct PredictionBound: Hashable, Sendable {
    /// Fewer runs bound nothing.
    package static let fewestRuns = 8

    private let mean: Double
    private let scale: Double
    private let distribution: StudentTDistribution

    /// - Parameter history: the quantile of each run before, in any order and unit.
    /// - Returns: `nil` with fewer than `fewestRuns` runs, or one whose value is not finite and above 0.
    package init?(history: [Double]) {
        let logs = history.map { log($0) }
        let n = Double(history.count)
        guard history.count >= Self.fewestRuns, history.allSatisfy({ $0 > 0 && $0.isFinite }),
            let mean = Sample.mean(logs), let variance = Sample.variance(logs),
            let distribution = StudentTDistribution(degreesOfFreedom: n - 1)
        else { return nil }
        self.mean = mean
        self.scale = (variance * (1 + 1 / n)).squareRoot()
        self.distribution = distribution
    }

    /// What the next run exceeds with probability `alpha` when nothing changed; `nil` unless 0 < alpha < 1.
    package func upperLimit(alpha: Double) -> Double? {
        distribution.quantile(alpha).map { exp(mean - $0 * scale) }
    }

    /// The probability of a next run at least as large, when nothing changed; `nil` for a value not above 0, and for
    /// one equal to runs that were all alike.
    package func pLarger(_ value: Double) -> Double? {
        guard value > 0, value.isFinite else { return nil }
        let deviation = log(value) - mean
        guard scale > 0 else { return deviation == 0 ? nil : deviation > 0 ? 0 : 1 }
        return distribution.tails(deviation / scale)?.upper
    }
}
