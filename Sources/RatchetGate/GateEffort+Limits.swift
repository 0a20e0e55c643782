import RatchetCore

extension GateEffort {
    /// Passes over all examples, at most.
    var passes: Int { self == .quick ? 1 : FalseAlarmBudget.aggregateShares.count }

    /// The trials of one example, at most, that confirmation asks for (GATE.md 0).
    var trialLimit: Int { self == .thorough ? 24 : 12 }

    /// Whether another pass is worth its price after so many of them left the aggregate test at this p (GATE.md 0).
    func wantsPass(after passes: Int, p: Double) -> Bool {
        guard passes < self.passes else { return false }
        return self == .thorough || p <= (passes == 1 ? 0.15 : 0.10)
    }
}
