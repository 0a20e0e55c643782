import Foundation
import RatchetStatistics
import Testing

@Suite("Flakiness prior and evidence of one example")
struct EvidenceTests {
    static func records() throws -> [PassCount] {
        try [(88, "5/5"), (6, "4/5"), (3, "3/5"), (2, "2/5"), (1, "0/5")].flatMap { copies, text in
            [PassCount](repeating: try count(text), count: copies)
        }
    }

    @Test("Weights sum to 1 and none dies")
    func weights() throws {
        let prior = try #require(FlakinessPrior.fit(Self.records()))
        #expect(isClose(prior.weights.reduce(0, +), 1))
        #expect(prior.weights.allSatisfy { $0 >= 1 / 28.0 / 101 - 1e-15 })
    }

    @Test("The order of the records does not change one bit", arguments: [1, 2, 3] as [UInt64])
    func order(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        #expect(FlakinessPrior.fit(generator.shuffled(try Self.records())) == FlakinessPrior.fit(try Self.records()))
    }

    @Test("Records of one trial give the assumed prior: 15 % spread, the rest split like passes and failures")
    func oneTrialRecords() throws {
        let records = try [PassCount](repeating: count("1/1"), count: 9) + [count("0/1"), count("0/0")]
        let prior = try #require(FlakinessPrior.fit(records))
        let high = zip(prior.grid, prior.weights).filter { $0.0 >= 0.98 }.map(\.1)
        let low = zip(prior.grid, prior.weights).filter { $0.0 <= 0.01 }.map(\.1)
        #expect(high.count == 4 && low.count == 2)
        #expect(isClose(high.reduce(0, +), 0.15 * 4 / 28 + 0.85 * 0.9))
        #expect(isClose(low.reduce(0, +), 0.15 * 2 / 28 + 0.85 * 0.1))
        #expect(isClose(prior.weights.reduce(0, +), 1))
    }

    @Test("There is no prior without a trial, nor from an unusable grid or weights")
    func noPrior() throws {
        #expect(FlakinessPrior.fit([]) == nil)
        #expect(FlakinessPrior.fit([.none]) == nil)
        #expect(FlakinessPrior.fitMixture([.none], grid: [0, 0.5]) == nil)
        #expect(FlakinessPrior(grid: [0.5], weights: [0]) == nil)
        #expect(FlakinessPrior(grid: [0.5], weights: [.nan]) == nil)
        #expect(FlakinessPrior(grid: [0.5], weights: [0.5, 0.5]) == nil)
    }

    @Test("Records of thousands of trials do not underflow")
    func longRecords() throws {
        let prior = try #require(FlakinessPrior.fit([try count("2500/5000"), try count("5000/5000")]))
        #expect(isClose(prior.predictivePassProbability(given: try count("2500/5000")), 0.5, within: 1e-6))
        let logE = RegressionEvidence.logE(new: try count("0/12"), record: try count("5000/5000"), prior: prior)
        #expect(logE.isFinite && logE > 20)
    }

    @Test("The noise inside examples is what the mixture says: 0.25 when all are coin flips")
    func meanWithinVariance() throws {
        let coin = try #require(FlakinessPrior(grid: [0.5], weights: [1]))
        #expect(coin.meanWithinVariance(of: [try count("5/5"), try count("0/1")]) == 0.25)
        #expect(coin.meanWithinVariance(of: []) == nil)
    }

    @Test(
        "e is a martingale: its expectation after one more trial is its value",
        arguments: ["0/0", "0/1", "2/5", "7/9"])
    func martingale(newText: String) throws {
        let prior = try #require(FlakinessPrior.fit(Self.records()))
        let new = try count(newText)
        for record in try ["5/5", "4/5", "0/5", "1/1", "0/0"].map(count) {
            let pass = prior.predictivePassProbability(given: record + new)
            func e(_ new: PassCount) -> Double { exp(RegressionEvidence.logE(new: new, record: record, prior: prior)) }
            let expected = pass * e(new + (try count("1/1"))) + (1 - pass) * e(new + (try count("0/1")))
            #expect(isClose(expected, e(new), within: 1e-11), "\(record)")
        }
    }

    @Test("More failures are more evidence, a longer clean record makes each weigh more, passes weigh against")
    func monotone() throws {
        let prior = try #require(FlakinessPrior.fit(Self.records()))
        func logE(_ new: String, _ record: String) throws -> Double {
            RegressionEvidence.logE(new: try count(new), record: try count(record), prior: prior)
        }
        #expect(try logE("0/6", "5/5") > logE("0/3", "5/5"))
        #expect(try logE("0/3", "10/10") > logE("0/3", "5/5"))
        #expect(try logE("1/1", "5/5") < 0)
        #expect(try logE("0/0", "5/5") == 0)
        #expect(try logE("0/3", "5/5") > logE("0/3", "3/5"))
    }

    @Test("A single-trial record never makes one example of 100 certain at the default budget")
    func oneTrialIsNeverCertain() throws {
        let records =
            try [PassCount](repeating: count("1/1"), count: 97) + [PassCount](repeating: count("0/1"), count: 3)
        let prior = try #require(FlakinessPrior.fit(records))
        let logE = RegressionEvidence.logE(new: try count("0/200"), record: try count("1/1"), prior: prior)
        #expect(logE < log(100 / 0.004))
    }
}

@Suite("Power statement")
struct PowerTests {
    @Test(
        "GATE.md 1.9: smallest drop seen, in points, at alpha 1 %",
        arguments: [
            (0.0138, 1, 1, 100, 5.3), (0.0138, 5, 1, 200, 2.9), (0.06, 5, 3, 1000, 1.8), (0.147, 5, 1, 10_000, 1.3),
        ])
    func table(variance: Double, baseline: Double, new: Double, examples: Int, points: Double) throws {
        let power = try #require(Power(meanWithinVariance: variance, baselineTrials: baseline, newTrials: new))
        let drop = try #require(power.minimumDetectableDrop(examples: examples, alpha: 0.01))
        #expect(abs(drop * 100 - points) < 0.051)
    }

    @Test("A suite of the required size sees the drop it was sized for")
    func roundTrip() throws {
        let power = try #require(Power(meanWithinVariance: 0.03, baselineTrials: 5, newTrials: 1))
        let needed = try #require(power.requiredExamples(drop: 0.01, alpha: 0.005))
        #expect(try #require(power.minimumDetectableDrop(examples: needed, alpha: 0.005)) <= 0.01)
        #expect(try #require(power.minimumDetectableDrop(examples: needed - 1, alpha: 0.005)) > 0.01)
    }

    @Test("Impossible questions have no answer")
    func undefined() throws {
        #expect(Power(meanWithinVariance: -1, baselineTrials: 1, newTrials: 1) == nil)
        #expect(Power(meanWithinVariance: 0.1, baselineTrials: 0, newTrials: 1) == nil)
        let power = try #require(Power(meanWithinVariance: 0.1, baselineTrials: 1, newTrials: 1))
        #expect(power.minimumDetectableDrop(examples: 0, alpha: 0.01) == nil)
        #expect(power.minimumDetectableDrop(examples: 10, alpha: 0) == nil)
        #expect(power.requiredExamples(drop: 0, alpha: 0.01) == nil)
    }
}
