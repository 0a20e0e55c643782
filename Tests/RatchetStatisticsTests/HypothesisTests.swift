import Foundation
import RatchetStatistics
import Testing

@Suite("McNemar's test and paired intervals")
struct McNemarTests {
    private func outcomes(_ onlyFirst: Int, _ onlySecond: Int, bothPass: Int = 0, neither: Int = 0) throws
        -> PairedOutcomes
    {
        try #require(
            PairedOutcomes(bothPass: bothPass, onlyFirst: onlyFirst, onlySecond: onlySecond, neither: neither))
    }

    @Test("Exact and mid-p values of 12 against 2: 106/16384 and less half of 91/16384")
    func knownValues() throws {
        let exact = McNemarTest.exact(try outcomes(12, 2))
        #expect(isClose(exact.greater, 106.0 / 16_384) && isClose(exact.twoSided, 212.0 / 16_384))
        let midP = McNemarTest.midP(try outcomes(12, 2))
        #expect(isClose(midP.greater, 60.5 / 16_384) && isClose(midP.twoSided, 121.0 / 16_384))
    }

    @Test(
        "Mid-p is the gate's permutation test with one trial on each side",
        arguments: [(6, 1), (0, 4), (12, 2), (9, 9), (700, 640)])
    func permutation(lost: Int, won: Int) throws {
        let examples =
            [PassCountPair](repeating: try example("1/1 0/1"), count: lost)
            + [PassCountPair](repeating: try example("0/1 1/1"), count: won)
        let midP = McNemarTest.midP(try outcomes(lost, won))
        let permutation = StratifiedPermutation.test(examples)
        #expect(isClose(permutation.pLessMid, midP.greater, within: 1e-11))
        #expect(isClose(permutation.pGreaterMid, midP.less, within: 1e-11))
    }

    @Test("Exchanging the sides exchanges the tails; agreeing examples change nothing")
    func symmetry() throws {
        for (b, c) in [(5, 5), (3, 11), (0, 8), (40, 12)] {
            for test in [McNemarTest.exact, McNemarTest.midP] {
                let p = test(try outcomes(b, c))
                let swapped = test(try outcomes(c, b, bothPass: 100, neither: 7))
                #expect(p.less == swapped.greater && isClose(p.twoSided, swapped.twoSided))
                #expect(p.twoSided <= 1 && p.less > 0)
            }
        }
    }

    @Test("Each further loss makes p smaller, mid-p lies below exact, and the far tail keeps its accuracy")
    func monotone() throws {
        var last = 1.0
        for lost in 4...60 {
            let midP = McNemarTest.midP(try outcomes(lost, 4)).greater
            #expect(try midP < last && midP < McNemarTest.exact(outcomes(lost, 4)).greater)
            last = midP
        }
        #expect(abs(McNemarTest.exact(try outcomes(400, 0)).greater * pow(2, 400) - 1) < 1e-11)
    }

    @Test("Without a discordant example every p is 1; impossible counts are none")
    func uninformative() throws {
        #expect(McNemarTest.midP(try outcomes(0, 0, bothPass: 9)).twoSided == 1)
        #expect(PairedOutcomes(bothPass: -1, onlyFirst: 0, onlySecond: 0, neither: 0) == nil)
        #expect(PairedOutcomes(bothPass: .max, onlyFirst: .max, onlySecond: 0, neither: 0) == nil)
    }

    @Test("Newcombe 1998, table II: paired differences of 50 examples by method 10")
    func newcombePaired() throws {
        let strong = try #require(NewcombeInterval.paired(try outcomes(12, 2, bothPass: 36, neither: 0)))
        #expect(abs(strong.low - 0.0569) < 5e-5 && abs(strong.high - 0.3404) < 5e-5)
        let positive = try #require(NewcombeInterval.paired(try outcomes(12, 2, bothPass: 20, neither: 16)))
        #expect(abs(positive.low - 0.0562) < 5e-5 && abs(positive.high - 0.3292) < 5e-5)
        #expect(NewcombeInterval.paired(try outcomes(0, 0)) == nil)
    }

    @Test("Newcombe 1998, table II: independent 56/70 - 48/80 by method 10")
    func newcombeIndependent() throws {
        let interval = try #require(NewcombeInterval.independent(try count("56/70"), minus: try count("48/80")))
        #expect(abs(interval.low - 0.0524) < 5e-5 && abs(interval.high - 0.3339) < 5e-5)
        #expect(NewcombeInterval.independent(.none, minus: try count("1/2")) == nil)
    }

    @Test("Clopper and Pearson's limits are what they promise: each tail has (1 - level)/2")
    func clopperPearson() throws {
        for text in ["1/7", "5/10", "199/200", "3/100000", "99999/100000"] {
            let seen = try count(text)
            let interval = try #require(ClopperPearsonInterval.interval(seen, level: 0.9))
            let atLow = try #require(BinomialDistribution(trials: seen.trials, probability: interval.low))
            let atHigh = try #require(BinomialDistribution(trials: seen.trials, probability: interval.high))
            #expect(isClose(atLow.atLeast(seen.passes), 0.05, within: 1e-10), "\(text)")
            #expect(isClose(atHigh.tails(seen.passes).lower, 0.05, within: 1e-10), "\(text)")
        }
        let none = try #require(ClopperPearsonInterval.interval(try count("0/10")))
        #expect(none.low == 0 && isClose(none.high, 1 - pow(0.025, 0.1)))
        #expect(ClopperPearsonInterval.interval(.none) == nil)
    }
}

