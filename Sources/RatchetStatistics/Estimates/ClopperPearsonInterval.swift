/// The interval of a pass rate that never covers too rarely, at the price of being wide.
package enum ClopperPearsonInterval {
    /// The exact interval of Clopper and Pearson 1934, from quantiles of the beta distribution: with α = 1 - level,
    ///
    ///     low = Beta⁻¹(α/2; k, n - k + 1)        high = Beta⁻¹(1 - α/2; k + 1, n - k)
    ///
    /// Exactly 0 below when nothing passed, exactly 1 above when everything did.
    /// - Returns: `nil` without a trial, or unless 0 < level < 1.
    package static func interval(_ count: PassCount, level: Double = 0.95) -> ConfidenceInterval? {
        guard let rate = count.rate, level > 0, level < 1 else { return nil }
        let passes = Double(count.passes)
        let failures = Double(count.trials - count.passes)
        let tail = (1 - level) / 2
        guard let low = passes == 0 ? 0 : IncompleteBeta.quantile(tail, a: passes, b: failures + 1)?.value,
            let high = failures == 0 ? 1 : IncompleteBeta.quantile(tail, a: failures, b: passes + 1)?.complement
        else { return nil }
        return ConfidenceInterval(estimate: rate, low: low, high: high, level: level)
    }
}
