import RatchetCore

/// From the gating checks of a trial to its state.
///
/// Not applicable checks have no say. A failed check fails the trial even when another could not be decided; without
/// one, an undecided check (`errored`, `unscored`, or waiting for such a one) leaves the trial `unscored`: `errored` is
/// kept for a backend that gave no answer. A trial of which nothing was checked is `unscored` too, never passed.
struct TrialDecision: Sendable {
    struct Vote: Sendable {
        var outcome: CheckOutcome
        var weight: Double
    }

    let state: TrialState
    let reason: String?

    /// - Parameter votes: the outcomes of the gating checks.
    init(_ votes: [Vote], passWhen: PassRule?) {
        let applicable = votes.filter { $0.outcome.state != .notApplicable || $0.outcome.waitsForVerdict }
        if applicable.isEmpty {
            (state, reason) = (.unscored, "nothing was checked: no gating check applies to this output")
        } else if let passWhen {
            (state, reason) = Self.byScore(applicable, least: passWhen.score)
        } else if applicable.contains(where: { $0.outcome.state == .failed }) {
            (state, reason) = (.failed, nil)
        } else if applicable.contains(where: \.outcome.isUndecided) {
            (state, reason) = (.unscored, "a gating check has no verdict")
        } else {
            (state, reason) = (.passed, nil)
        }
    }

    /// The weighted mean of the scores; what is undecided counts as anything between 0 and 1, and only matters when the
    /// verdict hangs on it.
    private static func byScore(_ votes: [Vote], least: Double) -> (TrialState, String?) {
        let total = votes.reduce(0) { $0 + $1.weight }
        guard total > 0 else { return (.unscored, "all checks that apply weigh 0: there is no mean score") }
        let low = votes.reduce(0) { $0 + $1.weight * ($1.outcome.score ?? 0) } / total
        let high = votes.reduce(0) { $0 + $1.weight * ($1.outcome.score ?? 1) } / total
        let wanted = "wanted at least \(CompiledCheck.shown(least))"
        // A mean of thirds must not miss its threshold by the last bit.
        if low + 1e-9 >= least { return (.passed, "mean score \(CompiledCheck.shown(low)), \(wanted)") }
        if high + 1e-9 < least {
            let found = low == high ? CompiledCheck.shown(low) : "at most \(CompiledCheck.shown(high))"
            return (.failed, "mean score \(found), \(wanted)")
        }
        return (
            .unscored,
            "mean score between \(CompiledCheck.shown(low)) and \(CompiledCheck.shown(high)), \(wanted): a check has no verdict"
        )
    }
}
