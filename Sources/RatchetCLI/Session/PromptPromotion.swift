import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetJSON
import RatchetStore

/// The passing gate runs that a promotion stands on.
struct PromotionEvidence {
    let project: Project
    let store: Store

    /// How many recorded runs are looked at.
    private static let looked = 500

    /// Runs by suite that tests the prompt, and the suites without one: a run counts when it was whole, compared with a baseline, passed, and
    /// asked exactly this content of exactly the suite's target.
    func find(_ prompt: Prompt) throws -> (evidence: [JSONValue], lacking: [String]) {
        let suites = project.suites.filter { $0.prompt?.id == prompt.id }
        var evidence: [JSONValue] = []
        var lacking = Set(suites.map(\.name))
        for run in try store.runs(limit: Self.looked) where run.header.state == .finished && !run.header.isPartial && run.header.shard == nil && !lacking.isEmpty {
            let own = run.header.suites.filter { lacking.contains($0.suite) && $0.promptHash == prompt.hash && $0.target == target(of: $0.suite) }
            guard !own.isEmpty, let verdict = try store.verdict(run: run.header.id), let decision = try? StoredDecision(json: verdict).decision,
                decision.exit == .passed
            else { continue }
            for suite in decision.suites where suite.basis == .baseline && own.contains(where: { $0.suite == suite.suite.suite }) {
                lacking.remove(suite.suite.suite)
                evidence.append([
                    "suite": .string(suite.suite.suite), "run": .string(run.header.id), "target": .string(suite.suite.target),
                    "verdict": .string(decision.exit.name), "pass_rate": .double(suite.passRate?.value), "overrides": .strings(suite.usedOverrides.map(\.file)),
                ])
            }
        }
        return (evidence, suites.map(\.name).filter(lacking.contains))
    }

    private func target(of suite: String) -> String? {
        let found = project.suites.first { $0.name == suite }
        let prompt = found?.prompt.flatMap(project.prompt)
        return (found?.target ?? prompt?.model ?? project.configuration.defaults.target)?.description
    }
}
