import Foundation
import RatchetStatistics
import Testing

extension FixtureTable {
    static let tests: [String: Implementation] = [
        "mcnemar_exact": { fixture in try checkMcNemar(fixture, McNemarTest.exact(outcomes(fixture))) },
        "mcnemar_midp": { fixture in try checkMcNemar(fixture, McNemarTest.midP(outcomes(fixture))) },
        "paired_permutation_exact": { fixture in
            let differences = try fixture.numbers("differences")
            let result = SignFlipTest.exact(differences)
            fixture.check(
                ["n_permutations": pow(2, Double(differences.count)), "mean": result?.mean].merging(
                    pValues(result?.p)
                ) { $1 })
        },
        "wilcoxon_signed_rank_exact": { fixture in
            let test = try #require(WilcoxonSignedRankTest(try fixture.numbers("differences")))
            fixture.check(
                [
                    "n_nonzero": Double(test.nonZero), "w_plus": test.positiveRanks, "w_minus": test.negativeRanks,
                ].merging(pValues(test.exact())) { $1 })
        },
        "wilcoxon_signed_rank_normal": { fixture in
            let test = try #require(WilcoxonSignedRankTest(try fixture.numbers("differences")))
            let result = test.approximation(continuityCorrection: try fixture.bool("continuity_correction"))
            fixture.check(
                [
                    "n_nonzero": Double(test.nonZero), "w_plus": test.positiveRanks, "mean": result.mean,
                    "sd": result.standardDeviation, "z": result.z,
                ].merging(pValues(result.p)) { $1 })
        },
        "holm": { fixture in
            let adjusted = MultipleTesting.holm(try fixture.numbers("p_values"))
            fixture.check(list: try #require(adjusted), named: "adjusted")
        },
        "benjamini_hochberg": { fixture in
            let adjusted = MultipleTesting.benjaminiHochberg(try fixture.numbers("p_values"))
            fixture.check(list: try #require(adjusted), named: "adjusted")
        },
        "welch_t": { fixture in
            let result = try #require(
                WelchTTest(
                    try fixture.numbers("x"), minus: try fixture.numbers("y"), level: try fixture.number("confidence")))
            let test = result.test
            fixture.check([
                "mean_difference": result.difference, "se": result.standardError, "t": test?.statistic,
                "df": test?.degreesOfFreedom, "p_two_sided": test?.pTwoSided, "p_less": test?.pLess,
                "p_greater": test?.pGreater, "lower": test?.interval.low, "upper": test?.interval.high,
            ])
        },
        "mann_whitney": { fixture in
            let result = try #require(MannWhitneyTest(try fixture.numbers("x"), try fixture.numbers("y")))
            fixture.check([
                "u": result.u, "z": result.z, "p_less": result.p?.less, "p_greater": result.p?.greater,
                "p_two_sided": result.p?.twoSided ?? 1,
            ])
        },
        "two_proportion_z": { fixture in
            let result = try #require(
                TwoProportionTest(try fixture.count("k1", of: "n1"), minus: try fixture.count("k2", of: "n2")))
            fixture.check(["difference": result.difference, "z": result.z].merging(pValues(result.p)) { $1 })
        },
        "srm_chi_square": { fixture in
            let result = try #require(
                SampleRatioTest(
                    observed: try fixture.integers("observed"), weights: try fixture.numbers("expected_weights")))
            fixture.check(["chi2": result.chiSquare, "df": Double(result.degreesOfFreedom), "p_value": result.p])
        },
    ]

    private static func pValues(_ p: PValues?) -> [String: Double?] {
        ["p_less": p?.less, "p_greater": p?.greater, "p_two_sided": p?.twoSided]
    }

    private static func outcomes(_ fixture: FixtureCase) throws -> PairedOutcomes {
        try #require(
            PairedOutcomes(
                bothPass: 0, onlyFirst: try fixture.integer("b"), onlySecond: try fixture.integer("c"), neither: 0))
    }

    private static func checkMcNemar(_ fixture: FixtureCase, _ p: PValues) throws {
        fixture.check(["p_two_sided": p.twoSided, "p_b_greater": p.greater, "p_c_greater": p.less])
    }
}
