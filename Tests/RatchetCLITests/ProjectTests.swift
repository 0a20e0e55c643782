import Foundation
import RatchetJSON
import Testing

@Suite("Projects, on the built program")
struct ProjectTests {
    @Test("a new project runs at once, is accepted, and refuses a broken prompt")
    func initialize() throws {
        let workspace = try Workspace()
        #expect(try workspace.ratchet("init").code == 0)
        #expect(try workspace.ratchet("check").code == 0)
        #expect(try workspace.ratchet("run").code == 66)
        #expect(try workspace.ratchet("baseline", "accept").code == 0)
        #expect(try workspace.ratchet("run").code == 0)
        let prompt = try workspace.read("prompts/welcome/1.0.0.md")
        try workspace.write("prompts/welcome/1.0.0.md", prompt.replacingOccurrences(of: "within one day", with: "soon"))
        let broken = try workspace.ratchet("run", "--format", "json")
        #expect(broken.code == 100)
        #expect(try broken.json["suites.0.failed_rules"]?.texts == ["strict"])
        #expect(try broken.json["suites.0.transitions.lost"]?.texts == ["says-how-to-get-help"])
        #expect(try workspace.ratchet("init").code == 64)
    }

    @Test(
        "bad input stops before any call, with file, line and column",
        arguments: [
            ("suites/s/examples.jsonl", #"{"id":"a","input":"x","chekcs":["is_json"]}"#, 65, "suites/s/examples.jsonl:1:"),
            ("suites/s/examples.jsonl", #"{"id":"a","input":"x","checks":[{"regexx":"a"}]}"#, 65, "regexx"),
            ("suites/s/examples.jsonl", #"{"id":"a","input":"x","checks":[{"regex":"a("}]}"#, 65, "suites/s/examples.jsonl:1:"),
            ("suites/s/examples.jsonl", #"{"input":"x","checks":["is_json"]}"#, 65, "id"),
            ("suites/s/examples.jsonl", #"{"id":"a","input":"x"}"#, 65, "no check"),
            ("suites/s/examples.jsonl", #"{"id":"a","input":"x","checks":["is_json"]"#, 65, "suites/s/examples.jsonl:1:"),
            ("suites/s/examples.jsonl", "\u{FEFF}" + #"{"id":"a","input":"x","checks":["is_json"]}"#, 65, "byte order mark"),
            ("suites/s/examples.jsonl", #"{"id":"a","input":"x","checks":["is_json"]}"# + "\r\n", 65, "CR"),
            ("suites/s/examples.jsonl", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", 65, "git lfs pull"),
            ("suites/s/examples.jsonl", "", 65, "example"),
            ("suites/s/suite.yaml", "checks: [", 65, "suites/s/suite.yaml:"),
            ("suites/s/suite.yaml", "prompt: nobody@1.0.0\n", 65, "nobody"),
            ("ratchet.yaml", "version: 1\nbackends: {x: {kind: wizard}}\n", 78, "ratchet.yaml:2:"),
            ("ratchet.yaml", "version: 1\nbackends: {recorded: {kind: replay}}\ndefaults: {target: recorded/m}\n", 78, "file"),
            ("ratchet.yaml", "version: 1\ndefaults: {target: nope/m}\n", 78, "ratchet.yaml:2:"),
            ("baselines/gone.jsonl", "{}", 65, "suite of this baseline is gone"),
            ("overrides/2026-11-20-x.yaml", "version: 1\nsuite: s\nexamples: [nobody]\nkind: accept\nreason: the new answer is what we want\n", 103, "nobody"),
            ("ratchet.yaml", "version: 2\n", 78, "ratchet.yaml:1:"),
            ("ratchet.yaml", "version: 1\ndefualts: {}\n", 78, "defaults"),
        ])
    func badInput(file: String, content: String, code: Int32, message: String) throws {
        let workspace = try Workspace(examples: [#"{"id":"a","input":"x","checks":["is_json"]}"#])
        try workspace.write(file, content)
        for command in ["check", "run"] {
            let result = try workspace.ratchet(command)
            #expect(result.code == code, "\(result.error)")
            #expect(result.error.contains(message), "\(result.error)")
        }
        #expect(!workspace.exists(".ratchet"))
    }

    @Test("all problems of all files are reported at once")
    func allAtOnce() throws {
        let workspace = try Workspace(examples: [
            #"{"id":"a","input":"x","checks":[{"regex":"a("}]}"#, #"{"id":"a","input":"y","checks":["nope"]}"#,
        ])
        try workspace.write("ratchet.yaml", Workspace.configuration + "unknown: 1\n")
        let error = try workspace.ratchet("check").error
        for part in ["examples.jsonl:1:", "examples.jsonl:2:", "ratchet.yaml:"] { #expect(error.contains(part)) }
        let json = try workspace.ratchet("run", "--format", "json").json
        #expect(json["exit.code"] == 78)
        // The example whose only check is unknown is not also said to have none.
        #expect(json["diagnostics"]?.arrayValue?.count == 3)
        #expect(json["diagnostics.0.line"]?.intValue != nil)
    }

    @Test("a key that the configuration names and the environment lacks is exit 77, before any call")
    func credentials() throws {
        let workspace = try Workspace(
            examples: [#"{"id":"a","input":"x","checks":["is_json"]}"#],
            configuration: """
                version: 1
                backends: {api: {kind: openai, base_url: "http://127.0.0.1:9/v1", api_key_env: NO_SUCH_KEY}}
                defaults: {target: api/m}

                """)
        let result = try workspace.ratchet("run")
        #expect(result.code == 77)
        #expect(result.error.contains("NO_SUCH_KEY"))
    }

    @Test("suite add: writes a file of its own, runs it once, refuses duplicates and secrets")
    func suiteAdd() throws {
        let workspace = try Workspace(
            examples: [#"{"id":"a","input":"x","checks":[{"contains":"yes"}]}"#],
            configuration: "version: 1\ndefaults: {target: echo/prompt}\n")
        let added = try workspace.ratchet(
            "suite", "add", "s", "--id", "new one", "--input", "a question", "--expected", "an answer")
        #expect(added.code == 0, "\(added.error)")
        #expect(added.output.contains("suites/s/added/"))
        #expect(added.output.contains("failed"))
        #expect(added.output.contains("--known-failing"))
        #expect(try workspace.ratchet("suite", "add", "s", "--id", "new one", "--input", "other", "--check", "is_json").code == 65)
        #expect(try workspace.ratchet("suite", "add", "s", "--id", "two", "--input", "a question", "--check", "is_json").code == 65)
        #expect(try workspace.ratchet("suite", "add", "s", "--id", "three", "--input", "no check at all").code == 65)
        let secret = try workspace.ratchet(
            "suite", "add", "s", "--id", "four", "--input", "mail jane.doe@company.com", "--check", "is_json")
        #expect(secret.code == 65)
        #expect(
            try workspace.ratchet(
                "suite", "add", "s", "--id", "four", "--input", "mail jane.doe@company.com", "--check", "is_json",
                "--allow-sensitive", "--no-run"
            ).code == 0)
        let typed = try workspace.ratchet(
            "suite", "add", "s", "--no-run", input: #"{"id":"five","input":"five","checks":["is_json"]}"#)
        #expect(typed.code == 0, "\(typed.error)")
        #expect(try workspace.ratchet("suite", "list", "s", "--format", "json").json["examples"]?.arrayValue?.count == 4)
    }

    @Test("suite add: the first example of a suite")
    func firstExample() throws {
        let workspace = try Workspace(examples: [], configuration: "version: 1\ndefaults: {target: echo/prompt}\n")
        let added = try workspace.ratchet("suite", "add", "s", "--input", "hello", "--check", #"{"contains":"hello"}"#)
        #expect(added.code == 0, "\(added.error)")
        #expect(try workspace.ratchet("run", "--baseline", "none").code == 0)
    }

    @Test("suite add: what looks sensitive does not reach the file's name")
    func sensitiveName() throws {
        let workspace = try Workspace(examples: [], configuration: "version: 1\ndefaults: {target: echo/prompt}\n")
        let added = try workspace.ratchet(
            "suite", "add", "s", "--input", "mail jane.doe@company.com", "--check", "is_json", "--allow-sensitive", "--no-run")
        #expect(added.code == 0, "\(added.error)")
        #expect(!added.output.contains("jane"))
    }

    @Test("a report to a device is written to it, and the device stays")
    func device() throws {
        let workspace = try Workspace(
            examples: [#"{"id":"a","input":"yes","checks":[{"contains":"yes"}]}"#],
            configuration: "version: 1\ndefaults: {target: echo/prompt}\n")
        #expect(try workspace.ratchet("run", "--baseline", "none", "--report", "json=/dev/null").code == 0)
        var status = stat()
        #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
        #expect(try workspace.ratchet("run", "--baseline", "none", "--report", "json=/dev/full").code == 73)
    }

    @Test("suite add --from-log: an edit is offered as the wanted answer; without one or a check it is refused")
    func suiteAddFromLog() throws {
        let workspace = try Workspace(
            examples: [#"{"id":"a","input":"x","checks":[{"contains":"yes"}]}"#],
            configuration: "version: 1\ndefaults: {target: echo/prompt}\n")
        try workspace.write(
            "log.jsonl",
            #"{"trace_id":"t1","input":"where is it?","output":"no idea","contexts":[{"id":"kb-1"}],"feedback":{"thumb":"down","edit":"in the post"}}"#
                + "\n")
        let refused = try workspace.ratchet("suite", "add", "s", "--from-log", "log.jsonl", "--trace", "t1")
        #expect(refused.code == 65)
        #expect(refused.error.contains("in the post"))
        let added = try workspace.ratchet(
            "suite", "add", "s", "--from-log", "log.jsonl", "--trace", "t1", "--expected", "in the post", "--id", "lost",
            "--known-failing", "the tool is not there yet")
        #expect(added.code == 0, "\(added.error)")
        #expect(try workspace.ratchet("suite", "add", "s", "--from-log", "log.jsonl", "--trace", "t2", "--check", "is_json").code == 65)
        let list = try workspace.ratchet("suite", "list", "s", "--format", "json").json
        #expect(list["examples.1.known_failing"] == "the tool is not there yet")
    }

    @Test("suite add --from-run: takes an example of a stored run into another suite")
    func suiteAddFromRun() throws {
        let workspace = try Workspace(
            examples: [#"{"id":"a","input":"x","checks":[{"contains":"yes"}]}"#],
            configuration: "version: 1\ndefaults: {target: echo/prompt}\n")
        try workspace.write("suites/t/suite.yaml", "description: another\n")
        try workspace.write("suites/t/e.jsonl", #"{"id":"b","input":"y","checks":["is_json"]}"# + "\n")
        try workspace.ratchet("run", "s")
        let added = try workspace.ratchet("suite", "add", "t", "--from-run", "latest/s/a", "--check", "is_json", "--no-run")
        #expect(added.code == 0, "\(added.error)")
        let list = try workspace.ratchet("suite", "list", "t", "--format", "json").json
        #expect(list["examples.1.input"] == "x")
    }

    @Test("baseline status and show say what was accepted")
    func baseline() throws {
        let workspace = try Workspace(
            examples: [#"{"id":"a","input":"yes","checks":[{"contains":"yes"}]}"#],
            configuration: "version: 1\ndefaults: {target: echo/prompt}\n")
        #expect(try workspace.ratchet("baseline", "status").code == 66)
        try workspace.ratchet("run")
        try workspace.ratchet("baseline", "accept")
        #expect(try workspace.ratchet("baseline", "status", "--format", "json").json["baselines.0.comparable"] == 1)
        #expect(try workspace.ratchet("baseline", "show", "s", "a").output.contains("1/1"))
        #expect(try workspace.ratchet("baseline", "accept", "--baseline", "release").code == 0)
        #expect(workspace.exists("baselines/s.release.jsonl"))
        #expect(try workspace.ratchet("run", "--baseline", "release").code == 0)
    }

    @Test("an incomplete run is no baseline")
    func refusesErrored() throws {
        let workspace = try Workspace(
            examples: [
                #"{"id":"a","input":"x","checks":[{"contains":"yes"}]}"#, #"{"id":"b","input":"y","checks":[{"contains":"yes"}]}"#,
            ], recording: [#"{"example":"a","model":"m","output":"yes"}"#])
        #expect(try workspace.ratchet("run").code == 69)
        #expect(try workspace.ratchet("baseline", "accept").code == 65)
        #expect(try workspace.ratchet("baseline", "accept", "--without", "b").code == 0)
    }
}
