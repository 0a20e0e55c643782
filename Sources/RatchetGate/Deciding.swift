import RatchetCore
import RatchetStatistics

/// What the decision depends on besides the trials.
package struct DecisionConditions: Sendable {
    /// The day, `2026-11-22`: overrides expire by it.
    package var today: String
    /// In CI an unused override is an error; elsewhere a warning.
    package var isCI: Bool

    package init(today: String, isCI: Bool) {
        self.today = today
        self.isCI = isCI
    }
}

extension SuiteGate {
    /// The decision on what has come in so far: pure, and the only place where verdicts and exit codes are made.
    package func decide(_ conditions: DecisionConditions) -> SuiteDecision {
        var overrides = OverrideMatching(input: input, today: conditions.today)
        var decided: [ExampleDecision] = []
        var pairs: [AggregateTest.Pair] = []
        for example in input.examples {
            guard let decision = decide(example, &overrides) else { continue }
            decided.append(decision)
            if decision.override == nil, let pair = pair(example) { pairs.append(pair) }
        }
        let missing = input.missing.map(\.id)
        let permittedMissing = missing.filter { overrides.permission(forMissing: $0) != nil }
        var aggregate = AggregateTest.run(pairs, falseAlarms: input.falseAlarms, minimumDrop: input.policy.minimumDrop)
        if let result = aggregate, result.hasFailed, overrides.permission(for: result) != nil {
            aggregate?.hasFailed = false
        }

        var rules = Set(decided.filter { $0.override == nil }.flatMap(\.brokenRules))
        if aggregate?.hasFailed == true { rules.insert(.aggregate) }
        if missing.count > permittedMissing.count { rules.insert(.missing) }
        let failedRules = GateRule.allCases.filter(rules.contains)
        let counts = StateCounts(decided.map(\.state))
        let uses = input.overrides.compactMap { overrides.uses[$0.file] }

        return SuiteDecision(
            suite: input.suite, basis: basis.0, basisName: basis.1, failedRules: failedRules, counts: counts,
            examples: decided, missing: missing, permittedMissing: permittedMissing, passRate: passRate(counts),
            recordedPassRate: Self.mean(pairs.compactMap(\.before.rate)),
            recordedTrials: Self.median(input.examples.compactMap { $0.comparableRecord?.planned.trials }),
            recordedOn: input.examples.flatMap { $0.record?.batches.map(\.date) ?? [] }.max(), aggregate: aggregate,
            differences: differences(), overrides: uses,
            fixed: decided.filter { $0.isKnownFailing && $0.state == .passed }.map(\.id),
            exitCodes: exitCodes(
                counts: counts, hasFailed: !failedRules.isEmpty, decided: decided, uses: uses, conditions: conditions),
            policy: input.policy.kind.rawValue, seed: input.seed, judges: input.judges)
    }

    private var basis: (SuiteDecision.Basis, String?) {
        switch input.basis {
        case .baseline(let name): (.baseline, name)
        case .noBaseline(let name): (.noBaseline, name)
        case .ungated: (.ungated, nil)
        case .run(let id): (.run, id)
        }
    }

    /// `nil` for an example that has not run.
    private func decide(_ example: GatedExample, _ overrides: inout OverrideMatching) -> ExampleDecision? {
        let ledger = ledger(example.id)
        let planned = input.suite.trials
        guard let state = ledger.state(planned: planned) else { return nil }
        let before = example.comparableRecord?.planned
        let now = ledger.count(upTo: .max)
        let isLost = before?.state == .passed && state == .failed
        let isWon = before?.state == .failed && state == .passed
        let bestOf = bestOf(example)

        var broken: [GateRule] = []
        if example.mustPass == .always, ledger.states.values.contains(.failed) { broken.append(.mustPass) }
        if example.mustPass == .bestOfFive, bestOf == .failed { broken.append(.mustPass) }
        if example.policy == .strict, isLost { broken.append(.strict) }
        if example.mustPass == .no, bestOf == .failed { broken.append(.new) }

        var permission: Override?
        if let quarantine = overrides.quarantine(example, isNeeded: isLost || !broken.isEmpty) {
            permission = quarantine
        } else if isLost || !broken.isEmpty {
            permission = overrides.permission(
                for: .init(example: example, now: now, failedChecks: ledger.failedChecks))
        }
        let isFlaky = isLost && (bestOf == .passed)
        return ExampleDecision(
            id: example.id, state: state,
            verdict: verdict(
                example, state: state, isBroken: !broken.isEmpty, isLost: isLost, isWon: isWon, isFlaky: isFlaky,
                isPermitted: permission != nil && (isLost || !broken.isEmpty)),
            before: before, now: now, brokenRules: broken, note: note(example), override: permission?.file, isLost: isLost,
            isWon: isWon, isKnownFailing: example.isKnownFailing)
    }

    private func verdict(
        _ example: GatedExample, state: TrialState, isBroken: Bool, isLost: Bool, isWon: Bool, isFlaky: Bool,
        isPermitted: Bool
    ) -> ExampleVerdict {
        if isPermitted { return .overridden }
        switch example.standing {
        case .new where input.basis.isCompared: return .new
        case .incomparable: return .incomparable
        case .new, .comparable: break
        }
        if !state.isScored { return .undecided }
        if isBroken { return .regressed }
        if isFlaky { return .flaky }
        if isLost { return .unconfirmed }
        return isWon ? .won : .unchanged
    }

