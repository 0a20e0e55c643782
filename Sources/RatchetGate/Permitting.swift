import RatchetCore

extension SuiteDecision {
    /// What a person may permit of single examples: losses, broken rules, examples that are gone, and what the change
    /// weakens of them; each as it was observed.
    package var permissible: [(id: String, observed: String)] {
        let broken = examples.filter { $0.isLost || !$0.brokenRules.isEmpty }.filter { $0.override == nil }
        var found = broken.map { (id: $0.id, observed: "\($0.before?.description ?? "none") -> \($0.now)") }
        found += missing.filter { !permittedMissing.contains($0) }.map { ($0, "gone") }
        for weakening in weakenings ?? [] where weakening.override == nil {
            guard let id = weakening.example, !found.contains(where: { $0.id == id }) else { continue }
            found.append((id, "weakened"))
        }
        return found
    }

    /// What a person may permit of the suite as a whole, by the name that `--allow-regression` takes after the suite's.
    package var permissibleWholes: [(name: String, scope: Override.Scope, observed: (key: String, text: String))] {
        var found: [(name: String, scope: Override.Scope, observed: (key: String, text: String))] = []
        if hasPassRateFallen, let aggregate, let before = recordedPassRate {
            let text = "\(Self.share(before)) -> \(Self.share(before + aggregate.delta.value))"
            found.append(("pass_rate", .passRate, ("pass_rate", text)))
        }
        let guards = (weakenings ?? []).filter { $0.example == nil && $0.override == nil }.map(\.detail)
        if !guards.isEmpty { found.append(("policy", .policy, ("policy", guards.joined(separator: "; ")))) }
        for slice in slices ?? [] where slice.isGating && slice.aggregate.hasFailed {
            // Only the difference counts, so that it is written as one from 1.
            let text = "\(Self.share(1)) -> \(Self.share(1 + slice.aggregate.delta.value))"
            found.append(("slice:\(slice.tag)", .slice(slice.tag), ("slice:\(slice.tag)", text)))
        }
        for metric in metrics ?? [] where metric.isGating && metric.hasFailed && metric.override == nil {
            let name = metric.metric.rawValue
            found.append(
                ("metric:\(name)", .metric(name), ("metric:\(name)", "\(Self.share(metric.before ?? 0)) -> \(Self.share(metric.now))")))
        }
        return found
    }

    private static func share(_ value: Double) -> String {
        let scaled = Int((value * 10_000).rounded())
        return "\(scaled / 10_000)." + String(repeating: "0", count: 4 - String(scaled % 10_000).count)
            + String(scaled % 10_000)
    }
}

extension SuiteGate {
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
