import RatchetCore

/// Holds the override files of one suite against what a run broke: which of them permit something, and which are
/// expired, unused or bound to something else.
struct OverrideMatching {
    let input: GateInput
    /// Today, `2026-11-22`.
    let today: String

    /// What an override is asked to permit for one example.
    struct Need {
        var example: GatedExample
        var now: TrialCount
        var failedChecks: Set<String>
    }

    private(set) var uses: [String: OverrideUse] = [:]

    init(input: GateInput, today: String) {
        self.input = input
        self.today = today
        for override in input.overrides {
            let expired = override.expires.map { $0 < today } ?? false
            note(
                override, expired ? .expired : .unused,
                expired ? "expired on \(override.expires ?? "")" : "nothing here needs it")
        }
    }

    /// The override that lets an example run and report without gating.
    ///
    /// - Parameter isNeeded: Whether the example would otherwise count against the run: only then is it a problem that the
    ///   override does not fit.
    mutating func quarantine(_ example: GatedExample, isNeeded: Bool) -> Override? {
        for override in input.overrides
        where override.kind == .quarantine && covers(override, example.id) && !isExpired(override) {
            if let problem = misfit(override, example) {
                if isNeeded { note(override, .outOfScope, problem) }
            } else {
                note(override, .used, "quarantines \(example.id)")
                return override
            }
        }
        return nil
    }

    /// The override that permits this example's failure; those that name it but do not fit are noted with the reason.
    mutating func permission(for need: Need) -> Override? {
        for override in input.overrides
        where override.kind != .quarantine && covers(override, need.example.id) && !isExpired(override) {
            if let problem = misfit(override, need) {
                if uses[override.file]?.status != .used { note(override, .outOfScope, problem) }
            } else {
                note(override, .used, "permits \(need.example.id)")
                return override
            }
        }
        return nil
    }

    /// The override that permits a missing example.
    mutating func permission(forMissing id: String) -> Override? {
        for override in input.overrides where covers(override, id) && !isExpired(override) {
            if let problem = misfit(override) {
                note(override, .outOfScope, problem)
            } else {
                note(override, .used, "permits that \(id) is gone")
                return override
            }
        }
        return nil
    }

    /// The override that permits the fall of the pass rate.
    mutating func permission(for aggregate: AggregateResult) -> Override? {
        for override in input.overrides where override.scope == .passRate && !isExpired(override) {
            if let problem = misfit(override) ?? exceeds(override, "pass_rate", aggregate.delta) {
                note(override, .outOfScope, problem)
            } else {
                note(override, .used, "permits the fall of the pass rate")
                return override
            }
        }
        return nil
    }

    /// The override that permits the fall of a slice.
    mutating func permission(for slice: SliceResult) -> Override? {
        for override in input.overrides where override.scope == .slice(slice.tag) && !isExpired(override) {
            if let problem = misfit(override) ?? exceeds(override, "slice:\(slice.tag)", slice.aggregate.delta) {
                note(override, .outOfScope, problem)
            } else {
                note(override, .used, "permits the fall of the slice \(slice.tag)")
                return override
            }
        }
        return nil
    }

    /// The override that permits a metric, up to what was observed and a tenth more.
    mutating func permission(for result: MetricResult) -> Override? {
        for override in input.overrides where override.scope == .metric(result.metric.rawValue) && !isExpired(override) {
            let observed = ObservedChange(override.observed["metric:\(result.metric.rawValue)"])
            if let problem = misfit(override) ?? observed.flatMap({ result.isWorse(than: $0) ? "it is worse than the \($0.text) it permits" : nil }) {
                note(override, .outOfScope, problem)
            } else {
                note(override, .used, "permits \(result.metric.rawValue)")
                return override
            }
        }
        return nil
    }

    /// The override that permits what a change weakens.
    mutating func permission(for weakening: Weakening, of example: GatedExample?) -> Override? {
        for override in input.overrides where !isExpired(override) {
            switch (weakening.example, override.scope) {
            case (let id?, .examples(let ids)) where ids.contains(id): break
            case (nil, .policy): break
            default: continue
            }
            if let problem = example.map({ misfit(override, $0) }) ?? misfit(override) {
                if uses[override.file]?.status != .used { note(override, .outOfScope, problem) }
            } else {
                note(override, .used, "permits: \(weakening.detail)")
                return override
            }
        }
        return nil
    }

