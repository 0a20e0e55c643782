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

    /// How many calls to judges and other models one trial may need, not counting answers that have to be asked for
    /// again.
    package var judgeCalls: Int { group.rubrics.reduce(0) { $0 + $1.votes } + group.calledModels.count }

    /// Whether checking waits for others: models or programs.
    package var takesTime: Bool { judgeCalls > 0 || group.takesTime }

    /// The models that the checks call: judges and others.
    package var targets: Set<Target> { Set(rubrics.map(\.judge)).union(group.calledModels) }

    /// Applies every check to one answer.
    ///
    /// - Parameter isReused: whether the answer came from the cache or a recording.
    package func evaluate(_ response: Response, isReused: Bool = false, caller: any ModelCaller) async -> TrialVerdict {
        let input = CheckInput(response: response, example: example, isReused: isReused, caller: caller)
        let outcomes = await group.evaluate(input)
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
            judgeExchanges: outcomes.flatMap(\.exchanges))
    }

    /// Rubrics that would have the model under test judge itself without leave.
    package func selfJudging(target: Target) -> [Diagnostic] {
        rubrics.filter { $0.judge == target && !$0.allowsSelfJudging }.map { rubric in
            Diagnostic(
                at: rubric.source, "rubric `\(rubric.id)` asks \(target), the model under test, to judge itself",
                help: "name another judge, or allow it in the rubric")
        }
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
}
