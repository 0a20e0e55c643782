import Foundation
import RatchetStatistics
import Testing

@Suite("Stratified permutation test")
struct StratifiedPermutationTests {
    @Test("One trial on each side is the one-sided mid-p McNemar test", arguments: [(6, 1), (0, 4), (12, 2), (9, 9)])
    func mcNemar(lost: Int, won: Int) throws {
        let examples =
            [PassCountPair](repeating: try example("1/1 0/1"), count: lost)
            + [PassCountPair](repeating: try example("0/1 1/1"), count: won)
            + [PassCountPair](repeating: try example("1/1 1/1"), count: 20)
        // P(Binomial(lost + won, 1/2) <= won) minus half the probability of `won`.
        let discordant = lost + won
        func probability(_ k: Int) -> Double {
            exp(lgamma(Double(discordant + 1)) - lgamma(Double(k + 1)) - lgamma(Double(discordant - k + 1)))
                / pow(2, Double(discordant))
        }
        let midP = (0...won).reduce(0) { $0 + probability($1) } - probability(won) / 2
        let result = StratifiedPermutation.test(examples)
        #expect(isClose(result.pLessMid, midP))
        #expect(result.informativeExamples == discordant)
        #expect(result.newPasses == won + 20)
    }

    @Test("One example alone is Fisher's exact test: 5/5 then 0/8 is 1 in 1287")
    func oneExample() throws {
        #expect(isClose(StratifiedPermutation.test([try example("5/5 0/8")]).pLess, 1.0 / 1287))
        #expect(isClose(StratifiedPermutation.test([try example("10/10 0/8")]).pLess, 1.0 / 43_758))
    }

    @Test("Equals the enumeration of every assignment of trials to sides", arguments: 1...12 as ClosedRange<UInt64>)
    func enumeration(seed: UInt64) {
        let suite = randomSuite(4, seed: seed, baselineTrials: 1...3, newTrials: 1...2)
        let exact = enumeratedTails(suite)
        let result = StratifiedPermutation.test(suite)
        #expect(isClose(result.pLess, exact.less))
        #expect(isClose(result.pGreater, exact.greater))
    }

    @Test("Exchanging passes and failures, or the two sides, exchanges the tails", arguments: [3, 4, 5] as [UInt64])
    func symmetry(seed: UInt64) throws {
        let suite = randomSuite(60, seed: seed)
        let result = StratifiedPermutation.test(suite)
        func negated(_ count: PassCount) throws -> PassCount {
            try #require(PassCount(passes: count.trials - count.passes, trials: count.trials))
        }
        let failures = StratifiedPermutation.test(
            try suite.map { PassCountPair(baseline: try negated($0.baseline), new: try negated($0.new)) })
        let swapped = StratifiedPermutation.test(suite.map { PassCountPair(baseline: $0.new, new: $0.baseline) })
        for other in [failures, swapped] {
            #expect(isClose(other.pGreater, result.pLess))
            #expect(isClose(other.pLessMid, result.pGreaterMid))
        }
        #expect(isClose(result.pLessMid + result.pGreaterMid, 1))
    }

    @Test("The order of the examples does not change one bit", arguments: [1, 2, 3] as [UInt64])
    func order(seed: UInt64) {
        let suite = randomSuite(200, seed: 77)
        var generator = SeededGenerator(seed: seed)
        #expect(StratifiedPermutation.test(generator.shuffled(suite)) == StratifiedPermutation.test(suite))
    }

    @Test("Settled examples, and those with trials on one side only, change nothing but the total")
    func constants() throws {
        let suite = randomSuite(30, seed: 9)
        let settled = try ["5/5 1/1", "0/3 0/2", "0/0 1/1", "3/4 0/0"].map(example)
        let result = StratifiedPermutation.test(suite)
        let longer = StratifiedPermutation.test(suite + settled)
        #expect(longer.pLess == result.pLess && longer.pGreaterMid == result.pGreaterMid)
        #expect(longer.informativeExamples == result.informativeExamples)
        #expect(longer.newPasses == result.newPasses + 2)
    }

    @Test("Where nothing could have come out otherwise, mid-p is one half")
    func nothingInformative() throws {
        for suite in [[], [try example("5/5 1/1")]] {
            let result = StratifiedPermutation.test(suite)
            #expect(result.pLess == 1 && result.pLessMid == 0.5 && result.informativeExamples == 0)
        }
    }

    @Test("10,000 flaky examples keep exact tails")
    func large() {
        let result = StratifiedPermutation.test(randomSuite(10_000, seed: 4, baselineTrials: 5...5))
        #expect(result.informativeExamples > 5_000)
        #expect(isClose(result.pLessMid + result.pGreaterMid, 1, within: 1e-10))
    }

    @Test("A collapse far below any threshold keeps its relative accuracy: 400 of 400 lost is 2^-400")
    func farTail() throws {
        let result = StratifiedPermutation.test([PassCountPair](repeating: try example("1/1 0/1"), count: 400))
        #expect(abs(result.pLess * pow(2, 400) - 1) < 1e-10)
    }

    private func enumeratedTails(_ suite: [PassCountPair]) -> (less: Double, greater: Double) {
        let observed = suite.reduce(0) { $0 + $1.new.passes }
        var counts: [Int: Double] = [0: 1]
        for example in suite {
            var next: [Int: Double] = [:]
            for passes in newPassesOfAssignments(example) {
                for (sum, ways) in counts { next[sum + passes, default: 0] += ways }
            }
            counts = next
        }
        let all = counts.values.reduce(0, +)
        let less = counts.filter { $0.key <= observed }.values.reduce(0, +)
        let greater = counts.filter { $0.key >= observed }.values.reduce(0, +)
        return (less / all, greater / all)
    }

    /// The new side's passes under every choice of which trials are the new ones.
    private func newPassesOfAssignments(_ example: PassCountPair) -> [Int] {
        let total = example.baseline + example.new
        return (0..<(1 << total.trials)).filter { $0.nonzeroBitCount == example.new.trials }
            .map { ($0 & ((1 << total.passes) - 1)).nonzeroBitCount }
    }
}
