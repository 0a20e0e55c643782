import Glibc

/// The standard normal distribution.
package enum NormalDistribution {
    /// Φ(x) and 1 - Φ(x), both by erfc so that either tail keeps its relative accuracy.
    package static func tails(_ x: Double) -> TailProbabilities {
        TailProbabilities(lower: 0.5 * erfc(-x * inverseRootTwo), upper: 0.5 * erfc(x * inverseRootTwo))
    }

    /// Φ⁻¹(p) for 0 < p < 1; `nil` outside.
    ///
    /// Wichura 1988, algorithm AS 241 (PPND16), relative error about 1e-16.
    package static func quantile(_ p: Double) -> Double? {
        guard p > 0, p < 1 else { return nil }
        let centered = p - 0.5
        if abs(centered) <= 0.425 {
            return centered * ratio(AS241.central, 0.180625 - centered * centered)
        }
        let distance = sqrt(-log(min(p, 1 - p)))
        let magnitude = distance <= 5 ? ratio(AS241.middle, distance - 1.6) : ratio(AS241.far, distance - 5)
        return centered < 0 ? -magnitude : magnitude
    }

    /// The z with P(-z <= X <= z) = level, as in "estimate ± z standard error"; `nil` unless 0 < level < 1.
    package static func twoSidedCritical(level: Double) -> Double? {
        level > 0 && level < 1 ? quantile((1 - level) / 2).map { -$0 } : nil
    }

    private static func ratio(_ coefficients: AS241.Coefficients, _ x: Double) -> Double {
        polynomial(coefficients.numerator, x) / polynomial(coefficients.denominator, x)
    }

    private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
        coefficients.reduce(0) { $0 * x + $1 }
    }

    private static let inverseRootTwo = 0.707_106_781_186_547_52
}

/// The rational approximations of AS 241, highest power first.
private enum AS241 {
    typealias Coefficients = (numerator: [Double], denominator: [Double])

    static let central: Coefficients = (
        [
            2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
            1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0,
        ],
        [
            5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
            5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1,
        ]
    )
    static let middle: Coefficients = (
        [
            7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
            1.27045825245236838258e0, 3.64784832476320460504e0, 5.76949722146069140550e0,
            4.63033784615654529590e0, 1.42343711074968357734e0,
        ],
        [
            1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
            1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e0,
            2.05319162663775882187e0, 1,
        ]
    )
    static let far: Coefficients = (
        [
            2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
            2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
            5.46378491116411436990e0, 6.65790464350110377720e0,
        ],
        [
            2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
            7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
            5.99832206555887937690e-1, 1,
        ]
    )
}
