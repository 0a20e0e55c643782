import RatchetCore
import RatchetFiles
import RatchetGate

/// Writes the override files that a person asks for, bound to what was seen: one for the examples of a suite, and one for
/// each thing that concerns the suite as a whole. What does not need a permission gets none.
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

    /// - Parameter hashes: What overrides of examples are bound to.
    mutating func write(for decision: SuiteDecision, hashes: ([String]) -> [String: String]) throws -> [Override] {
        let suite = decision.suite.suite
        var written: [Override] = []
        let broken = decision.permissible.filter { id, _ in
            permission.names.contains(id) || permission.names.contains("\(suite)/\(id)")
        }
        if !broken.isEmpty {
            written.append(
                override(
                    decision.suite, scope: .examples(broken.map(\.id)), hashes: hashes(broken.map(\.id)),
                    observed: Dictionary(broken.map { ($0.id, $0.observed) }, uniquingKeysWith: { first, _ in first })))
            unused.removeAll { name in broken.contains { name == $0.id || name == "\(suite)/\($0.id)" } }
        }
        for whole in decision.permissibleWholes where permission.names.contains("\(suite):\(whole.name)") {
            written.append(
                override(decision.suite, scope: whole.scope, hashes: [:], observed: [whole.observed.key: whole.observed.text]))
            unused.removeAll { $0 == "\(suite):\(whole.name)" }
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

    private func override(
        _ suite: RunSuite, scope: Override.Scope, hashes: [String: String], observed: [String: String]
    ) -> Override {
        let git = Git(folder: folder.root)
        return Override(
            file: "", suite: suite.suite, scope: scope, kind: permission.kind, reason: permission.reason,
            expires: permission.kind == .accept ? nil : permission.expires ?? Self.defaultExpiry(context),
            author: git.author, created: context.today,
            binding: .init(
                examples: hashes, promptHash: suite.promptHash, target: suite.target, baselineCommit: git.commit),
            observed: observed)
    }

    private static func defaultExpiry(_ context: Context) -> String {
        Context.day(context.clock.now() + Double(Override.defaultLife) * 86_400)
    }
}
