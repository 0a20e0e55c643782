/// The true pass rate behind an imperfect judge, from its error rates measured on *another* set of answers.
///
/// Wider than `JudgeStratifiedRate`, which needs labels drawn from the judged answers themselves; for imported error
/// rates. With p the judge's pass rate, Se the share of good answers it passes, Sp the share of bad answers it fails
/// (Rogan and Gladen 1978):
///
///     θ = (p + Sp - 1) / (Se + Sp - 1)
package struct RoganGladenRate: Hashable, Sendable {
    /// p.
    package let observedRate: Double
    /// Se, the true positive rate.
    package let sensitivity: Double
    /// Sp, the true negative rate.
    package let specificity: Double
    /// `nil` when Se + Sp <= 1: a judge no better than a coin says nothing.
    package let corrected: Corrected?

    package struct Corrected: Hashable, Sendable {
        /// θ as the formula gives it, outside [0, 1] when p is not between 1 - Sp and Se.
        package let unclippedEstimate: Double
        /// The plain delta-method interval, clipped to [0, 1]; too narrow for small samples and rates near 0 and 1.
        package let deltaInterval: ConfidenceInterval
        /// The interval of Lang and Reiczigel 2014, clipped to [0, 1]: the one to print. `nil` when the judge, with the
        /// method's two pseudo-labels per class, is no better than a coin.
        package let interval: ConfidenceInterval?
    }

    /// - Parameters:
    ///   - judged: the answers whose rate is wanted; a pass is the judge's.
    ///   - goodAnswers: answers that people passed; a pass is the judge's.
    ///   - badAnswers: answers that people failed; a pass is the judge's *correct* verdict, which is to fail them.
    /// - Returns: `nil` when one of the three is empty, or unless 0 < level < 1.
    package init?(judged: PassCount, goodAnswers: PassCount, badAnswers: PassCount, level: Double = 0.95) {
        guard let p = judged.rate, let sensitivity = goodAnswers.rate, let specificity = badAnswers.rate,
            let z = NormalDistribution.twoSidedCritical(level: level)
        else { return nil }
        self.observedRate = p
        self.sensitivity = sensitivity
        self.specificity = specificity
        let plain = Correction(
            rate: p, judged: Double(judged.trials), sensitivity: sensitivity, good: Double(goodAnswers.trials),
            specificity: specificity, bad: Double(badAnswers.trials))
        // Compared as whole numbers: 0.9 + 0.1 in doubles is no reliable 1.
        guard
            let estimate = plain.estimate,
            goodAnswers.passes * badAnswers.trials > (badAnswers.trials - badAnswers.passes) * goodAnswers.trials
        else {
            self.corrected = nil
            return
        }
        let clipped = min(1, max(0, estimate))
        func interval(around center: Double, reach: Double) -> ConfidenceInterval {
            ConfidenceInterval(
                estimate: clipped, low: min(1, max(0, center - reach)), high: min(1, max(0, center + reach)),
                level: level)
        }
        let adjusted = Self.langReiczigel(judged: judged, goodAnswers: goodAnswers, badAnswers: badAnswers, z: z)
        self.corrected = Corrected(
            unclippedEstimate: estimate,
            deltaInterval: interval(around: estimate, reach: z * plain.standardError(at: estimate)),
            interval: adjusted.map { interval(around: $0.center, reach: $0.reach) })
    }

    /// The adjusted counts and the shift of Lang and Reiczigel 2014 ("Confidence limits for prevalence of disease
    /// adjusted for estimated sensitivity and specificity"), the interval that Lee et al. 2025 (arXiv 2511.21140) use
    /// for judges: P = (k + z²/2)/(n + z²), Se = (tp + 1)/(n1 + 2), Sp = (tn + 1)/(n0 + 2), the estimate from these
    /// shifted by 2z²(θ Se(1-Se)/(n1+2) - (1-θ) Sp(1-Sp)/(n0+2)).
    private static func langReiczigel(
        judged: PassCount, goodAnswers: PassCount, badAnswers: PassCount, z: Double
    ) -> (center: Double, reach: Double)? {
        let n = Double(judged.trials) + z * z
        let good = Double(goodAnswers.trials) + 2
        let bad = Double(badAnswers.trials) + 2
        let adjusted = Correction(
            rate: (Double(judged.passes) + z * z / 2) / n, judged: n,
            sensitivity: (Double(goodAnswers.passes) + 1) / good, good: good,
            specificity: (Double(badAnswers.passes) + 1) / bad, bad: bad)
        guard let estimate = adjusted.estimate else { return nil }
        let shift =
            2 * z * z
            * (estimate * adjusted.sensitivityVariance - (1 - estimate) * adjusted.specificityVariance)
        return (estimate + shift, z * adjusted.standardError(at: estimate))
    }
}

/// θ and its delta-method standard error, from any counts.
private struct Correction {
    let rate: Double
    let judged: Double
    let sensitivity: Double
    let good: Double
    let specificity: Double
    let bad: Double

    /// Youden's J = Se + Sp - 1.
    var informedness: Double { sensitivity + specificity - 1 }
    var estimate: Double? { informedness > 0 ? (rate + specificity - 1) / informedness : nil }
    var sensitivityVariance: Double { sensitivity * (1 - sensitivity) / good }
    var specificityVariance: Double { specificity * (1 - specificity) / bad }

    /// √(p(1-p)/n + θ² Se(1-Se)/n1 + (1-θ)² Sp(1-Sp)/n0) / J.
    func standardError(at estimate: Double) -> Double {
        let variance =
            rate * (1 - rate) / judged + estimate * estimate * sensitivityVariance
            + (1 - estimate) * (1 - estimate) * specificityVariance
        return variance.squareRoot() / informedness
    }
}
