import RatchetStatistics
import Testing

extension FixtureTable {
    static let agreement: [String: Implementation] = [
        "cohen_kappa": { try kappa($0, weights: .same) },
        "weighted_kappa": { try kappa($0, weights: $0.string("weights") == "linear" ? .linear : .quadratic) },
        "judge_stratified_ci": { fixture in
            let result = JudgeStratifiedRate(
                judged: try fixture.count("judge_pass", of: "n_judged"),
                labeledPasses: try fixture.count("human_pass_given_pass", of: "labeled_pass"),
                labeledFailures: try fixture.count("human_pass_given_fail", of: "labeled_fail"),
                level: try fixture.number("confidence"))
            fixture.check(result?.interval, and: ["judge_rate": result?.judgeRate])
        },
        "rogan_gladen": { fixture in
            let result = try #require(
                RoganGladenRate(
                    judged: try fixture.count("judge_pass", of: "n_judged"),
                    goodAnswers: try fixture.count("tp", of: "n_true_pass"),
                    badAnswers: try fixture.count("tn", of: "n_true_fail"), level: try fixture.number("confidence")))
            fixture.check(
                result.corrected?.interval,
                and: [
                    "observed": result.observedRate, "sensitivity": result.sensitivity,
                    "specificity": result.specificity, "estimate_unclipped": result.corrected?.unclippedEstimate,
                    "delta_lower": result.corrected?.deltaInterval.low,
                    "delta_upper": result.corrected?.deltaInterval.high,
                ])
        },
        "ppi_mean_ci": { fixture in
            let result = PredictionPoweredMean(
                labels: try fixture.numbers("labels"),
                predictionsOfLabeled: try fixture.numbers("predictions_labeled"),
                predictionsOfUnlabeled: try fixture.numbers("predictions_unlabeled"),
                lambda: fixture.optionalNumber("lam"), level: try fixture.number("confidence"))
            fixture.check(result?.interval, and: ["lam": result?.lambda, "se": result?.standardError])
        },
    ]

    private static func kappa(_ fixture: FixtureCase, weights: CohenKappa.Weights) throws {
        let table = try #require(AgreementTable(counts: try fixture.rows("table")))
        let result = try #require(CohenKappa(table, weights: weights, level: try fixture.number("confidence")))
        fixture.check(
            result.estimate?.interval, estimate: "kappa",
            and: [
                "observed_agreement": result.observedAgreement, "expected_agreement": result.expectedAgreement,
                "se": result.estimate?.standardError, "se0": result.estimate?.nullStandardError,
            ])
    }
}
