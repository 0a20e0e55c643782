/// "Best of five" and its kin (GATE.md 1.8): one failed trial asks for more, and the majority decides. It stops as
/// soon as the majority cannot change.
struct BestOf: Sendable {
    /// The number of trials the majority is taken of; odd.
    let size: Int

    enum Verdict: Hashable, Sendable {
        case passed
        case failed
        /// Ask for that many further trials.
        case open(wanted: Int)
        /// Too many trials gave no answer.
        case undecided
    }

    init(_ size: Int, planned: Int) {
        let wanted = max(size, planned)
        self.size = wanted.isMultiple(of: 2) ? wanted + 1 : wanted
    }

    func verdict(_ ledger: TrialLedger, planned: Int) -> Verdict {
        let first = ledger.count(upTo: planned)
        if first.trials > 0, first.passes == first.trials { return .passed }
        let count = ledger.count(upTo: size)
        let majority = size / 2 + 1
        let failures = count.trials - count.passes
        if failures >= majority { return .failed }
        if count.passes >= majority { return .passed }
        let left = size - ledger.highestDraw
        if ledger.exhaustedFrom != nil {
            // The backend cannot be asked again: what there is decides.
            return count.trials == 0 ? .undecided : failures * 2 >= count.trials ? .failed : .passed
        }
        guard left > 0 else { return .undecided }
        return .open(wanted: min(left, min(majority - failures, majority - count.passes)))
    }
}
