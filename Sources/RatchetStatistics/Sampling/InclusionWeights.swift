/// Values of a sample with the probability that each had of being kept, and what they say of everything.
///
/// For Poisson sampling: each was kept or not by itself, as by a hash of its id.
package struct InclusionWeights: Hashable, Sendable {
    private let values: [Double]
    private let probabilities: [Double]

    /// `nil` without a value, when the lists differ in length, with a value that is not finite, or unless every
    /// probability is above 0 and at most 1.
    package init?(values: [Double], inclusionProbabilities: [Double]) {
        guard !values.isEmpty, values.count == inclusionProbabilities.count, values.allSatisfy(\.isFinite),
            inclusionProbabilities.allSatisfy({ $0 > 0 && $0 <= 1 && (1 / $0).isFinite }),
            zip(values, inclusionProbabilities).allSatisfy({ ($0 / $1).isFinite })
        else { return nil }
        self.values = values
        self.probabilities = inclusionProbabilities
    }

    /// N = Σ 1/π, how many there were in all, by the sample's own account.
    package var estimatedPopulation: Double { sum { _, probability in 1 / probability } }

    /// (Σ w)² / Σ w² with w = 1/π: the size of the equal-probability sample that is worth as much (Kish 1965).
    package var effectiveSize: Double {
        // Weights as multiples of the largest, so that no square overflows.
        let smallest = probabilities.reduce(1, min)
        let total = sum { _, probability in smallest / probability }
        return total * total / sum { _, probability in (smallest / probability) * (smallest / probability) }
    }

    /// Below this effective size no interval is worth printing.
    package static let fewestEffective = 30.0

    /// An estimate with its standard error.
    package struct Estimate: Hashable, Sendable {
        package let value: Double
        package let standardError: Double

        /// value ± z standard error; `nil` unless 0 < level < 1.
        package func interval(level: Double = 0.95) -> ConfidenceInterval? {
            NormalDistribution.twoSidedCritical(level: level).map {
                ConfidenceInterval(
                    estimate: value, low: value - $0 * standardError, high: value + $0 * standardError, level: level)
            }
        }
    }

    /// The mean over everything: μ = Σ(y/π) / Σ(1/π), variance Σ (1-π)/π² (y-μ)² / N² (Hájek 1971; Särndal, Swensson
    /// and Wretman 1992, section 5.7).
    package var mean: Estimate {
        let smallest = probabilities.reduce(1, min)
        let total = sum { _, probability in smallest / probability }
        let mean = sum { value, probability in value * (smallest / probability) / total }
        let variance = sum { value, probability in
            let part = (value - mean) * (smallest / probability) / total
            return (1 - probability) * part * part
        }
        return Estimate(value: mean, standardError: variance.squareRoot())
    }

    /// The sum over everything: Σ y/π, variance Σ (1-π)(y/π)² (Horvitz and Thompson 1952, for Poisson sampling).
    package var total: Estimate {
        let variance = sum { value, probability in (1 - probability) * (value / probability) * (value / probability) }
        return Estimate(
            value: sum { value, probability in value / probability }, standardError: variance.squareRoot())
    }

    private func sum(_ term: (_ value: Double, _ probability: Double) -> Double) -> Double {
        zip(values, probabilities).reduce(0) { $0 + term($1.0, $1.1) }
    }
}
