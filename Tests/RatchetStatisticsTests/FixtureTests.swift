import RatchetStatistics
import Testing

@Suite(
    "Reference values of fixtures/stats.json",
    .enabled(if: Fixture.isPresent, "\(Fixture.url.path) is not there; set RATCHET_SHARED"))
struct FixtureTests {
    @Test("The fixture file has at least ten cases of every function", arguments: functions)
    func everyFunctionHasCases(function: String) throws {
        #expect(try Fixture.cases(function).count >= 10)
    }

    static let functions = [
        "wilson_ci", "stratified_permutation", "paired_t", "clustered_se", "student_t_cdf", "student_t_quantile",
        "normal_cdf", "normal_quantile", "regularized_incomplete_beta", "npmle_weights", "log_e_value",
        "minimum_detectable_drop", "required_examples", "quantile_rank_ci",
    ]

    @Test("normal_cdf", arguments: try Fixture.cases("normal_cdf"))
    func normalDistribution(fixture: FixtureCase) throws {
        let tails = NormalDistribution.tails(try fixture.number("x"))
        fixture.check(["cdf": tails.lower, "sf": tails.upper])
    }

    @Test("normal_quantile", arguments: try Fixture.cases("normal_quantile"))
    func normalQuantile(fixture: FixtureCase) throws {
        fixture.check(["value": NormalDistribution.quantile(try fixture.number("p"))])
    }

    @Test("student_t_cdf", arguments: try Fixture.cases("student_t_cdf"))
    func studentT(fixture: FixtureCase) throws {
        let tails = StudentTDistribution(degreesOfFreedom: try fixture.number("df"))?.tails(try fixture.number("t"))
        fixture.check(["cdf": tails?.lower, "sf": tails?.upper])
    }

    @Test("student_t_quantile", arguments: try Fixture.cases("student_t_quantile"))
    func studentTQuantile(fixture: FixtureCase) throws {
        let distribution = StudentTDistribution(degreesOfFreedom: try fixture.number("df"))
        fixture.check(["value": distribution?.quantile(try fixture.number("p"))])
    }

    @Test("regularized_incomplete_beta", arguments: try Fixture.cases("regularized_incomplete_beta"))
    func incompleteBeta(fixture: FixtureCase) throws {
        let value = IncompleteBeta.regularized(
            try fixture.number("x"), a: try fixture.number("a"), b: try fixture.number("b"))
        fixture.check(["value": value])
    }

    @Test("wilson_ci", arguments: try Fixture.cases("wilson_ci"))
    func wilson(fixture: FixtureCase) throws {
        let count = PassCount(passes: try fixture.integer("k"), trials: try fixture.integer("n"))
        let interval = WilsonInterval.interval(try #require(count), level: try fixture.number("confidence"))
        fixture.check(["estimate": interval?.estimate, "lower": interval?.low, "upper": interval?.high])
    }

    @Test("paired_t", arguments: try Fixture.cases("paired_t"))
    func pairedT(fixture: FixtureCase) throws {
        let result = try #require(
            PairedTTest(differences: try fixture.numbers("differences"), level: try fixture.number("confidence")))
        let test = result.test
        fixture.check([
            "n": Double(result.count), "mean": result.mean, "sd": result.standardDeviation,
            "se": test?.standardError, "t": test?.statistic, "df": test.map { Double($0.degreesOfFreedom) },
            "p_two_sided": test?.pTwoSided, "p_less": test?.pLess, "p_greater": test?.pGreater,
            "lower": test?.interval.low, "upper": test?.interval.high,
        ])
    }

