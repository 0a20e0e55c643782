import RatchetCore

/// Checks that stand in one list: those of an example, or those nested in `all_of`, `any_of` and `none_of`.
package struct CheckGroup: Sendable {
    /// In the order written.
    package let checks: [CompiledCheck]
    private let order: CheckOrder

    init(checks: [CompiledCheck], order: CheckOrder) {
        self.checks = checks
        self.order = order
    }

    /// The outcomes in the order written; each check is run after the one its `when` names.
    ///
    /// - Parameter standing: Outcomes that are known already, by position.
    func evaluate(_ input: CheckInput, standing: [Int: CheckOutcome] = [:]) async -> [CheckOutcome] {
        var outcomes = Array(repeating: CheckOutcome.notApplicable("not run"), count: checks.count)
        for position in order.positions {
            if let guardPosition = order.guards[position], outcomes[guardPosition].state != .passed {
                outcomes[position] = skipped(because: outcomes[guardPosition], of: checks[guardPosition])
            } else {
                outcomes[position] = if let known = standing[position] { known } else { await checks[position].evaluate(input) }
            }
        }
        return outcomes
    }

    private func skipped(because outcome: CheckOutcome, of guardCheck: CompiledCheck) -> CheckOutcome {
        let state = outcome.state == .notApplicable ? "not applicable" : outcome.state.rawValue
        var skipped = CheckOutcome.notApplicable("not run: `\(guardCheck.specification.name)` \(Self.verb(outcome.state)) \(state)")
        skipped.waitsForVerdict = outcome.isUndecided
        return skipped
    }

    private static func verb(_ state: CheckState) -> String {
        switch state {
        case .passed, .failed, .errored: "has"
        case .unscored, .notApplicable: "is"
        }
    }

    /// All rubrics in use, those of nested checks included.
    var rubrics: [Rubric] { checks.flatMap(\.check.rubrics) }

    var comparesWithBaseline: Bool { checks.contains(where: \.check.comparesWithBaseline) }
    /// All models that are called beside the rubrics' judges, those of nested checks included.
    var calledModels: [Target] { checks.flatMap(\.check.calledModels) }

    var takesTime: Bool { checks.contains(where: \.check.takesTime) }
}
