import Glibc

/// How many times as large a quantile became: new over baseline, with an interval, for latencies and costs.
///
/// Both by Harrell and Davis 1982, compared on the log scale. Valid only when both sides were measured side by side, in
/// random order: what all calls of a run share, such as the provider's load, is larger than this noise.
package struct QuantileRatio: Hashable, Sendable {
    /// The ratio itself and its interval: the percentile bootstrap of its logarithm.
    package let interval: ConfidenceInterval
    /// One-sided: (1 + draws with a ratio <= 1) / (1 + draws). Small when the new side is larger.
    package let pLarger: Double

    package static let standardDraws = 1_000
    /// Above this many values of a side, its quantile is drawn without resampling.
    package static let mostForResampling = 20_000

    /// - Parameters:
    ///   - seed: of the draws; recorded, which makes the interval repeatable. The order of the values does not matter.
    /// - Returns: `nil` when a side is empty or has a value that is not finite and above 0, and unless 0 < quantile <
    ///   1, 0 < level < 1 and draws >= 1.
    package init?(
        new: [Double], baseline: [Double], quantile: Double, level: Double = 0.95, seed: UInt64,
        draws: Int = standardDraws
    ) {
        guard level > 0, level < 1, draws >= 1, var new = QuantileSide(new, quantile: quantile),
            var baseline = QuantileSide(baseline, quantile: quantile)
        else { return nil }
        var generator = SeededGenerator(seed: seed)
        let logRatios = (0..<draws).map { _ in
            log(new.draw(using: &generator)) - log(baseline.draw(using: &generator))
        }.sorted()
        let tail = (1 - level) / 2
        guard let low = Sample.quantile(tail, ofSorted: logRatios),
            let high = Sample.quantile(1 - tail, ofSorted: logRatios)
        else { return nil }
        self.interval = ConfidenceInterval(
            estimate: new.estimate / baseline.estimate, low: exp(low), high: exp(high), level: level)
        self.pLarger = Double(1 + logRatios.count { $0 <= 0 }) / Double(1 + draws)
    }
}

/// One side's values and its quantile, and the quantile of what else could have been seen.
private struct QuantileSide {
    let estimate: Double
    private let sorted: [Double]
    private let weights: HarrellDavisQuantile
    /// How often a resample has each value; empty when there is none.
    private var counts: [UInt32] = []
    /// Which of the values the quantile of a resample is: Binomial(n + 1, q), without making the resample (Schultzberg
    /// and Ankargren 2022, arXiv 2202.10992).
    private var place: BinomialSampler?

    init?(_ values: [Double], quantile: Double) {
        let sorted = values.sorted()
        guard values.allSatisfy({ $0 > 0 && $0.isFinite }),
            let weights = HarrellDavisQuantile(count: values.count, quantile: quantile),
            let estimate = weights.value(ofSorted: sorted)
        else { return nil }
        self.estimate = estimate
        self.sorted = sorted
        self.weights = weights
        if sorted.count > QuantileRatio.mostForResampling {
            place = BinomialDistribution(trials: sorted.count + 1, probability: quantile).map(BinomialSampler.init)
        } else {
            counts = [UInt32](repeating: 0, count: sorted.count)
        }
    }

    mutating func draw(using generator: inout SeededGenerator) -> Double {
        if let place {
            let rank = min(sorted.count, max(1, place.draw(using: &generator)))
            return sorted[rank - 1]
        }
        for index in counts.indices { counts[index] = 0 }
        for _ in counts { counts[Int(generator.next(below: UInt64(counts.count)))] += 1 }
        return quantileOfResample()
    }

    /// Goes through the resample in ascending order, up to the last order statistic that has a weight.
    private func quantileOfResample() -> Double {
        var (sum, rank) = (0.0, 0)
        let end = weights.start + weights.weights.count
        for (value, count) in zip(sorted, counts) where count > 0 {
            for place in max(rank, weights.start)..<max(rank, weights.start, min(rank + Int(count), end)) {
                sum += weights.weights[place - weights.start] * (value - estimate)
            }
            rank += Int(count)
            if rank >= end { break }
        }
        return estimate + sum
    }
}
