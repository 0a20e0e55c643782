import RatchetStatistics
import Testing

@Suite("Permutation test of graded scores")
struct PermutationTests {
    private func trials(_ baseline: [Double], _ new: [Double]) throws -> ExchangeableTrials {
        try #require(ExchangeableTrials(baseline: baseline, new: new))
    }

    /// Examples whose scores are multiples of 1/20, shifted on the new side.
    private func suite(_ size: Int, seed: UInt64, baseline: Int, new: Int, shift: Double = 0) throws
        -> [ExchangeableTrials]
    {
        var generator = SeededGenerator(seed: seed)
        func score() -> Double { Double(generator.next(below: 21)) / 20 }
        return try (0..<size).map { _ in
            try trials((0..<baseline).map { _ in score() }, (0..<new).map { _ in score() + shift })
        }
    }

    /// Five standard deviations of the share of draws.
    private func noise(_ p: Double, _ draws: Int) -> Double { 5 * (p * (1 - p) / Double(draws)).squareRoot() }

    @Test("Comes close to the exact test when scores are 0 and 1", arguments: 1...4 as ClosedRange<UInt64>)
    func binary(seed: UInt64) throws {
        let counts = randomSuite(40, seed: seed)
        func scores(_ count: PassCount) -> [Double] { (0..<count.trials).map { $0 < count.passes ? 1 : 0 } }
        let examples = try counts.map { try trials(scores($0.baseline), scores($0.new)) }
        let exact = StratifiedPermutation.test(counts)
        let less = PermutationTest(examples, seed: seed, draws: 2_000, stopAt: .max)
        let greater = PermutationTest(examples, direction: .greater, seed: seed, draws: 2_000, stopAt: .max)
        #expect(abs(less.p - exact.pLess) < noise(exact.pLess, less.draws) + 3e-4)
        #expect(abs(greater.p - exact.pGreater) < noise(exact.pGreater, greater.draws) + 3e-4)
        #expect(less.informativeExamples == exact.informativeExamples)
    }

    @Test("With one trial on each side it is the sign-flip test", arguments: [1, 2, 3] as [UInt64])
    func signFlip(seed: UInt64) throws {
        let examples = try suite(25, seed: seed, baseline: 1, new: 1, shift: -0.05)
        let differences = examples.map { $0.new[0] - $0.baseline[0] }
        let exact = try #require(SignFlipTest.exact(differences)).p
        let drawn = PermutationTest(examples, seed: 9, draws: 2_000, stopAt: .max)
        #expect(abs(drawn.p - exact.less) < noise(exact.less, drawn.draws) + 3e-4)
        let flipped = try #require(PermutationTest.signFlip(differences, seed: 4, draws: 2_000, stopAt: .max))
        #expect(abs(flipped.p - exact.less) < noise(exact.less, flipped.draws) + 3e-4)
    }

    @Test("The order of examples and of trials does not change one bit", arguments: [1, 2, 3] as [UInt64])
    func order(seed: UInt64) throws {
        let examples = try suite(60, seed: 5, baseline: 4, new: 2)
        var generator = SeededGenerator(seed: seed)
        let shuffled = try generator.shuffled(examples).map {
            try trials(generator.shuffled($0.baseline), generator.shuffled($0.new))
        }
        #expect(PermutationTest(shuffled, seed: 11) == PermutationTest(examples, seed: 11))
    }

    @Test("A collapse is seen, an improvement is not a drop, and p is never 0")
    func effect() throws {
        let examples = try suite(20, seed: 3, baseline: 5, new: 1, shift: -1)
        let less = PermutationTest(examples, seed: 1)
        #expect(less.draws == 20_000 && less.exceedances == 0 && less.p == 1.0 / 20_001)
        #expect(PermutationTest(examples, direction: .greater, seed: 1).p == 1)
    }

    @Test("Stops at 20 exceedances, so that an unchanged suite costs little")
    func earlyStop() throws {
        let result = PermutationTest(try suite(50, seed: 8, baseline: 3, new: 1), seed: 2)
        #expect(result.exceedances == 20 && result.draws < 2_000)
        #expect(result.p == 21 / Double(result.draws + 1))
    }

    @Test("p is at most u in at most a share u of unchanged suites")
    func validity() throws {
        let ps = try (1...400).map { seed in
            PermutationTest(try suite(12, seed: UInt64(seed), baseline: 2, new: 1), seed: UInt64(seed), draws: 400).p
        }
        for level in [0.05, 0.2, 0.5] {
            #expect(Double(ps.count { $0 <= level }) / 400 < level + 3.5 * (level * (1 - level) / 400).squareRoot())
        }
    }

    @Test("Equal sums of decimal fractions are ties: 0.1 + 0.2 is not less than 0.3")
    func ties() throws {
        let examples = [try trials([0.3, 0.1], [0.2]), try trials([0.2], [0.1])]
        // The six new totals are 0.2, 0.3 (0.2 + 0.1), 0.3 (0.1 + 0.2), 0.4, 0.4 and 0.5: three are at most 0.3.
        let result = PermutationTest(examples, seed: 6, stopAt: .max)
        #expect(abs(result.p - 0.5) < 0.02)
    }

    @Test("Settled examples, and those with trials on one side only, say nothing")
    func settled() throws {
        let examples = [try trials([0.5, 0.5], [0.5]), try trials([], [0.1, 0.9]), try trials([0.2, 0.9], [])]
        let result = PermutationTest(examples, seed: 1)
        #expect(result.informativeExamples == 0 && result.p == 1)
        #expect(PermutationTest([], seed: 1).p == 1)
        #expect(ExchangeableTrials(baseline: [.nan], new: [1]) == nil)
        #expect(ExchangeableTrials(baseline: [0], new: [1e308]) == nil, "whose sums could overflow")
    }

    @Test("Examples that share their generations change sides together: copies add no evidence")
    func sharedGenerations() throws {
        let examples = try suite(7, seed: 21, baseline: 1, new: 1, shift: -1)
        let copied = try examples.map { try #require(ExchangeableTrials.sharingGenerations([$0, $0, $0])) }
        let once = PermutationTest(examples, seed: 3, draws: 2_000, stopAt: .max)
        let thrice = PermutationTest(copied, seed: 3, draws: 2_000, stopAt: .max)
        #expect(thrice.exceedances == once.exceedances)
        let pretended = PermutationTest(examples + examples + examples, seed: 3, draws: 2_000, stopAt: .max)
        #expect(pretended.p < once.p)
        #expect(ExchangeableTrials.sharingGenerations([]) == nil)
        #expect(ExchangeableTrials.sharingGenerations([try trials([1], [1]), try trials([1, 0], [1])]) == nil)
    }

    @Test("Groups are added up in the order they appear; 7 of them are needed for 1 %")
    func groups() {
        #expect(Groups.sums([1, 2, 3, 4], by: ["b", "a", "b", "c"]) == [4, 2, 4])
        #expect(Groups.sums([1], by: [Int]()) == nil)
        #expect(PermutationTest.fewestGroups(forLevel: 0.01) == 7)
        #expect(PermutationTest.fewestGroups(forLevel: 1) == 0)
        #expect(PermutationTest.fewestGroups(forLevel: 0) == nil)
        #expect(PermutationTest.signFlip([1, .infinity], seed: 1) == nil)
    }

    @Test("A seed's p never changes: recorded runs are repeated by it")
    func golden() throws {
        let result = PermutationTest(try suite(30, seed: 77, baseline: 5, new: 2, shift: -0.1), seed: 2_026)
        #expect([result.draws, result.exceedances] == [595, 20])
    }
}
