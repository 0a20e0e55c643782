import RatchetCore
import RatchetStatistics
import Testing

@testable import RatchetGate

@Suite("Graded scores")
struct ScoreTests {
    /// Examples of one quality each, whose trials scatter around it.
    private static func pairs(_ count: Int, record: Int = 3, drop: (Int) -> Double, seed: UInt64) -> [ScoreTest.Pair] {
        var generator = SeededGenerator(seed: seed)
        func noise() -> Double { Double(generator.next(below: 2001)) / 10_000 - 0.1 }
        return (0..<count).map { place in
            let quality = 0.5 + 0.3 * Double(place % 7) / 7
            return ScoreTest.Pair(
                before: (0..<record).map { _ in quality + noise() }, now: [quality + noise() - drop(place)], group: nil)
        }
    }

    private static func hasFailed(_ pairs: [ScoreTest.Pair], maxDrop: Double? = 0, seed: UInt64 = 3) -> Bool {
        ScoreTest.run(pairs, budget: MetricBudget(maxDrop: maxDrop), alpha: 0.01, seed: seed)?.hasFailed ?? false
    }

    @Test("the same system again fails no more often than the level says")
    func unchanged() {
        let alarms = (0..<400).count { Self.hasFailed(Self.pairs(60, drop: { _ in 0 }, seed: UInt64($0))) }
        // At 1 %, 13 or more of 400 have a chance of less than one in two thousand.
        #expect(alarms < 13)
    }

    @Test("a small fall everywhere, and a deep one of a few, are found", arguments: [true, false])
    func fallen(everywhere: Bool) {
        let found = (0..<10).count {
            Self.hasFailed(Self.pairs(100, drop: { everywhere ? 0.05 : $0 % 10 == 0 ? 0.5 : 0 }, seed: UInt64($0)))
        }
        #expect(found == 10)
    }

    @Test("a fall that is allowed is none, and a rise never fails")
    func allowed() throws {
        let pairs = Self.pairs(200, drop: { _ in 0.03 }, seed: 1)
        #expect(Self.hasFailed(pairs, maxDrop: 0.01))
        #expect(!Self.hasFailed(pairs, maxDrop: 0.05))
        #expect(!Self.hasFailed(Self.pairs(200, drop: { _ in -0.03 }, seed: 1)))
        let result = try #require(ScoreTest.run(pairs, budget: nil, alpha: 0.01, seed: 1))
        #expect(result.hasFailed && !result.isGating)
        let difference = try #require(result.difference)
        #expect(difference.low < -0.03 && -0.03 < difference.high && difference.high < 0)
    }

    @Test("scores of a group are exchanged as one: ten that fell together are one fall")
    func groups() {
        var pairs = Self.pairs(200, drop: { $0 < 10 ? 0.4 : 0 }, seed: 5)
        #expect(Self.hasFailed(pairs))
        for place in 0..<10 { pairs[place].group = "conversation" }
        #expect(!Self.hasFailed(pairs))
    }

    @Test("passed and failed alone are no grades: nothing is said of them")
    func binary() {
        let pairs = (0..<20).map { ScoreTest.Pair(before: [1, 1], now: [Double($0 % 2)], group: nil) }
        #expect(ScoreTest.run(pairs, budget: nil, alpha: 0.01, seed: 1) == nil)
    }

    @Test("a mean takes the gating checks by their weights, leaves out what does not apply, and waits for every verdict")
    func mean() {
        func check(_ state: CheckState, _ score: Double?, weight: Double = 1, gating: Bool = true) -> CheckResult {
            CheckResult(name: "c", type: "t", state: state, score: score, gating: gating, weight: weight, reason: "", hash: "")
        }
        #expect(MeanScore([check(.passed, 1, weight: 3), check(.failed, 0.5)]).value == 0.875)
        #expect(MeanScore([check(.passed, 0.7), check(.notApplicable, nil), check(.failed, 0, gating: false)]).value == 0.7)
        #expect(MeanScore([check(.passed, 1), check(.unscored, nil)]).value == nil)
        #expect(MeanScore([check(.passed, 1, weight: 0)]).value == nil)
        #expect(MeanScore([check(.notApplicable, nil)]).value == nil)
    }
}
