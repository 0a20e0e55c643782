import Foundation
import RatchetStatistics
import Testing

@Suite("Samples of production and comparisons of arms")
struct SamplingTests {
    private func sample(_ values: [Double], _ probabilities: [Double]) throws -> InclusionWeights {
        try #require(InclusionWeights(values: values, inclusionProbabilities: probabilities))
    }

    @Test("Weighing undoes unequal chances: an answer kept one time in ten stands for ten")
    func weights() throws {
        let kept = try sample([1, 0, 0], [0.1, 0.5, 0.5])
        #expect(isClose(kept.mean.value, 10.0 / 14) && isClose(kept.estimatedPopulation, 14))
        #expect(isClose(kept.total.value, 10) && isClose(kept.total.standardError, 90.squareRoot()))
        #expect(isClose(kept.effectiveSize, 14.0 * 14 / 108))
    }

    @Test("With equal chances the mean is the mean and every value counts; a census has no error")
    func equal() throws {
        let kept = try sample([0.2, 0.4, 0.9], [0.3, 0.3, 0.3])
        #expect(isClose(kept.mean.value, 0.5) && isClose(kept.effectiveSize, 3))
        let census = try sample([0.2, 0.4, 0.9], [1, 1, 1])
        #expect(census.mean.standardError == 0 && census.total.standardError == 0 && isClose(census.total.value, 1.5))
        #expect(try #require(census.mean.interval()).low == census.mean.value)
    }

    @Test("Chances must be above 0 and at most 1, values finite")
    func undefined() {
        #expect(InclusionWeights(values: [], inclusionProbabilities: []) == nil)
        #expect(InclusionWeights(values: [1], inclusionProbabilities: [0]) == nil)
        #expect(InclusionWeights(values: [1], inclusionProbabilities: [1.1]) == nil)
        #expect(InclusionWeights(values: [1, 2], inclusionProbabilities: [1]) == nil)
        #expect(InclusionWeights(values: [.nan], inclusionProbabilities: [1]) == nil)
        #expect(InclusionWeights(values: [1], inclusionProbabilities: [.leastNonzeroMagnitude]) == nil)
    }

    @Test("A priority sample keeps its size, and its weights add up to what there was, on average")
    func priority() throws {
        var generator = SeededGenerator(seed: 31)
        let weights = (0..<300).map { $0 % 20 == 0 ? 8.0 : 1.0 }
        var totals: [Double] = []
        for _ in 0..<300 {
            var sample = try #require(PrioritySample<Int>(size: 40))
            for (id, weight) in weights.enumerated() {
                sample.add(id, weight: weight, uniform: 1 - generator.nextUnit())
            }
            #expect(sample.kept.count == 40)
            totals.append(sample.kept.reduce(0) { $0 + 1 / $1.inclusionProbability })
        }
        let test = try #require(PairedTTest(differences: totals.map { $0 - 300 }, level: 0.999)?.test)
        #expect(test.interval.low < 0 && test.interval.high > 0)
    }

    @Test("A stream shorter than the sample is kept whole, in its order")
    func shortStream() throws {
        var sample = try #require(PrioritySample<String>(size: 3))
        for id in ["c", "a", "b"] { sample.add(id, uniform: 0.5) }
        #expect(sample.kept.map(\.element) == ["c", "a", "b"])
        #expect(sample.kept.allSatisfy { $0.inclusionProbability == 1 })
        sample.add("bad", weight: .nan, uniform: 0.5)
        sample.add("bad", weight: 0, uniform: 0.5)
        sample.add("bad", uniform: 0)
        #expect(sample.kept.count == 3)
        #expect(PrioritySample<Int>(size: 0) == nil)
    }

    @Test("What is kept does not depend on the order of the stream")
    func streamOrder() throws {
        var generator = SeededGenerator(seed: 5)
        let elements = (0..<200).map { (id: $0, weight: Double($0 % 7 + 1), uniform: 1 - generator.nextUnit()) }
        func kept(_ elements: [(id: Int, weight: Double, uniform: Double)]) throws -> [Int: Double] {
            var sample = try #require(PrioritySample<Int>(size: 25))
            for element in elements { sample.add(element.id, weight: element.weight, uniform: element.uniform) }
            return Dictionary(uniqueKeysWithValues: sample.kept.map { ($0.element, $0.inclusionProbability) })
        }
        #expect(try kept(elements) == kept(generator.shuffled(elements)))
    }

    @Test("CUPED removes what the time before explains: without noise nothing is left")
    func cuped() throws {
        let before = ([1.0, 4, 2, 8, 5], [3.0, 3, 7, 1, 6])
        let arms = (
            try #require(CupedDifference.Arm(values: before.0.map { 2 * $0 + 1 }, before: before.0)),
            try #require(CupedDifference.Arm(values: before.1.map { 2 * $0 + 1 }, before: before.1))
        )
        let result = try #require(CupedDifference(treatment: arms.0, control: arms.1))
        #expect(isClose(result.theta, 2) && isClose(result.difference, 0))
        #expect(try #require(result.standardError) < 1e-12)
    }

    @Test("CUPED without variation before is the plain difference; one unit has no error")
    func cupedPlain() throws {
        let one = try #require(CupedDifference.Arm(values: [1, 2, 3], before: [4, 4, 4]))
        let two = try #require(CupedDifference.Arm(values: [2, 2, 5], before: [4, 4, 4]))
        let result = try #require(CupedDifference(treatment: one, control: two))
        #expect(result.theta == 0 && result.difference == -1)
        let single = try #require(CupedDifference.Arm(values: [1], before: [4]))
        #expect(CupedDifference(treatment: single, control: two)?.interval == nil)
        #expect(CupedDifference.Arm(values: [1], before: []) == nil)
    }
}

