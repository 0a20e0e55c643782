import RatchetStatistics
import Testing

@Suite("Estimates and intervals")
struct EstimateTests {
    @Test("Counts with more passes than trials, or below 0, do not exist")
    func impossibleCounts() {
        #expect(PassCount(passes: 2, trials: 1) == nil)
        #expect(PassCount(passes: -1, trials: 1) == nil)
        #expect(PassCount.none.rate == nil)
    }

    @Test("Wilson's interval is symmetric in passes and failures, and undefined without a trial")
    func wilson() throws {
        let most = try #require(WilsonInterval.interval(try count("9/10")))
        let few = try #require(WilsonInterval.interval(try count("1/10")))
        #expect(isClose(most.low, 1 - few.high) && isClose(most.high, 1 - few.low))
        #expect(WilsonInterval.interval(.none) == nil)
        #expect(WilsonInterval.interval(try count("1/2"), level: 1) == nil)
    }

    @Test("Mean and variance lose no digits to a common offset", arguments: [0, 1e6, 1e8])
    func offset(offset: Double) {
        let values = [0.25, 0.5, 0.75, 1.25].map { $0 + offset }
        #expect(Sample.mean(values) == 0.6875 + offset)
        #expect(isClose(Sample.variance(values), 0.546875 / 3, within: 1e-15))
    }

    @Test("Equal values have exactly their own mean and variance 0", arguments: [1, 3, 7, 1000])
    func constant(n: Int) {
        let values = [Double](repeating: 0.1, count: n)
        #expect(Sample.mean(values) == 0.1)
        #expect(Sample.variance(values) == (n < 2 ? nil : 0))
    }

    @Test("Nothing, and what is not a number, has no mean, variance or quantile")
    func undefinedSamples() {
        #expect(Sample.mean([]) == nil)
        #expect(Sample.mean([1, .nan]) == nil)
        #expect(Sample.mean([1e308, -1e308]) == nil, "more than a double can hold on the way")
        #expect(Sample.variance([1]) == nil)
        #expect(Sample.harmonicMean([1, 0]) == nil)
        #expect(Sample.quantile(0.5, ofSorted: []) == nil)
        #expect(Sample.quantile(1.5, ofSorted: [1]) == nil)
        #expect(PairedTTest(differences: []) == nil)
        #expect(PairedTTest(differences: [1, .infinity]) == nil)
    }

    @Test("The harmonic mean of record sizes weighs small records most")
    func harmonicMean() { #expect(Sample.harmonicMean([1, 5, 5]) == 3 / 1.4) }

    @Test(
        "Quantiles are type 7, as in NumPy and R",
        arguments: [(0, 1), (0.25, 1.75), (0.5, 2.5), (0.9, 7.9), (0.95, 8.95), (1, 10)])
    func quantiles(q: Double, expected: Double) {
        #expect(isClose(Sample.quantile(q, ofSorted: [1, 2, 3, 10].map(Double.init)), expected))
    }

    @Test("Without groups of more than one example, the clustered test is the paired t test")
    func singletonClusters() throws {
        let values = [0.2, -0.6, 0, 0, -1, 0.4, -0.2]
        let paired = try #require(PairedTTest(differences: values)?.test)
        let clustered = try #require(ClusteredMean(values: values, clusters: Array(0..<7))?.test)
        #expect(isClose(clustered.standardError, paired.standardError))
        #expect(isClose(clustered.pLess, try #require(paired.pLess)))
    }

    @Test("Copies inside a cluster add no information to the clustered test")
    func duplicatedClusters() throws {
        let values = [0.2, -0.6, 0, -1, 0.4]
        let once = try #require(ClusteredMean(values: values, clusters: ["a", "b", "c", "d", "e"]))
        let twice = try #require(
            ClusteredMean(values: values + values, clusters: ["a", "b", "c", "d", "e", "a", "b", "c", "d", "e"]))
        #expect(isClose(twice.test?.standardError, try #require(once.test?.standardError)))
        #expect(twice.independentStandardError < once.independentStandardError)
    }

    @Test("Values and clusters must be as many as each other")
    func clustersOfOtherLength() { #expect(ClusteredMean(values: [1, 2], clusters: ["a"]) == nil) }

    @Test("A drop by the same amount everywhere is a decrease although its t is undefined")
    func equalDifferences() throws {
        let fell = try #require(PairedTTest(differences: [-0.2, -0.2, -0.2])?.test)
        #expect(fell.pLess == nil && fell.isDecrease(atLevel: 0.05))
        let same = try #require(PairedTTest(differences: [0, 0, 0])?.test)
        #expect(!same.isDecrease(atLevel: 0.05))
        let rose = try #require(PairedTTest(differences: [0.2, 0.2, 0.2])?.test)
        #expect(!rose.isDecrease(atLevel: 0.05))
    }

    @Test("A decrease at level 5 % is a 90 % interval below 0", arguments: [-0.6, -0.45, -0.35, -0.3, 0, 0.5])
    func decreaseAndInterval(shift: Double) throws {
        let differences = [0.3, -0.5, 0.6, -0.4, 0.1, -0.1, 0.2, -0.2].map { $0 + shift }
        let test = try #require(PairedTTest(differences: differences, level: 0.9)?.test)
        #expect(test.isDecrease(atLevel: 0.05) == (test.interval.high <= 0))
    }

    @Test("The 95th percentile has an upper limit from 59 values on")
    func fewestValues() {
        #expect(QuantileRankInterval.fewestValues(quantile: 0.95) == 59)
        #expect(QuantileRankInterval.fewestValues(quantile: 0.5) == 5)
        #expect(QuantileRankInterval.fewestValues(quantile: 0.5, confidence: 0.9375) == 4)
        #expect(QuantileRankInterval.fewestValues(quantile: 1) == nil)
        // Two sides at 90 % are one side at 95 %.
        #expect(QuantileRankInterval(count: 58, quantile: 0.95, level: 0.9)?.upperRank == nil)
        #expect(QuantileRankInterval(count: 59, quantile: 0.95, level: 0.9)?.upperRank == 59)
    }

    @Test("The ranks of a median's interval mirror each other, and ties count as equal")
    func rankInterval() throws {
        let interval = try #require(QuantileRankInterval(count: 101, quantile: 0.5))
        #expect(try #require(interval.lowerRank) + (try #require(interval.upperRank)) == 102)
        #expect(interval.coverage >= 0.95)
        // P(all five below the median) = 1/32 exactly.
        #expect(QuantileRankInterval(count: 5, quantile: 0.5, level: 0.9375)?.lowerRank == 1)
        #expect(QuantileRankInterval(count: 0, quantile: 0.5) == nil)
    }
}
