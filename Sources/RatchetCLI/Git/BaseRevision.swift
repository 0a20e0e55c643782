import Foundation
import RatchetCore
import RatchetJSON

/// The commit that a change is held against: its baseline, policy and checks decide, not those that the change brings.
enum BaseRevision: Hashable {
    /// - Parameters:
    ///   - id: The commit's full id.
    ///   - description: `merge base with origin/main`, for a person.
    case commit(id: String, description: String)
    /// There is nothing to compare files with; the reason is for a person.
    case workingTree(reason: String)

    /// Looks for it: what the option names, else what CI says, else the default branch.
    ///
    /// - Throws: `DiagnosticsError` with 66 when the history does not reach back to it, with 64 for a name that is none.
    static func find(_ option: String?, folder: String, environment: [String: String]) throws -> BaseRevision {
        try BaseRevisionFinder(git: Git(folder: folder), environment: environment).find(option)
    }
}

private struct BaseRevisionFinder {
    let git: Git
    let environment: [String: String]

    func find(_ option: String?) throws -> BaseRevision {
        if option == "none" { return .workingTree(reason: "--base none") }
        guard git.output(["rev-parse", "--is-inside-work-tree"]) == "true" else {
            if let repository = Self.repository(above: git.folder) { throw unreadable(repository) }
            guard option == nil else { throw usage("--base: there is no git repository here", help: nil) }
            return .workingTree(reason: "not in a git repository")
        }
        guard let head = commit("HEAD") else { return .workingTree(reason: "nothing is committed yet") }
        if let option {
            guard let id = commit(option) else {
                if isShallow { throw tooShallow(option) }
                throw usage("--base: there is no commit \"\(option)\"", help: "fetch it first, or name another")
            }
            return try mergeBase(of: head, with: id, named: option)
        }
        if let named = try namedByCI() {
            guard let id = commit(named.revision) ?? commit("origin/\(named.revision)") else { throw tooShallow(named.revision) }
            return try mergeBase(of: head, with: id, named: named.name)
        }
        return try byDefaultBranch(head)
    }

    // MARK: What CI says

    /// A branch's name or a commit's id, from the variables of CI systems that build a proposed change.
    private func namedByCI() throws -> (revision: String, name: String)? {
        if environment["GITHUB_EVENT_NAME"] == "merge_group", let base = mergeGroupBase() { return (base, "the merge queue's base") }
        if let id = value("CI_MERGE_REQUEST_DIFF_BASE_SHA") {
            return (id, value("CI_MERGE_REQUEST_TARGET_BRANCH_NAME") ?? "the merge request's base")
        }
        for variable in Self.targetBranches {
            guard let branch = value(variable) else { continue }
            let name = branch.hasPrefix("refs/heads/") ? String(branch.dropFirst(11)) : branch
            return (commit("origin/\(name)") == nil ? name : "origin/\(name)", name)
        }
        return nil
    }

    /// The branch that a proposed change would go to: GitHub, GitLab, Buildkite, Jenkins, Azure, Bitbucket, Drone.
    private static let targetBranches = [
        "GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "BUILDKITE_PULL_REQUEST_BASE_BRANCH", "CHANGE_TARGET",
        "SYSTEM_PULLREQUEST_TARGETBRANCH", "BITBUCKET_PR_DESTINATION_BRANCH", "DRONE_TARGET_BRANCH",
    ]

    private func mergeGroupBase() -> String? {
        guard let path = value("GITHUB_EVENT_PATH"), let data = FileManager.default.contents(atPath: path),
            let event = try? JSONValue(parsing: Array(data))
        else { return nil }
        return event["merge_group"]?["base_sha"]?.stringValue
    }

    private func value(_ variable: String) -> String? {
        environment[variable].flatMap { $0.isEmpty || $0 == "false" ? nil : $0 }
    }

    // MARK: The default branch

    private func byDefaultBranch(_ head: String) throws -> BaseRevision {
        let remote = git.output(["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"])
        let candidates = [remote, "origin/main", "origin/master", "main", "master"].compactMap { $0 }
        let found = candidates.lazy.compactMap { name in commit(name).map { (name: name, id: $0) } }
        // A branch that lies ahead of what was fetched is the local one's business: the first that knows this commit counts.
        for branch in found {
            guard let base = git.output(["merge-base", branch.id, head]) else { continue }
            if base != head { return .commit(id: base, description: "merge base with \(branch.name)") }
            return try onDefaultBranch(head, named: branch.name)
        }
        if isShallow, let first = found.first { throw tooShallow(first.name) }
        return try onDefaultBranch(head, named: "the current branch")
    }

    /// On the default branch itself a change is what is not committed yet, or else the last commit.
    private func onDefaultBranch(_ head: String, named name: String) throws -> BaseRevision {
        if hasChanges { return .commit(id: head, description: "the last commit, below the changes of the working tree") }
        if let parent = commit("HEAD^1") { return .commit(id: parent, description: "first parent, on \(name)") }
        if isShallow { throw tooShallow("HEAD^1") }
        return .workingTree(reason: "this is the first commit")
    }

    /// Reports and the like that lie about are no change.
    private var hasChanges: Bool {
        git.output(["status", "--porcelain", "--", "ratchet.yaml", "prompts", "suites", "rubrics", "baselines", "overrides"]) != nil
    }

    private func mergeBase(of head: String, with id: String, named name: String) throws -> BaseRevision {
        guard let base = git.output(["merge-base", id, head]) else {
            if isShallow { throw tooShallow(name) }
            throw usage("--base: HEAD and \(name) have no commit in common", help: "name a commit that this change is based on")
        }
        return .commit(id: base, description: "merge base with \(name)")
    }

    private func commit(_ revision: String) -> String? {
        git.output(["rev-parse", "--verify", "--quiet", "--end-of-options", "\(revision)^{commit}"])
    }

    private var isShallow: Bool { git.output(["rev-parse", "--is-shallow-repository"]) == "true" }

    /// The folder that git should have found.
    private static func repository(above folder: String) -> String? {
        var url = URL(fileURLWithPath: folder).standardizedFileURL
        while url.path != "/" {
            if FileManager.default.fileExists(atPath: url.appendingPathComponent(".git").path) { return url.path }
            url.deleteLastPathComponent()
        }
        return nil
    }

    /// A repository that git will not read must not pass for none: then the change would be held against itself.
    private func unreadable(_ repository: String) -> DiagnosticsError {
        DiagnosticsError([
            Diagnostic(
                "git can't read the repository at \(repository), so that nothing can be held against it",
                help: "is git installed? Where another user owns the folder: git config --global --add safe.directory \(repository). "
                    + "To go by the working tree: --base none", exitCode: .noBaseline)
        ])
    }

    private func tooShallow(_ name: String) -> DiagnosticsError {
        let remedy: String =
            if environment["GITHUB_ACTIONS"] != nil {
                "give actions/checkout fetch-depth: 0, or run: git fetch --unshallow origin"
            } else if environment["GITLAB_CI"] != nil {
                "set GIT_DEPTH: 0 for the job, or run: git fetch --unshallow origin"
            } else if isShallow {
                "run: git fetch --unshallow origin"
            } else {
                "run: git fetch origin"
            }
        return DiagnosticsError([
            Diagnostic(
                "the history does not reach back to the merge base with \(name): nothing can be held against it", help: remedy,
                exitCode: .noBaseline)
        ])
    }

    private func usage(_ message: String, help: String?) -> DiagnosticsError {
        DiagnosticsError([Diagnostic(message, help: help, exitCode: .usage)])
    }
}
