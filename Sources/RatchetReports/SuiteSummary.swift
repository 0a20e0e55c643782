import RatchetCore
import RatchetGate

/// What is said of a suite as a whole: the same sentences in every report that people read. All of it is ours or a
/// validated name, except where it says otherwise.
struct SuiteSummary {
    let suite: SuiteDecision
    let metrics: RunMetrics?

    /// `200 examples, 1 trial each`
    var size: String {
        let of = (suite.earlyStop ?? suite.earlyPass).map { "of \(Wording.grouped($0.scheduled)) " } ?? ""
        return "\(Wording.grouped(suite.counts.examples)) \(of)example\(suite.counts.examples == 1 ? "" : "s"), \(Wording.count(suite.suite.trials, "trial")) each"
    }

    /// What it was compared with: `baseline 5 trials (2026-11-20)`, or nothing.
    var basis: String? {
        switch suite.basis {
        case .noBaseline: return suite.basisName.map { "no baseline named \($0)" }
        case .ungated: return nil
        case .baseline, .run:
            let other = suite.basisName ?? ""
            // A version is a target, which has a slash; a run's id has none.
            let name = suite.basis == .run ? "compared with \(other.contains("/") ? "" : "run ")\(other)" : baselineName
            let trials = suite.recordedTrials.map { " \(Wording.count($0, "trial"))" } ?? ""
            let day = suite.basis == .run ? "" : suite.recordedOn.map { " (\($0))" } ?? ""
            return suite.basis == .run ? name : name + trials + day
        }
    }

    private var baselineName: String { suite.basisName.map { "baseline \($0)" } ?? "baseline" }

    /// The word a suite without a comparison is headed with.
    var heading: String? {
        switch suite.basis {
        case .noBaseline: "NO BASELINE"
        case .ungated: "NOT GATED"
        case .baseline, .run: nil
        }
    }

    /// `150 passed, 48 failed, 1 errored, 1 unscored`
    var counts: String {
        let counts = suite.counts
        var words = ["\(Wording.grouped(counts.passed)) passed", "\(Wording.grouped(counts.failed)) failed"]
        if counts.errored > 0 { words.append("\(Wording.grouped(counts.errored)) errored") }
        if counts.unscored > 0 { words.append("\(Wording.grouped(counts.unscored)) unscored") }
        return words.joined(separator: ", ")
    }

    /// `pass rate 75.8 % of 198 (was 81.0 %): -5.1 points [-7.0, -3.2], more than chance explains`
    var passRate: String {
        guard let rate = suite.passRate else { return "pass rate unknown: nothing was scored" }
        let scored = suite.counts.scored
        guard let result = suite.aggregate, let before = suite.recordedPassRate else {
            return "pass rate \(Wording.percent(rate.value)) of \(Wording.grouped(scored))"
                + " [\(Wording.percent(rate.low)), \(Wording.percent(rate.high))]"
        }
        // Now, then and the difference between them are of the same examples and the same trials.
        let delta = result.delta
        let compared = result.pairs == scored ? "\(Wording.grouped(scored))" : "the \(Wording.grouped(result.pairs)) compared"
        let text = "pass rate \(Wording.percent(before + delta.value)) of \(compared)"
        let was = " (was \(Wording.percent(before)))"
        let interval = "[\(Wording.signedPoints(delta.low)), \(Wording.signedPoints(delta.high))]"
        return text + was + ": \(Wording.signedPoints(delta.value)) points \(interval), " + Self.judgement(result)
    }

    private static func judgement(_ result: AggregateResult) -> String {
        if result.hasFailed { return "more than chance explains" }
        if result.adjustedP ?? result.p <= result.alpha { return "more than chance explains, but not enough to fail" }
        if result.delta.low > 0 { return "better than chance explains" }
        let isSame = result.delta.low == 0 && result.delta.high == 0
        return isSame ? "no change" : "could be chance"
    }

    /// `this run would have seen: any example that broke, or a drop of 2.9 points or more`
    var sight: String? {
        guard let aggregate = suite.aggregate, suite.earlyStop == nil else { return nil }
        let seen = [broken, aggregate.wouldHaveSeen.flatMap(Self.drop)].compactMap { $0 }
        guard !seen.isEmpty else {
            return aggregate.wouldHaveSeen.map { _ in "this run would not have seen a drop of the pass rate, however large" }
        }
        return "this run would have seen: " + seen.joined(separator: ", or ")
    }