@Suite("Tests of paired and unpaired values")
struct HypothesisTests {
    @Test("Every sign vector of three: 0.1 + 0.2 against 0.3 is a tie")
    func signFlip() throws {
        let result = try #require(SignFlipTest.exact([0.1, 0.2, -0.3]))
        #expect(result.p.less == 0.625 && result.p.greater == 0.625 && result.p.twoSided == 1)
        #expect(SignFlipTest.exact([1, 1, 1, 1, 1])?.p.greater == 1.0 / 32)
        #expect(SignFlipTest.exact([]) == nil && SignFlipTest.exact([.nan]) == nil)
        #expect(SignFlipTest.exact([Double](repeating: 1, count: 41)) == nil)
    }

    @Test("Equals the enumeration of every sign vector", arguments: [1, 2, 3, 4, 5] as [UInt64])
    func signFlipEnumeration(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let sizes = (0..<11).map { _ in (Double(generator.next(below: 41)) - 20) / 20 }
        let scaled = sizes.map { Int(($0 * 20).rounded()) }
        let sums = (0..<(1 << 11)).map { signs in
            scaled.enumerated().reduce(0) { $0 + (signs >> $1.offset & 1 == 1 ? $1.element : -$1.element) }
        }
        let observed = scaled.reduce(0, +)
        let p = try #require(SignFlipTest.exact(sizes)).p
        #expect(p.less == Double(sums.count { $0 <= observed }) / 2048)
        #expect(p.greater == Double(sums.count { $0 >= observed }) / 2048)
        #expect(p.twoSided == Double(sums.count { abs($0) >= abs(observed) }) / 2048)
    }

    @Test("Lost and won examples as -1 and 1 are McNemar's exact test, also with 30 of them")
    func signFlipOfFlips() throws {
        let differences = [Double](repeating: -1, count: 21) + [Double](repeating: 1, count: 9) + [0, 0]
        let outcomes = try #require(PairedOutcomes(bothPass: 1, onlyFirst: 21, onlySecond: 9, neither: 1))
        let p = try #require(SignFlipTest.exact(differences)).p
        #expect(isClose(p.less, McNemarTest.exact(outcomes).greater))
        #expect(isClose(p.greater, McNemarTest.exact(outcomes).less))
    }

    @Test("Wilcoxon 1945, exact and by approximation, as scipy 1.17 (wilcoxon)")
    func wilcoxon() throws {
        let test = try #require(WilcoxonSignedRankTest([0.25, 0.25, -0.5, 0.75, 0, -0.25, 0.5]))
        #expect(test.nonZero == 6 && test.positiveRanks == 14.5 && test.negativeRanks == 6.5)
        #expect(test.exact()?.greater == 0.265625)
        #expect(isClose(test.approximation().p.twoSided, 0.39510806859049225))
        #expect(WilcoxonSignedRankTest([0, 0])?.exact()?.twoSided == 1)
        #expect(WilcoxonSignedRankTest([0, 0])?.approximation().z == nil)
        #expect(WilcoxonSignedRankTest([1, .infinity]) == nil)
        #expect(WilcoxonSignedRankTest((1...301).map(Double.init))?.exact() == nil)
    }

