import RatchetJSON
import Testing

@Suite("Prompts and settings from the command line")
struct PromptCommandTests {
    private static func workspace() throws -> Workspace {
        let workspace = try Workspace(
            examples: [#"{"id":"a","input":{"question":"q"},"checks":["is_json"]}"#], suite: "prompt: answer@1.0.0\ngate: {min_drop: 0.1}\n",
            configuration: """
                version: 1
                backends:
                  api: {kind: openai, base_url: "http://127.0.0.1:9/v1", headers: {X-Secret: tops3cret}}
                defaults: {target: api/m}

                """)
        try workspace.write("prompts/answer/1.0.0.md", "---\nversion: 1.0.0\ndescription: Answers\n---\nuser:\nAnswer in one word: {{question}}\n")
        return workspace
    }

    @Test("A new version is a copy with the next number, never over another; versions are listed, shown and compared word by word")
    func versions() throws {
        let workspace = try Self.workspace()
        #expect(try workspace.ratchet("prompt", "new", "answer").output.contains("wrote prompts/answer/1.0.1.md"))
        #expect(try workspace.ratchet("prompt", "new", "answer", "--version", "1.0.1").code == 73)
        try workspace.write("prompts/answer/1.0.1.md", workspace.read("prompts/answer/1.0.1.md").replacing("one word", with: "one sentence"))
        let list = try workspace.ratchet("prompt", "list").output
        #expect(list.contains("answer@1.0.0") && list.contains("in s") && list.contains("answer@1.0.1"))
        let difference = try workspace.ratchet("prompt", "diff", "answer@1.0.0", "answer@1.0.1").output
        #expect(difference.contains("version: 1.0.[-0-]{+1+}") && difference.contains("Answer in one [-word-]{+sentence+}:"))
        #expect(try workspace.ratchet("prompt", "show", "answer").output.hasPrefix("answer@1.0.1"))
        #expect(try workspace.ratchet("prompt", "show", "nothing").code == 64)
        #expect(try workspace.ratchet("prompt", "new", "other").code == 0)
        #expect(try workspace.ratchet("check").code == 0)
    }

    @Test("Every setting has its value and its origin; what may be a secret is named and not shown")
    func settings() throws {
        let workspace = try Self.workspace()
        let shown = try workspace.ratchet("config", "show", "--origin").output
        let line = { (name: String) in shown.split(separator: "\n").first { $0.hasPrefix(name) }.map(String.init) ?? "" }
        #expect(line("defaults.target ").contains("api/m") && line("defaults.target ").hasSuffix("ratchet.yaml:4"))
        #expect(line("defaults.trials ").hasSuffix("default"))
        #expect(line("suites.s.gate.min_drop").contains("0.1") && line("suites.s.gate.min_drop").hasSuffix("suites/s/suite.yaml:2"))
        #expect(line("backends.api.headers").contains("X-Secret") && !shown.contains("tops3cret"))
        let json = try workspace.ratchet("config", "show", "--format", "json").json
        #expect(json["settings"]?.arrayValue?.contains { $0["name"] == "defaults.trials" && $0["origin"] == .null } == true)
    }
}
