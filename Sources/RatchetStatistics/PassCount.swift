/// How many of an example's trials passed: its record in a baseline, or what a run saw.
package struct PassCount: Hashable, Sendable {
    package let passes: Int
    package let trials: Int

    /// `nil` unless 0 <= passes <= trials.
    package init?(passes: Int, trials: Int) {
        guard passes >= 0, passes <= trials else { return nil }
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
