import RatchetCore

/// The trials of one example in this run, as far as they have come in.
struct TrialLedger: Sendable {
    /// States by draw number of the run.
    private(set) var states: [Int: TrialState] = [:]
    /// Mean scores of the scored trials, by draw number.
    private(set) var scores: [Int: Double] = [:]
    /// States by draw number of the accepted version, run beside the suspects.
    private(set) var controls: [Int: TrialState] = [:]
    /// The backend has no trial of this number or above.
    private(set) var exhaustedFrom: Int?
    /// Gating checks that failed in some trial.
    private(set) var failedChecks: Set<String> = []
    /// Whether any gating check applied to any trial.
    private(set) var wasChecked = false

    mutating func add(_ outcome: TrialOutcome) {
        let draw = outcome.key.draw.number
        if outcome.key.draw.role == .control {
            controls[draw] = if case .state(let state) = outcome.result { state } else { .errored }
            return
        }
        switch outcome.result {
        case .state(let state):
            states[draw] = state
            scores[draw] = state.isScored ? outcome.score : nil
        case .unavailable: exhaustedFrom = min(exhaustedFrom ?? draw, draw)
        }
        failedChecks.formUnion(outcome.checks.filter { $0.value == .failed }.keys)
        if outcome.checks.values.contains(where: { $0 != .notApplicable }) { wasChecked = true }
    }

    /// The scored trials among the first `limit` draws: the planned ones, when `limit` is their number.
    func count(upTo limit: Int) -> TrialCount {
        states.reduce(into: TrialCount()) { count, trial in
            if trial.key <= limit { count.add(trial.value) }
        }
    }

    /// The scores of the first `limit` draws.
    func scores(upTo limit: Int) -> [Double] {
        scores.filter { $0.key <= limit }.sorted { $0.key < $1.key }.map(\.value)
    }

    /// The scored trials of the accepted version.
    var controlCount: TrialCount {
        controls.values.reduce(into: TrialCount()) { $0.add($1) }
    }

    /// The majority of the scored planned trials; a tie is failed. Without one, errored outweighs unscored.
    func state(planned: Int) -> TrialState? {
        if let state = count(upTo: planned).state { return state }
        let planned = states.filter { $0.key <= planned }.values
        return planned.contains(.errored) ? .errored : planned.contains(.unscored) ? .unscored : nil
    }

    /// The highest number that was asked for.
    var highestDraw: Int { states.keys.max() ?? 0 }
}

extension TrialCount {
    fileprivate mutating func add(_ state: TrialState) {
        guard state.isScored else { return }
        trials += 1
        if state == .passed { passes += 1 }
    }
}
