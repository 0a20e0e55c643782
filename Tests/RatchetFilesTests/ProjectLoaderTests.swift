import RatchetCore
import RatchetFiles
import RatchetJSON
import Testing

@Suite("Loading a project")
struct ProjectLoaderTests {
    @Test("A sound project loads whole, without a word")
    func sound() throws {
        let loaded = try TemporaryProject.sound().load()
        #expect(loaded.diagnostics.isEmpty)
        let project = loaded.project
        #expect(project.configuration.defaults.target == Target("recorded/smollm2"))
        #expect(project.configuration.defaults.trials == 2)
        #expect(project.configuration.backends["local"]?.apiKeyVariable == "LOCAL_API_KEY")
        #expect(
            project.prompts["answer"]?.first?.templates.map(\.text) == ["You answer for {{shop}}.", "{{question}}"])
        #expect(project.rubrics["helpful"]?.votes == 3)
        let suite = try #require(project.suites.first)
        #expect(suite.prompt == PromptReference("answer@1.0.0"))
        #expect(suite.examples.map(\.id) == ["one", "two"])
        #expect(suite.examples[0].checks.map(\.name) == ["contains", "judge"])
        #expect(suite.examples[1].checks.map(\.name) == ["contains", "judge", "equals"])
        #expect(suite.examples[1].mustPass == .bestOfFive)
        #expect(suite.examples[1].tags == ["billing"])
    }

    @Test("The nearest folder upwards with a ratchet.yaml is the project")
    func find() throws {
        let project = try TemporaryProject.sound()
        #expect(ProjectFolder.find(from: project.folder.path("suites/support")) == project.folder)
        #expect(ProjectFolder.find(from: project.folder.path("nowhere")) == nil)
        #expect(project.folder.relative(project.folder.path("a/b")) == "a/b")
    }

    @Test("Versions of a prompt are in semantic order, and a reference without one means the last")
    func versions() throws {
        let versions = ["1.0.0", "1.0.0-rc.1", "1.0.0-rc.2", "1.2.0", "1.10.0", "1.0.0-rc.10", "0.9", "2"]
        let files = versions.map { ("prompts/p/\($0).md", "Hello {{input}}" as String?) }
        let project = try TemporaryProject.sound(Dictionary(files, uniquingKeysWith: { first, _ in first })).load()
            .project
        #expect(
            project.prompts["p"]?.map(\.version)
                == ["0.9", "1.0.0-rc.1", "1.0.0-rc.2", "1.0.0-rc.10", "1.0.0", "1.2.0", "1.10.0", "2"])
        #expect(try project.prompt(#require(PromptReference("p")))?.version == "2")
    }

    @Test("A version that looks like a number keeps its text")
    func numericVersion() throws {
        let project = try TemporaryProject.sound(["prompts/p.md": "---\nversion: 1.10\n---\nHi {{input}}"]).load()
            .project
        #expect(project.prompts["p"]?.first?.version == "1.10")
    }

    @Test("The examples of all files are there, in the order of the files' names, those of added/ last")
    func order() throws {
        let row = { (id: String) in #"{"id":"\#(id)","input":{"shop":"s","question":"q"}}"# }
        let project = try TemporaryProject.sound([
            "suites/support/b.jsonl": row("b"), "suites/support/added/z.jsonl": row("z"),
            "suites/support/added/c.jsonl": row("c"),
            "suites/support/.hidden.jsonl": "nonsense",
        ])
        #expect(project.load().project.suites.first?.examples.map(\.id) == ["one", "two", "b", "c", "z"])
        #expect(project.report().isEmpty)
    }

    @Test("Only the suites asked for are read, and one that does not exist is a usage error")
    func selection() throws {
        let project = try TemporaryProject.sound(["suites/broken/suite.yaml": "nonsense: 1"])
        #expect(project.load(["support"]).diagnostics.isEmpty)
        let diagnostic = try #require(project.load(["suport"]).diagnostics.first)
        #expect(diagnostic.exitCode == .usage)
        #expect(diagnostic.help == "did you mean \"support\"?")
    }

    @Test("A suite's gate builds upon the project's")
    func gate() throws {
        let project = try TemporaryProject.sound([
            "ratchet.yaml":
                "version: 1\nbackends: {recorded: {kind: echo}, local: {kind: echo}}\ngate: {false_alarms: 0.05, min_drop: 0.1}\n",
            "suites/support/suite.yaml":
                "prompt: answer\nchecks: [contains]\ngate: {min_drop: 0.2, slices: [billing, {tag: critical, policy: strict}]}\n",
        ]).load()
        #expect(project.diagnostics.isEmpty)
        let policy = try #require(project.project.suites.first?.policy)
        #expect(policy.falseAlarms == 0.05)
        #expect(policy.minimumDrop == 0.2)
        #expect(policy.slices == ["billing": .statistical, "critical": .strict])
    }

    @Test("A scale's threshold is written on the scale and kept in 0...1")
    func scales() throws {
        func threshold(_ settings: String) throws -> Double? {
            let text = "---\njudge: local/j\n\(settings)\n---\n{{output}}"
            return try TemporaryProject.sound(["rubrics/helpful.md": text]).load().project.rubrics["helpful"]?.threshold
        }
        #expect(try threshold("scale: {min: 1, max: 5, anchors: {1: bad, 5: good}}\nthreshold: 4") == 0.75)
        #expect(try threshold("scale: pass_fail") == 1)
        #expect(try threshold("scale: {labels: {a: 1, b: 0.5}}\nthreshold: 0.5") == 0.5)
        #expect(try threshold("scale: {min: 1, max: 5}\nthreshold: 0.75") == nil)
    }

    @Test("An example that is not written yet is judged as if it were")
    func adding() throws {
        let project = try TemporaryProject.sound()
        let good = NewExample(suite: "support", row: ["id": "new", "input": ["shop": "s", "question": "q"]])
        #expect(project.load(adding: good).diagnostics.isEmpty)
        #expect(project.load(adding: good).project.suites.first?.examples.last?.id == "new")
        let bad = NewExample(suite: "support", row: ["id": "one", "input": ["shop": "s"]])
        #expect(project.load(adding: bad).hasErrors)
    }

    @Test("A response schema beside the prompt is read and is part of the prompt's hash")
    func responseSchema() throws {
        let prompt = "---\nresponse_schema: ../schemas/a.json\n---\n{{question}}"
        func load(_ schema: String) throws -> Prompt? {
            try TemporaryProject.sound(["prompts/p/1.md": prompt, "prompts/schemas/a.json": schema]).load().project
                .prompts["p"]?.first
        }
        let one = try #require(try load(#"{"type":"object"}"#))
        #expect(one.responseSchema == ["type": "object"])
        #expect(try load(#"{"type":"string"}"#)?.hash != one.hash)
    }
}

