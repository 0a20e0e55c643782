import Foundation
import RatchetJSON
import Testing

@Suite("Merging and verifying baselines, with real git")
struct BaselineMergeTests {
    private func repository() throws -> Workspace {
        let examples = (0..<6).map { #"{"id":"e\#($0)","input":"q","checks":[{"contains":"yes"}]}"# }
        let recording = (0..<6).flatMap { place in
            (1...3).map { #"{"example":"e\#(place)","model":"m","trial":\#($0),"output":"yes \#($0)"}"# }
        }
        let workspace = try Workspace(examples: examples, recording: recording)
        try workspace.write(".gitignore", ".ratchet/\n.output*\n.error*\n")
        try workspace.git("init", "--quiet", "-b", "main")
        try workspace.ratchet("run")
        try workspace.ratchet("baseline", "accept")
        try workspace.commit("Accept")
        return workspace
    }

    /// Both branches hold other trials of one record.
    private func diverge(_ workspace: Workspace, hash: String? = nil) throws {
        for (branch, batch) in [("ours", "b-aaaaaaa"), ("theirs", "b-bbbbbbb")] {
            try workspace.git("checkout", "--quiet", "-B", branch, "main")
            let lines = try workspace.read("baselines/s.jsonl").split(separator: "\n", omittingEmptySubsequences: false).map { line in
                guard line.contains(#""id":"e3","#) else { return String(line) }
                var text = line.replacingOccurrences(
                    of: #""batches":["#,
                    with: #""batches":[{"id":"\#(batch)","date":"2026-11-20","kind":"planned","passes":2,"trials":2,"by_check":{"contains":2}},"#)
                if let hash { text = text.replacingOccurrences(of: #""params":"sha256:"#, with: #""params":"sha256:\#(hash)\#(branch)"#) }
                return text
            }
            try workspace.write("baselines/s.jsonl", lines.joined(separator: "\n"))
            try workspace.commit("Trials of \(branch)")
        }
        try workspace.git("checkout", "--quiet", "ours")
    }

    @Test("a conflict that git leaves is resolved by the suite's name, and the trials of both sides are there")
    func conflict() throws {
        let workspace = try repository()
        try diverge(workspace)
        #expect(throws: (any Error).self) { try workspace.git("merge", "--quiet", "theirs") }
        #expect(try workspace.ratchet("run").code == 65)
        let merged = try workspace.ratchet("baseline", "merge", "s")
        #expect(merged.code == 0)
        #expect(merged.output.contains("1 with trials of both sides"))
        let record = try workspace.ratchet("baseline", "show", "s", "e3").output
        #expect(record.contains("b-aaaaaaa") && record.contains("b-bbbbbbb"))
        #expect(try workspace.ratchet("run").code == 0)
    }

    @Test("as git's merge driver it merges without a conflict")
    func driver() throws {
        let workspace = try repository()
        try workspace.write(".gitattributes", "baselines/*.jsonl merge=ratchet-baseline\n")
        try workspace.commit("Use the driver")
        try diverge(workspace)
        try workspace.git(
            "-c", "merge.ratchet-baseline.driver=\(Workspace.program.path) baseline merge %O %A %B", "merge", "--quiet", "-m", "Merge", "theirs")
        let text = try workspace.read("baselines/s.jsonl")
        #expect(text.contains("b-aaaaaaa") && text.contains("b-bbbbbbb"))
    }

    @Test("a record that both sides began anew is stale: its example has to pass, and accepting mends it")
    func stale() throws {
        let workspace = try repository()
        try diverge(workspace, hash: "f")
        #expect(throws: (any Error).self) { try workspace.git("merge", "--quiet", "theirs") }
        let merged = try workspace.ratchet("baseline", "merge", "s")
        #expect(merged.output.contains("1 stale") && merged.output.contains("e3"))
        let run = try workspace.ratchet("run", "--base", "none", "--format", "json")
        #expect(try run.json["suites.0.transitions.incomparable"]?.texts == ["e3"])
        try workspace.ratchet("baseline", "accept")
        #expect(try !workspace.read("baselines/s.jsonl").contains("stale"))
    }

    @Test("what is no conflict, or no baseline, is refused")
    func refused() throws {
        let workspace = try repository()
        #expect(try workspace.ratchet("baseline", "merge", "s").code == 64)
        #expect(try workspace.ratchet("baseline", "merge", "a", "b").code == 64)
        try workspace.write("x", "not a baseline\n")
        #expect(try workspace.ratchet("baseline", "merge", "x", "x", "x").code == 65)
    }

    @Test("verify finds a count that was edited by hand, a lost prompt, a batch of the future; and passes what is right")
    func verify() throws {
        let workspace = try repository()
        #expect(try workspace.ratchet("baseline", "verify").code == 0)
        let text = try workspace.read("baselines/s.jsonl")
        for (old, new, found) in [
            (#""passes":1,"trials":1"#, #""passes":0,"trials":1"#, "claims 0/1"),
            (#""date":"2"#, #""date":"3"#, "yet to come"),
            (#""example":"sha256:"#, #""example":"md5:"#, "is no hash"),
        ] {
            try workspace.write("baselines/s.jsonl", text.replacingOccurrences(of: old, with: new))
            let verified = try workspace.ratchet("baseline", "verify")
            #expect(verified.code == 65)
            #expect(verified.error.contains(found), "\(verified.error)")
            #expect(verified.error.contains("baselines/s.jsonl:3:1"), "\(verified.error)")
        }
    }
}
