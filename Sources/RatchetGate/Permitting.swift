import RatchetCore

extension SuiteGate {
    /// What a person may permit in a decided run: lost examples, broken rules, and examples that are gone.
    package func permissible(_ decision: SuiteDecision) -> [(id: String, observed: String)] {
        let broken = decision.examples.filter { $0.isLost || !$0.brokenRules.isEmpty }.filter { $0.override == nil }
        var seen: Set<String> = []
        let weakened = (decision.weakenings ?? []).filter { $0.override == nil }.compactMap(\.example)
            .filter { seen.insert($0).inserted }
        return broken.map { ($0.id, "\($0.before?.description ?? "none") -> \($0.now)") }
            + decision.missing.filter { !decision.permittedMissing.contains($0) }.map { ($0, "gone") }
            + weakened.filter { id in !broken.contains { $0.id == id } }.map { ($0, "weakened") }
    }

    /// What an override of these examples is bound to.
    package func bindingHashes(_ ids: [String]) -> [String: String] {
        let wanted = Set(ids)
        let hashes = input.examples.filter { wanted.contains($0.id) }.map { ($0.id, $0.bindingHash) }
        return Dictionary(hashes, uniquingKeysWith: { first, _ in first })
    }

    /// The same gate with further overrides: what was run stays, the decision may differ.
    package func adding(_ overrides: [Override]) -> SuiteGate {
        var input = input
        input.overrides += overrides
        return SuiteGate(input, continuing: self)
    }
}
