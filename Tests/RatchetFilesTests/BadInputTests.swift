import Foundation
import RatchetCore
import RatchetFiles
import RatchetJSON
import Testing

@Suite("Bad input")
struct BadInputTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var changes: [String: String?]
        var expected: [String]
        var code: ExitCode = .badInput

        init(_ name: String, _ changes: [String: String?], _ expected: String..., code: ExitCode = .badInput) {
            testDescription = name
            self.changes = changes
            self.expected = expected
            self.code = code
        }
    }

    private static let rows = "suites/support/a.jsonl"
    private static let suite = "suites/support/suite.yaml"
    private static let prompt = "prompts/answer/1.0.0.md"
    private static let rubric = "rubrics/helpful.md"
    private static let good = #"{"id":"good","input":{"shop":"s","question":"q"}}"#

    private static func row(_ members: String) -> String {
        #"{"id":"x","input":{"shop":"s","question":"q"}\#(members)}"#
    }

    static let examples: [Case] = [
        Case(
            "an unknown key", [rows: row(#","chekcs":[]"#)],
            #"suites/support/a.jsonl:1:47: error: unknown key "chekcs""# + "\n" + #"  help: did you mean "checks"?"#),
        Case(
            "a missing id", [rows: "\n" + #"{"input":{"shop":"s","question":"q"}}"#],
            #"suites/support/a.jsonl:2:1: error: missing key "id""#),
        Case(
            "a numeric id", [rows: #"{"id":7,"input":{"shop":"s","question":"q"}}"#],
            #"a.jsonl:1:7: error: "id" must be a string, not a number"# + "\n" + #"  help: write "7""#),
        Case(
            "an empty id", [rows: #"{"id":"","input":{"shop":"s","question":"q"}}"#],
            #"a.jsonl:1:7: error: "id" must not be empty"#),
        Case("a missing input", [rows: #"{"id":"x"}"#], #"a.jsonl:1:1: error: missing key "input""#),
        Case(
            "an id that is there twice, in two files", [rows: good, "suites/support/b.jsonl": "\n\n" + good],
            #"suites/support/b.jsonl:3:7: error: the id "good" is there twice"#
                + "\n  help: the other is suites/support/a.jsonl:1"),
        Case(
            "bad JSON", [rows: good + "\n" + #"{"id": x}"# + "\n" + #"{"id":"y""#],
            "a.jsonl:2:8: error: found 'x', wanted a value", "a.jsonl:3:10: error: "),
        Case(
            "a key that is there twice", [rows: #"{"id":"x","id":"y","input":"z"}"#],
            #"a.jsonl:1:11: error: the key "id" appears twice"#),
        Case(
            "a row that is no object", [rows: good + "\n[1]"],
            "a.jsonl:2:1: error: an example must be an object, not a list"),
        Case("pretty-printed JSON", [rows: "{\n\"id\": 1\n}"], "a.jsonl:1:2: error: "),
        Case(
            "a byte order mark", [rows: "\u{FEFF}" + row(#","wrong":1"#)],
            "a.jsonl:1:1: error: the file starts with a byte order mark", #"a.jsonl:1:47: error: unknown key "wrong""#),
        Case("CR LF", [rows: good + "\r\n" + row("") + "\r\n"], "a.jsonl:1:50: error: the line ends in CR LF"),
        Case(
            "a Git LFS pointer", [rows: "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n"],
            "a.jsonl:1:1: error: this is a Git LFS pointer, not the file itself\n  help: run: git lfs pull"),
        Case(
            "a merge conflict", [rows: "<<<<<<< HEAD\n" + good],
            "a.jsonl:1:1: error: found '<', wanted a value\n  help: this looks like a merge conflict"),
        Case("an empty suite", [rows: "\n\n"], "suites/support/suite.yaml:1:1: error: the suite has no examples"),
        Case(
            "a variable that is lacking", [rows: good + "\n" + #"{"id":"x","input":{"question":"q"}}"#],
            #"a.jsonl:2:19: error: the prompt "answer@1.0.0" needs "shop", which this example does not give"# + "\n"
                + #"  help: add it to "input"; it is used in prompts/answer/1.0.0.md:6:16"#),
        Case(
            "an example without any check", [suite: "prompt: answer\n", rows: good],
            "a.jsonl:1:1: error: the example has no check"),
        Case(
            "examples outside a suite", ["suites/stray.jsonl": good],
            "suites/stray.jsonl:1:1: error: examples outside a suite"),
        Case(
            "a suite without suite.yaml", [suite: nil],
            #"suites/support/suite.yaml:1:1: error: cannot read "suites/support/suite.yaml": there is no such file"#),
        Case(
            "a suite's name", ["suites/Über/suite.yaml": "checks: []"],
            #"suites/Über:1:1: error: "Über" is not a suite's name"#),
        Case(
            "wrong types",
            [rows: row(#","tags":"a","contexts":[1],"must_pass":"yes","pass_when":{"score":2},"group":1"#)],
            #":1:54: error: "tags" must be a list, not "a""#, ":1:70: error: a context must be a string or an object",
            #":1:85: error: "must_pass" must be true, false or "always", not "yes""#,
            #":1:112: error: "score" must be a number from 0 to 1, not 2"#,
            #":1:123: error: "group" must be a string that is not empty, not 1"#),
        Case(
            "an input without a prompt", [suite: "checks: [contains]\n", rows: #"{"id":"x","input":{"a":1}}"#],
            "a.jsonl:1:19: error: without a prompt the input must be a string or a list of messages"),
    ]

    static let files: [Case] = [
        Case(
            "unknown keys of a suite", [suite: "prompt: answer\ncheks: []\nchecks: [contains]\n"],
            #"suites/support/suite.yaml:2:1: error: unknown key "cheks""# + "\n" + #"  help: did you mean "checks"?"#),
        Case("bad YAML of a suite", [suite: "prompt: answer\nchecks: [contains\n"], "suites/support/suite.yaml:"),
        Case(
            "a prompt that is not there", [suite: "prompt: anser\nchecks: [contains]\n"],
            #"suites/support/suite.yaml:1:9: error: there is no prompt "anser""# + "\n"
                + #"  help: did you mean "answer"?"#),
        Case(
            "a version that is not there", [suite: "prompt: answer@9\nchecks: [contains]\n"],
            #"suite.yaml:1:9: error: the prompt "answer" has no version "9""# + "\n  help: versions: 1.0.0"),
        Case(
            "a backend that is not there", [suite: "prompt: answer\ntarget: locl/m\nchecks: [contains]\n"],
            #"suite.yaml:2:9: error: there is no backend "locl" in ratchet.yaml"# + "\n"
                + #"  help: did you mean "local"?"#),
        Case(
            "an unknown check type of a suite", [suite: "prompt: answer\nchecks:\n  - contians\n"],
            #"suite.yaml:3:5: error: unknown check type "contians""#),
        Case(
            "a drop in a suite", [suite: "prompt: answer\nchecks: [contains, {drop: contains}]\n"],
            "suite.yaml:2:20: error: only an example can drop a check"),
        Case(
            "a parameter that the request sets", [suite: "prompt: answer\nparams: {model: x}\nchecks: [contains]\n"],
            #"suite.yaml:2:10: error: "model" cannot be set as a parameter"#),
        Case(
            "a version that differs from the file's name",
            [
                prompt: "---\nversion: 1.1.0\n---\n{{shop}}{{question}}\n",
                suite: "prompt: answer\nchecks: [contains]\n",
            ], #"prompts/answer/1.0.0.md:2:10: error: the version is "1.1.0", but the file is named "1.0.0.md""#),
        Case(
            "unknown keys of a prompt", [prompt: "---\nversion: 1.0.0\nparam: {}\n---\nHi\n"],
            #"prompts/answer/1.0.0.md:3:1: error: unknown key "param""#),
        Case(
            "front matter that does not end", [prompt: "---\nversion: 1.0.0\nHi\n"],
            "prompts/answer/1.0.0.md:1:1: error: the front matter has no closing line"),
        Case(
            "a broken template", [prompt: "---\nversion: 1.0.0\n---\nuser:\n\nHi {{#name}}\n"],
            #"prompts/answer/1.0.0.md:6:4: error: the section "name" is not closed"#),
        Case(
            "an empty prompt", [prompt: "---\nversion: 1.0.0\n---\n"],
            "prompts/answer/1.0.0.md:4:1: error: the body is empty"),
        Case(
            "a flat prompt without a version", ["prompts/flat.md": "Hi"],
            #"prompts/flat.md:1:1: error: missing key "version""#),
        Case(
            "one version in both forms", ["prompts/answer.md": "---\nversion: 1.0.0\n---\nHi"],
            #"error: the prompt "answer@1.0.0" is there twice"#),
        Case(
            "a schema outside the project",
            [prompt: "---\nresponse_schema: ../../../../etc/passwd\n---\n{{shop}}{{question}}"],
            #"1.0.0.md:2:18: error: "../../../../etc/passwd" lies outside the project"#),
        Case(
            "a schema that is not JSON",
            [
                prompt: "---\nresponse_schema: s.json\n---\n{{shop}}{{question}}",
                "prompts/answer/s.json": "{\n\"a\": }",
            ], "prompts/answer/s.json:2:6: error: "),
        Case(
            "an even number of votes", [rubric: "---\njudge: local/j\nvotes: 2\n---\n{{output}}"],
            #"rubrics/helpful.md:3:8: error: "votes" must be odd"#),
        Case(
            "a rubric without a judge", [rubric: "---\nvotes: 1\n---\n{{output}}"],
            #"rubrics/helpful.md:2:1: error: missing key "judge""#),
        Case(
            "a rubric's unknown variable", [rubric: "---\njudge: local/j\n---\nuser:\nIs {{outptu}} good? {{output}}"],
            #"rubrics/helpful.md:5:4: error: a rubric has no variable "outptu""# + "\n"
                + #"  help: did you mean "output"?"#),
        Case(
            "a rubric's scale",
            [rubric: "---\njudge: local/j\nscale: {labels: {good: 2}}\nthreshold: 1\n---\n{{output}}"],
            #"rubrics/helpful.md:3:24: error: the score of the label "good" must be a number from 0 to 1"#),
        Case(
            "a threshold off the scale",
            [rubric: "---\njudge: local/j\nscale: {min: 1, max: 5}\nthreshold: 0.5\n---\n{{output}}"],
            #"rubrics/helpful.md:4:12: error: "threshold" must be a number from 1 to 5, not 0.5"#),
    ]

    /// Nothing but the configuration names a backend.
    private static let withoutTargets =
        [rubric: nil, suite: "prompt: answer\nchecks: [contains]\n"] as [String: String?]

    static let configurations: [Case] = [
        Case(
            "no ratchet.yaml", ["ratchet.yaml": nil],
            "ratchet.yaml:1:1: error: cannot read \"ratchet.yaml\": there is no such file\n  help: make a project here with: ratchet init",
            code: .badConfig),
        Case(
            "another version", ["ratchet.yaml": "version: 2\n"],
            #"ratchet.yaml:1:10: error: this is a configuration of version "2"; this program reads version 1"#,
            code: .badConfig),
        Case(
            "no version", ["ratchet.yaml": "defaults: {trials: 1}\n"],
            #"ratchet.yaml:1:1: error: missing key "version""#, code: .badConfig),
        Case(
            "an unknown key", ["ratchet.yaml": "version: 1\nbackend: {}\n"],
            #"ratchet.yaml:2:1: error: unknown key "backend""# + "\n" + #"  help: did you mean "backends"?"#,
            code: .badConfig),
        Case(
            "an unknown kind", ["ratchet.yaml": "version: 1\nbackends:\n  a: {kind: opneai}\n"],
            #"ratchet.yaml:3:13: error: unknown kind of backend "opneai""# + "\n" + #"  help: did you mean "openai"?"#,
            code: .badConfig),
        Case(
            "a key instead of its variable",
            [
                "ratchet.yaml":
                    "version: 1\nbackends:\n  a: {kind: openai, base_url: \"http://x\", api_key_env: \"sk-123\"}\n"
            ], "ratchet.yaml:3:56: error: this is not the name of an environment variable", code: .badConfig),
        Case(
            "a secret header",
            [
                "ratchet.yaml":
                    "version: 1\nbackends:\n  a: {kind: openai, base_url: \"http://x\", headers: {Authorization: x}}\n"
            ], #"ratchet.yaml:3:53: error: the header "Authorization" would hold a secret"#, code: .badConfig),
        Case(
            "bad values",
            [
                "ratchet.yaml":
                    "version: 1\ndefaults: {trials: 0, concurrency: many}\ngate: {policy: strct, false_alarms: 2}\n"
            ], #":2:20: error: "trials" must be a whole number from 1 to 1000, not 0"#,
            #":2:36: error: "concurrency" must be"#,
            #":3:16: error: "policy" must be "statistical" or "strict", not "strct""#, #":3:37: error: "false_alarms""#,
            code: .badConfig),
        Case(
            "bad YAML", ["ratchet.yaml": "version: 1\nbackends: {a: {kind: echo\n"], "ratchet.yaml:", code: .badConfig),
        Case(
            "a default target without a backend",
            ["ratchet.yaml": "version: 1\ndefaults: {target: nobody/m}\nbackends: {local: {kind: echo}}\n"],
            #"ratchet.yaml:2:20: error: there is no backend "nobody" in ratchet.yaml"#, code: .badConfig),
        Case(
            "CR LF", ["ratchet.yaml": "version: 1\r\nbackends: {local: {kind: echo}}\r\n"],
            "ratchet.yaml:1:11: error: the line ends in CR LF", code: .badConfig),
    ]

    @Test(
        "Each is reported with file, line and column",
        arguments: examples + files
            + configurations.map { test in
                var test = test
                test.changes.merge(withoutTargets) { own, _ in own }
                return test
            })
    func reported(_ test: Case) throws {
        let project = try TemporaryProject.sound(test.changes)
        let loaded = project.load()
        let report = project.describe(loaded.diagnostics)
        for expected in test.expected {
            #expect(report.contains { $0.contains(expected) }, "\(expected) in \(report)")
        }
        #expect(report.count == test.expected.count, "\(report)")
        #expect(loaded.diagnostics.allSatisfy { $0.exitCode == test.code })
    }

    @Test("Invalid UTF-8 is found by its byte")
    func invalidUTF8() throws {
        let project = try TemporaryProject.sound()
        try project.write(
            Array("{\"id\":\"a\"}\n{\"id\":\"é".utf8) + [0xFF] + Array("\"}".utf8), "suites/support/a.jsonl")
        #expect(
            project.report() == [
                "suites/support/a.jsonl:2:9: error: the byte 0xFF is not valid UTF-8\n  help: save the file as UTF-8"
            ])
    }

    @Test("UTF-16 is named as what it is")
    func utf16() throws {
        let project = try TemporaryProject.sound()
        try project.write([0xFF, 0xFE, 0x7B, 0x00], "suites/support/a.jsonl")
        #expect(
            project.report().map { $0.split(separator: "\n")[0] } == [
                "suites/support/a.jsonl:1:1: error: the file starts with a UTF-16 byte order mark"
            ])
    }

    @Test("Loops of links, pipes and folders in the place of files are reported, and nothing hangs")
    func oddFiles() throws {
        let project = try TemporaryProject.sound()
        let manager = FileManager.default
        try manager.createSymbolicLink(
            atPath: project.folder.path("suites/support/loop.jsonl"), withDestinationPath: "loop.jsonl")
        try manager.createSymbolicLink(atPath: project.folder.path("suites/around"), withDestinationPath: "../suites")
        #expect(mkfifo(project.folder.path("suites/support/pipe.jsonl"), 0o600) == 0)
        try manager.createDirectory(
            atPath: project.folder.path("suites/support/folder.jsonl"), withIntermediateDirectories: false)
        let report = project.report().map { String($0.split(separator: "\n")[0]) }
        #expect(
            report == [
                "suites/around/suite.yaml:1:1: error: cannot read \"suites/around/suite.yaml\": there is no such file",
                "suites/around/support:1:1: warning: the examples in this folder are not read",
                "suites/support/folder.jsonl:1:1: error: cannot read \"suites/support/folder.jsonl\": it is a folder",
                "suites/support/loop.jsonl:1:1: error: cannot read \"suites/support/loop.jsonl\": its symbolic links form a loop",
                "suites/support/pipe.jsonl:1:1: error: cannot read \"suites/support/pipe.jsonl\": it is not a regular file",
            ])
    }

    @Test("A file that may not be read is reported", .enabled(if: getuid() != 0))
    func unreadable() throws {
        let project = try TemporaryProject.sound()
        chmod(project.folder.path("suites/support/a.jsonl"), 0)
        #expect(project.report().first?.contains("no permission") == true)
    }

    @Test("All problems of all files come at once")
    func allAtOnce() throws {
        let project = try TemporaryProject.sound([
            "ratchet.yaml": "version: 1\nwrong: 1\n", "prompts/other/1.md": "{{",
            "rubrics/r.md": "---\n---\n{{output}}",
            "suites/support/suite.yaml": "wrong: 1\n", "suites/support/a.jsonl": "{\n" + Self.good + "\n{}",
            "suites/two/suite.yaml": "",
        ])
        let files = Set(project.load().diagnostics.compactMap { $0.source?.file })
        #expect(
            files.isSuperset(of: [
                "ratchet.yaml", "prompts/other/1.md", "rubrics/r.md", "suites/support/suite.yaml",
                "suites/support/a.jsonl", "suites/two/suite.yaml",
            ]))
    }

    @Test("Whatever stands in a file, it is a diagnostic and not a crash")
    func hostile() throws {
        let nested = String(repeating: "[", count: 100_000)
        let texts =
            try NaughtyStrings.all() + [
                nested, "\0", "{\"id\":\(nested)", "---", "---\n---", "\u{FEFF}", "null", "[]", "7",
            ]
        let joined = texts.joined(separator: "\n")
        let names = [
            "ratchet.yaml", "prompts/answer/1.0.0.md", "rubrics/helpful.md", "suites/support/suite.yaml",
            "suites/support/a.jsonl",
        ]
        for name in names {
            for content in [joined, nested, "---\n" + nested, "---\n---\n" + joined, "[]", "7", "null", "\0\0", ""] {
                _ = try TemporaryProject.sound([name: content]).report()
            }
        }
    }
}
