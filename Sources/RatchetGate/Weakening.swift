import RatchetCore

/// Something by which a change lowers what guards it. Each needs a person's permission, like a loss.
package struct Weakening: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case knownFailing = "known_failing"
        case mustPass = "must_pass"
        /// What is asked was changed, though the record says that it passed.
        case input
        case removed
        /// A gating check is gone, or does not gate any more.
        case check
        case threshold
        case passWhen = "pass_when"
        /// The example left a slice that the policy guards.
        case slice
        /// The example is counted together with others now, so that its loss weighs less.
        case group
        case policy
        /// What judges: where a judge is asked, or what a person said of an output.
        case instrument
        /// The accepted record says less than the evidence for it does.
        case record
    }

    package var kind: Kind
    /// `nil` where it concerns the whole suite.
    package var example: String?
    /// Before and after, for a person.
    package var detail: String
    /// The override file that permits it.
    package var override: String? = nil

    package init(_ kind: Kind, example: String? = nil, _ detail: String) {
        self.kind = kind
        self.example = example
        self.detail = detail
    }
}

/// What guards one suite at one commit, or in the working tree.
package struct SuiteGuard: Sendable {
    package var policy: GatePolicy
    package var examples: [Example]
    /// By example, the hashes of its gating checks by name.
    package var checks: [String: [String: String]]
    /// The thresholds of the rubrics its judges go by.
    package var rubricThresholds: [String: Double]
    /// By the name of the backend that judges are asked of, where that is.
    package var judgeServers: [String: String]
    package var labels: [HumanLabel]
    /// Seconds for which a cached answer is evidence.
    package var cacheMaximumAge: Double
    package var baseline: Baseline?

    package init(
        policy: GatePolicy, examples: [Example], checks: [String: [String: String]], rubricThresholds: [String: Double],
        judgeServers: [String: String] = [:], labels: [HumanLabel] = [], cacheMaximumAge: Double = 0, baseline: Baseline?
    ) {
        self.policy = policy
        self.examples = examples
        self.checks = checks
        self.rubricThresholds = rubricThresholds
        self.judgeServers = judgeServers
        self.labels = labels
        self.cacheMaximumAge = cacheMaximumAge
        self.baseline = baseline
    }

    /// Everything by which `now` guards less than this.
    package func weakenings(in now: SuiteGuard) -> [Weakening] {
        policyWeakenings(now) + exampleWeakenings(now) + rubricWeakenings(now) + instrumentWeakenings(now) + recordWeakenings(now)
    }

    // MARK: Policy

    private func policyWeakenings(_ now: SuiteGuard) -> [Weakening] {
        var found: [Weakening] = []
        func compare<Value>(_ name: String, _ old: Value, _ new: Value, isWeaker: (Value, Value) -> Bool) {
            if isWeaker(new, old) { found.append(Weakening(.policy, "\(name) \(old) -> \(new)")) }
        }
        let (old, new) = (policy, now.policy)
        compare("policy", old.kind.rawValue, new.kind.rawValue) { new, old in old == "strict" && new != old }
        compare("false_alarms", old.falseAlarms, new.falseAlarms, isWeaker: <)
        compare("min_drop", old.minimumDrop, new.minimumDrop, isWeaker: >)
        compare("errored_max", old.erroredMaximum, new.erroredMaximum, isWeaker: >)
        compare("unscored_max", old.unscoredMaximum, new.unscoredMaximum, isWeaker: >)
        compare("canary", old.canaryCalls, new.canaryCalls, isWeaker: <)
        compare("overrides.max_active", old.maximumActiveOverrides, new.maximumActiveOverrides, isWeaker: >)
        compare("overrides.flag_in_ci", old.allowsOverrideFlagInCI, new.allowsOverrideFlagInCI) { new, old in new && !old }
        compare("overrides.second_person", old.needsSecondPerson, new.needsSecondPerson) { new, old in old && !new }
        compare("require.no_worse_than", old.noWorseThan ?? 1, new.noWorseThan ?? 1, isWeaker: >)
        compare("effort", old.effort.rawValue, new.effort.rawValue) { Self.rank($0) < Self.rank($1) }
        for (metric, budget) in old.metrics.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let after = new.metrics[metric]
            compare("metrics.\(metric.rawValue).max", budget.max ?? .infinity, after?.max ?? .infinity, isWeaker: >)
            compare(
                "metrics.\(metric.rawValue).max_increase", budget.maxIncrease ?? .infinity, after?.maxIncrease ?? .infinity, isWeaker: >)
            compare("metrics.\(metric.rawValue).min", budget.min ?? -.infinity, after?.min ?? -.infinity, isWeaker: <)
            compare("metrics.\(metric.rawValue).max_drop", budget.maxDrop ?? .infinity, after?.maxDrop ?? .infinity, isWeaker: >)
        }
        for (tag, kind) in old.slices.sorted(by: { $0.key < $1.key }) {
            let after = new.slices[tag]
            if after == nil || kind == .strict && after != .strict {
                found.append(Weakening(.policy, "slice \(tag): \(kind.rawValue) -> \(after?.rawValue ?? "not guarded")"))
            }
        }
        return found
    }

    private static func rank(_ effort: String) -> Int {
        GateEffort(rawValue: effort).flatMap(GateEffort.allCases.firstIndex) ?? 0
    }

    // MARK: Examples

    private func exampleWeakenings(_ now: SuiteGuard) -> [Weakening] {
        let current = Dictionary(now.examples.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let records = Dictionary((baseline?.records ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return examples.flatMap { old -> [Weakening] in
            let record = records[old.id]
            guard let new = current[old.id] else {
                // A recorded example that is gone is missing by its own rule.
                return record == nil ? [Weakening(.removed, example: old.id, "the example is gone from the suite")] : []
            }
            return weakenings(of: old, in: new, hasPassed: record?.planned.state == .passed)
                + checkWeakenings(old, new, now)
        }
    }

    private func weakenings(of old: Example, in new: Example, hasPassed: Bool) -> [Weakening] {
        var found: [Weakening] = []
        if old.knownFailing == nil, let reason = new.knownFailing {
            found.append(Weakening(.knownFailing, example: old.id, "known_failing added: \(reason)"))
        }
        if Self.rank(new.mustPass) < Self.rank(old.mustPass) {
            found.append(Weakening(.mustPass, example: old.id, "must_pass \(old.mustPass.rawValue) -> \(new.mustPass.rawValue)"))
        }
        if hasPassed, old.input != new.input || old.contexts != new.contexts || old.tools != new.tools {
            found.append(Weakening(.input, example: old.id, "what is asked was changed, and its record passed"))
        }
        if let score = new.passWhen?.score, old.passWhen.map({ score < $0.score }) ?? true {
            let before = old.passWhen.map { "a mean score of \($0.score)" } ?? "every gating check"
            found.append(Weakening(.passWhen, example: old.id, "passes by \(before) -> a mean score of \(score)"))
        }
        if let group = new.group, group != old.group {
            found.append(Weakening(.group, example: old.id, "group \(old.group ?? "none") -> \(group)"))
        }
        for tag in old.tags where policy.slices[tag] != nil && !new.tags.contains(tag) {
            found.append(Weakening(.slice, example: old.id, "left the guarded slice \(tag)"))
        }
        return found
    }

    private static func rank(_ mustPass: Example.MustPass) -> Int {
        switch mustPass {
        case .no: 0
        case .bestOfFive: 1
        case .always: 2
        }
    }

    /// A check that was changed is not here: what it said before is asked of the new outputs as well.
    private func checkWeakenings(_ old: Example, _ new: Example, _ now: SuiteGuard) -> [Weakening] {
        let (before, after) = (checks[old.id] ?? [:], now.checks[new.id] ?? [:])
        let dropped = before.keys.filter { after[$0] == nil }.sorted().map { name in
            let stands = new.checks.contains { $0.name == name }
            return Weakening(.check, example: old.id, "the check \(name) \(stands ? "does not gate any more" : "was dropped")")
        }
        let lowered = old.checks.compactMap { check -> Weakening? in
            guard let threshold = check.threshold, check.gating,
                let other = new.checks.first(where: { $0.name == check.name && $0.gating }), other.not == check.not,
                check.not ? (other.threshold ?? 1) > threshold : (other.threshold ?? 0) < threshold
            else { return nil }
            return Weakening(
                .threshold, example: old.id,
                "the threshold of \(check.name) \(threshold) -> \(other.threshold.map { "\($0)" } ?? "none")")
        }
        return dropped + lowered
    }

    private func rubricWeakenings(_ now: SuiteGuard) -> [Weakening] {
        rubricThresholds.sorted { $0.key < $1.key }.compactMap { rubric, threshold in
            guard let after = now.rubricThresholds[rubric], after < threshold else { return nil }
            return Weakening(.policy, "the threshold of the rubric \(rubric) \(threshold) -> \(after)")
        }
    }

    /// A judge that is asked elsewhere under its old name, verdicts of people that were turned or taken away, and a cache
    /// that remembers for longer.
    private func instrumentWeakenings(_ now: SuiteGuard) -> [Weakening] {
        var found = judgeServers.sorted { $0.key < $1.key }.compactMap { backend, server -> Weakening? in
            guard let after = now.judgeServers[backend], after != server else { return nil }
            return Weakening(.instrument, "judges of \(backend) are asked at \(server) -> \(after)")
        }
        if now.cacheMaximumAge > cacheMaximumAge {
            found.append(Weakening(.policy, "cache.max_age \(cacheMaximumAge) s -> \(now.cacheMaximumAge) s"))
        }
        struct Key: Hashable {
            var subject: HumanLabel.Subject
            var rater: String
        }
        let after = Dictionary(
            now.labels.map { (Key(subject: $0.subject, rater: $0.rater), $0.passes) }, uniquingKeysWith: { _, last in last })
        for label in labels where !label.passes && after[Key(subject: label.subject, rater: label.rater)] != false {
            found.append(
                Weakening(.instrument, example: label.example, "what \(label.rater) said of an output was turned or taken away"))
        }
        return found
    }

    // MARK: Records

    /// Records whose new trials are worse than the old record, beyond chance (GATE.md 1.3 and 2.2): honest noise is none.
    private func recordWeakenings(_ now: SuiteGuard) -> [Weakening] {
        guard let baseline else { return [] }
        guard let after = now.baseline else { return [Weakening(.record, "the baseline was deleted")] }
        let current = Dictionary(after.records.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let budget = FalseAlarmBudget(total: policy.falseAlarms)
        let evidence = TrialEvidence(records: baseline.records.map(\.planned), budget: budget)
        let kept = Set(now.examples.map(\.id))
        var found: [Weakening] = []
        var pairs: [AggregateTest.Pair] = []
        for record in baseline.records where kept.contains(record.id) {
            guard let new = current[record.id] else {
                found.append(Weakening(.record, example: record.id, "its record was removed from the baseline"))
                continue
            }
            let added = new.batches.filter { !record.batches.contains($0) }
            guard !added.isEmpty else { continue }
            let fresh = added.reduce(into: TrialCount()) { $0 = $0 + TrialCount(passes: $1.passes, trials: $1.trials) }
            pairs.append(AggregateTest.Pair(before: record.planned, now: fresh))
            if evidence.logE(record: record.all, now: fresh) >= evidence.certain {
                found.append(Weakening(.record, example: record.id, "its record was lowered, \(record.planned) -> \(fresh)"))
            }
        }
        let result = AggregateTest.run(
            pairs, alpha: budget.aggregate(pass: 1, isOnly: true), minimumDrop: policy.minimumDrop, seed: Digest.seed("records"))
        if let result, result.p <= result.alpha, result.isBigEnough == true {
            let points = (result.delta.value * 1000).rounded() / 10
            found.append(Weakening(.record, "the records were lowered, by \(abs(points)) points over \(result.pairs)"))
        }
        return found
    }
}