    @Test("The exact signed ranks approach their normal approximation")
    func wilcoxonLarge() throws {
        var generator = SeededGenerator(seed: 7)
        let values = (0..<120).map { _ in (Double(generator.next(below: 2_001)) - 960) / 7 }
        let test = try #require(WilcoxonSignedRankTest(values))
        let exact = try #require(test.exact())
        let approximate = test.approximation(continuityCorrection: true).p
        #expect(abs(exact.less - approximate.less) < 2e-3)
    }

    @Test("Adjusted p-values keep the order they came in, and the textbook's five values")
    func multipleTesting() throws {
        let p = [0.01, 0.04, 0.03, 0.005, 0.5]
        let holm = try #require(MultipleTesting.holm(p))
        for (got, wanted) in zip(holm, [0.04, 0.09, 0.09, 0.025, 0.5]) { #expect(isClose(got, wanted)) }
        let shown = try #require(MultipleTesting.benjaminiHochberg(p))
        for (got, wanted) in zip(shown, [0.025, 0.05, 0.05, 0.025, 0.5]) { #expect(isClose(got, wanted)) }
        #expect(MultipleTesting.holm([]) == [] && MultipleTesting.holm([1.1]) == nil)
        #expect(MultipleTesting.benjaminiHochberg([.nan]) == nil)
    }

    @Test("Adjusting never lowers p, Holm is at most Bonferroni and at least Benjamini-Hochberg", arguments: [1, 2, 3])
    func adjustmentLaws(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let p = (0..<50).map { _ in Double(generator.next(below: 1_000)) / 1_000 }
        let holm = try #require(MultipleTesting.holm(p))
        let shown = try #require(MultipleTesting.benjaminiHochberg(p))
        for (index, value) in p.enumerated() {
            #expect(value <= shown[index] && shown[index] <= holm[index] && holm[index] <= min(1, 50 * value))
        }
        let order = generator.shuffled(Array(p.indices))
        let shuffled = try #require(MultipleTesting.holm(order.map { p[$0] }))
        #expect(shuffled == order.map { holm[$0] })
    }

    @Test("Welch's t as scipy 1.17 (ttest_ind, equal_var=False), and undefined without variance")
    func welch() throws {
        let result = try #require(WelchTTest([1, 2], minus: [3, 5]))
        #expect(isClose(result.test?.statistic, -2.23606797749979))
        #expect(isClose(result.test?.degreesOfFreedom, 1.4705882352941178))
        #expect(isClose(result.test?.pTwoSided, 0.19872738893452616, within: 1e-11))
        let flat = try #require(WelchTTest([2, 2], minus: [1, 1]))
        #expect(flat.test == nil && flat.standardError == 0 && flat.difference == 1)
        #expect(WelchTTest([1], minus: [2, 3])?.standardError == nil)
        #expect(WelchTTest([], minus: [2, 3]) == nil)
    }

    @Test("With equal sizes and variances Welch's t is Student's")
    func welchIsStudent() throws {
        let first = [0.1, 0.4, 0.9, 1.6]
        let result = try #require(WelchTTest(first, minus: first.map { $0 + 0.3 })?.test)
        #expect(isClose(result.degreesOfFreedom, 6))
    }

    @Test("Mann and Whitney's U counts pairs, ties half; exchanging the lists exchanges the tails")
    func mannWhitney() throws {
        let (x, y) = ([1.0, 3, 3, 7], [0.0, 3, 5])
        let test = try #require(MannWhitneyTest(x, y))
        let pairs = x.reduce(0.0) { sum, a in y.reduce(sum) { $0 + (a > $1 ? 1 : a == $1 ? 0.5 : 0) } }
        #expect(test.u == pairs && test.probabilityOfLarger == pairs / 12)
        let swapped = try #require(MannWhitneyTest(y, x))
        #expect(swapped.u == 12 - pairs)
        #expect(isClose(swapped.p?.less, try #require(test.p?.greater)))
        #expect(MannWhitneyTest([2, 2], [2, 2, 2])?.p == nil)
        #expect(MannWhitneyTest([], [1]) == nil)
    }

    @Test("Two rates by the pooled z test, as statsmodels 0.15 (proportions_ztest); undefined when all pass")
    func twoProportions() throws {
        let result = try #require(TwoProportionTest(try count("45/100"), minus: try count("60/100")))
        #expect(isClose(result.z, -2.123976976214366) && isClose(result.p?.twoSided, 0.033672068856345834))
        #expect(TwoProportionTest(try count("3/3"), minus: try count("5/5"))?.p == nil)
        #expect(TwoProportionTest(.none, minus: try count("5/5")) == nil)
    }

    @Test("A split of 821,588 to 815,482 is not what chance makes of half and half (Kohavi et al. 2020, chapter 3)")
    func sampleRatio() throws {
        let test = try #require(SampleRatioTest(observed: [821_588, 815_482], weights: [1, 1]))
        #expect(abs(test.p - 1.8e-6) < 1e-7 && test.isMismatch)
        #expect(SampleRatioTest(observed: [9_050, 950], weights: [9, 1])?.isMismatch == false)
        #expect(SampleRatioTest(observed: [0, 0], weights: [1, 1]) == nil)
        #expect(SampleRatioTest(observed: [1, 1], weights: [1, 0]) == nil)
        #expect(SampleRatioTest(observed: [1], weights: [1]) == nil)
        #expect(SampleRatioTest(observed: [.max, .max], weights: [1, 2])?.degreesOfFreedom == 1)
    }

    @Test("Chi-square: two degrees of freedom are exponential, one is the square of a normal value")
    func chiSquare() throws {
        for x in [0, 1e-9, 0.3, 2, 17, 300, 1_400] {
            let two = ChiSquareDistribution(degreesOfFreedom: 2)?.tails(x)
            #expect(try abs(#require(two?.upper) / exp(-x / 2) - 1) < 1e-11)
            let one = try #require(ChiSquareDistribution(degreesOfFreedom: 1)?.tails(x))
            let normal = NormalDistribution.tails(x.squareRoot()).upper
            #expect(abs(one.upper - 2 * normal) <= 1e-11 * normal)
        }
        #expect(ChiSquareDistribution(degreesOfFreedom: 0) == nil)
        #expect(ChiSquareDistribution(degreesOfFreedom: 3)?.tails(.nan) == nil)
        #expect(ChiSquareDistribution(degreesOfFreedom: 3)?.tails(.infinity)?.upper == 0)
        #expect(ChiSquareDistribution(degreesOfFreedom: 3)?.tails(-1)?.upper == 1)
    }

    @Test(
        "The quantile of the beta distribution is inverse to it",
        arguments: [(0.5, 0.5), (1, 9), (300, 2.5), (1e6, 3e6)])
    func betaQuantile(a: Double, b: Double) throws {
        for p in [1e-12, 0.025, 0.5, 0.9, 1 - 1e-9] {
            let x = try #require(IncompleteBeta.quantile(p, a: a, b: b))
            let tails = try #require(IncompleteBeta.tails(x.value, complement: x.complement, a: a, b: b))
            #expect(abs(tails.lower / p - 1) < 1e-9, "\(p)")
        }
        #expect(IncompleteBeta.quantile(0, a: a, b: b) == nil)
        #expect(IncompleteBeta.quantile(0.5, a: -1, b: b) == nil)
    }

    @Test("Binomial probabilities add up to 1 and to the tails", arguments: [(1, 0.3), (12, 0.5), (200, 0.97)])
    func binomial(trials: Int, probability: Double) throws {
        let distribution = try #require(BinomialDistribution(trials: trials, probability: probability))
        var sum = 0.0
        for k in 0...trials {
            sum += distribution.mass(k)
            #expect(isClose(distribution.tails(k).lower, sum, within: 1e-12))
        }
        #expect(isClose(sum, 1))
        #expect(distribution.mass(-1) == 0 && distribution.atLeast(0) == 1)
        #expect(BinomialDistribution(trials: -1, probability: 0.5) == nil)
    }
}