@Suite("Checks as they are written")
struct CheckReaderTests {
    private func load(suite: String = "[]", _ checks: String) throws -> LoadedProject {
        try TemporaryProject.sound([
            "suites/support/suite.yaml": "checks: \(suite)\n",
            "suites/support/a.jsonl": #"{"id":"one","input":"x","checks":\#(checks)}"#,
        ]).load()
    }

    private func checks(suite: String = "[]", _ checks: String) throws -> [CheckSpecification] {
        let loaded = try load(suite: suite, checks)
        #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics)")
        return loaded.project.suites.first?.examples.first?.checks ?? []
    }

    @Test("All keys of a check")
    func keys() throws {
        let check = try #require(
            try checks(
                #"["is_json",{"contains":"x","name":"n","not":true,"weight":2,"threshold":0.5,"gating":false,"of":"$.a","when":"is_json"},"equals"]"#
            ).dropFirst().first)
        #expect((check.type, check.name, check.options, check.not) == ("contains", "n", "x", true))
        #expect(
            (check.weight, check.threshold, check.gating, check.of, check.when) == (2, 0.5, false, "$.a", "is_json"))
    }

    @Test("Checks without a name are numbered in the order written; names given win")
    func names() throws {
        #expect(
            try checks(
                suite: "[contains]", #"["contains",{"contains":"b"},{"equals":"c","name":"contains-3"},"contains"]"#
            ).map(\.name)
                == ["contains", "contains-2", "contains-4", "contains-3", "contains-5"])
        #expect(try checks(suite: "[contains]", #"[{"drop":"contains"},{"contains":"b"}]"#).map(\.name) == ["contains"])
    }

    @Test("Groups hold checks, and a check can be wrapped in not")
    func nesting() throws {
        let group = try #require(
            try checks(#"[{"any_of":["contains",{"none_of":[{"not":"is_json"}]}],"name":"g"}]"#).first)
        #expect(group.children.map(\.type) == ["contains", "none_of"])
        #expect(group.children[1].children.map(\.not) == [true])
        let wrapped = try #require(try checks(#"[{"not":{"contains":"x","name":"a"},"weight":3},"equals"]"#).first)
        #expect((wrapped.type, wrapped.name, wrapped.not, wrapped.weight) == ("contains", "a", true, 3))
    }

    @Test("A wanted value from the example stays as it was written")
    func from() throws {
        #expect(try checks(#"[{"contains":{"from":"expected"}}]"#).first?.options == ["from": "expected"])
    }

    @Test(
        "What is wrong with a check is said where it stands",
        arguments: [
            (
                #"["contans"]"#,
                "suites/support/a.jsonl:1:35: error: unknown check type \"contans\"\n  help: did you mean \"contains\"?"
            ),
            (
                #"[{"contains":"x","treshold":1}]"#,
                "suites/support/a.jsonl:1:51: error: unknown key \"treshold\"\n  help: did you mean \"threshold\"?"
            ),
            (
                #"[{"regx":"x"}]"#,
                "suites/support/a.jsonl:1:36: error: unknown check type \"regx\"\n  help: did you mean \"regex\"?"
            ),
            (
                #"[{"contains":"x","equals":"y"}]"#,
                "1:35: error: a check has one type, found \"contains\" and \"equals\""
            ),
            (#"[{"name":"x"}]"#, "1:35: error: a check needs its type"),
            (#"[7]"#, "1:35: error: a check must be a string or an object, not a number"),
            (#"{"contains":"x"}"#, "1:34: error: \"checks\" must be a list, not an object"),
            (#"[{"contains":"x","when":"nope"}]"#, "1:58: error: \"when\" names no check of this example: \"nope\""),
            (
                #"[{"contains":"x","name":"a","when":"b"},{"equals":"x","name":"b","when":"a"}]"#,
                "1:69: error: the check \"a\" waits for itself"
            ),
            (#"[{"contains":"x","name":"a"},{"equals":"x","name":"a"}]"#, "1:63: error: two checks are named \"a\""),
            (#"[{"drop":"nope"},"equals"]"#, "1:43: error: the suite has no check \"nope\" to drop"),
            (#"[{"any_of":[]}]"#, "1:45: error: \"any_of\" needs a list of checks, not an empty one"),
            (#"[{"any_of":"contains"}]"#, "1:45: error: \"any_of\" needs a list of checks, not a string"),
            (#"["all_of"]"#, "1:35: error: \"all_of\" needs a list of checks"),
            (
                #"[{"any_of":[{"contains":"x","gating":false}]}]"#,
                "1:71: error: \"gating\" has no meaning inside a group"
            ),
            (#"[{"contains":"x","weight":-1}]"#, "1:60: error: \"weight\" must be a number from 0 to 1000000, not -1"),
            (
                #"[{"contains":"x","threshold":"high"}]"#,
                "1:63: error: \"threshold\" must be a number from 0 to 1, not \"high\""
            ),
            (#"[{"contains":"x","not":"maybe"}]"#, "1:57: error: \"not\" must be true or false, not \"maybe\""),
            (#"[{"not":7}]"#, "1:42: error: \"not\" must be true, false or a check, not a number"),
            (#"[{"contains":"x","gating":false}]"#, "1:1: error: none of the example's checks gates"),
            (#"[]"#, "1:1: error: the example has no check"),
            (
                #"[{"judge":"helpfull"}]"#,
                "1:44: error: there is no rubric \"helpfull\"\n  help: did you mean \"helpful\"?"
            ),
        ])
    func mistakes(_ checks: String, _ expected: String) throws {
        let project = try TemporaryProject.sound([
            "suites/support/suite.yaml": "checks: []\n",
            "suites/support/a.jsonl": #"{"id":"one","input":"x","checks":\#(checks)}"#,
        ])
        let report = project.report()
        #expect(report.contains { $0.contains(expected) }, "\(report)")
        #expect(report.count == 1, "\(report)")
    }

    @Test("A suite's check that many examples share is reported once")
    func sharedOnce() throws {
        let project = try TemporaryProject.sound([
            "suites/support/suite.yaml": "prompt: answer\nchecks: [contains, {judge: nobody}]\n"
        ])
        #expect(
            project.report().map { $0.split(separator: "\n")[0] } == [
                "suites/support/suite.yaml:2:28: error: there is no rubric \"nobody\""
            ])
    }
}
