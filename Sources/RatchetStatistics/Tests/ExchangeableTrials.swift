/// The scores of one example's trials on both sides, which any assignment of sides could have given if nothing changed.
package struct ExchangeableTrials: Hashable, Sendable {
    package let baseline: [Double]
    package let new: [Double]

    /// `nil` unless every score lies between -1e290 and 1e290, so that no sum overflows.
    package init?(baseline: [Double], new: [Double]) {
        guard (baseline + new).allSatisfy({ abs($0) <= 1e290 }) else { return nil }
        self.baseline = baseline
        self.new = new
    }

    /// Of examples that share their generations, such as the turns of one conversation: trial r of all of them is one
    /// generation, and sides are exchanged for all of them at once. Their scores are added up, trial by trial.
    /// - Returns: `nil` unless all members have the same number of trials on each side: leave out the generations that
    ///   one of them lacks.
    package static func sharingGenerations(_ members: [ExchangeableTrials]) -> ExchangeableTrials? {
        guard let first = members.first,
            members.allSatisfy({ $0.baseline.count == first.baseline.count && $0.new.count == first.new.count })
        else { return nil }
        return ExchangeableTrials(
            baseline: first.baseline.indices.map { trial in members.reduce(0) { $0 + $1.baseline[trial] } },
            new: first.new.indices.map { trial in members.reduce(0) { $0 + $1.new[trial] } })
    }

    /// One trial on each side, of which only the difference is known.
    static func pair(difference: Double) -> ExchangeableTrials? { ExchangeableTrials(baseline: [0], new: [difference]) }

    /// Whether another assignment of sides could have come out otherwise.
    var isInformative: Bool {
        guard let score = baseline.first, !new.isEmpty else { return false }
        return !baseline.allSatisfy { $0 == score } || !new.allSatisfy { $0 == score }
    }
}
