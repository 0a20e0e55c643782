import Foundation
import RatchetJSON
import RatchetOperations
import Testing

@Suite("Other tools' files")
struct ImportTests {
    /// What is written of each: a file, and what has to be in the suite.
    private static let files: [(name: String, text: String, wanted: [String])] = [
        ("table.csv", "question,answer,tags,level\n\"What, then?\",42,\"[\"\"a\"\",\"\"b\"\"]\",3\nWhy?,because,,\n", ["\"input\":\"What, then?\",\"expected\":\"42\",\"tags\":[\"a\",\"b\"],\"metadata\":{\"level\":\"3\"}"]),
        ("samples.jsonl", #"{"input":[{"role":"system","content":"Be brief."},{"role":"user","content":"2+2?"}],"ideal":["4","four"]}"#, [#""input":[{"role":"system","content":"Be brief."},{"role":"user","content":"2+2?"}],"expected":["4","four"]"#]),
        ("hosted.jsonl", #"{"item":{"ticket":"My PC is broken","correct_label":"Hardware"}}"#, [#""input":{"ticket":"My PC is broken","correct_label":"Hardware"}"#]),
        ("inspect.json", #"[{"id":7,"input":"Which is a fruit?","choices":["stone","pear"],"target":"B"}]"#, [#""id":"7","input":"Which is a fruit?\n\nA) stone\nB) pear"#, #""expected":"B""#]),
        ("goldens.json", #"[{"input":"q","actual_output":"old","expected_output":"a","retrieval_context":["one","two"]}]"#, [#""contexts":[{"id":"context-1","text":"one"},{"id":"context-2","text":"two"}]"#]),
        ("dataset.yaml", "cases:\n  - name: capital\n    inputs: {question: Capital of France?}\n    expected_output: Paris\n    evaluators:\n      - EqualsExpected\n      - Contains: Paris\n      - LLMJudge: Is it polite?\n", [#""id":"capital","input":{"question":"Capital of France?"},"expected":"Paris","checks":["equals",{"contains":"Paris"}]"#]),
        ("langsmith.jsonl", #"{"id":"x-1","dataset_id":"d","inputs":{"question":"q"},"outputs":{"answer":"a"}}"#, [#""id":"x-1","input":{"question":"q"},"expected":"a""#]),
    ]

    @Test("Each becomes a project that is valid, with what it says in the words of a suite", arguments: files.map(\.name))
    func formats(_ name: String) throws {
        let file = try #require(Self.files.first { $0.name == name })
        let workspace = try Workspace()
        try workspace.write(name, file.text)
        let made = try workspace.ratchet("init", "--from", name, "out", "--suite", "s")
        #expect(made.code == 0, "\(made.error)")
        let examples = try workspace.read("out/suites/s/examples.jsonl")
        for wanted in file.wanted { #expect(examples.contains(wanted), "\(examples)") }
        let check = try workspace.ratchet("check", "--project", "out")
        #expect(check.code == 0, "\(check.error)")
    }

    @Test("A promptfoo configuration becomes prompts, backends, checks and rubrics; what cannot be mapped is listed whole")
    func promptfoo() throws {
        let workspace = try Workspace()
        try workspace.write("prompts/a.txt", "Triage: {{alert}}")
        try workspace.write("tests/one.yaml", "- vars: {alert: down}\n  assert: [{type: equals, value: SEV1}]\n")
        try workspace.write("tests/two.csv", "alert,__expected\n\"a, b\",contains: booking\nc,plain\nd,javascript: 1\n")
        try workspace.write(
            "promptfooconfig.yaml",
            """
            prompts: [file://prompts/a.txt, "Shout {{ alert | upper }}"]
            providers: [openai:chat:gpt-4.1-mini, {id: ollama:chat:qwen3:8b, config: {temperature: 0}}, bedrock:x]
            defaultTest: {assert: [{type: is-json}, {type: latency, threshold: 8000}]}
            tests:
              - description: Refuses
                vars: {alert: x}
                assert:
                  - {type: not-icontains, value: step}
                  - {type: javascript, value: "output.length > 1"}
                  - {type: llm-rubric, value: "Names {{alert}}"}
              - file://tests/*.yaml
              - tests/two.csv
            """)
        let made = try workspace.ratchet("init", "--from", "promptfooconfig.yaml", "out", "--suite", "s")
        #expect(made.code == 0, "\(made.error)")
        let examples = try workspace.read("out/suites/s/examples.jsonl").split(separator: "\n")
        #expect(examples.count == 5)
        #expect(examples[0] == #"{"id":"refuses","input":{"alert":"x"},"checks":[{"icontains":"step","not":true},{"judge":"s-1"}]}"#)
        #expect(examples[2].contains(#""checks":[{"contains":"booking"}]"#) && examples[3].contains(#"{"equals":"plain"}"#))
        #expect(try workspace.read("out/suites/s/suite.yaml").contains("  - {\"is_json\":null}\n  - {\"latency\":{\"max\":8000}}"))
        #expect(try workspace.read("out/prompts/s-2/1.0.0.md").contains("Shout {{alert}}"))
        #expect(try workspace.read("out/rubrics/s-1.md").contains("judge: ollama/qwen3:8b") || workspace.read("out/rubrics/s-1.md").contains("judge: \"ollama/qwen3:8b\""))
        let list = try workspace.read("out/suites/s/IMPORT.md")
        for lost in ["output.length > 1", "bedrock:x", "javascript: 1", "Nunjucks filters"] { #expect(list.contains(lost), "\(lost)") }
        let check = try workspace.ratchet("check", "--project", "out")
        #expect(check.code == 0, "\(check.error)")
    }

    @Test("Prompts by label and content, a judge of its own, and what an assertion says beside a check")
    func promptfooForms() throws {
        let workspace = try Workspace()
        try workspace.write("prompts/v1.1.0.txt", "Extract {{text}}")
        try workspace.write(
            "pf.yaml",
            """
            prompts: [{label: extraction-v1.1, raw: "file://prompts/v1.1.0.txt"}, {id: travel-agent, content: "You are one. {{text}}"}]
            providers: [{id: "openai:m", config: {baseUrl: "http://127.0.0.1:1/v1"}}, {id: http, config: {url: "http://127.0.0.1:3000/ai"}}]
            defaultTest:
              options: {provider: "openai:gpt-4o-mini"}
              assert: [{type: is-json, description: must parse}, {type: not-contains, value: a}, {type: not-contains, value: b}]
            tests: [{vars: {text: hi}, assert: [{type: llm-rubric, value: It is polite}, {type: javascript, value: x, config: {tool: t}}]}]
            """)
        #expect(try workspace.ratchet("init", "--from", "pf.yaml", "out", "--suite", "s").code == 0)
        #expect(try workspace.read("out/prompts/extraction-v1-1/1.0.0.md").contains("Extract {{text}}"))
        #expect(try workspace.read("out/prompts/travel-agent/1.0.0.md").contains("You are one."))
        #expect(try workspace.read("out/ratchet.yaml").contains("base_url: \"http://127.0.0.1:1/v1\""))
        #expect(try workspace.read("out/rubrics/s-1.md").contains("judge: openai/gpt-4o-mini"))
        let list = try workspace.read("out/suites/s/IMPORT.md")
        for lost in ["must parse", "http://127.0.0.1:3000/ai", "\"tool\":\"t\""] { #expect(list.contains(lost), "\(lost)") }
        #expect(list.components(separatedBy: "\"tool\":\"t\"").count == 2)
        #expect(try workspace.ratchet("check", "--project", "out").code == 0)
    }

    @Test("Files that are nothing of the kind are refused with a place, and never crash", arguments: ["", "{", "\u{0}", "a: [", "[1,2", "\"unclosed,1\n", "- - -\n"])
    func hostile(_ text: String) throws {
        let workspace = try Workspace()
        for name in ["a.json", "a.yaml", "a.csv", "a.jsonl"] {
            try workspace.write(name, text)
            let result = try workspace.ratchet("init", "--from", name, "out-\(UUID().uuidString)")
            #expect([0, 64, 65].contains(result.code), "\(name): \(result.code) \(result.error)")
        }
    }

    @Test("A file of which no row is an example is refused, and nothing is written")
    func nothing() throws {
        let workspace = try Workspace()
        try workspace.write("words.jsonl", (1...7).map { #"{"title":"t\#($0)","content":"c"}"# + "\n" }.joined())
        let result = try workspace.ratchet("init", "--from", "words.jsonl", "out")
        #expect(result.code == 65 && !workspace.exists("out"))
        #expect(result.error.contains("words.jsonl:1") && result.error.contains("holds no example; 2 more rows") && result.error.contains("--format"), "\(result.error)")
        try workspace.write("play.yaml", "play:\n  id: play.v0\nplay.v0:\n  class: evals.elsuite.bluff.eval:BluffEval\n  args: {n_samples: 200}\n")
        let registry = try workspace.ratchet("init", "--from", "play.yaml", "out")
        #expect(registry.code == 65 && registry.error.contains("names no samples_jsonl"), "\(registry.error)")
    }

    @Test("A wanted answer that every output would meet is listed whole, and the rest is a project that is valid")
    func emptyAnswers() throws {
        let workspace = try Workspace()
        try workspace.write("samples.jsonl", #"{"input":"a","ideal":""}"# + "\n" + #"{"input":"b","ideal":["x"," "]}"# + "\n" + #"{"input":"c","ideal":"y"}"# + "\n")
        #expect(try workspace.ratchet("init", "--from", "samples.jsonl", "out", "--suite", "s").code == 0)
        #expect(try workspace.read("out/suites/s/examples.jsonl").split(separator: "\n").count == 1)
        let listed = try workspace.read("out/suites/s/IMPORT.md")
        #expect(listed.contains("samples.jsonl:1") && listed.contains("samples.jsonl:2") && listed.contains("every output would meet"), "\(listed)")
        let check = try workspace.ratchet("check", "--project", "out")
        #expect(check.code == 0, "\(check.error)")
    }

    @Test("suite import adds what the suite does not have, in a file of its own")
    func intoSuite() throws {
        let workspace = try Workspace(examples: [#"{"id":"a","input":"Why?","checks":["is_json"]}"#])
        try workspace.write("more.csv", "question,answer\nWhy?,x\nWhat?,y\n")
        let added = try workspace.ratchet("suite", "import", "more.csv", "--suite", "s", "--tag", "new")
        #expect(added.code == 0 && added.output.contains("left out: 1 example whose input"), "\(added.error)")
        #expect(try workspace.read("suites/s/more.jsonl").contains(#""input":"What?","expected":"y","checks":["icontains"],"tags":["new"]"#))
        #expect(try workspace.ratchet("suite", "import", "more.csv", "--suite", "s").code == 4)
        #expect(try workspace.ratchet("check").code == 0)
    }
}

@Suite("Looking after suites")
struct SuiteCareTests {
    @Test("Inputs that are alike are found and, when they ask the same, taken out")
    func dedupe() throws {
        let text = "my order has not arrived and I would like to know where it is now, please tell me"
        let workspace = try Workspace(examples: [
            #"{"id":"one","input":"\#(text)","checks":["is_json"]}"#, #"{"id":"two","input":"\#(text) !","checks":["is_json"]}"#,
            #"{"id":"three","input":"\#(text) soon","checks":["refusal"]}"#, #"{"id":"other","input":"how do I water a fern in winter","checks":["is_json"]}"#,
        ])
        let found = try workspace.ratchet("suite", "dedupe", "s", "--format", "json").json
        #expect(found["groups.0.ids"]?.texts == ["one", "two", "three"])
        #expect(try workspace.ratchet("suite", "dedupe", "s", "--remove").code == 64)
        #expect(try workspace.ratchet("suite", "dedupe", "s", "--remove", "--yes").code == 0)
        let rest = try workspace.read("suites/s/examples.jsonl")
        #expect(rest.contains("\"one\"") && !rest.contains("\"two\"") && rest.contains("\"three\"") && rest.contains("\"other\""))
        #expect(try workspace.ratchet("check").code == 0)
    }

    @Test("Likeness is that of all pairs, and a text is like itself")
    func likeness() {
        let texts = (0..<400).map { place in (0..<30).map { "w\((place / 4) * 40 + $0 + ($0 == 7 ? place % 4 : 0))" }.joined(separator: " ") }
        let groups = NearDuplicates.groups(of: texts, threshold: 0.7)
        #expect(groups.count == 100)
        #expect(groups.allSatisfy { $0.members.count == 4 && $0.likeness >= 0.7 })
        // Four thousand that share most words and are not alike, with one pair among them that is.
        var many = (0..<4_000).map { "Is the number \($0) a whole number? Answer yes or no." }
        many[17] = "my order has not arrived and I would like to know where it is now"
        many[3_900] = many[17] + " please"
        #expect(NearDuplicates.groups(of: many, threshold: 0.8).map(\.members) == [[17, 3_900]])
        #expect(NearDuplicates.likeness("a b c d", "A, b: c? d!") == 1)
        #expect(NearDuplicates.groups(of: ["", "", "x"], threshold: 1).map(\.members) == [[0, 1]])
    }

    @Test("Added examples move into the suite's file as they were written, and nothing else changes")
    func compact() throws {
        let workspace = try Workspace(examples: [#"{"id":"a","input":"q","checks":["is_json"]}"#])
        try workspace.write("suites/s/added/z.jsonl", #"{"id":"z",  "input":"r","checks":["is_json"]}"# + "\n")
        try workspace.write("suites/s/added/m.jsonl", #"{"id":"m","input":"t","checks":["is_json"]}"# + "\n")
        #expect(try workspace.ratchet("suite", "compact", "s").output == "moved 2 examples to suites/s/examples.jsonl\n")
        let lines = try workspace.read("suites/s/examples.jsonl").split(separator: "\n")
        #expect(lines.count == 3 && lines[1].contains("\"m\"") && lines[2] == #"{"id":"z",  "input":"r","checks":["is_json"]}"#)
        #expect(!workspace.exists("suites/s/added/z.jsonl"))
        #expect(try workspace.ratchet("check").code == 0)
    }

    @Test("stats tells tags, checks, and what never failed or flakes")
    func stats() throws {
        let workspace = try Workspace(
            examples: [#"{"id":"a","input":"q","tags":["t"],"checks":[{"contains":"x"}]}"#, #"{"id":"b","input":"r","checks":[{"contains":"x"},"is_json"]}"#],
            recording: (1...3).map { #"{"example":"a","trial":\#($0),"output":"x"}"# } + (1...3).map { #"{"example":"b","trial":\#($0),"output":"\#($0 == 2 ? "no" : "x")"}"# })
        try workspace.ratchet("run", "--trials", "3", "--baseline", "none")
        let stats = try workspace.ratchet("suite", "stats", "s", "--format", "json").json
        #expect(stats["tags.t"] == 1 && stats["checks.contains"] == 2 && stats["checks.is_json"] == 1)
        #expect(stats["never_failed"]?.texts == ["a"])
        let text = try workspace.ratchet("suite", "stats", "s").output
        #expect(text.contains("2 examples") && text.contains("in recorded runs"))
    }
}
