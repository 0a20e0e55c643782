import Foundation
import RatchetJSON
import Testing

/// A change is held against the baseline, the policy and the checks of the commit it began with.
@Suite("The merge base decides")
struct MergeBaseTests {
    private static let reason = ["--reason", "agreed with the support team on Monday"]

    /// A repository with an accepted suite of twenty-four examples on `main`, and a branch checked out.
    private func repository() throws -> Workspace {
        let examples = (0..<24).map { place in
            place == 0
                ? #"{"id":"e0","input":"q0","must_pass":true,"tags":["critical"],"checks":[{"contains":"yes","name":"says"}]}"#
                : #"{"id":"e\#(place)","input":"q\#(place)","checks":[{"contains":"yes","name":"says"},{"length":{"words":{"max":9}},"name":"short"}]}"#
        }
        let recording = (0..<24).map { #"{"example":"e\#($0)","model":"m","output":"yes, indeed"}"# }
        let workspace = try Workspace(
            examples: examples, recording: recording,
            configuration: Workspace.configuration + "gate: {slices: [{tag: critical, policy: strict}]}\n")
        try workspace.write(".gitignore", ".ratchet/\n")
        try workspace.git("init", "--quiet", "-b", "main")
        try workspace.ratchet("run")
        try workspace.ratchet("baseline", "accept")
        try workspace.commit("Accept the first baseline")
        try workspace.git("checkout", "--quiet", "-b", "change")
        return workspace
    }

    private func edit(_ workspace: Workspace, _ path: String, _ old: String, _ new: String) throws {
        let text = try workspace.read(path)
        try #require(text.contains(old))
        try workspace.write(path, text.replacingOccurrences(of: old, with: new))
    }

    /// Ways in which a change can lower its own guard, each with what permits it.
    enum Trick: String, CaseIterable, Sendable {
        case knownFailing, mustPass, input, expectation, droppedCheck, notGating, removedExample, removedUnrecorded, passWhen, leftSlice,
            policyStrict, minDrop, falseAlarms, erroredMax, lowerEffort, loweredRecord, removedRecord, deletedBaseline, grouped
    }

    private func play(_ trick: Trick, on workspace: Workspace) throws -> (permission: String, kind: String?) {
        let examples = "suites/s/examples.jsonl"
        switch trick {
        case .knownFailing:
            try edit(workspace, examples, #""id":"e1","#, #""id":"e1","known_failing":"it is hard","#)
            return ("e1", "known_failing")
        case .mustPass:
            try edit(workspace, examples, #""must_pass":true,"#, "")
            return ("e0", "must_pass")
        case .input:
            try edit(workspace, examples, #""input":"q1","#, #""input":"an easier question","#)
            return ("e1", "input")
        case .expectation:
            // The answer gets worse, and what is expected follows it.
            try edit(workspace, examples, #""input":"q1","checks":[{"contains":"yes""#, #""input":"q1","checks":[{"contains":"no""#)
            try edit(workspace, "recording.jsonl", #""example":"e1","model":"m","output":"yes, indeed""#, #""example":"e1","model":"m","output":"no""#)
            try workspace.write("ratchet.yaml", Workspace.configuration + "gate: {policy: strict, slices: [{tag: critical, policy: strict}]}\n")
            try workspace.git("stash", "--quiet")
            try workspace.git("checkout", "--quiet", "main")
            try workspace.write("ratchet.yaml", Workspace.configuration + "gate: {policy: strict, slices: [{tag: critical, policy: strict}]}\n")
            try workspace.commit("Be strict")
            try workspace.git("checkout", "--quiet", "-B", "change")
            try workspace.git("checkout", "--quiet", "stash@{0}", "--", "suites", "recording.jsonl")
            return ("e1", nil)
        case .droppedCheck:
            try edit(workspace, examples, #","checks":[{"contains":"yes","name":"says"},{"length":{"words":{"max":9}},"name":"short"}]}"#, #","checks":[{"contains":"yes","name":"says"}]}"#)
            return ("e1", "check")
        case .notGating:
            try edit(workspace, examples, #"{"contains":"yes","name":"says"},{"length""#, #"{"contains":"yes","name":"says","gating":false},{"length""#)
            return ("e1", "check")
        case .removedExample:
            let lines = try workspace.read(examples).split(separator: "\n").filter { !$0.contains(#""id":"e5""#) }
            try workspace.write(examples, lines.map { $0 + "\n" }.joined())
            return ("e5", nil)
        case .removedUnrecorded:
            let row = #"{"id":"late","input":"q","checks":[{"contains":"yes"}]}"# + "\n"
            let all = try workspace.read(examples)
            try workspace.git("checkout", "--quiet", "main")
            try workspace.write(examples, all + row)
            try workspace.commit("Add an example")
            try workspace.git("checkout", "--quiet", "-B", "change")
            try workspace.write(examples, all)
            return ("late", "removed")
        case .passWhen:
            try edit(workspace, examples, #""id":"e1","#, #""id":"e1","pass_when":{"score":0.5},"#)
            return ("e1", "pass_when")
        case .leftSlice:
            try edit(workspace, examples, #""tags":["critical"],"#, "")
            return ("e0", "slice")
        case .policyStrict:
            try workspace.write("ratchet.yaml", Workspace.configuration)
            return ("s:policy", "policy")
        case .minDrop:
            try edit(workspace, "ratchet.yaml", "gate: {", "gate: {min_drop: 0.3, ")
            return ("s:policy", "policy")
        case .falseAlarms:
            try edit(workspace, "ratchet.yaml", "gate: {", "gate: {false_alarms: 0.0002, ")
            return ("s:policy", "policy")
        case .erroredMax:
            try edit(workspace, "ratchet.yaml", "gate: {", "gate: {errored_max: 0.9, ")
            return ("s:policy", "policy")
        case .lowerEffort:
            try edit(workspace, "ratchet.yaml", "gate: {", "gate: {effort: quick, ")
            return ("s:policy", "policy")
        case .loweredRecord:
            // Eight failed trials where there was one passed: no noise does that to every record.
            try edit(workspace, "baselines/s.jsonl", #""passes":1,"trials":1"#, #""passes":0,"trials":8"#)
            try edit(workspace, "baselines/s.jsonl", #""by_check":{"says":1"#, #""by_check":{"says":0"#)
            return ("s:policy", "record")
        case .removedRecord:
            let lines = try workspace.read("baselines/s.jsonl").split(separator: "\n", omittingEmptySubsequences: false)
            try workspace.write("baselines/s.jsonl", lines.filter { !$0.contains(#""id":"e5""#) }.joined(separator: "\n"))
            return ("e5", "record")
        case .deletedBaseline:
            try workspace.remove("baselines/s.jsonl")
            return ("s:policy", "record")
        case .grouped:
            try edit(workspace, examples, #""id":"e1","#, #""id":"e1","group":"all","#)
            return ("e1", "group")
        }
    }

    @Test("a change that lowers its own guard is refused, named, and passes with a reason on record", arguments: Trick.allCases)
    func trick(_ trick: Trick) throws {
        let workspace = try repository()
        let (permission, kind) = try play(trick, on: workspace)
        try workspace.commit("Lower the guard")

        let refused = try workspace.ratchet("run", "--format", "json")
        #expect(refused.code == 100, "\(refused.output)\(refused.error)")
        let json = try refused.json
        if let kind {
            #expect(json["suites.0.failed_rules"]?.texts.contains("weakened") == true)
            #expect(json["suites.0.weakenings"]?.arrayValue?.contains { $0["kind"]?.stringValue == kind } == true)
        }
        let told = try workspace.ratchet("run")
        let offered = told.words.contains("--allow-regression") && told.words.contains("merge base with main")
        #expect(offered, "\(told.output)")

        var named = [permission]
        if trick == .droppedCheck || trick == .notGating { named = (1..<24).map { "e\($0)" } }
        if trick == .loweredRecord { named += (0..<24).map { "e\($0)" } }
        let permitted = try workspace.ratchet(["run", "--allow-regression"] + named + Self.reason)
        #expect(permitted.code == 0, "\(permitted.output)\(permitted.error)")
        #expect(permitted.output.contains("PASSED WITH"))
        try workspace.commit("Permit it")
        #expect(try workspace.ratchet("run", environment: ["CI": "true"]).code == 0)
    }

    @Test("a removed suite is refused, baseline and all, and passes with a reason on record")
    func removedSuite() throws {
        let workspace = try repository()
        try workspace.write("suites/t/suite.yaml", "description: another\n")
        try workspace.write("suites/t/a.jsonl", #"{"id":"x","input":"q","checks":[{"length":{"words":{"max":9}}}]}"# + "\n")
        try workspace.write("recording.jsonl", try workspace.read("recording.jsonl") + #"{"example":"x","model":"m","output":"yes"}"# + "\n")
        try workspace.git("checkout", "--quiet", "-B", "main")
        try workspace.commit("Another suite")
        try workspace.git("checkout", "--quiet", "-B", "change")
        try workspace.remove("suites/t")
        try workspace.commit("Remove it")
        let refused = try workspace.ratchet("run")
        #expect(refused.code == 100)
        #expect(refused.words.contains("the suite t is gone"))
        #expect(try workspace.ratchet(["run", "--allow-regression", "t:policy"] + Self.reason).code == 0)
        #expect(try workspace.ratchet("run").code == 0)
    }

    @Test("an honest change passes: more trials, noise, new examples, a stricter policy, a rewritten check that finds the same")
    func honest() throws {
        let workspace = try repository()
        try edit(workspace, "baselines/s.jsonl", #""id":"e3","#, #""id":"e3","#)
        try edit(workspace, "ratchet.yaml", "gate: {", "gate: {min_drop: 0.001, effort: thorough, ")
        try edit(workspace, "suites/s/examples.jsonl", #"{"contains":"yes","name":"says"},"#, #"{"icontains":"YES","name":"says"},"#)
        try workspace.write(
            "suites/s/added/new.jsonl", #"{"id":"new","input":"q","checks":[{"contains":"yes"}]}"# + "\n")
        try workspace.write("recording.jsonl", try workspace.read("recording.jsonl") + #"{"example":"new","model":"m","output":"yes"}"# + "\n")
        try workspace.commit("Work")
        let run = try workspace.ratchet("run")
        #expect(run.code == 0, "\(run.output)")
        // What the change accepts is compared with what was accepted before it, and found no worse.
        try workspace.ratchet("baseline", "accept")
        try workspace.commit("Accept")
        #expect(try workspace.ratchet("run").code == 0)
    }

    @Test("a baseline lowered in the change does not decide: the loss counts all the same")
    func ownBaseline() throws {
        let workspace = try repository()
        let recording = try workspace.read("recording.jsonl")
        try workspace.write("recording.jsonl", recording.replacingOccurrences(of: "yes, indeed", with: "no"))
        try workspace.ratchet("run")
        try workspace.ratchet("baseline", "accept")
        try workspace.commit("Break it, and accept that")
        let run = try workspace.ratchet("run", "--format", "json")
        #expect(run.code == 100)
        #expect(try run.json["suites.0.transitions.lost"]?.texts.count == 24)
    }

    @Test("on the default branch the last commit is held against its parent, and what is not committed against the last commit")
    func defaultBranch() throws {
        let workspace = try repository()
        try workspace.git("checkout", "--quiet", "main")
        // The first commit has nothing before it.
        #expect(try workspace.ratchet("run").words.contains("this is the first commit"))
        let recording = try workspace.read("recording.jsonl")
        // Everything but the example that must pass whatever is accepted.
        try workspace.write(
            "recording.jsonl",
            recording.split(separator: "\n").map {
                ($0.contains(#""e0""#) ? String($0) : $0.replacingOccurrences(of: "yes, indeed", with: "no")) + "\n"
            }.joined())
        try workspace.ratchet("run")
        try workspace.ratchet("baseline", "accept")
        let dirty = try workspace.ratchet("run")
        #expect(dirty.code == 100)
        #expect(dirty.words.contains("the last commit, below the changes of the working tree"))
        try workspace.commit("Break it")
        let clean = try workspace.ratchet("run")
        #expect(clean.code == 100)
        #expect(clean.words.contains("first parent, on main"))
        try workspace.commit("Go on")
        #expect(try workspace.ratchet("run").code == 0)
    }

    @Test("a shallow clone is refused with the remedy of its CI system, and works after fetching")
    func shallow() throws {
        let workspace = try repository()
        try workspace.commit("One more")
        try workspace.git("clone", "--quiet", "--depth", "1", "--branch", "change", "file://\(workspace.root.path)", "clone")
        let clone = workspace.root.appendingPathComponent("clone").path
        for (environment, remedy) in [
            ([:], "git fetch --unshallow"), (["GITHUB_ACTIONS": "true", "GITHUB_BASE_REF": "main"], "fetch-depth: 0"),
            (["GITLAB_CI": "true", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"], "GIT_DEPTH: 0"),
        ] {
            let run = try workspace.ratchet(["run", "--project", clone], environment: environment)
            #expect(run.code == 66)
            #expect(run.error.contains(remedy), "\(run.error)")
        }
        try workspace.git("fetch", "--quiet", "--unshallow", "origin", "+refs/heads/*:refs/remotes/origin/*", at: "clone")
        let run = try workspace.ratchet(["run", "--project", clone], environment: ["GITHUB_BASE_REF": "main"])
        #expect(run.code == 0, "\(run.error)")
        #expect(run.words.contains("merge base with main"))
    }

    @Test("detached heads, worktrees, merge queues, and a project in a folder of the repository")
    func ties() throws {
        let workspace = try repository()
        try edit(workspace, "ratchet.yaml", "gate: {", "gate: {min_drop: 0.3, ")
        try workspace.commit("Loosen")
        let head = try workspace.git("rev-parse", "HEAD")
        let base = try workspace.git("rev-parse", "main")
        try workspace.git("checkout", "--quiet", "--detach", head)
        #expect(try workspace.ratchet("run").code == 100)
        try workspace.git("worktree", "add", "--quiet", "tree", "change")
        let tree = workspace.root.appendingPathComponent("tree").path
        #expect(try workspace.ratchet("run", "--project", tree).code == 100)
        try workspace.git("worktree", "remove", "--force", "tree")

        // A merge queue builds on a base of its own, which the event names.
        try workspace.write("event.json", #"{"merge_group":{"base_sha":"\#(base)"}}"#)
        let queue = try workspace.ratchet(
            ["run"],
            environment: [
                "GITHUB_EVENT_NAME": "merge_group", "GITHUB_EVENT_PATH": workspace.root.appendingPathComponent("event.json").path,
            ])
        #expect(queue.words.contains("merge base with the merge queue's base"))
        #expect(queue.code == 100)

        // After a squash merge, main's new commit is held against its parent.
        try workspace.git("checkout", "--quiet", "main")
        try workspace.git("merge", "--quiet", "--squash", "change")
        try workspace.commit("Squashed")
        #expect(try workspace.ratchet("run").code == 100)
    }

    @Test("a project in a folder of a larger repository")
    func subfolder() throws {
        let inner = try repository()
        let outer = try Workspace()
        try FileManager.default.removeItem(at: inner.root.appendingPathComponent(".git"))
        try FileManager.default.copyItem(at: inner.root, to: outer.root.appendingPathComponent("llm"))
        try outer.write("README.md", "a larger repository\n")
        try outer.git("init", "--quiet", "-b", "main")
        try outer.commit("All")
        try outer.git("checkout", "--quiet", "-b", "change")
        try edit(outer, "llm/ratchet.yaml", "gate: {", "gate: {min_drop: 0.3, ")
        try outer.commit("Loosen")
        let run = try outer.ratchet("run", "--project", "llm", "--format", "json")
        #expect(run.code == 100)
        #expect(try run.json["suites.0.failed_rules"]?.texts == ["weakened"])
    }

    @Test("outside git, or by wish, the working tree decides, and that is said")
    func workingTree() throws {
        let workspace = try repository()
        try edit(workspace, "ratchet.yaml", "gate: {", "gate: {min_drop: 0.3, ")
        try workspace.commit("Loosen")
        let wished = try workspace.ratchet("run", "--base", "none")
        #expect(wished.code == 0)
        #expect(wished.words.contains("working tree: --base none"))
        try workspace.remove(".git")
        #expect(try workspace.ratchet("run").words.contains("not in a git repository"))
        #expect(try workspace.ratchet("run", "--base", "main").code == 64)
    }

    @Test("a project that is not committed yet in a larger repository runs; a repository that git won't read is no such thing")
    func notCommitted() throws {
        let outer = try Workspace()
        try outer.write("README.md", "a larger repository\n")
        try outer.git("init", "--quiet", "-b", "main")
        try outer.commit("One")
        try outer.commit("Two")
        #expect(try outer.ratchet("init", "llm").code == 0)
        #expect(try outer.ratchet("run", "--project", "llm").words.contains("there is no project yet at"))
        try outer.ratchet("baseline", "accept", "--project", "llm")
        #expect(try outer.ratchet("run", "--project", "llm").code == 0)

        let broken = try repository()
        try broken.write(".git/HEAD", "nonsense\n")
        let refused = try broken.ratchet("run")
        #expect(refused.code == 66)
        #expect(refused.error.contains("--base none"))
        #expect(try broken.ratchet("run", "--base", "none").code == 0)
    }

    @Test("a name that is no commit, or looks like an option, is refused")
    func badBase() throws {
        let workspace = try repository()
        #expect(try workspace.ratchet("run", "--base", "nowhere").code == 64)
        #expect(try workspace.ratchet("run", "--base=--output=x").code == 64)
        #expect(!workspace.exists("x"))
    }

    @Test("a first baseline, added in the change itself, is used and said to be the change's own")
    func firstBaseline() throws {
        let workspace = try Workspace(
            examples: [#"{"id":"a","input":"q","checks":[{"contains":"yes"}]}"#],
            recording: [#"{"example":"a","model":"m","output":"yes"}"#])
        try workspace.write(".gitignore", ".ratchet/\n")
        try workspace.git("init", "--quiet", "-b", "main")
        try workspace.commit("No baseline yet")
        try workspace.git("checkout", "--quiet", "-B", "change")
        #expect(try workspace.ratchet("run").code == 66)
        try workspace.ratchet("baseline", "accept")
        try workspace.commit("The first one")
        let run = try workspace.ratchet("run")
        #expect(run.code == 0)
        #expect(run.words.contains("s has no baseline there yet"))
    }
}
