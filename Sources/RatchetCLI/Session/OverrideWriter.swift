import RatchetCore
import RatchetFiles
import RatchetGate

/// Writes the override files that `--allow-regression` asks for, one a suite and one a pass rate, bound to what was
/// seen. What does not need a permission gets none.
struct OverrideWriter {
    let context: Context
    let folder: ProjectFolder
    let permission: RunConclusion.Permission
    /// Names that permitted nothing.
    private(set) var unused: [String]

    init(context: Context, folder: ProjectFolder, permission: RunConclusion.Permission) {
        self.context = context
        self.folder = folder
        self.permission = permission
        unused = permission.names
    }

    mutating func write(for gate: SuiteGate, conditions: DecisionConditions) throws -> [Override] {
        let suite = gate.input.suite.suite
        let decision = gate.decide(conditions)
        var written: [Override] = []
        let broken = gate.permissible(decision).filter { id, _ in isNamed(id, suite: suite) }
        if !broken.isEmpty {
            written.append(
                override(
                    gate, scope: .examples(broken.map(\.id)), slug: broken.count == 1 ? broken[0].id : suite,
                    hashes: gate.bindingHashes(broken.map(\.id)),
                    observed: Dictionary(broken.map { ($0.id, $0.observed) }, uniquingKeysWith: { first, _ in first })))
            unused.removeAll { name in broken.contains { name == $0.id || name == "\(suite)/\($0.id)" } }
        }
        let passRate = "\(suite):pass_rate"
        if permission.names.contains(passRate), decision.hasPassRateFallen, let aggregate = decision.aggregate,
            let before = decision.recordedPassRate
        {
            let observed = "\(Self.share(before)) -> \(Self.share(before + aggregate.delta.value))"
            written.append(
                override(gate, scope: .passRate, slug: "\(suite)-pass-rate", hashes: [:], observed: ["pass_rate": observed]))
            unused.removeAll { $0 == passRate }
        }
        let guards = (decision.weakenings ?? []).filter { $0.example == nil && $0.override == nil }.map(\.detail)
        let policy = "\(suite):policy"
        if permission.names.contains(policy), !guards.isEmpty {
            written.append(
                override(gate, scope: .policy, slug: "\(suite)-policy", hashes: [:], observed: ["policy": guards.joined(separator: "; ")]))
            unused.removeAll { $0 == policy }
        }
        for slice in decision.slices ?? [] where slice.isGating && slice.aggregate.hasFailed {
            let name = "\(suite):slice:\(slice.tag)"
            guard permission.names.contains(name) else { continue }
            // Only the difference counts, so that it is written as one from 1.
            let fall = "\(Self.share(1)) -> \(Self.share(1 + slice.aggregate.delta.value))"
            written.append(
                override(gate, scope: .slice(slice.tag), slug: "\(suite)-\(slice.tag)", hashes: [:], observed: ["slice:\(slice.tag)": fall]))
            unused.removeAll { $0 == name }
        }
        for index in written.indices { written[index].file = try OverrideFile(folder).write(written[index]) }
        return written
    }

    /// For a suite that is gone there is nothing to bind to.
    mutating func write(removed suite: String) throws -> String? {
        let name = "\(suite):policy"
        guard permission.names.contains(name) else { return nil }
        unused.removeAll { $0 == name }
        return try OverrideFile(folder).write(
            Override(
                file: "", suite: suite, scope: .policy, kind: .accept, reason: permission.reason, expires: nil,
                author: Git(folder: folder.root).author, created: context.today, binding: .init(), observed: ["policy": "the suite is gone"]))
    }

    private func isNamed(_ id: String, suite: String) -> Bool {
        permission.names.contains(id) || permission.names.contains("\(suite)/\(id)")
    }

    private func override(
        _ gate: SuiteGate, scope: Override.Scope, slug: String, hashes: [String: String], observed: [String: String]
    ) -> Override {
        let git = Git(folder: folder.root)
        let life = Double(Override.defaultLife) * 86_400
        return Override(
            file: "overrides/\(context.today)-\(Name.slug(slug)).yaml", suite: gate.input.suite.suite, scope: scope,
            kind: .tolerate, reason: permission.reason, expires: Context.day(context.clock.now() + life),
            author: git.author, created: context.today,
            binding: .init(
                examples: hashes, promptHash: gate.input.suite.promptHash, target: gate.input.suite.target,
                baselineCommit: git.commit),
            observed: observed)
    }

    private static func share(_ value: Double) -> String {
        let scaled = Int((value * 10_000).rounded())
        return "\(scaled / 10_000)." + String(repeating: "0", count: 4 - String(scaled % 10_000).count)
            + String(scaled % 10_000)
    }
}