    @Test("clustered_se", arguments: try Fixture.cases("clustered_se"))
    func clusteredMean(fixture: FixtureCase) throws {
        let result = try #require(
            ClusteredMean(
                values: try fixture.numbers("values"), clusters: try fixture.strings("clusters"),
                level: try fixture.number("confidence")))
        fixture.check([
            "mean": result.mean, "n_clusters": Double(result.clusterCount), "df": Double(result.clusterCount - 1),
            "se_iid": result.independentStandardError, "se_miller": result.millerStandardError,
            "se_cr0": result.cr0StandardError, "se_cr1": result.test?.standardError,
            "lower": result.test?.interval.low, "upper": result.test?.interval.high,
        ])
    }

    @Test("quantile_rank_ci", arguments: try Fixture.cases("quantile_rank_ci"))
    func quantileRankInterval(fixture: FixtureCase) throws {
        let count = try fixture.integer("n")
        let interval = try #require(
            QuantileRankInterval(
                count: count, quantile: try fixture.number("q"), level: try fixture.number("confidence")))
        fixture.check([
            "lower_rank": Double(interval.lowerRank ?? 0), "upper_rank": Double(interval.upperRank ?? count + 1),
            "coverage": interval.coverage,
        ])
    }

    @Test("stratified_permutation", arguments: try Fixture.cases("stratified_permutation"))
    func stratifiedPermutation(fixture: FixtureCase) throws {
        let baseline = try counts(fixture, passes: "baseline_passes", trials: "baseline_calls")
        let new = try counts(fixture, passes: "new_passes", trials: "new_calls")
        let result = StratifiedPermutation.test(zip(baseline, new).map { PassCountPair(baseline: $0, new: $1) })
        fixture.check([
            "new_total": Double(result.newPasses), "p_less": result.pLess, "p_less_mid": result.pLessMid,
            "p_greater": result.pGreater, "p_greater_mid": result.pGreaterMid,
        ])
    }

    @Test("npmle_weights", arguments: try Fixture.cases("npmle_weights"))
    func mixture(fixture: FixtureCase) throws {
        let prior = FlakinessPrior.fitMixture(
            try counts(fixture, passes: "passes", trials: "calls"), grid: try fixture.numbers("grid"),
            steps: try fixture.integer("iterations"), pseudoExamples: try fixture.number("pseudo_count"))
        fixture.check(list: try #require(prior).weights, named: "weights")
    }

    @Test("log_e_value", arguments: try Fixture.cases("log_e_value"))
    func logE(fixture: FixtureCase) throws {
        let record = try count(fixture, passes: "baseline_passes", trials: "baseline_calls")
        let prior = try #require(
            FlakinessPrior(grid: try fixture.numbers("grid"), weights: try fixture.numbers("weights")))
        let alternative = try #require(
            RegressionEvidence.Alternative(alpha: try fixture.number("alt_a"), beta: try fixture.number("alt_b")))
        let logE = RegressionEvidence.logE(
            new: try count(fixture, passes: "new_passes", trials: "new_calls"), record: record, prior: prior,
            alternative: alternative)
        fixture.check(["log_e": logE, "predictive_pass": prior.predictivePassProbability(given: record)])
    }

    @Test("minimum_detectable_drop", arguments: try Fixture.cases("minimum_detectable_drop"))
    func minimumDetectableDrop(fixture: FixtureCase) throws {
        let examples = try fixture.integer("n")
        let drop = try power(fixture).minimumDetectableDrop(
            examples: examples, alpha: try fixture.number("alpha"), power: try fixture.number("power"))
        fixture.check(["se": try power(fixture).standardError(examples: examples), "mde": drop])
    }

    @Test("required_examples", arguments: try Fixture.cases("required_examples"))
    func requiredExamples(fixture: FixtureCase) throws {
        let (drop, alpha, wanted) = (
            try fixture.number("drop"), try fixture.number("alpha"), try fixture.number("power")
        )
        let suite = try power(fixture)
        fixture.check([
            "n_exact": suite.exactRequiredExamples(drop: drop, alpha: alpha, power: wanted),
            "n": suite.requiredExamples(drop: drop, alpha: alpha, power: wanted).map(Double.init),
        ])
    }

    private func power(_ fixture: FixtureCase) throws -> Power {
        try #require(
            Power(
                meanWithinVariance: try fixture.number("mean_within_variance"),
                baselineTrials: try fixture.number("baseline_calls"), newTrials: try fixture.number("new_calls")))
    }

    private func count(_ fixture: FixtureCase, passes: String, trials: String) throws -> PassCount {
        try #require(PassCount(passes: try fixture.integer(passes), trials: try fixture.integer(trials)))
    }

    private func counts(_ fixture: FixtureCase, passes: String, trials: String) throws -> [PassCount] {
        try zip(try fixture.integers(passes), try fixture.integers(trials)).map {
            try #require(PassCount(passes: $0, trials: $1))
        }
    }
}
