import Foundation
import RatchetJSON
import Testing

@testable import RatchetFiles

@Suite("The prompt registry")
struct PromptRegistryTests {
    /// Two versions; the suite's replays pass with both.
    private static func workspace() throws -> Workspace {
        let workspace = try Workspace(
            examples: [#"{"id":"a","input":{"q":"x"},"checks":[{"contains":"yes"}]}"#], recording: [#"{"example":"a","output":"yes"}"#], suite: "prompt: answer@1.0.0\n")
        for version in ["1.0.0", "1.1.0"] { try workspace.write("prompts/answer/\(version).md", "---\nversion: \(version)\n---\nuser:\nAnswer \(version): {{q}}\n") }
        try workspace.ratchet("run", "--baseline", "none")
        #expect(try workspace.ratchet("baseline", "accept").code == 0)
        return workspace
    }

    @Test("A version is promoted on a passing run of exactly its content, and on nothing else but a reason on record")
    func evidence() throws {
        let workspace = try Self.workspace()
        let refused = try workspace.ratchet("prompt", "promote", "answer@1.1.0", "--to", "production")
        #expect(refused.code == 100 && refused.error.contains("ratchet run s --prompt answer@1.1.0"))
        #expect(!workspace.exists("prompts/labels.yaml"))
        #expect(try workspace.ratchet("run", "--prompt", "answer@1.1.0").code == 0)
        let promoted = try workspace.ratchet("prompt", "promote", "answer@1.1.0", "--to", "production")
        #expect(promoted.code == 0 && promoted.output.contains("production nothing -> 1.1.0"), "\(promoted.error)")
        let history = try workspace.ratchet("prompt", "history", "answer", "--format", "json").json
        #expect(history["moves.0.evidence.0.verdict"] == "passed" && history["moves.0.to"] == "1.1.0")

        // Another content under the same version has no evidence, and may not even be there.
        try workspace.write("prompts/answer/1.1.0.md", "---\nversion: 1.1.0\n---\nuser:\nOther: {{q}}\n")
        let check = try workspace.ratchet("check")
        #expect(check.code == 65 && check.error.contains("prompts/answer/1.1.0.md:1:1") && check.error.contains("was released and has changed since"))
        #expect(try workspace.ratchet("prompt", "promote", "answer@1.1.0", "--to", "canary", "--percent", "5", "--force", "--reason", "an incident that cannot wait").code == 65)

        let forced = try workspace.ratchet("prompt", "promote", "answer@1.0.0", "--to", "beta", "--force", "--reason", "the beta testers asked for the old one")
        #expect(forced.code == 0)
        #expect(try workspace.ratchet("prompt", "history").output.contains("the beta testers asked"))
    }

    @Test("A rollback moves the label back at once, and a canary that arrives is taken away")
    func rollback() throws {
        let workspace = try Self.workspace()
        #expect(try workspace.ratchet("run").code == 0)
        try workspace.ratchet("run", "--prompt", "answer@1.1.0")
        #expect(try workspace.ratchet("prompt", "promote", "answer@1.0.0", "--to", "production").code == 0)
        #expect(try workspace.ratchet("prompt", "promote", "answer@1.1.0", "--to", "canary", "--percent", "5").code == 0)
        #expect(try workspace.ratchet("prompt", "promote", "answer@1.1.0", "--to", "production").output.contains("is taken away"))
        #expect(try workspace.ratchet("prompt", "resolve", "answer").output == "answer@1.1.0\n")
        #expect(try workspace.ratchet("prompt", "rollback", "answer").output.contains("production 1.1.0 -> 1.0.0"))
        #expect(try workspace.ratchet("prompt", "resolve", "answer", "--format", "json").json["content"]?.stringValue?.contains("Answer 1.0.0") == true)
        #expect(try workspace.ratchet("check").code == 0)
        try workspace.remove("prompts/answer/1.0.0.md")
        try workspace.write("suites/s/suite.yaml", "prompt: answer@1.1.0\n")
        #expect(try workspace.ratchet("check").error.contains("points to answer@1.0.0, which is not there"))
    }

    @Test("Of many keys the canary gets its share; the same key always the same, and a share that grows keeps who was in it")
    func shares() {
        var labels = PromptLabels()
        let resolved = { (percent: Double) -> Set<Int> in
            labels.prompts["p"] = ["production": .init(version: "1"), "canary": .init(version: "2", percent: percent)]
            return Set((0..<20_000).filter { labels.resolve("p", label: "production", key: "user-\($0)")?.version == "2" })
        }
        let (five, twenty) = (resolved(5), resolved(20))
        // Five standard deviations of a binomial share.
        #expect(abs(Double(five.count) - 1000) < 5 * 31 && abs(Double(twenty.count) - 4000) < 5 * 57)
        #expect(five.isSubset(of: twenty) && resolved(100).count == 20_000)
        #expect(resolved(5) == five)
        #expect(labels.resolve("p", label: "production", key: nil)?.version == "1")
    }

    @Test(
        "An application that reads the file by the documented rule sees the same", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3"), "there is no Python here"))
    func reader() throws {
        let workspace = try Self.workspace()
        try workspace.ratchet("run")
        try workspace.ratchet("run", "--prompt", "answer@1.1.0")
        try workspace.ratchet("prompt", "promote", "answer@1.0.0", "--to", "production")
        try workspace.ratchet("prompt", "promote", "answer@1.1.0", "--to", "canary", "--percent", "40")
        let page = try String(
            contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
                .appendingPathComponent("docs/prompts.md"), encoding: .utf8)
        let begin = try #require(page.range(of: "```python\n")), end = try #require(page[begin.upperBound...].range(of: "```"))
        try workspace.write("reader.py", String(page[begin.upperBound..<end.lowerBound]) + "\nfor i in range(30): print(resolve('prompts/labels.yaml', 'answer', f'user-{i}'))\n")
        let read = try workspace.run("/usr/bin/python3", ["reader.py"])
        let wanted = try (0..<30).map { try workspace.ratchet("prompt", "resolve", "answer", "--key", "user-\($0)").output.dropFirst("answer@".count) }
        #expect(read.output == wanted.joined(), "\(read.error)")
        #expect(Set(wanted).count == 2)
    }
}
