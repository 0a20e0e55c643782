import Foundation
import RatchetJSON
import Testing

@Suite("ratchet override")
struct OverrideCommandTests {
    private static let reason = "the support team wants the shorter answer"

    private func failing() throws -> Workspace {
        let examples = (0..<12).map { #"{"id":"e\#($0)","input":"q","checks":[{"contains":"yes"}]}"# }
        let recording = (0..<12).flatMap { place in
            [
                #"{"example":"e\#(place)","model":"m","output":"yes"}"#,
                #"{"example":"e\#(place)","model":"worse","output":"\#(place == 4 ? "no" : "yes")"}"#,
            ]
        }
        let workspace = try Workspace(
            examples: examples, recording: recording, configuration: Workspace.configuration + "gate: {policy: strict}\n")
        try workspace.write(".gitignore", ".ratchet/\n.output*\n.error*\n")
        try workspace.git("init", "--quiet", "-b", "main")
        try workspace.ratchet("run")
        try workspace.ratchet("baseline", "accept")
        try workspace.commit("Accept")
        #expect(try workspace.ratchet("run", "--target", "recorded/worse").code == 100)
        return workspace
    }

    @Test("add permits what a recorded run broke, and only that")
    func add() throws {
        let workspace = try failing()
        let unneeded = try workspace.ratchet("override", "add", "latest", "e5", "--reason", Self.reason)
        #expect(unneeded.code == 64)
        #expect(unneeded.error.contains("e5"))
        #expect(!workspace.exists("overrides"))
        let added = try workspace.ratchet("override", "add", "latest", "e4", "--kind", "quarantine", "--reason", Self.reason)
        #expect(added.code == 0)
        #expect(added.output.contains("wrote overrides/"))
        let run = try workspace.ratchet("run", "--target", "recorded/worse")
        #expect(run.code == 0)
        #expect(run.output.contains("PASSED WITH 1 OVERRIDE"))
    }

    @Test("a reason and a sensible day are wanted")
    func refused() throws {
        let workspace = try failing()
        #expect(try workspace.ratchet("override", "add", "latest", "e4", "--reason", "later").code == 64)
        #expect(try workspace.ratchet("override", "add", "latest", "e4", "--reason", Self.reason, "--expires", "2099-01-01").code == 64)
        #expect(try workspace.ratchet("override", "add", "latest", "e4", "--reason", Self.reason, "--expires", "soon").code == 64)
        #expect(
            try workspace.ratchet("override", "add", "latest", "e4", "--reason", Self.reason, "--kind", "accept", "--expires", "2026-12-01")
                .code == 64)
    }

    @Test("an example that was edited since the run can't be permitted by it")
    func edited() throws {
        let workspace = try failing()
        let text = try workspace.read("suites/s/examples.jsonl")
        try workspace.write("suites/s/examples.jsonl", text.replacingOccurrences(of: #""id":"e4","input":"q""#, with: #""id":"e4","input":"r""#))
        try workspace.ratchet("override", "add", "latest", "e4", "--reason", Self.reason)
        // Not bound to what the example is now: the file says so.
        #expect(try workspace.ratchet("run", "--target", "recorded/worse").code == 103)
    }

    @Test("list, check and prune know what has expired; log knows who permitted it")
    func lookAfter() throws {
        let workspace = try failing()
        try workspace.ratchet("override", "add", "latest", "e4", "--reason", Self.reason)
        try workspace.commit("Permit e4")
        let listed = try workspace.ratchet("override", "list")
        #expect(listed.output.contains("tolerate e4; expires in 30 days"))
        #expect(try workspace.ratchet("override", "list", "--format", "json").json["overrides.0.scope.examples"]?.texts == ["e4"])
        #expect(try workspace.ratchet("override", "check").code == 0)
        #expect(try workspace.ratchet("override", "prune").output.contains("no override has expired"))

        let file = try #require(FileManager.default.contentsOfDirectory(atPath: workspace.root.appendingPathComponent("overrides").path).first)
        let text = try workspace.read("overrides/\(file)")
        let lines = text.split(separator: "\n").map { line in
            line.hasPrefix("expires:") ? "expires: 2026-01-20" : line.hasPrefix("created:") ? "created: 2026-01-01" : String(line)
        }
        try workspace.write("overrides/\(file)", lines.map { $0 + "\n" }.joined())
        let checked = try workspace.ratchet("override", "check")
        #expect(checked.code == 103)
        #expect(checked.error.contains("it expired on 2026-01-20"))
        #expect(try workspace.ratchet("override", "prune", "--dry-run").output.contains("would remove"))
        #expect(workspace.exists("overrides/\(file)"))
        try workspace.ratchet("override", "prune")
        #expect(!workspace.exists("overrides/\(file)"))
        try workspace.commit("Remove it")
        let log = try workspace.ratchet("override", "log").output
        #expect(log.contains("removed  overrides/") && log.contains("added    overrides/"))
        #expect(log.contains("A Developer <dev@example.org>") && log.contains(Self.reason))
    }

    @Test("more overrides than the policy allows are a problem")
    func tooMany() throws {
        let workspace = try failing()
        try workspace.write("ratchet.yaml", Workspace.configuration + "gate: {policy: strict, overrides: {max_active: 0}}\n")
        try workspace.ratchet("override", "add", "latest", "e4", "--reason", Self.reason)
        #expect(try workspace.ratchet("override", "check").code == 103)
        #expect(try workspace.ratchet("run", "--target", "recorded/worse", "--base", "none").code == 103)
    }

    @Test("where the policy asks for a second person, one's own override does not count, and another's does")
    func secondPerson() throws {
        let workspace = try failing()
        try workspace.write("ratchet.yaml", Workspace.configuration + "gate: {policy: strict, overrides: {second_person: true}}\n")
        try workspace.commit("Ask for a second person")
        try workspace.git("checkout", "--quiet", "-b", "change")
        try workspace.write("suites/s/suite.yaml", "description: another description\n")
        try workspace.commit("Work")
        try workspace.ratchet("run", "--target", "recorded/worse")
        try workspace.ratchet("override", "add", "latest", "e4", "--reason", Self.reason)
        let uncommitted = try workspace.ratchet("run", "--target", "recorded/worse")
        #expect(uncommitted.code == 100)
        #expect(uncommitted.words.contains("not committed yet"))
        try workspace.commit("Permit it myself")
        let own = try workspace.ratchet("run", "--target", "recorded/worse")
        #expect(own.code == 100)
        #expect(own.words.contains("dev@example.org made the change as well"))
        #expect(try workspace.ratchet("override", "check").code == 103)
        try workspace.git("reset", "--quiet", "--soft", "HEAD~1")
        try workspace.git("-c", "user.email=lead@example.org", "commit", "--quiet", "-m", "Permit it", "--author", "Lead <lead@example.org>")
        let other = try workspace.ratchet("run", "--target", "recorded/worse")
        #expect(other.code == 0, "\(other.output)")
    }
}