    /// A fall whose whole interval lies below what was observed is another one.
    private func exceeds(_ override: Override, _ key: String, _ delta: Interval) -> String? {
        guard let observed = ObservedChange(override.observed[key]), delta.high < observed.now - observed.before
        else { return nil }
        return "it fell further than the \(observed.text) it permits"
    }

    private func covers(_ override: Override, _ id: String) -> Bool {
        if case .examples(let ids) = override.scope { ids.contains(id) } else { false }
    }

    private func isExpired(_ override: Override) -> Bool { override.expires.map { $0 < today } ?? false }

    private mutating func note(_ override: Override, _ status: OverrideUse.Status, _ detail: String) {
        uses[override.file] = OverrideUse(
            file: override.file, suite: override.suite, status: status, reason: override.reason,
            expires: override.expires, detail: detail)
    }

    private func misfit(_ override: Override, _ need: Need) -> String? {
        let id = need.example.id
        if let problem = misfit(override, need.example) { return problem }
        let other = need.failedChecks.subtracting(override.checks)
        if !override.checks.isEmpty, !other.isEmpty {
            return "\(id) also fails \(other.sorted().joined(separator: ", ")), which it does not name"
        }
        guard let observed = ObservedChange(override.observed[id]) else {
            return "it does not say how bad \(id) was when it was written"
        }
        return isWorse(need.now, than: observed) ? "\(id) is now \(need.now), worse than the \(observed.text) it permits" : nil
    }

    private func misfit(_ override: Override, _ example: GatedExample) -> String? {
        if let problem = misfit(override) { return problem }
        guard let bound = override.binding.examples[example.id] else {
            return "it is not bound to what \(example.id) is; write it with: ratchet run --allow-regression"
        }
        return bound == example.bindingHash ? nil : "\(example.id) or its checks changed since it was written"
    }

    private func misfit(_ override: Override) -> String? {
        if let reason = override.unapproved { return reason }
        if override.binding.promptHash == nil, input.suite.promptHash != nil {
            return "it is not bound to a prompt; write it with: ratchet run --allow-regression"
        }
        if override.binding.promptHash != input.suite.promptHash { return "the prompt changed since it was written" }
        if let target = override.binding.target, target != input.suite.target {
            return "it was written for \(target), not \(input.suite.target)"
        }
        return nil
    }

    /// Worse than observed beyond chance: so few passes would come up once in twenty at the observed pass rate.
    private func isWorse(_ now: TrialCount, than observed: ObservedChange) -> Bool {
        guard let rate = now.rate, rate < observed.now else { return false }
        let smoothed = (observed.now * observed.trials + 1) / (observed.trials + 2)
        var term = 1.0
        for _ in 0..<now.trials { term *= 1 - smoothed }
        var sum = term
        for passes in 0..<now.passes {
            term *= Double(now.trials - passes) / Double(passes + 1) * smoothed / (1 - smoothed)
            sum += term
        }
        return sum <= 0.05
    }
}

/// What an override file says was seen: `5/5 -> 1/6`, or shares as `0.758 -> 0.701`.
package struct ObservedChange: Hashable, Sendable {
    package var before: Double
    package var now: Double
    /// Trials behind `now`; 0 where shares are given.
    package var trials: Double
    package var text: String

    package init?(_ text: String?) {
        guard let text else { return nil }
        let sides = text.split(separator: ">", maxSplits: 1).map { side in
            side.filter { !$0.isWhitespace && $0 != "-" }
        }
        guard sides.count == 2, let before = Self.share(sides[0]), let now = Self.share(sides[1]) else { return nil }
        self.before = before.value
        self.now = now.value
        trials = now.trials
        self.text = text
    }

    private static func share(_ text: String) -> (value: Double, trials: Double)? {
        let parts = text.split(separator: "/").compactMap { Double($0) }
        if text == "none" { return (0, 0) }
        if parts.count == 2, parts[1] > 0, text.contains("/") { return (parts[0] / parts[1], parts[1]) }
        return parts.count == 1 && !text.contains("/") ? (parts[0], 0) : nil
    }
}
