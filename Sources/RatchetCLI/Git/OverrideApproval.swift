import RatchetCore
import RatchetFiles
import RatchetRunner

/// Who committed an override, and who the change that it permits (`gate.overrides.second_person`).
struct OverrideApproval {
    private let git: Git
    /// The commit that the change began with.
    private let base: String?

    init(folder: ProjectFolder, base: String?) {
        git = Git(folder: folder.root)
        self.base = base
    }

    /// The overrides, each with why it lacks a second person's approval, where its suite's policy asks for one.
    func approved(_ overrides: [Override], plan: RunPlan) -> [Override] {
        let strict = Set(plan.suites.filter(\.suite.policy.needsSecondPerson).map(\.run.suite))
        guard overrides.contains(where: { strict.contains($0.suite) }) else { return overrides }
        let authors = changeAuthors
        return overrides.map { override in
            var override = override
            if strict.contains(override.suite) { override.unapproved = problem(override.file, authors) }
            return override
        }
    }

    private func problem(_ file: String, _ authors: Set<String>) -> String? {
        // One that was there before the change has been approved with it.
        if let base, git.output(["diff", "--name-only", base, "--", file]) == nil,
            git.output(["ls-tree", "--name-only", base, "--", file]) != nil
        {
            return nil
        }
        guard git.output(["status", "--porcelain", "--", file]) == nil,
            let author = git.output(["log", "-1", "--format=%ae", "--", file])
        else { return "a second person must approve it: it is not committed yet" }
        return authors.contains(author) ? "a second person must approve it: \(author) made the change as well" : nil
    }

    /// The addresses of those who changed what is under test.
    private var changeAuthors: Set<String> {
        let range = base.map { "\($0)..HEAD" } ?? "HEAD"
        let log = git.output([
            "log", "--format=%ae", range, "--", "ratchet.yaml", "prompts", "suites", "rubrics", "baselines", "recordings",
        ])
        return Set((log ?? "").split(separator: "\n").map(String.init))
    }
}
