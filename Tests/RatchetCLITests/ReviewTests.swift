import Foundation
import RatchetCore
import Testing

@testable import RatchetCLI

@Suite("Going through what was lost")
struct ReviewTests {
    /// Three examples lost under the strict policy.
    private static func workspace() throws -> Workspace {
        let workspace = try Workspace(
            examples: (1...4).map { #"{"id":"e\#($0)","input":"q\#($0)","checks":[{"contains":"yes"}]}"# },
            recording: (1...4).map { #"{"example":"e\#($0)","output":"yes"}"# }, suite: "gate: {policy: strict}\n")
        try workspace.ratchet("run", "--baseline", "none")
        #expect(try workspace.ratchet("baseline", "accept").code == 0)
        try workspace.write("recording.jsonl", (1...4).map { #"{"example":"e\#($0)","output":"\#($0 < 4 ? "no" : "yes")"}"# + "\n" }.joined())
        #expect(try workspace.ratchet("run").code == 100)
        return workspace
    }

    private func review(_ workspace: Workspace, _ lines: [String]) async throws -> (code: Int32, written: String) {
        let terminal = ScriptedTerminal(lines)
        let code = await CommandLineProgram.run(["review"], in: try terminal.context(workspace.root))
        return (code, terminal.written)
    }

    @Test("What is decided is written at the end, and the gate then passes with it")
    func whole() async throws {
        let workspace = try Self.workspace()
        let reason = "the shorter answers are what support asked for"
        let (code, written) = try await review(workspace, ["a", reason, "t", "", "", "x", "quarantined until the provider is mended", "2999-01-01", "", "y"])
        #expect(code == 0, "\(written)")
        #expect(written.contains("[-yes-]{+no+}"))
        #expect(written.contains("a day within the next 90"))
        let files = try FileManager.default.contentsOfDirectory(atPath: workspace.root.path + "/overrides")
        #expect(files.count == 3)
        #expect(try workspace.ratchet("run").output.contains("PASSED WITH 3 OVERRIDES"))
    }

    @Test("Nothing is written before the end; what was decided is kept, undone, and gone on with")
    func resumed() async throws {
        let workspace = try Self.workspace()
        let first = try await review(workspace, ["s", "w", "u", "q"])
        #expect(first.code == 130)
        #expect(first.written.contains("undone: doubt s/e2") && first.written.contains("kept: 1 decision of 3"))
        #expect(!workspace.exists("overrides"))
        let second = try await review(workspace, ["w", "t", "short", "known loss until the new prompt ships", "", "n"])
        #expect(second.code == 0)
        #expect(second.written.contains("going on: 1 decision") && !second.written.contains("1 of 3"))
        #expect(second.written.contains("nothing was written") && !workspace.exists("overrides"))
    }

    @Test("The run becomes the baseline at the end, with its reasons on record, where nothing was left open")
    func baseline() async throws {
        let workspace = try Self.workspace()
        let reason = "the shorter answers are what support asked for"
        let before = try workspace.read("baselines/s.jsonl")
        let open = try await review(workspace, ["s", "a", reason, "a", "", "b"])
        #expect(!open.written.contains("[b]") && open.written.contains("nothing was written"))
        #expect(try workspace.read("baselines/s.jsonl") == before)
        #expect(try await review(workspace, ["r"]).written.contains("begin again"))
        let (code, written) = try await review(workspace, ["a", reason, "a", "", "a", "", "b"])
        #expect(code == 0, "\(written)")
        #expect(try workspace.read("baselines/s.jsonl") != before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.root.path + "/overrides").count == 1)
        #expect(try workspace.ratchet("run").code == 0)
    }

    @Test("Without a terminal it says which commands do the same")
    func plain() throws {
        let workspace = try Self.workspace()
        let result = try workspace.ratchet("review")
        #expect(result.code == 64)
        #expect(result.error.contains("ratchet override add ") && result.error.contains("ratchet show ") && result.error.contains("s/e1"))
    }
}
