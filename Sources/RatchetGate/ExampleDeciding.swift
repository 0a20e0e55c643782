import RatchetCore

/// What the gate says of one example.
extension SuiteGate {
    /// By id, what the trials of each example with a failed trial say of it.
    func evidenceOfExamples() -> [String: ExampleEvidence] {
        let confirmed = Set(examplesUnderSuspicion.filter { ledger($0.id).highestDraw > input.suite.trials }.map(\.id))
        let failing = input.examples.filter { example in
            let now = compared(example).count(upTo: .max)
            return example.isComparable && now.passes < now.trials && input.drifts[example.id] == nil
        }
        var found: [String: ExampleEvidence] = [:]
        for (example, logE) in zip(failing, logE(of: failing)) {
            let control = compared(example).controlCount
            found[example.id] = ExampleEvidence(
                logE: logE, control: control.trials > 0 ? control : nil, wasConfirmed: confirmed.contains(example.id))
        }
        return found
    }

    /// `nil` for an example that has not run.
    func decide(
        _ example: GatedExample, _ found: ExampleEvidence?, _ overrides: inout OverrideMatching
    ) -> ExampleDecision? {
        let ledger = ledger(example.id)
        guard let state = ledger.state(planned: input.suite.trials) else { return nil }
        let before = example.isComparable ? example.planned : nil
        let compared = compared(example)
        let now = (example.isComparable ? compared : ledger).count(upTo: .max)
        let comparedState = example.isComparable ? compared.state(planned: input.suite.trials) : nil
        let isLost = before?.state == .passed && comparedState == .failed
        let isWon = before?.state == .failed && comparedState == .passed
        let broken = brokenRules(example, ledger, isLost: isLost, found)

        let isBad = isLost || !broken.isEmpty
        var permission: Override?
        if let quarantine = overrides.quarantine(example, isNeeded: isBad) {
            permission = quarantine
        } else if isBad {
            permission = overrides.permission(
                for: .init(example: example, now: now, failedChecks: ledger.failedChecks.union(compared.failedChecks)))
        }
        var decision = ExampleDecision(
            id: example.id, state: state, verdict: .unchanged, before: before, now: now, brokenRules: broken,
            evidence: found, note: note(example), override: permission?.file, isLost: isLost, isWon: isWon,
            isKnownFailing: example.isKnownFailing)
        decision.verdict = verdict(decision, example, isPermitted: permission != nil && isBad)
        return decision
    }

    private func brokenRules(
        _ example: GatedExample, _ ledger: TrialLedger, isLost: Bool, _ found: ExampleEvidence?
    ) -> [GateRule] {
        var broken: [GateRule] = []
        let bestOf = bestOf(example)
        if example.mustPass == .always, ledger.states.values.contains(.failed) { broken.append(.mustPass) }
        if example.mustPass == .bestOfFive, bestOf == .failed { broken.append(.mustPass) }
        if example.policy == .strict, isLost { broken.append(.strict) }
        if example.mustPass == .no, bestOf == .failed { broken.append(.new) }
        if let found, found.logE >= evidence.certain { broken.append(.regression) }
        return broken
    }

    private func verdict(_ decision: ExampleDecision, _ example: GatedExample, isPermitted: Bool) -> ExampleVerdict {
        if isPermitted { return .overridden }
        switch example.standing {
        case .new where input.basis.isCompared: return .new
        case .incomparable: return .incomparable
        case .formerly where !decision.isLost && decision.brokenRules.isEmpty: return .incomparable
        case .new, .comparable, .formerly: break
        }
        if !decision.state.isScored { return .undecided }
        if !decision.brokenRules.isEmpty { return .regressed }
        let wasAsked = decision.now.trials > input.suite.trials || input.suite.trials > 1
        if let found = decision.evidence, wasAsked, found.logE > evidence.probable { return .probable }
        guard decision.isLost else { return decision.isWon ? .won : .unchanged }
        if bestOf(example) == .passed { return .flaky }
        guard let found = decision.evidence, input.basis.isCompared else { return .unconfirmed }
        return wasAsked || found.logE < TrialEvidence.cleared ? .flaky : .unconfirmed
    }

    private func note(_ example: GatedExample) -> String? {
        switch example.standing {
        case .incomparable(_, let reason): return reason
        case .formerly(_, let reason): return "\(reason); compared by what was accepted"
        case .new, .comparable: break
        }
        if input.drifts[example.id] != nil { return "its judge has drifted" }
        return example.isKnownFailing ? "known to fail" : nil
    }
}
