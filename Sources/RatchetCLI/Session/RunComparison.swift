import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetReports
import RatchetStore

/// Two recorded runs side by side: the first run's trials are the record of the second.
struct RunComparison {
    let store: Store
    let project: Project
    let folder: ProjectFolder
    let before: RunHeader
    let after: RunHeader

    func report(_ conditions: DecisionConditions) throws -> RunReport {
        let common = after.suites.filter { suite in before.suites.contains { $0.suite == suite.suite } }
        guard !common.isEmpty else {
            throw DiagnosticsError([
                Diagnostic("the runs \(before.id) and \(after.id) have no suite in common", exitCode: .usage)
            ])
        }
        let suites = try common.map { suite in try decide(suite, suiteCount: common.count, conditions) }
        return try RunConclusion.report(
            header: after, decision: RunDecision(suites: suites), notes: ["compared with the run \(before.id)"], store: store)
    }

    private func decide(
        _ suite: RunSuite, suiteCount: Int, _ conditions: DecisionConditions
    ) throws -> SuiteDecision {
        guard let old = before.suites.first(where: { $0.suite == suite.suite }) else { return try empty(suite) }
        let records = try RunTrials.accepted(store: store, run: before.id, suite: old)
        let accepted = BaselineAcceptance.accept(
            records, of: old, run: before.id, into: nil, name: nil, keptIDs: Set(records.map(\.id)),
            date: Context.day(before.started), commit: before.commit)
        let byID = Dictionary(accepted.baseline.records.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let now = try RunTrials.accepted(store: store, run: after.id, suite: suite)
        let present = Set(now.map(\.id))
        let policy = project.suites.first { $0.name == suite.suite }?.policy ?? project.configuration.policy
        var gate = SuiteGate(
            GateInput(
                suite: suite, basis: .run(before.id),
                examples: now.map { GatedExample(recorded: $0, record: byID[$0.id]) },
                missing: after.isPartial || before.isPartial
                    ? [] : accepted.baseline.records.filter { !present.contains($0.id) },
                policy: policy, falseAlarms: policy.falseAlarms / Double(suiteCount), overrides: [], seed: after.seed))
        gate.take(try store.outcomes(run: after.id).filter { $0.key.suite == suite.suite })
        var conditions = conditions
        conditions.metrics[suite.suite] = try MetricReadings(store: store, folder: folder).compared(before, after, suite: suite)
        return gate.decide(conditions)
    }

    private func empty(_ suite: RunSuite) throws -> SuiteDecision {
        throw DiagnosticsError([Diagnostic("the suite \(suite.suite) is in one run only", exitCode: .usage)])
    }
}
