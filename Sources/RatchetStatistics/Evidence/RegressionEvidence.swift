/// The evidence that one example got worse, as an e-value.
///
/// Of k passes in t new trials of an example with record s/m:
///
///     e = [B(α + k, β + t - k) / B(α, β)] / Σ_j post_j p_j^k (1 - p_j)^(t - k)
///
/// Above: "it got worse", its pass probability is now Beta(α, β). Below: "it was always like this", under the
/// flakiness prior updated by the record. When nothing changed, e is a nonnegative martingale with mean 1 whatever
/// made one stop asking, so P(ever e >= c) <= 1/c (Ville 1939; Wang and Ramdas 2022).
package enum RegressionEvidence {
    /// The alternative: what an example that got worse looks like. α = 1, β = 2 favours low pass probabilities.
    package struct Alternative: Hashable, Sendable {
        package let alpha: Double
        package let beta: Double

        /// `nil` unless both are finite and above 0.
        package init?(alpha: Double, beta: Double) {
            guard alpha > 0, beta > 0, alpha.isFinite, beta.isFinite else { return nil }
            self.alpha = alpha
            self.beta = beta
        }

        package static let worse = Alternative(uncheckedAlpha: 1, beta: 2)

        private init(uncheckedAlpha alpha: Double, beta: Double) {
            self.alpha = alpha
            self.beta = beta
        }
    }

    /// ln e; exactly 0 before the first new trial.
    package static func logE(
        new: PassCount, record: PassCount, prior: FlakinessPrior, alternative: Alternative = .worse
    ) -> Double {
        guard new.trials > 0 else { return 0 }
        return logWorse(new, alternative: alternative) - logUnchanged(new, record: record, prior: prior)
    }

    /// ln of the chance of these trials, in their order, if the example got worse.
    package static func logWorse(_ new: PassCount, alternative: Alternative = .worse) -> Double {
        let (alpha, beta) = (alternative.alpha, alternative.beta)
        return GammaFunction.logBeta(alpha + Double(new.passes), beta + Double(new.trials - new.passes))
            - GammaFunction.logBeta(alpha, beta)
    }

    /// ln of the chance of these trials, in their order, if the example was always like this.
    package static func logUnchanged(_ new: PassCount, record: PassCount, prior: FlakinessPrior) -> Double {
        prior.logMarginal(record + new) - prior.logMarginal(record)
    }
}
