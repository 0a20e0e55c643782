import RatchetCore

/// The checks of one example, ready to judge its trials.
package struct CompiledChecks: Sendable {
    let group: CheckGroup
    package let example: Example
    /// The rubrics whose judges are asked, each once, in the order of the checks.
    package let rubrics: [Rubric]

    init(group: CheckGroup, example: Example) {
        self.group = group
        self.example = example
        var seen: Set<String> = []
        rubrics = group.rubrics.filter { seen.insert($0.id).inserted }
    }

    /// The hash of each gating check by name, as `CheckResult.hash` has it.
    ///
    /// As `Example.checkHashes(rubrics:)`, but the content of files that a check names is part of its hash: a changed
    /// schema is a changed check.
    package var checkHashes: [String: String] {
        let gating = group.checks.filter(\.specification.gating)
        return Dictionary(gating.map { ($0.specification.name, $0.hash) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether a check looks at the output that the baseline holds of the example.
    package var comparesWithBaseline: Bool { group.comparesWithBaseline }

    /// How many calls to judges and other models one trial may need, not counting answers that have to be asked for
    /// again.
    package var judgeCalls: Int { group.rubrics.reduce(0) { $0 + $1.callsPerVerdict } + group.calledModels.count }

    /// Whether checking waits for others: models or programs.
    package var takesTime: Bool { judgeCalls > 0 || group.takesTime }

    /// The models that the checks call: judges and others.
    package var targets: Set<Target> { Set(rubrics.map(\.judge)).union(group.calledModels) }

    /// What a rubric's judge is shown of an answer, and the check whose result is its verdict; `nil` where it is asked
    /// only inside another check, whose result would be another thing.
    ///
    /// Of several checks with the rubric the first counts. One with `not` turns verdicts round, and is passed over.
    package func judgement(
        by rubric: String, of response: Response, baselineOutput: String? = nil
    ) -> (check: String, hash: String, item: JudgedItem)? {
        let input = CheckInput(
            response: response, example: example, baselineOutput: baselineOutput, caller: NoCaller())
        for check in group.checks where check.specification.rubricID == rubric && !check.specification.not {
            if let item = check.judgedItem(input) { return (check.specification.name, check.hash, item) }
        }
        return nil
    }

    /// Applies every check to one answer.
    ///
    /// - Parameters:
    ///   - isReused: whether the answer came from the cache or a recording.
    ///   - baselineOutput: what the baseline holds of this example, for checks that compare with it.
    ///   - standing: earlier verdicts on this very answer: those of judges stand while their checks are unchanged.
    package func evaluate(
        _ response: Response, isReused: Bool = false, baselineOutput: String? = nil, standing: [CheckResult] = [],
        caller: any ModelCaller
    ) async -> TrialVerdict {
        let input = CheckInput(
            response: response, example: example, isReused: isReused, baselineOutput: baselineOutput, caller: caller)
        let standing = standingOutcomes(standing)
        let outcomes = await group.evaluate(input, standing: standing)
        let results = zip(group.checks, outcomes).map { check, outcome in
            CheckResult(
                name: check.specification.name, type: check.specification.type, state: outcome.state, score: outcome.score,
                gating: check.specification.gating, weight: check.specification.weight, reason: outcome.reason,
                failureKind: outcome.state == .failed ? outcome.failureKind : nil, hash: check.hash)
        }
        let decision = TrialDecision(
            zip(group.checks, outcomes).filter { $0.0.specification.gating }
                .map { TrialDecision.Vote(outcome: $0.1, weight: $0.0.specification.weight) },
            passWhen: example.passWhen)
        return TrialVerdict(
            state: decision.state, reason: decision.reason, results: results,
            judgeExchanges: outcomes.flatMap(\.exchanges), standingCount: standing.count)
    }

    /// By the position of the check. Only what costs a call is kept: every other check is cheaper to run than to trust.
    private func standingOutcomes(_ results: [CheckResult]) -> [Int: CheckOutcome] {
        let byName = Dictionary(results.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var standing: [Int: CheckOutcome] = [:]
        for (position, compiled) in group.checks.enumerated() where !compiled.check.rubrics.isEmpty || !compiled.check.calledModels.isEmpty {
            guard let result = byName[compiled.specification.name], result.hash == compiled.hash,
                result.state == .passed || result.state == .failed
            else { continue }
            standing[position] = CheckOutcome(
                state: result.state, score: result.score, reason: result.reason, failureKind: result.failureKind)
        }
        return standing
    }
}

/// What the checks say of one trial.
package struct TrialVerdict: Sendable {
    package var state: TrialState
    /// Why the state is what it is, where the results do not show it by themselves.
    package var reason: String?
    /// In the order written.
    package var results: [CheckResult]
    /// The calls made to judges.
    package var judgeExchanges: [Exchange]
    /// How many verdicts of judges were kept, and not asked for again.
    package var standingCount = 0
}

/// Stands where no call is ever made.
struct NoCaller: ModelCaller {
    func call(_ request: Request) async -> Exchange {
        Exchange(
            request: request, fingerprint: "", result: .failure(BackendError(.cancelled, "nothing is asked here")),
            attempts: [], traceID: "", isCached: false, time: 0)
    }
}
