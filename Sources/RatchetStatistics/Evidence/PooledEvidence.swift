import Glibc

/// The evidence that some of the examples got worse, when of none alone it is enough.
///
///     G = mean over c of Π_i (1 - ε + ε e_i)        ε = min(c/n, 1/2)
///
/// Trials are independent and one e_i moves at a time, so G is a nonnegative martingale like each e_i: P(ever G >= x)
/// <= 1/x. Only with a median record of at least 3 trials.
package enum PooledEvidence {
    /// c, how many of the n examples may have got worse. Small: with large ones a misjudged mixture raises false
    /// alarms.
    package static let multipliers = [0.3, 1, 3]

    /// ln G from ln e of every example of the suite; 0 without an example or a multiplier.
    package static func logG(_ logE: [Double], multipliers: [Double] = multipliers) -> Double {
        guard !logE.isEmpty, !multipliers.isEmpty else { return 0 }
        return logMeanExp(
            multipliers.map { multiplier in
                let share = min(max(0, multiplier) / Double(logE.count), 0.5)
                return logE.reduce(0) { $0 + logMixture(share, logE: $1) }
            })
    }

    /// ln (1 - ε + ε e), where e may be beyond what a double holds.
    private static func logMixture(_ share: Double, logE: Double) -> Double {
        logE < 1 ? log1p(share * expm1(logE)) : logE + log(share + (1 - share) * exp(-logE))
    }
}

/// ln of the mean of exp(x).
func logMeanExp(_ values: [Double]) -> Double {
    guard let largest = values.max(), largest.isFinite else { return values.max() ?? 0 }
    return largest + log(values.reduce(0) { $0 + exp($1 - largest) } / Double(values.count))
}
