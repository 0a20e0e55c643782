/// Whether a judge still judges as it did: stored answers are judged again, and the verdicts that flipped are counted.
///
/// With X ~ Binomial(m, rate) flips when the judge is only as unsteady as ever, the alarm is at the smallest c with
/// P(X >= c) at most the wanted chance of a false alarm.
package struct JudgeCanary: Hashable, Sendable {
    package let answers: Int
    package let flipRate: Double
    /// c: this many flips are an alarm. `nil` when even `answers` flips are too likely to be one.
    package let alarmCount: Int?

    /// - Parameters:
    ///   - answers: m, how many are judged again; the default of the gate is 50.
    ///   - flipRate: how often the judge contradicts itself on the same answer; 2 % unless measured.
    ///   - falseAlarms: the chance of an alarm when nothing changed.
    /// - Returns: `nil` unless 1 <= answers <= 1e9, 0 < flipRate < 1 and 0 < falseAlarms < 1.
    package init?(answers: Int = 50, flipRate: Double = 0.02, falseAlarms: Double = 0.005) {
        guard answers >= 1, falseAlarms > 0, falseAlarms < 1,
            let distribution = BinomialDistribution(trials: answers, probability: flipRate)
        else { return nil }
        self.answers = answers
        self.flipRate = flipRate
        var (low, high) = (1, answers + 1)
        while low < high {
            let middle = low + (high - low) / 2
            if distribution.atLeast(middle) <= falseAlarms { high = middle } else { low = middle + 1 }
        }
        self.alarmCount = low <= answers ? low : nil
    }

    /// Whether this many flips are an alarm.
    package func isAlarm(flips: Int) -> Bool { alarmCount.map { flips >= $0 } ?? false }

    /// The chance of an alarm when the judge now judges this share of answers differently, and flips as ever on the
    /// others; `nil` unless 0 <= drift < 1.
    package func power(drift: Double) -> Double? {
        guard (0..<1).contains(drift) else { return nil }
        return BinomialDistribution(trials: answers, probability: drift + (1 - drift) * flipRate).map { flips in
            alarmCount.map(flips.atLeast) ?? 0
        }
    }
}
