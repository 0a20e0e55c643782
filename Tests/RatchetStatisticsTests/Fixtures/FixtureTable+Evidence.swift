import RatchetStatistics
import Testing

extension FixtureTable {
    static let evidence: [String: Implementation] = [
        "stratified_permutation": { fixture in
            let baseline = try fixture.counts("baseline_passes", of: "baseline_calls")
            let new = try fixture.counts("new_passes", of: "new_calls")
            let result = StratifiedPermutation.test(zip(baseline, new).map { PassCountPair(baseline: $0, new: $1) })
            fixture.check([
                "new_total": Double(result.newPasses), "p_less": result.pLess, "p_less_mid": result.pLessMid,
                "p_greater": result.pGreater, "p_greater_mid": result.pGreaterMid,
            ])
        },
        "npmle_weights": { fixture in
            let prior = FlakinessPrior.fitMixture(
                try fixture.counts("passes", of: "calls"), grid: try fixture.numbers("grid"),
                steps: try fixture.integer("iterations"), pseudoExamples: try fixture.number("pseudo_count"))
            fixture.check(list: try #require(prior).weights, named: "weights")
        },
        "log_e_value": { fixture in
            let record = try fixture.count("baseline_passes", of: "baseline_calls")
            let prior = try #require(
                FlakinessPrior(grid: try fixture.numbers("grid"), weights: try fixture.numbers("weights")))
            let alternative = try #require(
                RegressionEvidence.Alternative(alpha: try fixture.number("alt_a"), beta: try fixture.number("alt_b")))
            let logE = RegressionEvidence.logE(
                new: try fixture.count("new_passes", of: "new_calls"), record: record, prior: prior,
                alternative: alternative)
            fixture.check(["log_e": logE, "predictive_pass": prior.predictivePassProbability(given: record)])
        },
        "global_log_evidence": { fixture in
            fixture.check([
                "log_g": PooledEvidence.logG(
                    try fixture.numbers("log_e"), multipliers: try fixture.numbers("eps_multipliers"))
            ])
        },
        "early_stop_log_e": { fixture in
            var evidence = try #require(EarlyStopEvidence(oddsRatios: try fixture.numbers("odds_ratios")))
            let records = try fixture.counts("baseline_passes", of: "baseline_calls")
            let path = zip(records, try fixture.integers("outcomes")).map { record, outcome in
                evidence.add(record: record, passed: outcome == 1)
                return evidence.logE
            }
            fixture.check(list: path, named: "log_e_path")
        },
        "asymptotic_cs_halfwidth": { fixture in
            let sequence = try #require(
                AsymptoticConfidenceSequence(
                    alpha: try fixture.number("alpha"), tunedFor: try fixture.number("t_star")))
            fixture.check([
                "rho2": sequence.mixingVariance,
                "half_width": sequence.halfWidth(
                    count: try fixture.integer("n"), standardDeviation: try fixture.number("sd")),
            ])
        },
        "minimum_detectable_drop": { fixture in
            let examples = try fixture.integer("n")
            let drop = try power(fixture).minimumDetectableDrop(
                examples: examples, alpha: try fixture.number("alpha"), power: try fixture.number("power"))
            fixture.check(["se": try power(fixture).standardError(examples: examples), "mde": drop])
        },
        "required_examples": { fixture in
            let (drop, alpha, wanted) = (
                try fixture.number("drop"), try fixture.number("alpha"), try fixture.number("power")
            )
            let suite = try power(fixture)
            fixture.check([
                "n_exact": suite.exactRequiredExamples(drop: drop, alpha: alpha, power: wanted),
                "n": suite.requiredExamples(drop: drop, alpha: alpha, power: wanted).map(Double.init),
            ])
        },
    ]

    private static func power(_ fixture: FixtureCase) throws -> Power {
        try #require(
            Power(
                meanWithinVariance: try fixture.number("mean_within_variance"),
                baselineTrials: try fixture.number("baseline_calls"), newTrials: try fixture.number("new_calls")))
    }
}
