import RatchetCore
import RatchetStatistics

/// What the decision depends on besides the trials.
package struct DecisionConditions: Sendable {
    /// The day, `2026-11-22`: overrides expire by it.
    package var today: String
    /// In CI an unused override is an error; elsewhere a warning.
    package var isCI: Bool
    /// By suite, what is known of the run's metrics.
    package var metrics: [String: MetricEvidence]

    package init(today: String, isCI: Bool, metrics: [String: MetricEvidence] = [:]) {
        self.today = today
        self.isCI = isCI
        self.metrics = metrics
    }
}

extension SuiteGate {
    /// The decision on what has come in so far: pure, and the only place where verdicts and exit codes are made.
    package func decide(_ conditions: DecisionConditions) -> SuiteDecision {
        var overrides = OverrideMatching(input: input, today: conditions.today)
        let confirming = evidenceOfExamples()
        var decided = input.examples.compactMap { decide($0, confirming[$0.id], &overrides) }
        let open = openExamples(decided)
        let missing = input.missing.map(\.id)
        let permittedMissing = missing.filter { overrides.permission(forMissing: $0) != nil }

        let looks = aggregateLooks(open)
        var look = looks.first(where: \.hasFailed) ?? looks.last ?? AggregateLook(passRate: nil, slices: [])
        let pooled = pooledLogE(logE(of: open))
        var rules = Set(decided.filter { $0.override == nil }.flatMap(\.brokenRules))
        rules.formUnion(falls(in: &look, pooled: pooled, isRegressed: rules.contains(.regression), &overrides))
        let drift = providerDrift(fails: !rules.isDisjoint(with: Self.rulesOfChance))
        if let drift, drift.isShown { attribute(to: drift, &rules, &decided) }
        if missing.count > permittedMissing.count { rules.insert(.missing) }
        let byID = Dictionary(input.examples.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let weakenings = input.weakenings.map { weakening in
            var weakening = weakening
            weakening.override = overrides.permission(for: weakening, of: weakening.example.flatMap { byID[$0] })?.file
            return weakening
        }
        if weakenings.contains(where: { $0.override == nil }) { rules.insert(.weakened) }

        let usage = conditions.metrics[input.suite.suite].map {
            MetricGate.results($0, budgets: input.policy.metrics, falseAlarms: input.falseAlarms, seed: input.seed)
        } ?? []
        let metrics = (scoreResults(open) + usage).map { result in
            guard result.isGating, result.hasFailed, let file = overrides.permission(for: result)?.file else { return result }
            var result = result
            result.override = file
            return result
        }
        if metrics.contains(where: { $0.isGating && $0.hasFailed && $0.override == nil }) { rules.insert(.metric) }

        let failedRules = GateRule.allCases.filter(rules.contains)
        let counts = StateCounts(decided.map(\.state))
        let uses = input.overrides.compactMap { overrides.uses[$0.file] }
        let pairs = open.compactMap { pair($0, passes: passes) }
        look.passRate?.passes = passes
        look.passRate?.wouldHaveSeen = AggregateTest.detectableDrop(
            pairs, alpha: alpha(pass: passes), minimumDrop: input.policy.minimumDrop)
        var decision = SuiteDecision(
            suite: input.suite, basis: basis.0, basisName: basis.1, failedRules: failedRules, counts: counts,
            examples: decided, missing: missing, permittedMissing: permittedMissing, passRate: passRate(counts),
            recordedPassRate: Self.mean(pairs.compactMap(\.before.rate)),
            recordedTrials: Self.median(input.examples.filter(\.isComparable).map(\.planned.trials)),
            recordedOn: input.examples.flatMap { $0.record?.batches.map(\.date) ?? [] }.max(), aggregate: look.passRate,
            differences: differences, overrides: uses,
            fixed: decided.filter { $0.isKnownFailing && $0.state == .passed }.map(\.id),
            exitCodes: exitCodes(
                counts: counts, hasFailed: !failedRules.isEmpty, isDrifted: drift?.isShown ?? false,
                isUnproven: input.basis.isCompared && isUnproven(look), decided: decided, uses: uses,
                conditions: conditions),
            policy: input.policy.kind.rawValue, seed: input.seed, judges: input.judges)
        decision.slices = look.slices.filter(\.isGating) + look.slices.filter { !$0.isGating }
        decision.confirmation = confirmation(confirming, pooled: pooled)
        decision.drift = drift
        if input.basis.isCompared, isUnproven(look) { decision.unproven = input.policy.noWorseThan }
        decision.weakenings = weakenings
        decision.metrics = metrics
        if input.basis.isCompared {
            decision.effort = input.effort
            decision.brokenSeen = brokenSeen
            decision.alphaBudget = budget.total
            decision.alphaSpent =
                budget.examples + (1...passes).reduce(0) { $0 + alpha(pass: $1) }
                + (canStopEarly ? budget.earlyStop : 0)
        }
        decision.order = Digest.sha256(scheduled.map(\.id).joined(separator: "\n"))
        if hasDecidedEarly {
            decision.earlyPass = EarlyStopResult(looked: position, scheduled: input.examples.count, logE: 0)
        }
        if earlyStop.hasStopped {
            decision.earlyStop = EarlyStopResult(
                looked: earlyStop.position, scheduled: input.examples.count, logE: earlyStop.logE)
        }
        return decision
    }

    /// The rules that rest on chance: what they find may be the provider's doing.
    private static let rulesOfChance: Set<GateRule> = [.regression, .pooled, .aggregate, .slice, .earlyStop]

    private var basis: (SuiteDecision.Basis, String?) {
        switch input.basis {
        case .baseline(let name): (.baseline, name)
        case .noBaseline(let name): (.noBaseline, name)
        case .ungated: (.ungated, nil)
        case .run(let id): (.run, id)
        }
    }

    /// The examples that the tests over all of them are made of: a permitted loss leaves them, a permitted example that
    /// was not lost stays, so that no permission can do harm.
    private func openExamples(_ decided: [ExampleDecision]) -> [GatedExample] {
        let permitted = Set(decided.filter { $0.verdict == .overridden }.map(\.id))
        return input.examples.filter { !permitted.contains($0.id) }
    }

    /// The rules over all examples that are broken and not permitted. A pass rate that may fall may do so in each of the
    /// ways in which its fall is seen.
    private func falls(
        in look: inout AggregateLook, pooled: Double?, isRegressed: Bool, _ overrides: inout OverrideMatching
    ) -> Set<GateRule> {
        // One fall is said once, in the plainest way in which it was seen.
        var rules: Set<GateRule> = []
        if earlyStop.hasStopped {
            rules = [.earlyStop]
        } else if look.passRate?.hasFailed == true {
            rules = [.aggregate]
        } else if let pooled, pooled >= evidence.pooledCertain, !isRegressed {
            rules = [.pooled]
        }
        if !rules.isEmpty, let result = look.passRate, overrides.permission(for: result) != nil {
            look.passRate?.hasFailed = false
            rules = []
        }
        for place in look.slices.indices where look.slices[place].isGating && look.slices[place].aggregate.hasFailed {
            guard let permission = overrides.permission(for: look.slices[place]) else { continue }
            look.slices[place].aggregate.hasFailed = false
            look.slices[place].override = permission.file
        }
        if look.slices.contains(where: { $0.isGating && $0.aggregate.hasFailed }) { rules.insert(.slice) }
        return rules
    }

    /// A fall that the accepted version shows as well is not the change's. An example whose own trials of the accepted
    /// version tell otherwise stays regressed.
    private func attribute(
        to drift: ProviderDrift, _ rules: inout Set<GateRule>, _ decided: inout [ExampleDecision]
    ) {
        rules.subtract(Self.rulesOfChance)
        for place in decided.indices where decided[place].override == nil && decided[place].evidence != nil {
            let isCertain = decided[place].brokenRules.contains(.regression)
            if isCertain, decided[place].evidence?.control != nil {
                rules.insert(.regression)
                continue
            }
            decided[place].brokenRules.removeAll { $0 == .regression }
            let isOpen = decided[place].isLost || isCertain || decided[place].verdict == .probable
            if isOpen, decided[place].brokenRules.isEmpty { decided[place].verdict = .unconfirmed }
        }
    }

    /// The share of the passing examples that confirmation would have found for certain, had they failed every trial.
    private var brokenSeen: Double? {
        let passing = input.examples.filter { $0.planned.state == .passed && $0.policy == .statistical }
        guard !passing.isEmpty else { return nil }
        guard input.canRepeat, !isExhausted else { return 0 }
        let broken = TrialCount(passes: 0, trials: max(input.effort.trialLimit, input.suite.trials))
        let logE = evidence.logE(
            passing.map { example in
                let controls = input.controllable.contains(example.id) ? max(0, Self.recordIsLongEnough - example.all.trials) : 0
                return (example.all + TrialCount(passes: controls, trials: controls), broken)
            })
        return Double(logE.count { $0 >= evidence.certain }) / Double(passing.count)
    }

    private func confirmation(_ confirming: [String: ExampleEvidence], pooled: Double?) -> ConfirmationResult? {
        guard input.basis.isCompared, evidence.examples > 0 else { return nil }
        let confirmed = confirming.filter { $0.value.wasConfirmed }
        return ConfirmationResult(
            suspects: confirmed.count,
            trials: confirmed.keys.reduce(0) { $0 + ledger($1).states.keys.count { $0 > passes * input.suite.trials } },
            controls: input.examples.reduce(0) { $0 + ledger($1.id).controls.count }, certain: evidence.certain,
            pooledLogE: pooled, pooledCertain: evidence.pooledCertain)
    }

    private func passRate(_ counts: StateCounts) -> Interval? {
        guard counts.scored > 0,
            let count = PassCount(passes: counts.passed, trials: counts.scored),
            let wilson = WilsonInterval.interval(count, level: AggregateTest.level)
        else { return nil }
        return Interval(
            value: wilson.estimate, low: wilson.low, high: wilson.high, level: wilson.level)
    }

    private func exitCodes(
        counts: StateCounts, hasFailed: Bool, isDrifted: Bool, isUnproven: Bool, decided: [ExampleDecision], uses: [OverrideUse],
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
            || input.examples.contains(where: isUndecided)
            || !input.drifts.isEmpty || isUnproven
        {
            codes.append(.inconclusive)
        }
        if isStale || isDrifted { codes.append(.stale) }
        if input.basis.isCompared { codes += overrideProblems(uses, conditions) }
        if case .noBaseline = input.basis { codes.append(.noBaseline) }
        if decided.isEmpty || (counts.scored == 0 && counts.errored == 0 && !ledgers.values.contains(where: \.wasChecked)) {
            codes.append(.nothingToRun)
        }
        return codes
    }

    /// A rule of its own has come to no end, and could not.
    private func isUndecided(_ example: GatedExample) -> Bool {
        switch bestOf(example) {
        case .undecided: example.mustPass != .no
        case .open: input.endsAfterFirstPass && !isPermitted(example)
        case .passed, .failed, nil: false
        }
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
}
