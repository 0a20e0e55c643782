/// How many of an example's trials passed: its record in a baseline, or what a run saw.
package struct PassCount: Hashable, Sendable {
    package let passes: Int
    package let trials: Int

    /// The most trials that one count can hold: far more than anyone has, and few enough that sums and products of
    /// counts cannot overflow.
    package static let mostTrials = 1_000_000_000

    /// `nil` unless 0 <= passes <= trials <= `mostTrials`.
    package init?(passes: Int, trials: Int) {
        guard passes >= 0, passes <= trials, trials <= Self.mostTrials else { return nil }
        self.passes = passes
        self.trials = trials
    }

    package static let none = PassCount(uncheckedPasses: 0, trials: 0)

    package static func + (left: PassCount, right: PassCount) -> PassCount {
        PassCount(uncheckedPasses: left.passes + right.passes, trials: left.trials + right.trials)
    }

    /// Passes over trials; `nil` without a trial.
    package var rate: Double? { trials > 0 ? Double(passes) / Double(trials) : nil }

    private init(uncheckedPasses passes: Int, trials: Int) {
        self.passes = passes
        self.trials = trials
    }
}

/// One example on both sides of a comparison.
package struct PassCountPair: Hashable, Sendable {
    package let baseline: PassCount
    package let new: PassCount

    package init(baseline: PassCount, new: PassCount) {
        self.baseline = baseline
        self.new = new
    }

    /// New pass rate minus baseline pass rate; `nil` when either side has no trial.
    package var difference: Double? {
        guard let before = baseline.rate, let after = new.rate else { return nil }
        return after - before
    }
}
