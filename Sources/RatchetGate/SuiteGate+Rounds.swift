import RatchetCore
import RatchetStatistics

/// What is asked for after the first pass, and why.
extension SuiteGate {
    /// Trials of the accepted version stop where a record has so many (GATE.md 0).
    static let recordIsLongEnough = 10
    /// A suspect's own trials come first: most suspects are cleared by one or two.
    private static let trialsBeforeControls = 3

    // MARK: Rounds

    /// The examples whose planned trials say "worse" rather than "as before".
    ///
    /// Those under a rule of their own are not asked again by this one.
    var examplesUnderSuspicion: [GatedExample] {
        guard input.canRepeat, input.basis.isCompared else { return [] }
        return scheduled.filter { example in
            guard example.isComparable, example.policy == .statistical, example.mustPass == .no,
                input.drifts[example.id] == nil
            else { return false }
            let now = compared(example).count(upTo: input.suite.trials)
            return now.passes < now.trials && logE(example) > 0
        }
    }

    /// Nothing more is to be learnt of this suspect: it is certain, or cleared, or has had its trials.
    func isSettled(_ example: GatedExample) -> Bool {
        let logE = logE(example)
        if logE >= evidence.certain || logE < TrialEvidence.cleared { return true }
        return !wantsTrial(example) && !wantsControl(example)
    }

    /// One further trial of every suspect and, where that helps, one of its accepted version; and what a best-of rule
    /// still wants.
    var round: [TrialKey] {
        let again = suspects.flatMap { example -> [TrialKey] in
            let ledger = ledger(example.id)
            var keys: [TrialKey] = []
            if wantsTrial(example) { keys.append(key(example.id, Draw(.run, ledger.highestDraw + 1))) }
            if wantsControl(example) { keys.append(key(example.id, Draw(.control, ledger.controls.count + 1))) }
            return keys
        }
        let bestOfs = input.examples.flatMap { example -> [TrialKey] in
            guard input.drifts[example.id] == nil, case .open(let wanted) = bestOf(example) else { return [] }
            let first = ledger(example.id).highestDraw + 1
            return (first..<first + wanted).map { key(example.id, Draw(.run, $0)) }
        }
        return again + bestOfs
    }

    private func wantsTrial(_ example: GatedExample) -> Bool {
        let ledger = ledger(example.id)
        let limit = max(input.effort.trialLimit, input.suite.trials)
        return ledger.exhaustedFrom == nil && ledger.highestDraw < limit
    }

    private func wantsControl(_ example: GatedExample) -> Bool {
        guard input.controllable.contains(example.id) else { return false }
        let ledger = ledger(example.id)
        return ledger.states.count >= Self.trialsBeforeControls
            && example.all.trials + ledger.controls.count < Self.recordIsLongEnough
    }

    /// ln e of all trials so far.
    func logE(_ example: GatedExample) -> Double {
        evidence.logE(record: record(example), now: compared(example).count(upTo: .max))
    }

    // MARK: Further passes

    /// One more pass over all examples, unless the run fails anyway or its pass rate looks as before.
    mutating func nextPass() -> [TrialKey] {
        guard input.canRepeat, input.basis.isCompared, !isExhausted, !hasDecidedEarly else { return [] }
        let open = input.examples.filter { !isPermitted($0) }
        guard !examplesHaveFailed(among: open) else { return [] }
        let looks = aggregateLooks(open)
        guard let last = looks.last, !looks.contains(where: \.hasFailed),
            input.effort.wantsPass(after: passes, p: last.smallestP) || (isUnproven(last) && passes < GateEffort.thorough.passes)
        else { return [] }
        beginPass()
        let limit = passes * input.suite.trials
        return scheduled.flatMap { example -> [TrialKey] in
            let ledger = ledger(example.id)
            guard example.isComparable, ledger.exhaustedFrom == nil, input.drifts[example.id] == nil else { return [] }
            return stride(from: ledger.highestDraw + 1, through: limit, by: 1).map { key(example.id, Draw(.run, $0)) }
        }
    }

    /// Whether single examples, or all of them pooled, fail the run already.
    /// Whether a drop that the policy wants ruled out is still possible: the lower end of the two-sided 90 % interval is
    /// the one-sided 95 % bound.
    func isUnproven(_ look: AggregateLook) -> Bool {
        guard let margin = input.policy.noWorseThan else { return false }
        return look.passRate.map { $0.delta.low <= -margin } ?? true
    }

    func examplesHaveFailed(among open: [GatedExample]) -> Bool {
        let logE = logE(of: open)
        return logE.contains { $0 >= evidence.certain } || pooledLogE(logE).map { $0 >= evidence.pooledCertain } ?? false
    }

    /// ln e of the examples that may be re-run under the statistical policy; others are decided by rules of their own.
    func logE(of open: [GatedExample]) -> [Double] {
        evidence.logE(
            open.filter(\.isComparable).map { (record($0), compared($0).count(upTo: .max)) })
    }

    /// ln G; `nil` where the records say too little to pool, or where suspects cannot be asked again: then the aggregate
    /// test decides.
    func pooledLogE(_ logE: [Double]) -> Double? {
        guard evidence.canPool, input.canRepeat, !isExhausted else { return nil }
        return PooledEvidence.logG(logE)
    }
}
