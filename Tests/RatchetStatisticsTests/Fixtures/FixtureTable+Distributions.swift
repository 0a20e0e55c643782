import RatchetStatistics
import Testing

extension FixtureTable {
    static let distributions: [String: Implementation] = [
        "normal_cdf": { fixture in
            let tails = NormalDistribution.tails(try fixture.number("x"))
            fixture.check(["cdf": tails.lower, "sf": tails.upper])
        },
        "normal_quantile": { fixture in
            fixture.check(["value": NormalDistribution.quantile(try fixture.number("p"))])
        },
        "student_t_cdf": { fixture in
            let tails = StudentTDistribution(degreesOfFreedom: try fixture.number("df"))?.tails(try fixture.number("t"))
            fixture.check(["cdf": tails?.lower, "sf": tails?.upper])
        },
        "student_t_quantile": { fixture in
            let distribution = StudentTDistribution(degreesOfFreedom: try fixture.number("df"))
            fixture.check(["value": distribution?.quantile(try fixture.number("p"))])
        },
        "chi_square_sf": { fixture in
            let distribution = ChiSquareDistribution(degreesOfFreedom: try fixture.number("df"))
            fixture.check(["value": distribution?.tails(try fixture.number("x"))?.upper])
        },
        "regularized_incomplete_beta": { fixture in
            let value = IncompleteBeta.regularized(
                try fixture.number("x"), a: try fixture.number("a"), b: try fixture.number("b"))
            fixture.check(["value": value])
        },
    ]
}
