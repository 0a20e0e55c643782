import RatchetCore
import RatchetGate

/// A suite's examples in the groups a reader looks for, each in the order in which they are shown.
struct SuiteGroups: Sendable {
    /// Lost without permission; the most certain first.
    let lost: [ExampleDecision]
    /// Break a rule without having been lost.
    let broken: [ExampleDecision]
    /// Recorded examples that are gone without permission.
    let missing: [String]
    let permitted: [ExampleDecision]
    let won: [ExampleDecision]
    let errored: [ExampleDecision]
    let unscored: [ExampleDecision]
    /// New or incomparable, and no rule broken.
    let newcomers: [ExampleDecision]
    let incomparable: [ExampleDecision]
    let fixed: [String]

    init(_ suite: SuiteDecision) {
        let open = suite.examples.filter { $0.override == nil }
        lost = open.filter(\.isLost).surestFirst(\.verdict)
        broken = open.filter { !$0.isLost && !$0.brokenRules.isEmpty }
        let allowed = Set(suite.permittedMissing)
        missing = suite.missing.filter { !allowed.contains($0) }
        permitted = suite.examples.filter { $0.verdict == .overridden }
        won = suite.examples.filter(\.isWon)
        errored = suite.examples.filter { $0.state == .errored }
        unscored = suite.examples.filter { $0.state == .unscored }
        newcomers = open.filter { $0.verdict == .new && $0.brokenRules.isEmpty && $0.state.isScored }
        incomparable = open.filter { $0.verdict == .incomparable && $0.brokenRules.isEmpty && $0.state.isScored }
        fixed = suite.fixed
    }

    /// `12 (3 regressed, 9 unconfirmed)`
    var lostCounts: String {
        let present = ExampleVerdict.surestFirst.filter { verdict in lost.contains { $0.verdict == verdict } }
        let kinds = present.map { verdict in
            present.count > 1 ? "\(lost.filter { $0.verdict == verdict }.count) \(verdict.words)" : verdict.words
        }
        return "\(lost.count)" + (kinds.isEmpty ? "" : " (\(kinds.joined(separator: ", ")))")
    }
}

extension ExampleVerdict {
    /// As a person reads it (GATE.md 7).
    var words: String {
        switch self {
        case .unchanged: "unchanged"
        case .won: "won"
        case .regressed: "regressed"
        case .probable: "probably regressed"
        case .flaky: "as flaky as before"
        case .unconfirmed: "unconfirmed"
        case .new: "new"
        case .incomparable: "incomparable"
        case .overridden: "permitted by an override"
        case .undecided: "undecided"
        }
    }
}

extension ExampleDecision {
    /// `5/5 -> 0/1`; without a comparable record what there is now.
    var change: String {
        let after = now.trials > 0 ? now.description : state == .unscored ? "no verdict" : "no answer"
        return before.map { "\($0) -> \(after)" } ?? after
    }

    /// The verdict, and the rules that the example breaks.
    var verdictWithRules: String {
        let rules = brokenRules.filter { $0 != .regression }.map(\.rawValue).filter { $0 != verdict.rawValue }
        let words = brokenRules.contains(.regression) && verdict == .regressed ? "regressed for certain" : verdict.words
        return words + (rules.isEmpty ? "" : " (\(rules.joined(separator: ", ")))")
    }

    /// What its trials say of it alone: `240,000 : 1 against "as flaky as before"`, `control 4/4 with the accepted version`.
    var evidenceWords: [String] {
        guard let evidence else { return [] }
        let isOdds = brokenRules.contains(.regression) || verdict == .probable
        return (isOdds ? ["\(Wording.odds(logarithm: evidence.logE)) against \"as flaky as before\""] : [])
            + (evidence.control.map { ["control \($0) with the accepted version"] } ?? [])
    }
}
