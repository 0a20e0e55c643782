import RatchetCore

/// What `all_of`, `any_of` and `none_of` have in common: nested checks, each with common keys of its own.
protocol GroupCheck: Check {
    var group: CheckGroup { get }
}

extension GroupCheck {
    package var rubrics: [Rubric] { group.rubrics }
    package var comparesWithBaseline: Bool { group.comparesWithBaseline }
    package var calledModels: [Target] { group.calledModels }
    package var takesTime: Bool { group.takesTime }
}

/// The outcomes of nested checks, sorted by what they mean for the group. Checks that are not applicable
/// have no say.
struct GroupTally {
    struct Member {
        var check: CompiledCheck
        var outcome: CheckOutcome

        /// The check's name and its reason.
        var description: String { "\(check.specification.name): \(outcome.reason)" }
    }

    let members: [Member]
    let passed: [Member]
    let failed: [Member]
    let undecided: [Member]
    let exchanges: [Exchange]

    init(_ group: CheckGroup, _ input: CheckInput) async {
        let outcomes = await group.evaluate(input)
        let all = zip(group.checks, outcomes).map { Member(check: $0, outcome: $1) }
        members = all.filter {
            $0.outcome.state != .notApplicable || $0.outcome.waitsForVerdict
        }
        passed = members.filter { $0.outcome.state == .passed }
        failed = members.filter { $0.outcome.state == .failed }
        undecided = members.filter(\.outcome.isUndecided)
        exchanges = outcomes.flatMap(\.exchanges)
    }

    /// The outcome of a group that cannot be decided from what passed and failed.
    var undecidedOutcome: CheckOutcome? {
        guard let first = undecided.first else { return nil }
        let reason = "no verdict of \(first.description)"
        return undecided.allSatisfy { $0.outcome.state == .unscored } ? .unscored(reason) : .errored(reason)
    }

    /// The weighted mean of the scores; `nil` when a score is missing or all weights are 0.
    var meanScore: Double? {
        var sum = 0.0
        var total = 0.0
        for member in members {
            guard let score = member.outcome.score else { return nil }
            sum += score * member.check.specification.weight
            total += member.check.specification.weight
        }
        return total > 0 ? sum / total : nil
    }

    /// The highest score; `nil` when one is missing.
    var bestScore: Double? {
        let scores = members.compactMap(\.outcome.score)
        return scores.count == members.count ? scores.max() : nil
    }

    func reasons(_ members: [Member]) -> String {
        let shown = members.prefix(3).map(\.description).joined(separator: "; ")
        return members.count > 3 ? shown + "; and \(members.count - 3) more" : shown
    }

    /// The only near miss there is.
    func failureKind(_ members: [Member]) -> FailureKind? {
        members.count == 1 ? members[0].outcome.failureKind : nil
    }
}

extension GroupCheck {
    /// The outcome, with what holds for all groups filled in.
    fileprivate func decide(_ input: CheckInput, _ rule: (GroupTally) -> CheckOutcome) async -> CheckOutcome {
        let tally = await GroupTally(group, input)
        var outcome = tally.members.isEmpty ? .notApplicable("none of its checks applies") : rule(tally)
        outcome.exchanges = tally.exchanges
        return outcome
    }
}

/// `all_of`: every nested check must pass.
package struct AllOfCheck: GroupCheck {
    package static let type = "all_of"
    package static let documentation = CheckDocumentation(
        .logic, "Every nested check passes.",
        details: """
            The score is the weighted mean of the nested scores, so that with `threshold: 0.5` half of them are enough. \
            Nested checks take `name`, `not`, `weight`, `threshold` and `of`.
            """,
        samples: [
            .init(
                #"{"all_of": [{"contains": "refund"}, {"length": {"words": {"max": 8}}}]}"#,
                passes: "Your refund is on its way.", fails: "We will look into it.")
        ])

    let group: CheckGroup

    package init?(_ options: CheckOptions) {
        guard let group = options.children() else { return nil }
        self.group = group
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        await decide(input) { tally in
            if tally.failed.isEmpty {
                if let outcome = tally.undecidedOutcome { return outcome }
                let count = tally.members.count
                let reason = (count == 1 ? "the check passed: " : "all \(count) checks passed: ") + tally.reasons(tally.passed)
                return CheckOutcome(state: .passed, score: tally.meanScore ?? 1, reason: reason)
            }
            let reason = "\(tally.failed.count) of \(tally.members.count) checks failed: \(tally.reasons(tally.failed))"
            return CheckOutcome(
                state: .failed, score: tally.meanScore, reason: reason, failureKind: tally.failureKind(tally.failed),
                lacksSubject: tally.failed.allSatisfy(\.outcome.lacksSubject))
        }
    }
}

/// `any_of`: at least one nested check must pass.
package struct AnyOfCheck: GroupCheck {
    package static let type = "any_of"
    package static let documentation = CheckDocumentation(
        .logic, "At least one nested check passes.",
        details: "The score is the highest nested score. All nested checks are run, so that the reason can name each.",
        samples: [
            .init(
                #"{"any_of": [{"contains": "refund"}, {"contains": "money back"}]}"#,
                passes: "You get your money back.", fails: "We are sorry.")
        ])

    let group: CheckGroup

    package init?(_ options: CheckOptions) {
        guard let group = options.children() else { return nil }
        self.group = group
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        await decide(input) { tally in
            if !tally.passed.isEmpty {
                return CheckOutcome(state: .passed, score: tally.bestScore ?? 1, reason: tally.reasons(tally.passed))
            }
            if let outcome = tally.undecidedOutcome { return outcome }
            return CheckOutcome(
                state: .failed, score: tally.bestScore, reason: "none passed: \(tally.reasons(tally.failed))",
                failureKind: tally.failureKind(tally.failed), lacksSubject: tally.failed.contains(where: \.outcome.lacksSubject))
        }
    }
}

/// `none_of`: no nested check may pass.
package struct NoneOfCheck: GroupCheck {
    package static let type = "none_of"
    package static let documentation = CheckDocumentation(
        .logic, "No nested check passes.",
        details: """
            The score is 1 less the highest nested score. A nested check that finds nothing to look at (its `of` selects \
            nothing) fails the whole: what is absent has not been shown to be right.
            """,
        samples: [
            .init(
                #"{"none_of": [{"icontains": "as an AI"}, {"regex": "\\bTODO\\b"}]}"#, passes: "Your refund is on its way.",
                fails: "As an AI, I cannot help.")
        ])

    let group: CheckGroup

    package init?(_ options: CheckOptions) {
        guard let group = options.children() else { return nil }
        self.group = group
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        await decide(input) { tally in
            if !tally.passed.isEmpty {
                return CheckOutcome(
                    state: .failed, score: tally.bestScore.map { 1 - $0 } ?? 0,
                    reason: "must not pass: \(tally.reasons(tally.passed))")
            }
            if let outcome = tally.undecidedOutcome { return outcome }
            let lacking = tally.failed.filter(\.outcome.lacksSubject)
            if !lacking.isEmpty { return .lacking("nothing to look at: \(tally.reasons(lacking))") }
            return CheckOutcome(
                state: .passed, score: tally.bestScore.map { 1 - $0 }, reason: "none passed: \(tally.reasons(tally.failed))")
        }
    }
}
