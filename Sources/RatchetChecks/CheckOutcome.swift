import RatchetCore

/// What one check found in one output.
package struct CheckOutcome: Sendable {
    package var state: CheckState
    /// In 0...1; `nil` when the check could not give one.
    package var score: Double?
    /// What was found and what was wanted, for a person.
    package var reason: String
    /// Why the output nearly passed, where it did.
    package var failureKind: FailureKind?
    /// The output lacks the thing that was to be looked at, so that neither the rule nor its opposite was met: `not`
    /// leaves such a failure alone.
    package var lacksSubject: Bool
    /// Not applicable only because the check it waits for has no verdict: the trial cannot pass on it.
    package var waitsForVerdict: Bool
    /// The calls made to judges.
    package var exchanges: [Exchange]

    package init(
        state: CheckState, score: Double?, reason: String, failureKind: FailureKind? = nil, lacksSubject: Bool = false,
        waitsForVerdict: Bool = false, exchanges: [Exchange] = []
    ) {
        self.state = state
        self.score = score
        self.reason = reason
        self.failureKind = failureKind
        self.lacksSubject = lacksSubject
        self.waitsForVerdict = waitsForVerdict
        self.exchanges = exchanges
    }
}

extension CheckOutcome {
    package static func passed(_ reason: String) -> CheckOutcome {
        CheckOutcome(state: .passed, score: 1, reason: reason)
    }

    package static func failed(_ reason: String, failureKind: FailureKind? = nil) -> CheckOutcome {
        CheckOutcome(state: .failed, score: 0, reason: reason, failureKind: failureKind)
    }

    /// Failed because the output has no such part, whatever `not` says.
    package static func lacking(_ reason: String, failureKind: FailureKind? = nil) -> CheckOutcome {
        CheckOutcome(state: .failed, score: 0, reason: reason, failureKind: failureKind, lacksSubject: true)
    }

    /// The check itself could not be carried out.
    package static func errored(_ reason: String) -> CheckOutcome {
        CheckOutcome(state: .errored, score: nil, reason: reason)
    }

    /// A judge gave no usable verdict.
    package static func unscored(_ reason: String) -> CheckOutcome {
        CheckOutcome(state: .unscored, score: nil, reason: reason)
    }

    package static func notApplicable(_ reason: String) -> CheckOutcome {
        CheckOutcome(state: .notApplicable, score: nil, reason: reason)
    }

    /// Whether nobody can say if the rule was met.
    package var isUndecided: Bool { state == .errored || state == .unscored || waitsForVerdict }
}
