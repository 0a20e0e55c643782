import Foundation
import RatchetJSON
import Testing

@Suite("Labels of people, on the built program")
struct LabelTests {
    private func workspace() throws -> Workspace {
        let workspace = try Workspace(
            examples: ["e1", "e2"].map { #"{"id":"\#($0)","input":"q-\#($0)","checks":[{"human":"Would you send it?","name":"tone"}]}"# },
            recording: [#"{"example":"e1","output":"Dear \u001b[31mAnn"}"#, #"{"example":"e2","output":"Hm."}"#])
        let result = try workspace.ratchet("run", "--format", "json")
        #expect(try result.json["suites.0.counts.unscored"] == 2, "\(result.output)\(result.error)")
        return workspace
    }

    @Test("Without a terminal it lists what waits, escaped, with the command that labels it; that command works")
    func flow() throws {
        let workspace = try workspace()
        let list = try workspace.ratchet("suite", "label", "s", "--rater", "Ann")
        #expect(list.code == 0, "\(list.error)")
        #expect(list.output.contains("2 outputs of the run") && list.output.contains("Would you send it?"), "\(list.output)")
        #expect(!list.output.contains("\u{1B}"))
        let command = try #require(list.output.split(separator: "\n").first { $0.contains("--set e1=pass") })
        let words = command.split(separator: " ").dropFirst().map(String.init)
        #expect(words.starts(with: ["suite", "label", "s", "--run"]) && words.contains("tone"))

        let set = try workspace.ratchet("suite", "label", "--set", "e1=pass", "--set", "s/e2=fail", "--note", "too curt", "--rater", "Ann")
        #expect(set.code == 0, "\(set.error)")
        #expect(set.output.contains("2 labels written to suites/s/labels.jsonl"), "\(set.output)")
        #expect(set.output.contains("ratchet regrade"))
        #expect(try workspace.ratchet("check").code == 0)

        let again = try workspace.ratchet("run", "--format", "json")
        #expect(try again.json["suites.0.counts.passed"] == 1, "\(again.output)")
        #expect(try again.json["suites.0.counts.failed"] == 1)
        #expect(again.output.contains("failed by Ann"))
        let done = try workspace.ratchet("suite", "label", "--rater", "Ann")
        #expect(done.output.contains("nothing is waiting"), "\(done.output)")
        let others = try workspace.ratchet("suite", "label", "--rater", "Bob", "--again", "--format", "json")
        #expect(try others.json["waiting"]?.arrayValue?.count == 2, "\(others.output)")
        #expect(try others.json["waiting.0.labels.0.rater"] == "Ann")
    }

    @Test("A changed output waits again, an unchanged one does not")
    func changed() throws {
        let workspace = try workspace()
        try workspace.ratchet("suite", "label", "--set", "e1=pass", "--set", "e2=1", "--rater", "Ann")
        try workspace.write("recording.jsonl", #"{"example":"e1","output":"Dear \u001b[31mAnn"}"# + "\n" + #"{"example":"e2","output":"Well."}"# + "\n")
        let result = try workspace.ratchet("run", "--format", "json")
        #expect(try result.json["suites.0.counts.passed"] == 1, "\(result.output)")
        let waiting = try workspace.ratchet("suite", "label", "--rater", "Ann", "--format", "json")
        #expect(try waiting.json["waiting"]?.arrayValue?.count == 1)
        #expect(try waiting.json["waiting.0.output"] == "Well.")
    }

    @Test("What names no output, or several, is refused, and nothing is written", arguments: [
        (["--set", "e9=pass"], 64, "no output of \"e9\""), (["--set", "e1=maybe"], 64, "--set takes ID=pass"), (["--set", "e1"], 64, "--set takes ID=pass"),
        (["--note", "x"], 64, "--note goes with --set"), (["--set", "e1=pass", "--check", "other"], 64, "no output of \"e1\""), (["nothere"], 64, "has no suite \"nothere\""),
        (["--run", "gone"], 64, ""), (["--set", "e1=pass", "--set", "e1#zz=pass"], 64, "no output of \"e1#zz\""),
    ] as [([String], Int32, String)])
    func refused(_ arguments: [String], _ code: Int32, _ words: String) throws {
        let workspace = try workspace()
        let result = try workspace.ratchet(["suite", "label", "--rater", "Ann"] + arguments)
        #expect(result.code == code, "\(result.output)\(result.error)")
        #expect(words.isEmpty || result.error.contains(words), "\(result.error)")
        #expect(!workspace.exists("suites/s/labels.jsonl"))
    }

    @Test("Several outputs of one example are told apart by their hash")
    func trials() throws {
        let workspace = try Workspace(
            examples: [#"{"id":"e1","input":"q","checks":["human"]}"#],
            recording: [#"{"example":"e1","trial":1,"output":"A"}"#, #"{"example":"e1","trial":2,"output":"B"}"#])
        try workspace.ratchet("run", "--trials", "2")
        let both = try workspace.ratchet("suite", "label", "--set", "e1=pass", "--rater", "Ann")
        #expect(both.code == 64 && both.error.contains("names 2 outputs"), "\(both.error)")
        let waiting = try workspace.ratchet("suite", "label", "--rater", "Ann", "--format", "json").json
        let name = try #require(waiting["waiting.1.set"]?.stringValue)
        #expect(name.hasPrefix("e1#"))
        #expect(try workspace.ratchet("suite", "label", "--set", "\(name)=0.5", "--rater", "Ann").code == 0)
        #expect(try workspace.ratchet("suite", "label", "--rater", "Ann", "--format", "json").json["waiting"]?.arrayValue?.count == 1)
    }

    @Test("An example that changed since the run is not labelled with its old output")
    func stale() throws {
        let workspace = try workspace()
        try workspace.write("suites/s/examples.jsonl", workspace.read("suites/s/examples.jsonl").replacingOccurrences(of: "q-e1", with: "other"))
        let list = try workspace.ratchet("suite", "label", "--rater", "Ann")
        #expect(list.error.contains("1 example changed since the run"), "\(list.error)")
        #expect(list.output.contains("1 output of the run"), "\(list.output)")
    }

    @Test("A broken labels file stops a run, at its line")
    func broken() throws {
        let workspace = try workspace()
        try workspace.write("suites/s/labels.jsonl", "{\"check\":\"tone\"}\n")
        let result = try workspace.ratchet("check")
        #expect(result.code == 65 && result.error.contains("suites/s/labels.jsonl:1:1"), "\(result.error)")
    }
}
