import RatchetCore
import RatchetGate
import RatchetJSON

/// `ratchet.run/1`: one run as one JSON object on one line.
///
/// The shape is a contract: keys are added, never renamed or dropped; what is unknown is `null`, never 0. Examples are
/// written as they are read, so that a run of any size takes the memory of one example.
package enum JSONReport {
    package static let format = "ratchet.run/1"

    package static func render(_ report: RunReport, to write: (String) throws -> Void) throws {
        let head: JSONObject = [
            "format": .string(format), "run": .string(report.header.id), "exit": exit(report.decision),
            "notes": .strings(report.notes), "partial": .bool(report.header.isPartial),
            "concurrency": .array(report.concurrency.map(concurrency)),
        ]
        try write(opened(head, list: "suites"))
        var isFirst = true
        for suite in report.decision.suites {
            let digests = try SuiteDigests(suite, groups: SuiteGroups(suite), report: report, wanted: [])
            var members = self.suite(suite, report)
            members["failure_kinds"] = .object(failureKinds(digests))
            try write((isFirst ? "" : ",") + opened(members, list: "examples"))
            isFirst = false
            var isFirstExample = true
            try report.forEachExample(suite.suite.suite, nil) { example in
                try write((isFirstExample ? "" : ",") + self.example(example).serialized(.compact))
                isFirstExample = false
            }
            try write("]}")
        }
        try write("]}\n")
    }

    private static func concurrency(_ change: ConcurrencyChange) -> JSONValue {
        [
            "account": .string(change.account), "time": .double(change.time), "from": .int(change.from), "to": .int(change.to),
            "reason": .string(change.reason),
        ]
    }

    /// `{"code":100,"name":"regressed","all":["regressed"]}`: the exit code, and the names of all that hold.
    package static func exit(_ decision: RunDecision) -> JSONValue {
        [
            "code": .int(Int(decision.exit.rawValue)), "name": .string(decision.exit.name),
            "all": .strings(decision.all.map(\.name)),
        ]
    }

    /// The object's text without its end, and a list that is still open as its last member.
    private static func opened(_ object: JSONObject, list key: String) -> String {
        var object = object
        object[key] = []
        return String(JSONValue.object(object).serialized(.compact).dropLast(2))
    }

    private static func suite(_ decision: SuiteDecision, _ report: RunReport) -> JSONObject {
        [
            "suite": .string(decision.suite.suite), "target": .string(decision.suite.target),
            "prompt": .optional(decision.suite.prompt), "trials": .int(decision.suite.trials),
            "basis": basis(decision), "policy": .string(decision.policy),
            // A string: JSON readers with doubles would round it.
            "seed": .string(String(decision.seed)), "failed_rules": .strings(decision.failedRules.map(\.rawValue)),
            "counts": counts(decision.counts), "transitions": transitions(decision),
            "pass_rate": passRate(decision), "delta": delta(decision.aggregate),
            "slices": .array((decision.slices ?? []).map(slice)), "effort": .optional(decision.effort?.rawValue),
            "alpha_budget": .double(decision.alphaBudget), "alpha_spent": .double(decision.alphaSpent),
            "order": .optional(decision.order), "unproven": .double(decision.unproven), "broken_seen": .double(decision.brokenSeen),
            "confirmation": confirmation(decision.confirmation), "early_stop": earlyStop(decision.earlyStop),
            "early_pass": earlyStop(decision.earlyPass),
            "drift": drift(decision.drift),
            "metric_results": .array((decision.metrics ?? []).map(metric)),
            "weakenings": .array((decision.weakenings ?? []).map(weakening)),
            "differences": .array(decision.differences.map(difference)),
            "overrides": .array(decision.overrides.map(override)),
            "judges": .array(decision.judges?.map(\.json) ?? []),
            "metrics": report.metrics[decision.suite.suite]?.json ?? .null,
        ]
    }

    /// How many failing examples nearly passed, by what they lacked.
    private static func failureKinds(_ digests: SuiteDigests) -> JSONObject {
        digests.failingByKind.reduce(into: [:]) { $0[$1.kind.rawValue] = .int($1.count) }
    }

    private static func basis(_ decision: SuiteDecision) -> JSONValue {
        [
            "kind": .string(decision.basis.rawValue), "name": .optional(decision.basisName),
            "trials": .int(decision.recordedTrials), "date": .optional(decision.recordedOn),
            "pass_rate": .double(decision.recordedPassRate),
        ]
    }

    private static func counts(_ counts: StateCounts) -> JSONValue {
        [
            "examples": .int(counts.examples), "passed": .int(counts.passed), "failed": .int(counts.failed),
            "errored": .int(counts.errored), "unscored": .int(counts.unscored),
        ]
    }

    /// `lost` and `won` are what was observed, whatever the verdict; the others are verdicts.
    private static func transitions(_ decision: SuiteDecision) -> JSONValue {
        [
            "lost": .strings(decision.lost), "won": .strings(decision.won),
            "regressed": .strings(decision.ids(.regressed)), "probable": .strings(decision.ids(.probable)),
            "flaky": .strings(decision.ids(.flaky)), "unconfirmed": .strings(decision.ids(.unconfirmed)),
            "new": .strings(decision.ids(.new)), "missing": .strings(decision.missing),
            "incomparable": .strings(decision.ids(.incomparable)),
            "overridden": .strings(decision.ids(.overridden) + decision.permittedMissing),
            "known_failing_passed": .strings(decision.fixed),
        ]
    }

    private static func passRate(_ decision: SuiteDecision) -> JSONValue {
        guard let rate = decision.passRate else { return .null }
        return [
            "value": .double(rate.value), "low": .double(rate.low), "high": .double(rate.high),
            "level": .double(rate.level), "scored": .int(decision.counts.scored),
        ]
    }

    private static func delta(_ result: AggregateResult?) -> JSONValue {
        guard let result else { return .null }
        return [
            "value": .double(result.delta.value), "low": .double(result.delta.low), "high": .double(result.delta.high),
            "level": .double(result.delta.level), "p": .double(result.p), "pairs": .int(result.pairs),
            "would_have_seen": .double(result.wouldHaveSeen), "robust_p": .double(result.robustP),
            "alpha": .double(result.alpha), "failed": .bool(result.hasFailed),
            "adjusted_p": .double(result.adjustedP), "passes": .int(result.passes),
        ]
    }

    private static func slice(_ slice: SliceResult) -> JSONValue {
        guard case .object(var object) = delta(slice.aggregate) else { return .null }
        object["tag"] = .string(slice.tag)
        object["gating"] = .bool(slice.isGating)
        object["override"] = .optional(slice.override)
        return .object(object)
    }

    private static func confirmation(_ result: ConfirmationResult?) -> JSONValue {
        guard let result else { return .null }
        return [
            "suspects": .int(result.suspects), "trials": .int(result.trials), "controls": .int(result.controls),
            "certain_log_e": .double(result.certain), "pooled_log_e": .double(result.pooledLogE),
            "pooled_certain_log_e": .double(result.pooledCertain),
        ]
    }

    private static func earlyStop(_ result: EarlyStopResult?) -> JSONValue {
        guard let result else { return .null }
        return ["looked": .int(result.looked), "scheduled": .int(result.scheduled), "log_e": .double(result.logE)]
    }

    private static func metric(_ result: MetricResult) -> JSONValue {
        [
            "metric": .string(result.metric.rawValue), "basis": .string(result.basis.rawValue), "now": .double(result.now),
            "before": .double(result.before), "ratio": .double(result.ratio?.value), "ratio_low": .double(result.ratio?.low),
            "ratio_high": .double(result.ratio?.high), "difference": .double(result.difference?.value),
            "difference_low": .double(result.difference?.low), "difference_high": .double(result.difference?.high), "limit": .double(result.limit), "p": .double(result.p),
            "gating": .bool(result.isGating), "failed": .bool(result.hasFailed), "override": .optional(result.override),
        ]
    }

    private static func weakening(_ weakening: Weakening) -> JSONValue {
        [
            "kind": .string(weakening.kind.rawValue), "example": .optional(weakening.example),
            "detail": .string(weakening.detail), "override": .optional(weakening.override),
        ]
    }

    private static func drift(_ drift: ProviderDrift?) -> JSONValue {
        guard let drift else { return .null }
        return [
            "examples": .int(drift.examples), "control": .string(drift.control.description), "log_e": .double(drift.logE),
            "shown": .bool(drift.isShown),
        ]
    }

    private static func difference(_ difference: Difference) -> JSONValue {
        [
            "kind": .string(difference.kind.rawValue), "before": .string(difference.before),
            "now": .string(difference.now),
        ]
    }

    private static func override(_ use: OverrideUse) -> JSONValue {
        [
            "file": .string(use.file), "status": .string(use.status.rawValue), "reason": .string(use.reason),
            "expires": .optional(use.expires), "detail": .string(use.detail),
        ]
    }

    /// One example with its trials, as the list of a suite has it.
    package static func example(_ example: ExampleTrials) -> JSONValue {
        let decision = example.decision
        return [
            "id": .string(decision.id), "state": .string(decision.state.rawValue),
            "verdict": .string(decision.verdict.rawValue), "before": .optional(decision.before?.description),
            "now": decision.now.trials > 0 ? .string(decision.now.description) : .null,
            "failed_rules": .strings(decision.brokenRules.map(\.rawValue)), "log_e": .double(decision.evidence?.logE),
            "control": .optional(decision.evidence?.control?.description), "note": .optional(decision.note),
            "override": .optional(decision.override), "trials": .array(example.trials.map(trial)),
        ]
    }

    private static func trial(_ trial: TrialRecord) -> JSONValue {
        let request = trial.request
        var object: JSONObject = [
            "draw": .string(trial.key.draw.description), "state": .string(trial.state.rawValue),
            "output": .optional(request.output),
        ]
        if !request.toolCalls.isEmpty { object["tool_calls"] = .array(request.toolCalls.map(\.json)) }
        object["finish_reason"] = request.finishReason.map(JSONValue.string)
        object["error"] = request.error.map(JSONValue.string)
        object["cached"] = .bool(request.isCached)
        object["checks"] = .array(trial.checks.map(check))
        return .object(object)
    }

    private static func check(_ check: CheckResult) -> JSONValue {
        [
            "name": .string(check.name), "type": .string(check.type), "state": .string(check.state.rawValue),
            "score": .double(check.score), "gating": .bool(check.gating), "reason": .string(check.reason),
            "failure_kind": .optional(check.failureKind?.rawValue),
        ]
    }
}