    /// `a drop of up to 1.4 points could still hide here`
    var hidden: String? {
        guard let delta = suite.aggregate?.delta, suite.earlyStop == nil, suite.aggregate?.hasFailed == false, delta.low < 0 else { return nil }
        let points = Wording.fixed(-delta.low * 100, 1)
        guard points != "0.0" else { return nil }
        let proof = suite.unproven.map { ", and one of \(Wording.fixed($0 * 100, 1)) had to be ruled out" } ?? ""
        return "a drop of up to \(points) points could still hide here\(proof)"
    }

    private static func drop(_ share: Double) -> String? {
        share < 1 ? "a drop of \(Wording.fixed(share * 100, 1)) points or more" : nil
    }

    private var broken: String? {
        guard let share = suite.brokenSeen, share > 0 else { return nil }
        return share == 1 ? "any example that broke" : "\(Wording.percent(share)) of the examples, had one of them broken"
    }

    /// How the run came to its decision, where it did more than one pass or less.
    var effort: [String] {
        var lines: [String] = []
        if let stop = suite.earlyStop {
            lines.append(
                "stopped after \(Wording.grouped(stop.looked)) of \(Wording.count(stop.scheduled, "example")): "
                    + "the fall was certain by then (--no-early-stop runs them all)")
        }
        if let stop = suite.earlyPass {
            lines.append(
                "decided after \(Wording.grouped(stop.looked)) of \(Wording.count(stop.scheduled, "example")): "
                    + "a drop that matters was ruled out by then")
        }
        if let confirmation = suite.confirmation, confirmation.suspects > 0 {
            let controls = confirmation.controls > 0 ? ", and \(Wording.count(confirmation.controls, "trial")) of the accepted version" : ""
            lines.append(
                "\(Wording.count(confirmation.suspects, "suspect")) asked again in \(Wording.count(confirmation.trials, "trial"))\(controls)")
        }
        if let passes = suite.aggregate?.passes, passes > 1 {
            lines.append("\(passes) passes over all examples, since the first looked suspicious")
        }
        if let drift {  lines.append(drift) }
        return lines
    }

    private var drift: String? {
        guard let drift = suite.drift, drift.isShown else { return nil }
        return "the provider changed, not you: today the accepted version passes \(drift.control) trials of "
            + "\(Wording.count(drift.examples, "example")) that it used to pass"
    }

    /// By what the change lowers its own guard: the example or `policy`, and what was changed.
    var weakenings: [(what: String, detail: String)] {
        (suite.weakenings ?? []).map { weakening in
            let permission = weakening.override.map { "; permitted by \($0)" } ?? ""
            return (weakening.example ?? "the suite", weakening.detail + permission)
        }
    }

    /// Metrics that were compared or bounded, a sentence each.
    var metricLines: [String] {
        (suite.metrics ?? []).map { result in
            let name = result.metric.rawValue
            let value = Self.figure(result.metric, result.now)
            let change = result.before.map { before -> String in
                let ratio = result.ratio.map {
                    ", \(Self.percentChange($0.value)) [\(Self.percentChange($0.low)), \(Self.percentChange($0.high))]"
                } ?? result.difference.map {
                    ", \(Wording.signedPoints($0.value)) points [\(Wording.signedPoints($0.low)), \(Wording.signedPoints($0.high))]"
                } ?? (before > 0 ? ", \(Self.percentChange(result.now / before))" : "")
                return " (was \(Self.figure(result.metric, before))\(ratio))"
            } ?? ""
            return "\(name) \(value)\(change)" + Self.judgement(result)
        }
    }

    private static func judgement(_ result: MetricResult) -> String {
        let limit = result.limit.map { " \(figure(result.metric, $0))" } ?? ""
        if let file = result.override { return ": permitted by \(file)" }
        if result.metric == .score { return scoreJudgement(result, limit: limit) }
        if result.hasFailed {
            return result.isGating
                ? ": beyond the\(limit) that is allowed"
                : ": beyond the\(limit) that is allowed, but one run's times prove nothing (eight runs of history would)"
        }
        return result.limit == nil ? "" : ": within the\(limit) that is allowed"
    }

    private static func scoreJudgement(_ result: MetricResult, limit: String) -> String {
        switch (result.basis, result.hasFailed) {
        case (.budget, let hasFailed): hasFailed ? ": below the\(limit) that is wanted" : ": at least\(limit), as wanted"
        case (_, true) where result.isGating: ": fell by more than chance explains, below the\(limit) that is allowed"
        case (_, true): ": fell by more than chance explains; it does not gate"
        case (_, false): ""
        }
    }

    private static func figure(_ metric: Metric, _ value: Double) -> String {
        switch metric {
        case .costUSD: Wording.dollars(value)
        case .inputTokens, .outputTokens: Wording.fixed(value, 1)
        case .latencyP50, .latencyP95, .ttftP50, .ttftP95: Wording.duration(value)
        case .score: Wording.fixed(value, 3)
        }
    }

