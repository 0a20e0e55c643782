import Foundation
import RatchetJSON
import TestSupport
import Testing

@testable import RatchetCLI

@Suite("What comes with the program")
struct ProductTests {
    @Test("Help on every topic, completions for every shell, and a manual page that man accepts")
    func pages() throws {
        let workspace = try Workspace()
        for topic in ["exit-codes", "checks", "suite", "gate", "environment"] {
            let help = try workspace.ratchet("help", topic)
            #expect(help.code == 0 && help.output.split(separator: "\n").count > 5, "\(topic)")
        }
        for shell in ["bash", "zsh", "fish"] { #expect(try workspace.ratchet("completions", shell).output.contains("baseline"), "\(shell)") }
        let page = try workspace.ratchet("man")
        #expect(page.output.hasPrefix(".TH RATCHET 1"))
        #expect(page.output.contains(".SS ratchet baseline accept") && page.output.contains("\\-\\-allow\\-regression"))
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/groff") else { return }
        try workspace.write("ratchet.1", page.output)
        let shown = try workspace.run("/bin/sh", ["-c", "groff -man -ww -z ratchet.1"])
        #expect(shown.error.isEmpty, "\(shown.error.prefix(500))")
    }

    @Test("doctor says which key is missing and which server answers, and exits as a run would")
    func doctor() throws {
        let server = try LoopbackServer { _ in .json("{}") }
        let workspace = try Workspace(
            examples: [#"{"id":"a","input":"q","checks":["is_json"]}"#], suite: "target: up/m\n",
            configuration: """
                version: 1
                backends:
                  up: {kind: openai, base_url: "\(server.url)/v1"}
                  keyed: {kind: openai, base_url: "\(server.url)/v1", api_key_env: NOT_SET_HERE}

                """)
        let found = try workspace.ratchet("doctor")
        #expect(found.code == 77)
        #expect(found.output.contains("NOT_SET_HERE is not set") && found.output.contains("answers (HTTP 200)"))
        #expect(server.requests.allSatisfy { $0.body.isEmpty })
        #expect(try workspace.ratchet("doctor", environment: ["NOT_SET_HERE": "sk-secret-1"]).code == 0)
        server.stop()
        let gone = try workspace.ratchet("doctor", environment: ["NOT_SET_HERE": "sk-secret-1"])
        #expect(gone.code == 69)
        #expect(!gone.output.contains("sk-secret-1"))
    }

    @Test("Without its keys a run is 77; where that is to be skipped, it is headed NOT RUN in every form and green in none")
    func skipped() throws {
        let workspace = try Workspace(
            examples: [#"{"id":"a","input":"q","checks":["is_json"]}"#], suite: "target: api/m\n",
            configuration: "version: 1\nbackends:\n  api: {kind: openai, base_url: \"http://127.0.0.1:9/v1\", api_key_env: NOT_SET_HERE}\n")
        #expect(try workspace.ratchet("run").code == 77)
        let kinds = ["html", "md", "junit", "json", "sarif", "text"]
        let skipped = try workspace.ratchet(["run", "--on-no-credentials", "skip"] + kinds.flatMap { ["--report", "\($0)=a.\($0)"] })
        #expect(skipped.code == 0)
        #expect(skipped.output.hasPrefix("NOT RUN"))
        for kind in kinds {
            let text = try workspace.read("a.\(kind)")
            #expect(text.contains("NOT_SET_HERE") && !text.contains("PASSED"), "\(kind)")
        }
        #expect(try workspace.read("a.junit").contains("skipped=\"1\""))
        #expect(try JSONValue(parsing: workspace.read("a.json"))["exit.name"] == "skipped")
        #expect(try workspace.ratchet("runs", "list").output.contains("no runs yet"))
    }

    @Test("Colours are chosen in the documented order")
    func colours() throws {
        let workspace = try Workspace(examples: [#"{"id":"a","input":"q","checks":[{"contains":"x"}]}"#], recording: [#"{"example":"a","output":"x"}"#])
        let isColoured = { (environment: [String: String]) in
            try workspace.ratchet("run", "--baseline", "none", environment: environment).output.contains("\u{1B}[")
        }
        #expect(try !isColoured([:]))
        #expect(try isColoured(["CLICOLOR_FORCE": "1"]))
        #expect(try isColoured(["CLICOLOR_FORCE": "1", "CLICOLOR": "0", "TERM": "dumb"]))
        #expect(try !isColoured(["CLICOLOR_FORCE": "1", "NO_COLOR": "1"]))
        #expect(try !isColoured(["CLICOLOR_FORCE": "0"]))
    }
}

/// The steps of the action, with a server in the place of GitHub's.
@Suite("The GitHub action")
struct ActionTests {
    private static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("scripts/action")

    @Test("The run's code is an output, and summary, reports and annotations are there whatever it was")
    func run() throws {
        let workspace = try Workspace(
            examples: [#"{"id":"a","input":"q","checks":[{"contains":"x"}],"must_pass":"always"}"#], recording: [#"{"example":"a","output":"no"}"#])
        try workspace.write("output", "")
        let step = try workspace.run(
            Self.scripts.appendingPathComponent("run").path, [],
            environment: [
                "PATH": Workspace.program.deletingLastPathComponent().path + ":/usr/bin:/bin", "RUNNER_TEMP": workspace.root.path,
                "GITHUB_OUTPUT": workspace.root.path + "/output", "GITHUB_STEP_SUMMARY": workspace.root.path + "/summary",
                "ARGS": "s --baseline none --only 'a'",
            ])
        #expect(step.code == 0, "\(step.error)")
        #expect(try workspace.read("output").contains("exit-code=100\nreport="))
        #expect(try workspace.read("summary").contains("## Ratchet: FAILED"))
        #expect(step.error.contains("::error file=suites/s/examples.jsonl,line=1"))
        #expect(workspace.exists("ratchet-report/ratchet.html"))
    }

    @Test(
        "One comment is written, and the next run replaces it; a token that may not write fails nothing",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3"), "there is no Python here"))
    func comment() throws {
        let existing = Lock("[]")
        let status = Lock(200)
        let server = try LoopbackServer { request in
            request.method == "GET" ? .json(existing.value) : .json("{}", status: status.value)
        }
        let workspace = try Workspace()
        try workspace.write("event.json", #"{"pull_request":{"number":7}}"#)
        try workspace.write("ratchet.md", "<!-- ratchet:report -->\n## Ratchet: PASSED\n")
        let comment = {
            try workspace.run(
                Self.scripts.appendingPathComponent("comment").path, ["ratchet.md"],
                environment: [
                    "GITHUB_TOKEN": "t", "GITHUB_API_URL": server.url, "GITHUB_REPOSITORY": "o/r",
                    "GITHUB_EVENT_PATH": workspace.root.path + "/event.json",
                ])
        }
        #expect(try comment().output == "wrote a comment\n")
        existing.update { $0 = ##"[{"id":1,"body":"<!-- ratchet:report --> quoted","user":{"type":"User"}},{"id":9,"body":"<!-- ratchet:report -->\nold","user":{"type":"Bot"}}]"## }
        #expect(try comment().output == "updated the comment\n")
        let asked = server.requests.filter { $0.method != "GET" }.map { "\($0.method) \($0.target)" }
        #expect(asked == ["POST /repos/o/r/issues/7/comments", "PATCH /repos/o/r/issues/comments/9"])
        status.update { $0 = 403 }
        let refused = try comment()
        #expect(refused.code == 0 && refused.output.contains("HTTP 403"))
    }
}
