import RatchetStatistics
import Testing

@Suite("Agreement of judge and people")
struct AgreementTests {
    @Test("κ of Fleiss, Cohen and Everitt's formulas, by statsmodels 0.15 (cohens_kappa)")
    func kappa() throws {
        let table = try #require(AgreementTable(counts: [[44, 5, 1], [7, 20, 3], [9, 5, 6]]))
        let plain = try #require(CohenKappa(table)?.estimate)
        #expect(isClose(plain.kappa, 0.4915254237288136))
        #expect(isClose(plain.standardError, 0.07212745929334066))
        #expect(isClose(plain.nullStandardError, 0.07350931675322522))
        let quadratic = try #require(CohenKappa(table, weights: .quadratic)?.estimate)
        #expect(isClose(quadratic.kappa, 0.45454545454545453))
        #expect(isClose(quadratic.standardError, 0.09397969777572603))
    }

    @Test("With two grades every weighting is the plain κ, and exchanging the raters changes nothing")
    func symmetry() throws {
        let table = try #require(AgreementTable(counts: [[81, 7], [2, 13]]))
        let swapped = try #require(AgreementTable(counts: [[81, 2], [7, 13]]))
        let plain = try #require(CohenKappa(table)?.estimate)
        for weights in [CohenKappa.Weights.linear, .quadratic] {
            #expect(CohenKappa(table, weights: weights)?.estimate == plain)
        }
        let other = try #require(CohenKappa(swapped)?.estimate)
        #expect(isClose(other.kappa, plain.kappa) && isClose(other.standardError, plain.standardError))
    }

    @Test("Where both gave everything one grade κ is unknown; an empty or crooked table is no table")
    func undefinedKappa() throws {
        for counts in [[[7, 0], [0, 0]], [[0, 0, 0], [0, 3, 0], [0, 0, 0]], [[5]]] {
            let table = try #require(AgreementTable(counts: counts))
            let result = try #require(CohenKappa(table, weights: .linear))
            #expect(result.estimate == nil && result.observedAgreement == 1)
        }
        #expect(AgreementTable(counts: []) == nil)
        #expect(AgreementTable(counts: [[1, 2]]) == nil)
        #expect(AgreementTable(counts: [[1, 2], [3]]) == nil)
        #expect(AgreementTable(counts: [[-1, 2], [3, 4]]) == nil)
        #expect(AgreementTable(counts: [[.max, .max], [.max, .max]]) == nil)
        #expect(CohenKappa(try #require(AgreementTable(counts: [[0, 0], [0, 0]]))) == nil)
    }

    @Test("A judge that is always right adds only the noise of its own rate to people's labels")
    func perfectJudge() throws {
        let result = try #require(
            JudgeStratifiedRate(
                judged: try count("80/100"), labeledPasses: try count("1000000/1000000"),
                labeledFailures: try count("0/1000000")))
        #expect(isClose(result.interval.estimate, 0.8))
        // 0.8 ± 1.96 √(0.8 0.2 / 100)
        #expect(
            isClose(result.interval.low, 0.7216, within: 1e-4) && isClose(result.interval.high, 0.8784, within: 1e-4))
    }

    @Test("More labels narrow the corrected rate; without any it is only known to lie in its stratum's range")
    func labels() throws {
        func rate(_ passes: String, _ failures: String) throws -> ConfidenceInterval {
            try #require(
                JudgeStratifiedRate(
                    judged: try count("800/1000"), labeledPasses: try count(passes),
                    labeledFailures: try count(failures))
            ).interval
        }
        let few = try rate("18/20", "4/20")
        let many = try rate("180/200", "40/200")
        #expect(isClose(few.estimate, many.estimate) && many.high - many.low < few.high - few.low)
        let none = try rate("0/0", "0/0")
        // Each stratum is 0.5 ± 0.5: 0.5 ± √(0.8² + 0.2²) / 2.
        #expect(none.estimate == 0.5 && isClose(none.low, 0.5 - 0.68.squareRoot() / 2))
        #expect(
            JudgeStratifiedRate(judged: .none, labeledPasses: try count("1/1"), labeledFailures: try count("1/1"))
                == nil)
    }

    @Test("Lang and Reiczigel's interval, and no correction by a judge that is no better than a coin")
    func roganGladen() throws {
        // 60-digit arithmetic of the formulas.
        let result = try #require(
            RoganGladenRate(
                judged: try count("870/1000"), goodAnswers: try count("95/100"), badAnswers: try count("17/20")))
        #expect(isClose(result.corrected?.interval?.estimate, 0.9))
        #expect(isClose(result.corrected?.interval?.low, 0.8389674700880296, within: 1e-11))
        #expect(isClose(result.corrected?.interval?.high, 0.9674488250816864, within: 1e-11))
        for (good, bad) in [("1/2", "1/2"), ("9/10", "1/10"), ("3/10", "1/7"), ("0/5", "5/5")] {
            let coin = try #require(
                RoganGladenRate(judged: try count("5/9"), goodAnswers: try count(good), badAnswers: try count(bad)))
            #expect(coin.corrected == nil, "\(good) \(bad)")
        }
        #expect(RoganGladenRate(judged: try count("5/9"), goodAnswers: .none, badAnswers: try count("1/1")) == nil)
    }

    @Test("One lucky label makes an estimate but no interval: its pseudo-labels leave the judge a coin")
    func tooFewLabels() throws {
        let result = try #require(
            RoganGladenRate(
                judged: try count("95/100"), goodAnswers: try count("1/1"), badAnswers: try count("100/1000")))
        #expect(result.corrected != nil && result.corrected?.interval == nil)
    }

    @Test("Prediction-powered: λ = 0 is people's labels alone, a perfect judge gives the mean of everything")
    func predictionPowered() throws {
        let labels = [1.0, 0, 1, 1, 0, 1]
        let others = [1.0, 1, 1, 0, 1, 1, 0, 1, 1, 1]
        let alone = try #require(
            PredictionPoweredMean(
                labels: labels, predictionsOfLabeled: labels, predictionsOfUnlabeled: others, lambda: 0))
        #expect(isClose(alone.interval.estimate, 4.0 / 6))
        #expect(isClose(alone.standardError, (2.0 / 9 / 6).squareRoot()))
        let tuned = try #require(
            PredictionPoweredMean(labels: labels, predictionsOfLabeled: labels, predictionsOfUnlabeled: others))
        #expect(tuned.lambda > 0 && tuned.lambda < 1 && tuned.standardError < alone.standardError)
        let full = try #require(
            PredictionPoweredMean(
                labels: labels, predictionsOfLabeled: labels, predictionsOfUnlabeled: others, lambda: 1))
        #expect(isClose(full.interval.estimate, 0.8))
    }

    @Test("Prediction-powered needs both parts, equal lengths and finite scores")
    func noPrediction() {
        func mean(_ labels: [Double], _ own: [Double], _ others: [Double], _ lambda: Double? = nil) -> Double? {
            PredictionPoweredMean(
                labels: labels, predictionsOfLabeled: own, predictionsOfUnlabeled: others, lambda: lambda)?
                .interval.estimate
        }
        #expect(mean([], [], [1]) == nil)
        #expect(mean([1], [1], []) == nil)
        #expect(mean([1], [1, 0], [1]) == nil)
        #expect(mean([1, .nan], [1, 0], [1]) == nil)
        #expect(mean([1, 0], [1, 0], [1], .infinity) == nil)
    }
}
