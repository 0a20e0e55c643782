import Foundation
import RatchetJSON
import Testing

@Suite("Finding the commit that broke an example")
struct BisectTests {
    /// Twelve commits of a prompt; from the eighth on it does not say "refund" any more.
    private func repository() throws -> (workspace: Workspace, breaking: String) {
        let workspace = try Workspace(
            examples: [
                #"{"id":"a","input":{"q":"one"},"checks":[{"contains":"refund"}]}"#,
                #"{"id":"b","input":{"q":"two"},"checks":[{"contains":"two"}]}"#,
            ], suite: "prompt: p\ntarget: echo/any\n", configuration: "version: 1\n")
        try workspace.write(".gitignore", ".ratchet/\n.output*\n.error*\n")
        try workspace.git("init", "--quiet", "-b", "main")
        var breaking = ""
        for number in 1...12 {
            let text = number < 8 ? "Say refund and {{q}} (\(number))" : "Say {{q}} (\(number))"
            try workspace.write("prompts/p.md", "---\nversion: \(number).0.0\n---\n\(text)\n")
            try workspace.commit("Prompt \(number)")
            if number == 8 { breaking = try workspace.git("rev-parse", "--short", "HEAD") }
            if number == 2 { try workspace.ratchet("run", "--baseline", "none") }
        }
        return (workspace, breaking)
    }

    @Test("by running: the breaking commit is named, and nothing in the working tree changes")
    func running() throws {
        let (workspace, breaking) = try repository()
        let root = try workspace.git("rev-list", "--max-parents=0", "HEAD")
        let found = try workspace.ratchet("bisect", "s/a", "--good", root)
        #expect(found.code == 0, "\(found.output)\(found.error)")
        #expect(found.output.contains("broken by \(breaking)"))
        #expect(found.output.contains("Prompt 8"))
        #expect(try workspace.git("status", "--porcelain") == "")
    }

    @Test("the runs recorded here tell where it was good")
    func recorded() throws {
        let (workspace, breaking) = try repository()
        let found = try workspace.ratchet("bisect", "a")
        #expect(found.code == 0, "\(found.output)\(found.error)")
        #expect(found.output.contains("it passed in the run"))
        #expect(found.output.contains("broken by \(breaking)"))
    }

    @Test("a commit that can't be run is passed over")
    func skipped() throws {
        let (workspace, _) = try repository()
        try workspace.write("prompts/p.md", "---\nversion: 13.0.0\n---\nSay refund {{q}}\n")
        try workspace.commit("Mend it")
        let good = try workspace.git("rev-parse", "HEAD")
        try workspace.write("ratchet.yaml", "version: [\n")
        try workspace.commit("Break the file")
        try workspace.write("ratchet.yaml", "version: 1\n")
        try workspace.write("prompts/p.md", "---\nversion: 14.0.0\n---\nSay {{q}}\n")
        try workspace.commit("Break the prompt")
        let found = try workspace.ratchet("bisect", "a", "--good", good)
        #expect(found.output.contains("skipped"))
        #expect(found.code == 101)
        #expect(found.output.contains("broken by one of"))
    }

    @Test("an end that is not what it should be is refused")
    func ends() throws {
        let (workspace, _) = try repository()
        let root = try workspace.git("rev-list", "--max-parents=0", "HEAD")
        #expect(try workspace.ratchet("bisect", "b", "--good", root).error.contains("does not fail at"))
        #expect(try workspace.ratchet("bisect", "a", "--good", "HEAD~1").error.contains("does not pass at"))
        #expect(try workspace.ratchet("bisect", "a", "--good", "nowhere").code == 64)
        #expect(try workspace.ratchet("bisect", "none").code == 64)
    }

    @Test("--exit-style bisect says what git bisect run wants to hear")
    func exitStyle() throws {
        let (workspace, breaking) = try repository()
        try workspace.git("checkout", "--quiet", "-B", "try", "HEAD~10")
        try workspace.ratchet("run")
        try workspace.ratchet("baseline", "accept")
        let baseline = try workspace.read("baselines/s.jsonl")
        try workspace.remove("baselines")
        try workspace.git("checkout", "--quiet", "main")
        try workspace.write("baselines/s.jsonl", baseline)
        try workspace.write("ratchet.yaml", "version: 1\ngate: {policy: strict}\n")
        #expect(try workspace.ratchet("run", "--base", "none", "--exit-style", "bisect").code == 1)
        #expect(try workspace.ratchet("run", "--base", "none", "--only", "b", "--exit-style", "bisect").code == 0)
        try workspace.write("ratchet.yaml", "version: [\n")
        #expect(try workspace.ratchet("run", "--base", "none", "--exit-style", "bisect").code == 125)
        // And with git itself, on files that it leaves alone.
        try workspace.write(".git/info/exclude", "baselines\nstrict.sh\n")
        try workspace.git("checkout", "--quiet", "--", "ratchet.yaml")
        try workspace.write("ratchet.yaml", "version: 1\ngate: {policy: strict}\n")
        try workspace.write("strict.sh", "#!/bin/sh\nexec \(Workspace.program.path) run --base none --exit-style bisect\n")
        try workspace.git("bisect", "start", "HEAD", "HEAD~9")
        let log = try workspace.git("bisect", "run", "sh", "strict.sh")
        #expect(log.contains("\(breaking)"), "\(log)")
    }
}