@Suite("Quantiles and their ratios")
struct QuantileTests {
    private func lognormal(_ count: Int, seed: UInt64, factor: Double = 1) throws -> [Double] {
        var generator = SeededGenerator(seed: seed)
        return try (0..<count).map { _ in
            factor * exp(try #require(NormalDistribution.quantile(generator.nextUnit() + 0x1p-54)) / 3)
        }
    }

    @Test("Harrell and Davis 1982 as scipy 1.17 (mstats.hdquantiles)")
    func harrellDavis() {
        let values = [
            287.063, 921.955, 539.321, 971.775, 948.975, 388.785, 344.212, 500.458, 662.492, 1809.698, 655.993,
        ]
        #expect(isClose(HarrellDavisQuantile.value(0.1, of: values), 324.7086378678961))
        #expect(isClose(HarrellDavisQuantile.value(0.75, of: [1, 1, 2, 2, 3, 3]), 2.718226673891577))
        #expect(HarrellDavisQuantile.value(0.95, of: [Double](repeating: 0.1, count: 40)) == 0.1)
        #expect(HarrellDavisQuantile.value(0.5, of: []) == nil)
        #expect(HarrellDavisQuantile.value(0.5, of: [.nan]) == nil)
        #expect(HarrellDavisQuantile.value(1, of: [1]) == nil)
    }

    @Test("The left-out weights do not matter: the whole sum gives the same", arguments: [0.001, 0.5, 0.95, 0.9999])
    func leftOutWeights(quantile: Double) throws {
        let values = try lognormal(700, seed: 3).sorted()
        let n = 700.0
        let cumulative = try (0...700).map {
            try #require(IncompleteBeta.regularized(Double($0) / n, a: (n + 1) * quantile, b: (n + 1) * (1 - quantile)))
        }
        let whole = values.indices.reduce(0) { $0 + values[$1] * (cumulative[$1 + 1] - cumulative[$1]) }
        #expect(isClose(HarrellDavisQuantile.value(quantile, of: values), whole, within: 1e-11))
    }

    @Test("Many values need weights for a few of them, and keep within the ordinary quantile's noise")
    func manyValues() throws {
        let values = (0..<100_000).map { Double($0) / 100_000 }
        #expect(isClose(HarrellDavisQuantile.value(0.95, of: values), 0.95, within: 2e-5))
    }

    @Test("A side that is 30 % slower is seen, with the ratio inside its interval; an equal one is not")
    func slower() throws {
        let baseline = try lognormal(400, seed: 1)
        let slower = try #require(
            QuantileRatio(
                new: lognormal(400, seed: 2, factor: 1.3), baseline: baseline, quantile: 0.95, seed: 7, draws: 300))
        #expect(slower.pLarger < 0.01 && slower.interval.low > 1)
        #expect(slower.interval.low < slower.interval.estimate && slower.interval.estimate < slower.interval.high)
        let same = try #require(
            QuantileRatio(new: lognormal(400, seed: 3), baseline: baseline, quantile: 0.95, seed: 7, draws: 300))
        #expect(same.interval.low < 1 && same.interval.high > 1)
    }

    @Test("The unit does not matter, nor the order of the values; the same seed gives the same interval")
    func invariance() throws {
        let (new, baseline) = (try lognormal(90, seed: 4), try lognormal(70, seed: 5))
        let ratio = try #require(QuantileRatio(new: new, baseline: baseline, quantile: 0.9, seed: 1, draws: 300))
        var generator = SeededGenerator(seed: 2)
        let shuffled = QuantileRatio(
            new: generator.shuffled(new), baseline: generator.shuffled(baseline), quantile: 0.9, seed: 1, draws: 300)
        #expect(shuffled == ratio)
        let scaled = try #require(
            QuantileRatio(
                new: new.map { $0 * 1_024 }, baseline: baseline.map { $0 * 1_024 }, quantile: 0.9, seed: 1, draws: 300))
        #expect(isClose(scaled.interval.low, ratio.interval.low) && isClose(scaled.interval.high, ratio.interval.high))
    }

    @Test("Above 20,000 values the quantiles are drawn without resampling, with an interval as wide as theory says")
    func manyCalls() throws {
        let ratio = try #require(
            QuantileRatio(
                new: lognormal(30_000, seed: 6, factor: 1.02), baseline: lognormal(30_000, seed: 8), quantile: 0.5,
                seed: 9))
        #expect(abs(ratio.interval.estimate - 1.02) < 0.012)
        // Standard deviation of the log of a median of n: √(π/2n)/3; of a ratio √2 times that.
        let width = 2 * 1.96 * 2.0.squareRoot() * (Double.pi / 60_000).squareRoot() / 3
        #expect(abs(log(ratio.interval.high / ratio.interval.low) / width - 1) < 0.15)
    }

    @Test("Latencies are above 0 and there is one on each side")
    func undefined() {
        #expect(QuantileRatio(new: [], baseline: [1], quantile: 0.5, seed: 1) == nil)
        #expect(QuantileRatio(new: [0], baseline: [1], quantile: 0.5, seed: 1) == nil)
        #expect(QuantileRatio(new: [1], baseline: [.infinity], quantile: 0.5, seed: 1) == nil)
        #expect(QuantileRatio(new: [1], baseline: [1], quantile: 0.5, seed: 1, draws: 0) == nil)
        #expect(QuantileRatio(new: [2], baseline: [1], quantile: 0.5, seed: 1)?.interval.estimate == 2)
    }
}
