import Foundation
import RatchetJSON
import Testing

@Suite("The main way, on the built program")
struct MainWayTests {
    /// Twenty examples and two models: `m` answers all of them, `worse` loses twelve and a half.
    private func workspace() throws -> Workspace {
        let examples = (0..<24).map { #"{"id":"e\#($0)","input":"q\#($0)","checks":[{"contains":"yes"}]}"# }
        let recording = (0..<24).flatMap { index in
            [
                #"{"example":"e\#(index)","model":"m","output":"yes, indeed","usage":{"input_tokens":3,"output_tokens":2}}"#,
                #"{"example":"e\#(index)","model":"worse","output":"\#(index % 2 == 0 ? "no" : "yes")"}"#,
            ]
        }
        return try Workspace(examples: examples, recording: recording)
    }

    @Test("run without a baseline shows everything and says how to accept; then the gate decides")
    func firstMinutes() throws {
        let workspace = try workspace()
        let first = try workspace.ratchet("run")
        #expect(first.code == 66)
        #expect(first.output.contains("NO BASELINE"))
        #expect(first.output.contains("ratchet baseline accept"))

        #expect(try workspace.ratchet("baseline", "accept").code == 0)
        #expect(workspace.exists("baselines/s.jsonl") && workspace.exists("baselines/s.metrics.json"))
        let passed = try workspace.ratchet("run")
        #expect(passed.code == 0)
        #expect(passed.output.contains("PASSED"))

        let failed = try workspace.ratchet("run", "--target", "recorded/worse", "--format", "json")
        #expect(failed.code == 100)
        let json = try failed.json
        #expect(json["exit.name"] == "regressed")
        #expect(json["suites.0.failed_rules"]?.texts == ["aggregate"])
        #expect(Set(json["suites.0.transitions.lost"]?.texts ?? []) == Set((0..<12).map { "e\($0 * 2)" }))
        #expect(json["suites.0.counts.passed"] == 12)
        #expect(json["suites.0.metrics.cost_usd"] == .null)
        #expect(json["suites.0.examples.0.trials.0.output"] == "no")
    }

    @Test("the other way round is an improvement")
    func improvement() throws {
        let workspace = try workspace()
        try workspace.ratchet("run", "--target", "recorded/worse")
        try workspace.ratchet("baseline", "accept")
        let better = try workspace.ratchet("run", "--format", "json")
        #expect(better.code == 0)
        #expect(try better.json["suites.0.transitions.won"]?.texts.count == 12)
    }

    @Test("a passing run leaves the repository clean: accepting it again changes no file")
    func acceptTwice() throws {
        let workspace = try workspace()
        try workspace.ratchet("run")
        try workspace.ratchet("baseline", "accept")
        let before = try workspace.read("baselines/s.jsonl")
        try workspace.ratchet("run")
        try workspace.ratchet("baseline", "accept")
        #expect(try workspace.read("baselines/s.jsonl") == before)
    }

    @Test("--allow-regression writes an override that is bound to what was seen, and it is honoured afterwards")
    func allowRegression() throws {
        let workspace = try workspace()
        try workspace.ratchet("run")
        try workspace.ratchet("baseline", "accept")
        let reason = "the new model is cheaper and good enough"
        let allowed = try workspace.ratchet(
            "run", "--target", "recorded/worse", "--allow-regression", "s:pass_rate", "--reason", reason)
        #expect(allowed.code == 0)
        #expect(allowed.output.contains("PASSED WITH 1 OVERRIDE"))
        let again = try workspace.ratchet("run", "--target", "recorded/worse", "--format", "json")
        #expect(again.code == 0)
        #expect(try again.json["suites.0.overrides.0.status"] == "used")
        // Unused it is a warning here and an error in CI.
        #expect(try workspace.ratchet("run").code == 0)
        #expect(try workspace.ratchet("run", environment: ["CI": "true"]).code == 103)
        for reason in ["short", "todo todo todo todo todo todo"] {
            #expect(try workspace.ratchet("run", "--allow-regression", "e1", "--reason", reason).code == 64)
        }
        #expect(try workspace.ratchet("run", "--allow-regression", "nobody", "--reason", reason).code == 64)
    }

    @Test("a must-pass example fails the gate alone, also without a baseline")
    func mustPass() throws {
        let workspace = try Workspace(
            examples: [#"{"id":"a","input":"x","checks":[{"contains":"yes"}],"must_pass":true}"#],
            recording: [#"{"example":"a","model":"m","output":"no"}"#])
        let result = try workspace.ratchet("run", "--baseline", "none", "--format", "json")
        #expect(result.code == 100)
        #expect(try result.json["suites.0.failed_rules"]?.texts == ["must_pass"])
    }

    @Test("--baseline none shows everything and gates nothing")
    func ungated() throws {
        let result = try workspace().ratchet("run", "--target", "recorded/worse", "--baseline", "none")
        #expect(result.code == 0)
        #expect(result.output.contains("NOT GATED"))
    }

    @Test("an answer that was never recorded is an outage, not a wrong answer")
    func outage() throws {
        let workspace = try workspace()
        try workspace.ratchet("run")
        try workspace.ratchet("baseline", "accept")
        let result = try workspace.ratchet("run", "--target", "recorded/unknown", "--format", "json")
        #expect(result.code == 69)
        #expect(try result.json["suites.0.counts.errored"] == 24)
        #expect(try result.json["suites.0.transitions.lost"]?.texts == [])
    }

    @Test("trials that a recording does not have are no error, and the report says how many")
    func shortRecording() throws {
        let result = try workspace().ratchet("run", "--trials", "3", "--baseline", "none", "--format", "json")
        #expect(result.code == 0)
        #expect(try result.json["notes"]?.texts.contains { $0.contains("no further trial for 48 trials") } == true)
        #expect(try result.json["suites.0.metrics.calls"] == 24)
    }

    @Test("selecting nothing is exit 4, an unknown example exit 64")
    func selection() throws {
        let workspace = try workspace()
        #expect(try workspace.ratchet("run", "--tag", "nobody").code == 4)
        #expect(try workspace.ratchet("run", "--only", "nobody").code == 64)
        #expect(try workspace.ratchet("run", "nobody").code == 64)
        let one = try workspace.ratchet("run", "--only", "e3", "--baseline", "none", "--format", "json")
        #expect(try one.json["suites.0.counts.examples"] == 1)
    }

    @Test("changed checks for most examples make the baseline stale")
    func stale() throws {
        let workspace = try workspace()
        try workspace.ratchet("run")
        try workspace.ratchet("baseline", "accept")
        try workspace.write("suites/s/suite.yaml", "checks: [{length: {words: {max: 1}}}]\n")
        let result = try workspace.ratchet("run", "--format", "json")
        #expect(result.code == 102)
        #expect(try result.json["suites.0.transitions.incomparable"]?.texts.count == 24)
    }

    @Test("an example that is gone is lost coverage, one that is new must pass")
    func coverage() throws {
        let workspace = try workspace()
        try workspace.ratchet("run")
        try workspace.ratchet("baseline", "accept")
        let lines = try workspace.read("suites/s/examples.jsonl").split(separator: "\n")
        try workspace.write("suites/s/examples.jsonl", lines.dropFirst().joined(separator: "\n") + "\n")
        let gone = try workspace.ratchet("run", "--format", "json")
        #expect(gone.code == 100)
        #expect(try gone.json["suites.0.transitions.missing"]?.texts == ["e0"])
        // Deselecting by a flag is not losing.
        #expect(try workspace.ratchet("run", "--only", "e3").code == 0)
    }

    @Test("reports are tried before anything runs, and written when asked for")
    func reports() throws {
        let workspace = try workspace()
        #expect(try workspace.ratchet("run", "--report", "json=nowhere/at/all.json").code == 73)
        #expect(!workspace.exists(".ratchet/ratchet.sqlite"))
        let result = try workspace.ratchet(
            "run", "--report", "json=r.json", "--report", "junit=r.xml", "--report", "md=r.md", "--report", "text=r.txt")
        #expect(result.code == 66)
        #expect(try JSONValue(parsing: workspace.read("r.json"))["format"] == "ratchet.run/1")
        #expect(try workspace.read("r.xml").hasPrefix("<?xml"))
        #expect(try workspace.read("r.md").contains("NO BASELINE"))
    }

    @Test("runs are listed, shown again, compared and exported")
    func runs() throws {
        let workspace = try workspace()
        let shown = try workspace.ratchet("run", "--baseline", "none", "--format", "json")
        let id = try #require(try shown.json["run"]?.stringValue)
        try workspace.ratchet("run", "--baseline", "none", "--target", "recorded/worse")
        #expect(try workspace.ratchet("runs", "show", id, "--format", "json").output == shown.output)
        #expect(try workspace.ratchet("runs", "list", "--format", "json").json["runs"]?.arrayValue?.count == 2)
        #expect(try workspace.ratchet("compare", id, "latest").code == 100)
        #expect(try workspace.ratchet("compare", "latest", id).code == 0)
        #expect(try workspace.ratchet("runs", "show", "2").code == 64)

        #expect(try workspace.ratchet("runs", "export", id, "--recording", "again.jsonl").code == 0)
        try workspace.write(
            "ratchet.yaml", Workspace.configuration.replacingOccurrences(of: "recording.jsonl", with: "again.jsonl"))
        let again = try workspace.ratchet("run", "--baseline", "none", "--format", "json")
        #expect(try again.json["suites.0.counts"] == shown.json["suites.0.counts"])
    }

    @Test("--dry-run calls nothing and writes nothing")
    func dryRun() throws {
        let workspace = try workspace()
        let result = try workspace.ratchet("run", "--dry-run", "--format", "json")
        #expect(result.code == 0)
        #expect(try result.json["requests"]?.arrayValue?.count == 24)
        #expect(!workspace.exists(".ratchet"))
    }

    @Test("help exit-codes lists every code")
    func exitCodes() throws {
        let result = try Workspace().ratchet("help", "exit-codes")
        #expect(result.code == 0)
        for code in ["0 ", "1 ", "4 ", "5 ", "64", "65", "66", "69", "73", "75", "77", "78", "100", "101", "102", "103", "130", "143"] {
            #expect(result.output.contains(code))
        }
    }
}