    private func note(_ example: GatedExample) -> String? {
        if case .incomparable(_, let reason) = example.standing { return reason }
        if input.drifts[example.id] != nil { return "its judge has drifted" }
        return example.isKnownFailing ? "known to fail" : nil
    }

    /// Planned trials only: further ones were asked for because of what came before (GATE.md 1.11).
    private func pair(_ example: GatedExample) -> AggregateTest.Pair? {
        guard let before = example.comparableRecord?.planned, before.trials > 0 else { return nil }
        let now = ledger(example.id).count(upTo: input.suite.trials)
        return now.trials > 0 ? AggregateTest.Pair(before: before, now: now, group: example.group) : nil
    }

    private func passRate(_ counts: StateCounts) -> Interval? {
        guard counts.scored > 0,
            let count = PassCount(passes: counts.passed, trials: counts.scored),
            let wilson = WilsonInterval.interval(count, level: AggregateTest.level)
        else { return nil }
        return Interval(
            value: wilson.estimate, low: wilson.low, high: wilson.high, level: wilson.level)
    }

    /// What differs from the accepted run, each as most records have it.
    private func differences() -> [Difference] {
        let records = input.examples.compactMap(\.record) + input.missing
        guard !records.isEmpty else { return [] }
        var found: [Difference] = []
        func compare(_ kind: Difference.Kind, _ old: String?, _ new: String?, shown: (String, String)? = nil) {
            guard old != new else { return }
            found.append(Difference(kind: kind, before: shown?.0 ?? old ?? "none", now: shown?.1 ?? new ?? "none"))
        }
        let common = Self.mostCommon(records.map { [$0.prompt, $0.promptHash, $0.target, $0.paramsHash] })
        guard common.count == 4 else { return [] }
        let names = (common[0] ?? "none", input.suite.prompt ?? "none")
        compare(
            .prompt, common[1], input.suite.promptHash,
            shown: names.0 == names.1 ? (names.0, "\(names.1), edited under the same version") : names)
        compare(.model, common[2], input.suite.target)
        compare(.parameters, common[3], input.suite.paramsHash, shown: ("as accepted", "changed"))
        let changed = input.examples.filter(\.hasOtherChecks).count
        if changed > 0 {
            let examples = "\(changed) example\(changed == 1 ? "" : "s")"
            found.append(Difference(kind: .checks, before: "as accepted", now: "changed for \(examples)"))
        }
        return found
    }

    private func exitCodes(
        counts: StateCounts, hasFailed: Bool, decided: [ExampleDecision], uses: [OverrideUse],
        conditions: DecisionConditions
    ) -> [ExitCode] {
        var codes: [ExitCode] = []
        let mustPass = Set(input.examples.filter { $0.mustPass != .no }.map(\.id))
        func exceeds(_ count: Int, _ maximum: Double, _ state: TrialState) -> Bool {
            Double(count) > maximum * Double(counts.examples)
                || decided.contains { $0.state == state && mustPass.contains($0.id) && $0.override == nil }
        }
        if hasFailed { codes.append(.regressed) }
        if exceeds(counts.errored, input.policy.erroredMaximum, .errored) { codes.append(.backendUnavailable) }
        if exceeds(counts.unscored, input.policy.unscoredMaximum, .unscored)
            || input.examples.contains(where: { $0.mustPass != .no && bestOf($0) == .undecided })
            || !input.drifts.isEmpty
        {
            codes.append(.inconclusive)
        }
        if isStale { codes.append(.stale) }
        if input.basis.isCompared { codes += overrideProblems(uses, conditions) }
        if case .noBaseline = input.basis { codes.append(.noBaseline) }
        if decided.isEmpty || (counts.scored == 0 && counts.errored == 0 && !ledgers.values.contains(where: \.wasChecked)) {
            codes.append(.nothingToRun)
        }
        return codes
    }

    private func overrideProblems(_ uses: [OverrideUse], _ conditions: DecisionConditions) -> [ExitCode] {
        let hasProblem = uses.contains {
            switch $0.status {
            case .expired, .outOfScope, .malformed: true
            // What flags deselected cannot need its permission.
            case .unused: conditions.isCI && !input.isPartial
            case .used: false
            }
        }
        let active = uses.filter { $0.status != .expired }.count
        return hasProblem || active > input.policy.maximumActiveOverrides ? [.overrideProblem] : []
    }

    private static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    private static func median(_ values: [Int]) -> Int? {
        values.isEmpty ? nil : values.sorted()[values.count / 2]
    }

    private static func mostCommon(_ values: [[String?]]) -> [String?] {
        let counts = values.reduce(into: [[String?]: Int]()) { $0[$1, default: 0] += 1 }
        let best = counts.max { ($0.value, $1.key.map { $0 ?? "" }.joined()) < ($1.value, $0.key.map { $0 ?? "" }.joined()) }
        return best?.key ?? []
    }
}
