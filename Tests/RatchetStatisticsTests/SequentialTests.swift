import Foundation
import RatchetStatistics
import Testing

@Suite("Evidence of a running run, and bounds from earlier ones")
struct SequentialTests {
    @Test("The early stop is a martingale: given what an example's trials add up to, its factor averages 1")
    func martingale() throws {
        for trials in [1, 3, 5, 10] {
            for total in 1...trials {
                func factor(passed: Bool) throws -> Double {
                    var evidence = EarlyStopEvidence()
                    evidence.add(record: try count("\(passed ? total - 1 : total)/\(trials)"), passed: passed)
                    return exp(evidence.logE)
                }
                let share = Double(total) / Double(trials + 1)
                let mean = try share * factor(passed: true) + (1 - share) * factor(passed: false)
                #expect(isClose(mean, 1), "\(total) of \(trials + 1)")
            }
        }
    }

    @Test("Nothing comes of examples without a record, or whose trials all came out alike")
    func settled() throws {
        var evidence = EarlyStopEvidence()
        evidence.add(record: .none, passed: false)
        evidence.add(record: try count("5/5"), passed: true)
        evidence.add(record: try count("0/5"), passed: false)
        #expect(evidence.logE == 0)
    }

    @Test("GATE.md 3: when everything broke it takes about eight examples with records of five trials")
    func broken() throws {
        var evidence = EarlyStopEvidence()
        var examples = 0
        while evidence.logE < log(1_000) {
            evidence.add(record: try count("5/5"), passed: false)
            examples += 1
        }
        #expect((6...8).contains(examples))
    }

    @Test("Odds ratios must be above 0")
    func oddsRatios() {
        #expect(EarlyStopEvidence(oddsRatios: []) == nil)
        #expect(EarlyStopEvidence(oddsRatios: [0.5, 0]) == nil)
        #expect(EarlyStopEvidence(oddsRatios: EarlyStopEvidence.oddsRatios) == EarlyStopEvidence())
    }

    @Test("Pooled evidence: one certain example of many, many half-certain ones, none at all, more than doubles hold")
    func pooled() throws {
        #expect(PooledEvidence.logG([]) == 0 && PooledEvidence.logG([Double](repeating: 0, count: 9)) == 0)
        // One e = 1000 among a hundred of 1: the mean of 1 + ε 999 over ε = 0.003, 0.01 and 0.03.
        let one = [log(1_000)] + [Double](repeating: 0, count: 99)
        #expect(isClose(PooledEvidence.logG(one), log(1 + 999 * (0.003 + 0.01 + 0.03) / 3)))
        let few = PooledEvidence.logG([5, 5, 5] + [Double](repeating: -0.2, count: 997))
        let none = PooledEvidence.logG([Double](repeating: -0.2, count: 1_000))
        #expect(few > none && none < 0)
        #expect(PooledEvidence.logG([5_000, -5_000]).isFinite)
        #expect(PooledEvidence.logG([-.infinity]).isFinite)
    }

    @Test("Pooled evidence is a martingale when each e is")
    func pooledMartingale() {
        // e moves from 4 to 10 or 1 with probabilities 1/3 and 2/3.
        let others = [0.3, -0.4, 1.7]
        func pooled(_ e: Double) -> Double { exp(PooledEvidence.logG(others + [log(e)])) }
        #expect(isClose(pooled(10) / 3 + pooled(1) * 2 / 3, pooled(4)))
    }

    @Test("A confidence sequence is wider than one look's interval, narrows with values, and starts at 1")
    func confidenceSequence() throws {
        let sequence = try #require(AsymptoticConfidenceSequence(alpha: 0.05, tunedFor: 1_000))
        var last = Double.infinity
        for count in [1, 10, 100, 1_000, 100_000] {
            let width = try #require(sequence.halfWidth(count: count, standardDeviation: 2))
            #expect(width < last && width > 1.96 * 2 / Double(count).squareRoot())
            last = width
        }
        #expect(sequence.halfWidth(count: 0, standardDeviation: 1) == nil)
        #expect(sequence.halfWidth(count: 1, standardDeviation: -1) == nil)
        #expect(AsymptoticConfidenceSequence(alpha: 1) == nil)
        #expect(AsymptoticConfidenceSequence(tunedFor: 0) == nil)
    }

    @Test("The prediction bound of eight runs is mean + t s √(1 + 1/8) of the logarithms")
    func predictionBound() throws {
        let history = [100, 110, 90, 105, 95, 120, 102, 98].map { exp(Double($0) / 100) }
        let bound = try #require(PredictionBound(history: history))
        // Of 1, 1.1, ... : mean 1.025, sd 0.0934522...; t(7, 0.99) = 2.997951566868529 (scipy 1.17).
        let deviation =
            (([-0.025, 0.075, -0.125, 0.025, -0.075, 0.175, -0.005, -0.045].reduce(0) { $0 + $1 * $1 }) / 7)
            .squareRoot()
        let limit = exp(1.025 + 2.997951566868529 * deviation * (9.0 / 8).squareRoot())
        #expect(isClose(bound.upperLimit(alpha: 0.01), limit, within: 1e-11))
        #expect(isClose(bound.pLarger(limit), 0.01, within: 1e-10))
        #expect(isClose(bound.pLarger(exp(1.025)), 0.5))
    }

    @Test("Seven runs bound nothing, nor does a run that took no time; runs all alike bound exactly")
    func undefinedBound() throws {
        #expect(PredictionBound(history: [Double](repeating: 1, count: 7)) == nil)
        #expect(PredictionBound(history: [Double](repeating: 1, count: 8) + [0]) == nil)
        let flat = try #require(PredictionBound(history: [Double](repeating: 2, count: 8)))
        #expect(flat.pLarger(2) == nil && flat.pLarger(2.1) == 0 && flat.pLarger(1.9) == 1 && flat.pLarger(0) == nil)
        #expect(isClose(flat.upperLimit(alpha: 0.01), 2) && flat.upperLimit(alpha: 0) == nil)
    }

    @Test("GATE.md 1.8: alarms of must-pass examples that are a little flaky")
    func mustPass() {
        #expect(isClose(MustPassAlarm.probability(passProbability: 0.9).map { 1 / $0 }, 191, within: 0.01))
        #expect(MustPassAlarm.probability(passProbability: 0.5, bestOf: 1) == 0.5)
        // Catches q = 0.2 with 0.78 and 0.5 with 0.34.
        #expect(isClose(MustPassAlarm.probability(passProbability: 0.2), 0.78, within: 0.005))
        #expect(isClose(MustPassAlarm.probability(passProbability: 0.5), 0.34, within: 0.005))
        #expect(isClose(MustPassAlarm.probability(passProbability: 0.5, bestOf: 3), 0.375))
        #expect(MustPassAlarm.probability(passProbability: 0) == 1)
        #expect(MustPassAlarm.probability(passProbability: 1) == 0)
        #expect(MustPassAlarm.probability(passProbability: 0.5, bestOf: 4) == nil)
    }
}
