import RatchetStatistics
import Testing

@Suite("Error rates and drift of a judge")
struct JudgeTests {
    private func rates(_ judged: String, _ passes: String, _ failures: String) throws -> JudgeErrorRates {
        try #require(
            JudgeErrorRates(
                judged: try count(judged), labeledPasses: try count(passes), labeledFailures: try count(failures)))
    }

    @Test("Labels drawn by verdict are weighed by how many answers got that verdict")
    func weighed() throws {
        // 900 judge-passes of which 99 % are good, 100 judge-failures of which 10 % are.
        let rates = try rates("900/1000", "99/100", "10/100")
        #expect(isClose(rates.sensitivity?.estimate, 891.0 / 901))
        #expect(isClose(rates.specificity?.estimate, 90.0 / 99))
        #expect(isClose(rates.informedness?.estimate, 891.0 / 901 + 90.0 / 99 - 1))
    }

    @Test("With every answer labelled the rates are those of the table")
    func everythingLabelled() throws {
        let rates = try rates("60/100", "54/60", "4/40")
        #expect(isClose(rates.sensitivity?.estimate, 54.0 / 58))
        #expect(isClose(rates.specificity?.estimate, 36.0 / 42))
    }

    @Test("Calling pass fail and fail pass exchanges the two rates")
    func symmetry() throws {
        let rates = try rates("70/100", "18/20", "3/20")
        let mirrored = try self.rates("30/100", "17/20", "2/20")
        #expect(isClose(mirrored.sensitivity?.low, try #require(rates.specificity?.low)))
        #expect(isClose(mirrored.specificity?.high, try #require(rates.sensitivity?.high)))
        #expect(isClose(mirrored.informedness?.low, try #require(rates.informedness?.low)))
    }

    @Test("More labels narrow every interval, which stays in its range and around its estimate")
    func intervals() throws {
        let few = try rates("800/1000", "19/20", "4/20")
        let many = try rates("800/1000", "190/200", "40/200")
        for path in [\JudgeErrorRates.sensitivity, \.specificity, \.informedness] {
            let (wide, narrow) = (try #require(few[keyPath: path]), try #require(many[keyPath: path]))
            #expect(isClose(wide.estimate, narrow.estimate))
            #expect(narrow.high - narrow.low < wide.high - wide.low)
            #expect(wide.low <= wide.estimate && wide.estimate <= wide.high && wide.high <= 1 && wide.low >= -1)
        }
    }

    @Test("Nothing is known of how a judge treats answers that there are none of")
    func unknown() throws {
        let allGood = try rates("90/100", "20/20", "10/10")
        #expect(isClose(allGood.sensitivity?.estimate, 0.9))
        #expect(allGood.specificity == nil && allGood.informedness == nil)
        let allBad = try rates("10/100", "0/10", "0/20")
        #expect(allBad.sensitivity == nil && allBad.specificity != nil)
        let unlabelled = try rates("50/100", "0/0", "0/0")
        #expect(try #require(unlabelled.informedness).low < 0)
        #expect(JudgeErrorRates(judged: .none, labeledPasses: .none, labeledFailures: .none) == nil)
    }

    @Test(
        "GATE.md 4.4: flips that are an alarm, and the chance to see a drift of 5, 10 and 20 %",
        arguments: [
            (25, 4, [0.09, 0.34, 0.82]), (50, 5, [0.26, 0.72, 0.99]), (100, 7, [0.54, 0.96, 1]),
            (200, 11, [0.82, 1, 1]),
        ])
    func canary(answers: Int, alarm: Int, powers: [Double]) throws {
        let canary = try #require(JudgeCanary(answers: answers))
        #expect(canary.alarmCount == alarm)
        #expect(canary.isAlarm(flips: alarm) && !canary.isAlarm(flips: alarm - 1))
        for (drift, power) in zip([0.05, 0.1, 0.2], powers) {
            #expect(try abs(#require(canary.power(drift: drift)) - power) <= 0.005)
        }
    }

    @Test("The alarm count is the smallest one that is rare enough", arguments: [1, 2, 10, 77, 1_000])
    func smallestAlarm(answers: Int) throws {
        let canary = try #require(JudgeCanary(answers: answers, flipRate: 0.05, falseAlarms: 0.01))
        let flips = try #require(BinomialDistribution(trials: answers, probability: 0.05))
        guard let alarm = canary.alarmCount else {
            #expect(flips.atLeast(answers) > 0.01 && canary.power(drift: 0.9) == 0)
            return
        }
        #expect(flips.atLeast(alarm) <= 0.01 && (alarm == 1 || flips.atLeast(alarm - 1) > 0.01))
    }

    @Test("Impossible canaries are none")
    func noCanary() {
        #expect(JudgeCanary(answers: 0) == nil)
        #expect(JudgeCanary(answers: 10, flipRate: 0) == nil)
        #expect(JudgeCanary(answers: 10, falseAlarms: 1) == nil)
        #expect(JudgeCanary(answers: 10)?.power(drift: 1) == nil)
    }
}
