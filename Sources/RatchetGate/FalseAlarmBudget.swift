/// How the chance of a false alarm that a suite may take is split over the rules that can fail it (GATE.md 0).
struct FalseAlarmBudget: Hashable, Sendable {
    /// The chance that a run of an unchanged system fails, over all rules.
    var total: Double

    /// Of the total: single examples and the pooled evidence, which are two views of the same trials.
    static let examplesShare = 0.4
    /// The aggregate test's three passes: they are looks at the same question, so each has a share of its own.
    static let aggregateShares = [0.2, 0.15, 0.15]
    static let earlyStopShare = 0.1

    var examples: Double { total * Self.examplesShare }
    var earlyStop: Double { total * Self.earlyStopShare }
    /// - Parameters:
    ///   - pass: Counted from 1.
    ///   - isOnly: Whether there can be no other, whatever this one shows: then it has what all of them share.
    func aggregate(pass: Int, isOnly: Bool) -> Double {
        isOnly
            ? total * Self.aggregateShares.reduce(0, +)
            : total * Self.aggregateShares[min(max(pass, 1), Self.aggregateShares.count) - 1]
    }
}
