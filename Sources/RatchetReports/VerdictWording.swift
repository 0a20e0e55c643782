import RatchetCore
import RatchetGate

/// The verdict in words: a headline in capitals, what it rests on, and every further code that holds.
struct VerdictWording {
    enum Tone { case good, bad, open }

    /// A reason for the verdict: one of the gate's rules, or an exit code's meaning.
    struct Reason: Equatable {
        /// The suite, where more than one was run.
        var suite: String?
        /// The rule's name; for a further code that holds, `also` and its name.
        var name: String?
        var words: String
        /// The examples it concerns: text of others, to be made harmless where it is shown.
        var ids: [String] = []
        /// How many more than `ids` there are.
        var further = 0
    }

    private static let namedIDs = 3

    let headline: String
    let tone: Tone
    let reasons: [Reason]

    init(_ report: RunReport) {
        let decision = report.decision
        let bases = decision.suites.map(\.basis)
        let isComparison = !bases.isEmpty && bases.allSatisfy { $0 == .run }
        let isUngated = !bases.isEmpty && bases.allSatisfy { $0 == .ungated }
        let isPassed = decision.exit == .passed
        let head: String =
            switch decision.exit {
            case .passed where isUngated: "NOT GATED"
            case .passed where isComparison: "NO WORSE"
            case .passed: Self.passed(decision)
            case .regressed where isComparison: "WORSE"
            default: Self.headline(decision.exit)
            }
        headline = report.header.isPartial && isPassed && !isUngated ? head + " (PARTIAL SELECTION)" : head
        tone = isPassed ? (isUngated ? .open : .good) : decision.exit == .regressed ? .bad : .open
        let further = decision.all.dropFirst().flatMap { code in
            Self.reasons(code, decision).map { reason in
                var also = reason
                also.name = "also \(reason.name ?? code.name)"
                return also
            }
        }
        reasons =
            (isPassed ? Self.summary(report, isUngated: isUngated) : Self.reasons(decision.exit, decision)) + further
    }

    static func headline(_ code: ExitCode) -> String {
        switch code {
        case .passed: "PASSED"
        case .regressed: "FAILED"
        case .internalError: "INTERNAL ERROR"
        case .interrupted, .terminated: "INTERRUPTED"
        case .nothingToRun, .partial, .usage, .badInput, .noBaseline, .backendUnavailable, .cannotWrite,
            .budgetExhausted,
            .noCredentials, .badConfig, .inconclusive, .stale, .overrideProblem:
            code.name.split(separator: "-").joined(separator: " ").uppercased()
        }
    }

    /// The examples that broke a rule of a decided suite; none for rules of the suite as a whole.
    static func ids(breaking rule: GateRule, in suite: SuiteDecision) -> [String] {
        switch rule {
        case .aggregate, .earlyStop: []
        case .metric:
            (suite.metrics ?? []).filter { $0.isGating && $0.hasFailed && $0.override == nil }.map(\.metric.rawValue)
        case .weakened: (suite.weakenings ?? []).filter { $0.override == nil }.map { $0.example ?? $0.detail }
        case .slice: (suite.slices ?? []).filter { $0.isGating && $0.aggregate.hasFailed }.map(\.tag)
        case .pooled:
            suite.examples.filter { $0.override == nil && $0.verdict == .probable }.map(\.id)
        case .missing: SuiteGroups(suite).missing
        case .regression, .mustPass, .strict, .new:
            suite.examples.filter { $0.override == nil && $0.brokenRules.contains(rule) }.map(\.id)
        }
    }

    private static func passed(_ decision: RunDecision) -> String {
        let overrides = Set(decision.usedOverrides.map(\.file)).count
        return overrides == 0 ? "PASSED" : "PASSED WITH \(overrides) OVERRIDE\(overrides == 1 ? "" : "S")"
    }

    private static func reasons(_ code: ExitCode, _ decision: RunDecision) -> [Reason] {
        let isOne = decision.suites.count == 1
        if code == .stale, decision.suites.contains(where: { $0.drift?.isShown == true }) {
            return decision.suites.compactMap { suite in
                guard let drift = suite.drift, drift.isShown else { return nil }
                return Reason(
                    suite: isOne ? nil : suite.suite.suite,
                    words: "the provider changed, not you: trials of the accepted version fail too (\(drift.control) passed)")
            }
        }
        let unproven = decision.suites.filter { $0.unproven != nil }
        if code == .inconclusive, !unproven.isEmpty {
            return unproven.map { suite in
                Reason(
                    suite: isOne ? nil : suite.suite.suite,
                    words: "a drop of \(Wording.fixed((suite.unproven ?? 0) * 100, 1)) points could not be ruled out: more trials, or more examples")
            }
        }
        guard code == .regressed else { return [Reason(words: code.meaning)] }
        let rules = decision.suites.flatMap { suite in
            suite.failedRules.map { rule in
                let ids = ids(breaking: rule, in: suite)
                return Reason(
                    suite: isOne ? nil : suite.suite.suite, name: rule.rawValue, words: rule.explanation,
                    ids: Array(ids.prefix(namedIDs)), further: max(0, ids.count - namedIDs))
            }
        }
        return rules.isEmpty ? [Reason(words: code.meaning)] : rules
    }

    /// `412 examples, 1 trial each, 9 re-run (448 calls, $0.61)`, and what was lost all the same.
    private static func summary(_ report: RunReport, isUngated: Bool) -> [Reason] {
        let suites = report.decision.suites
        var lines: [String] = []
        if isUngated { lines.append("nothing was compared (--baseline none)") }
        lines.append(size(report))
        let groups = suites.map(SuiteGroups.init)
        let lost = groups.flatMap(\.lost)
        if !lost.isEmpty {
            let regressed = lost.filter { $0.verdict == .regressed }.count
            let probable = lost.filter { $0.verdict == .probable }.count
            let flaky = lost.filter { $0.verdict == .flaky }.count
            var words = "\(Wording.count(lost.count, "example")) lost, \(regressed) regressed"
            if probable > 0 { words += ", \(probable) probably regressed" }
            if flaky > 0 { words += ", \(flaky) as flaky as before" }
            let unconfirmed = lost.filter { $0.verdict == .unconfirmed }.count
            if unconfirmed > 0 { words += ", \(unconfirmed) unconfirmed" }
            lines.append(words)
        }
        return lines.map { Reason(words: $0) }
    }

    private static func size(_ report: RunReport) -> String {
        let suites = report.decision.suites
        let examples = suites.reduce(0) { $0 + $1.counts.examples }
        let trials = Set(suites.map(\.suite.trials))
        let again = suites.reduce(0) { sum, suite in
            sum + suite.examples.filter { $0.now.trials > suite.suite.trials }.count
        }
        var words = [Wording.count(examples, "example")]
        if let each = trials.first, trials.count == 1 { words.append("\(Wording.count(each, "trial")) each") }
        if again > 0 { words.append("\(Wording.grouped(again)) re-run") }
        let metrics = suites.compactMap { report.metrics[$0.suite.suite] }
        let calls = metrics.reduce(0) { $0 + $1.calls + $1.controlCalls }
        let costs = metrics.compactMap(\.spentUSD)
        let price = costs.isEmpty ? "" : ", \(Wording.dollars(costs.reduce(0, +)))"
        return words.joined(separator: ", ") + (calls > 0 ? " (\(Wording.count(calls, "call"))\(price))" : "")
    }
}