    private static func percentChange(_ ratio: Double) -> String {
        let percent = (ratio - 1) * 100
        return (percent >= 0.05 ? "+" : "") + Wording.fixed(percent, 1) + " %"
    }

    private static let shownSlices = 5

    /// Slices that gate, and of the others those that fell the most by more than chance explains.
    var slices: [String] {
        let all = suite.slices ?? []
        let fallen = all.filter { !$0.isGating && $0.aggregate.hasFailed }
            .sorted { ($0.aggregate.delta.value, $0.tag) < ($1.aggregate.delta.value, $1.tag) }
        let further = fallen.count - Self.shownSlices
        return (all.filter(\.isGating) + fallen.prefix(Self.shownSlices)).map(Self.words)
            + (further > 0 ? ["and \(Wording.count(further, "further slice")) that fell and do not gate"] : [])
    }

    private static func words(_ slice: SliceResult) -> String {
        let result = slice.aggregate
        let interval = "[\(Wording.signedPoints(result.delta.low)), \(Wording.signedPoints(result.delta.high))]"
        let words =
            slice.override.map { "permitted by \($0)" } ?? (result.hasFailed
                ? (slice.isGating ? "fell by more than chance explains" : "fell by more than chance explains; it does not gate")
                : judgement(result))
        return "slice \(slice.tag): \(Wording.signedPoints(result.delta.value)) points \(interval) over "
            + "\(Wording.grouped(result.pairs)), \(words)"
    }

    /// What is known of the judges whose verdicts count here, a sentence each.
    var judges: [String] { (suite.judges ?? []).flatMap { JudgeWording($0).lines } }

    /// Calls, tokens, cost and latency, each a label and its words.
    var usage: [(label: String, words: String)] {
        guard let metrics else { return [] }
        var lines = [("calls", calls(metrics))]
        if let cost = cost(metrics) { lines.append(("cost", cost)) }
        if let latency = Self.quantiles(metrics.latencies) { lines.append(("latency", latency)) }
        if let latency = Self.quantiles(metrics.timesToFirstToken) { lines.append(("first token", latency)) }
        return lines
    }

    private func calls(_ metrics: RunMetrics) -> String {
        var words = Wording.grouped(metrics.calls)
        if metrics.cached > 0 { words += " (\(Wording.grouped(metrics.cached)) from the cache)" }
        if metrics.controlCalls > 0 { words += ", \(Wording.grouped(metrics.controlCalls)) of the accepted version" }
        if metrics.judgeCalls > 0 { words += " and \(Wording.grouped(metrics.judgeCalls)) of judges" }
        let tokens = [(metrics.inputTokens, "in"), (metrics.outputTokens, "out")].compactMap { count, way in
            count.map { count in
                let read = way == "in" ? metrics.cachedTokens.flatMap { $0 > 0 ? " (\(Wording.grouped($0)) read from its cache)" : nil } : nil
                return "\(Wording.grouped(count)) \(way)" + (read ?? "")
            }
        }
        return words + (tokens.isEmpty ? "; tokens unknown" : "; tokens " + tokens.joined(separator: ", "))
    }

    private func cost(_ metrics: RunMetrics) -> String? {
        let unpriced = metrics.unpricedCalls
        var words: [String] = []
        if let cost = metrics.costUSD {
            let saved = metrics.cachedCostUSD.flatMap { $0 > 0 ? " (\(Wording.dollars($0)) of it saved by the cache)" : nil }
            words.append(Wording.dollars(cost) + (saved ?? ""))
        }
        if let control = metrics.controlCostUSD { words.append("accepted version \(Wording.dollars(control))") }
        if let judge = metrics.judgeCostUSD { words.append("judges \(Wording.dollars(judge))") }
        if unpriced > 0 {
            words.append(unpriced == metrics.calls ? "unpriced" : "\(Wording.count(unpriced, "call")) unpriced")
        }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }

    /// `p50 310 ms, p95 720 ms of 200`; `nil` without a value.
    private static func quantiles(_ values: [Double]) -> String? {
        let summary = LatencySummary(values)
        guard let p50 = summary.p50 else { return nil }
        let p95 = summary.p95.map { ", p95 " + Wording.duration($0) } ?? ""
        let few = summary.p95 == nil ? " (no p95 below \(LatencySummary.fewestForP95))" : ""
        return "p50 \(Wording.duration(p50))\(p95) of \(Wording.grouped(values.count))\(few)"
    }
}
