import RatchetStatistics
import Testing

extension FixtureTable {
    static let estimates: [String: Implementation] = [
        "wilson_ci": { fixture in
            fixture.check(
                WilsonInterval.interval(try fixture.count("k", of: "n"), level: try fixture.number("confidence")))
        },
        "clopper_pearson_ci": { fixture in
            fixture.check(
                ClopperPearsonInterval.interval(
                    try fixture.count("k", of: "n"), level: try fixture.number("confidence")))
        },
        "newcombe_paired_ci": { fixture in
            let outcomes = try #require(
                PairedOutcomes(
                    bothPass: try fixture.integer("a"), onlyFirst: try fixture.integer("b"),
                    onlySecond: try fixture.integer("c"), neither: try fixture.integer("d")))
            fixture.check(
                NewcombeInterval.paired(outcomes, level: try fixture.number("confidence")), estimate: "difference",
                and: ["phi": NewcombeInterval.correlation(outcomes)])
        },
        "newcombe_independent_ci": { fixture in
            fixture.check(
                NewcombeInterval.independent(
                    try fixture.count("k1", of: "n1"), minus: try fixture.count("k2", of: "n2"),
                    level: try fixture.number("confidence")),
                estimate: "difference")
        },
        "paired_t": { fixture in
            let result = try #require(
                PairedTTest(differences: try fixture.numbers("differences"), level: try fixture.number("confidence")))
            let test = result.test
            fixture.check([
                "n": Double(result.count), "mean": result.mean, "sd": result.standardDeviation,
                "se": test?.standardError, "t": test?.statistic, "df": test?.degreesOfFreedom,
                "p_two_sided": test?.pTwoSided, "p_less": test?.pLess, "p_greater": test?.pGreater,
                "lower": test?.interval.low, "upper": test?.interval.high,
            ])
        },
        "clustered_se": { fixture in
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
        },
        "harrell_davis": { fixture in
            fixture.check([
                "quantile": HarrellDavisQuantile.value(try fixture.number("q"), of: try fixture.numbers("x"))
            ])
        },
        "cuped_difference": { fixture in
            let treatment = CupedDifference.Arm(
                values: try fixture.numbers("y_treatment"), before: try fixture.numbers("x_treatment"))
            let control = CupedDifference.Arm(
                values: try fixture.numbers("y_control"), before: try fixture.numbers("x_control"))
            let result = CupedDifference(
                treatment: try #require(treatment), control: try #require(control),
                level: try fixture.number("confidence"))
            fixture.check(
                result?.interval, estimate: "difference", and: ["theta": result?.theta, "se": result?.standardError])
        },
        "hajek_mean": { fixture in
            let sample = try sample(fixture)
            fixture.check(
                sample.mean.interval(level: try fixture.number("confidence")),
                and: [
                    "se": sample.mean.standardError, "n_effective": sample.effectiveSize,
                    "estimated_population": sample.estimatedPopulation,
                ])
        },
        "horvitz_thompson_total": { fixture in
            let total = try sample(fixture).total
            fixture.check(["total": total.value, "se": total.standardError])
        },
        "quantile_rank_ci": { fixture in
            let count = try fixture.integer("n")
            let interval = try #require(
                QuantileRankInterval(
                    count: count, quantile: try fixture.number("q"), level: try fixture.number("confidence")))
            fixture.check([
                "lower_rank": Double(interval.lowerRank ?? 0), "upper_rank": Double(interval.upperRank ?? count + 1),
                "coverage": interval.coverage,
            ])
        },
    ]

    private static func sample(_ fixture: FixtureCase) throws -> InclusionWeights {
        try #require(
            InclusionWeights(
                values: try fixture.numbers("values"),
                inclusionProbabilities: try fixture.numbers("inclusion_probabilities")))
    }
}
