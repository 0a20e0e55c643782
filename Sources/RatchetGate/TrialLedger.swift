import RatchetCore

/// The trials of one example in this run, as far as they have come in.
struct TrialLedger: Sendable {
    /// States by draw number of the run.
    private(set) var states: [Int: TrialState] = [:]
    /// The backend has no trial of this number or above.
    private(set) var exhaustedFrom: Int?
    /// Gating checks that failed in some trial.
    private(set) var failedChecks: Set<String> = []
    /// Whether any gating check applied to any trial.
    private(set) var wasChecked = false

    mutating func add(_ outcome: TrialOutcome) {
        let draw = outcome.key.draw.number
        switch outcome.result {
        case .state(let state): states[draw] = state
        case .unavailable: exhaustedFrom = min(exhaustedFrom ?? draw, draw)
        }
        failedChecks.formUnion(outcome.checks.filter { $0.value == .failed }.keys)
        if outcome.checks.values.contains(where: { $0 != .notApplicable }) { wasChecked = true }
    }

    /// The scored trials among the first `limit` draws: the planned ones, when `limit` is their number.
    func count(upTo limit: Int) -> TrialCount {
        states.reduce(into: TrialCount()) { count, trial in
            guard trial.key <= limit, trial.value.isScored else { return }
            count.trials += 1
            if trial.value == .passed { count.passes += 1 }
        }
    }

    /// The majority of the scored planned trials; a tie is failed. Without one, errored outweighs unscored.
    func state(planned: Int) -> TrialState? {
        if let state = count(upTo: planned).state { return state }
        let planned = states.filter { $0.key <= planned }.values
        return planned.contains(.errored) ? .errored : planned.contains(.unscored) ? .unscored : nil
    }

    var highestDraw: Int { states.keys.max() ?? 0 }
}

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
