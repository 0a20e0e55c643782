import Foundation
import RatchetJSON
import TestSupport
import Testing

/// A run that several machines share, decided as one.
@Suite("Shards, on the built program")
struct ShardTests {
    /// Sixty examples on a simulated provider, accepted with five trials each.
    private func simulated(_ model: String, examples: Int = 60, mustPass: String = "") throws -> Workspace {
        let lines = (0..<examples).map { place in
            let mark = "e\(place)" == mustPass ? #""must_pass":true,"# : ""
            return #"{"id":"e\#(place)","input":"q",\#(mark)"tags":["\#(place % 2 == 0 ? "even" : "odd")"],"checks":[{"equals":"PASS"}]}"#
        }
        let workspace = try Workspace(
            examples: lines, suite: "target: lab/old\n",
            configuration: """
                version: 1
                backends:
                  lab: {kind: simulate, seed: 11, pass: 0.999, models: {old: {pass: 0.999}, new: \(model)}}

                """)
        try workspace.ratchet("run", "--trials", "5")
        #expect(try workspace.ratchet("baseline", "accept").code == 0)
        return workspace
    }

    /// Sixty recorded answers of two trials each, of which some are lost since they were accepted.
    private func replayed() throws -> Workspace {
        func recording(lost: Set<Int>) -> [String] {
            (0..<60).flatMap { place in
                (1...(place % 3 == 0 ? 1 : 2)).map { trial in
                    #"{"suite":"s","example":"e\#(place)","trial":\#(trial),"output":"\#(lost.contains(place) ? "no" : "yes")"}"#
                }
            }
        }
        let workspace = try Workspace(
            examples: (0..<60).map { #"{"id":"e\#($0)","input":"q","checks":[{"equals":"yes"}]}"# }, recording: recording(lost: []))
        try workspace.ratchet("run", "--trials", "2")
        #expect(try workspace.ratchet("baseline", "accept").code == 0)
        try workspace.write("recording.jsonl", recording(lost: [3, 4, 17]).map { $0 + "\n" }.joined())
        return workspace
    }

    /// Runs all shards, each with a store of its own, as on machines that know nothing of each other.
    private func shards(_ count: Int, _ workspace: Workspace, _ arguments: [String], environment: [String: String] = [:]) throws -> [String] {
        try (1...count).map { index in
            let file = "shard-\(index).ratchet"
            let store = workspace.root.appendingPathComponent(".ratchet")
            let aside = workspace.root.appendingPathComponent("aside")
            if workspace.exists(".ratchet") { try FileManager.default.moveItem(at: store, to: aside) }
            let run = try workspace.ratchet(["run"] + arguments + ["--shard", "\(index)/\(count)", "--out", file], environment: environment)
            #expect(run.code == 0, "\(run.output)\(run.error)")
            try? FileManager.default.removeItem(at: store)
            if workspace.exists("aside") { try FileManager.default.moveItem(at: aside, to: store) }
            return file
        }
    }

    private func gate(_ workspace: Workspace, _ files: [String], _ arguments: String...) throws -> Workspace.Result {
        try workspace.ratchet(["gate"] + files + arguments)
    }

    // MARK: The same decision

    /// Everything that was decided and measured is the same, but for which run and which commands it is said of.
    private func expectSame(_ workspace: Workspace, _ files: [String], _ arguments: [String]) throws -> JSONValue {
        let merged = try gate(workspace, files, "--format", "json")
        let json = try merged.json
        let seed = try #require(json["suites.0.seed"]?.stringValue)
        let whole = try workspace.ratchet(["run"] + arguments + ["--no-early-stop", "--seed", seed, "--format", "json"])
        #expect(merged.code == whole.code)
        #expect(try json["suites"] == whole.json["suites"])
        #expect(try json["exit"] == whole.json["exit"])
        return json
    }

    @Test(
        "all shards together are decided as the whole run is, on a provider of chance",
        arguments: [
            (1, "{pass: 0.999, examples: {e7: 0}}", 100), (2, "{pass: 0.999}", 0), (3, "{pass: 0.97, examples: {e7: 0}}", 100),
            (7, "{pass: 0.5}", 100),
        ])
    func sameByChance(count: Int, model: String, code: Int) throws {
        let workspace = try simulated(model)
        let files = try shards(count, workspace, ["--target", "lab/new"])
        let json = try expectSame(workspace, files, ["--target", "lab/new"])
        #expect(json["exit.code"]?.intValue == code)
        #expect(json["suites.0.counts.examples"] == 60)
    }

    @Test("all shards together are decided as the whole run is, on a recording that lacks some trials", arguments: [1, 2, 5])
    func sameByReplay(count: Int) throws {
        let workspace = try replayed()
        let files = try shards(count, workspace, ["--trials", "2"])
        let json = try expectSame(workspace, files, ["--trials", "2"])
        #expect(Set(json["suites.0.transitions.lost"]?.texts ?? []) == ["e3", "e4", "e17"])
    }

    @Test("more shards than examples are fine, and so is any order of the files")
    func emptyShards() throws {
        let workspace = try simulated("{pass: 0.999}", examples: 5)
        let files = try shards(12, workspace, ["--target", "lab/new"])
        let first = try expectSame(workspace, files, ["--target", "lab/new"])
        let second = try gate(workspace, files.reversed(), "--format", "json").json
        #expect(first["suites"] == second["suites"])
        #expect(first["suites.0.counts.examples"] == 5)
    }

    @Test("a selection is a whole of its own, and the gate needs no flags to know it")
    func selection() throws {
        let workspace = try simulated("{pass: 0.999}")
        let arguments = ["s", "--target", "lab/new", "--tag", "even", "--trials", "2"]
        let json = try expectSame(workspace, try shards(2, workspace, arguments), arguments)
        #expect(json["partial"] == true)
        #expect(json["suites.0.counts.examples"] == 30)
    }

    @Test("the merge base's checks are asked of answers from elsewhere, too")
    func mergeBase() throws {
        let workspace = try Workspace(
            examples: (0..<12).map { #"{"id":"e\#($0)","input":"q","checks":[{"contains":"yes","name":"says"}]}"# },
            recording: (0..<12).map { #"{"example":"e\#($0)","output":"yes"}"# })
        try workspace.write(".gitignore", ".ratchet/\n*.ratchet\n")
        try workspace.git("init", "--quiet", "-b", "main")
        try workspace.ratchet("run")
        try workspace.ratchet("baseline", "accept")
        try workspace.commit()
        try workspace.git("checkout", "--quiet", "-b", "change")
        let examples = try workspace.read("suites/s/examples.jsonl")
        try workspace.write("suites/s/examples.jsonl", examples.replacingOccurrences(of: #"{"contains":"yes""#, with: #"{"contains":"n""#))
        try workspace.write("recording.jsonl", (0..<12).map { #"{"example":"e\#($0)","output":"no"}"# + "\n" }.joined())
        try workspace.commit()
        let json = try expectSame(workspace, try shards(3, workspace, []), [])
        #expect(json["exit.code"] == 100)
        #expect(json["suites.0.transitions.lost"]?.texts.count == 12)
    }

    // MARK: Files

    @Test("a shard is one file, decides nothing, and is never the latest run")
    func oneFile() throws {
        let workspace = try simulated("{pass: 0}")
        let before = Set(try FileManager.default.contentsOfDirectory(atPath: workspace.root.path))
        let run = try workspace.ratchet("run", "--target", "lab/new", "--shard", "2/3")
        #expect(run.code == 0)
        #expect(run.output.contains("nothing is decided") && run.output.contains("failed"))
        let after = Set(try FileManager.default.contentsOfDirectory(atPath: workspace.root.path))
        #expect(after.subtracting(before) == ["shard-2-of-3.ratchet"])
        #expect(try workspace.ratchet("runs", "show", "--format", "json").json["suites.0.target"] == "lab/old")
        let shown = try workspace.ratchet("runs", "show", "shard-")
        #expect(shown.code == 64 && shown.error.contains("ratchet gate"))
        let accepted = try workspace.ratchet("baseline", "accept", "shard-")
        #expect(accepted.code == 65 && accepted.error.contains("a part is no basis"))
    }

    @Test("the merged run can be accepted, and the next run is held against it")
    func accept() throws {
        let workspace = try simulated("{pass: 0}")
        let files = try shards(2, workspace, ["--target", "lab/new", "--trials", "3"])
        #expect(try gate(workspace, files).code == 100)
        #expect(try workspace.ratchet("baseline", "accept").code == 0)
        let run = try workspace.ratchet("run", "--target", "lab/new", "--format", "json")
        #expect(run.code == 0)
        #expect(try run.json["suites.0.basis.pass_rate"] == 0)
        #expect(try run.json["suites.0.basis.trials"] == 3)
    }

    @Test("reports and permissions work as for a run")
    func reports() throws {
        let workspace = try simulated("{pass: 0.999, examples: {e7: 0}}")
        let files = try shards(2, workspace, ["--target", "lab/new"])
        let reason = "Legal asked for shorter answers here"
        let run = try gate(
            workspace, files, "--report", "junit=report.xml", "--record", "answers.jsonl", "--allow-regression", "e7", "--reason", reason)
        #expect(run.code == 0)
        #expect(run.words.contains("PASSED WITH 1 OVERRIDE"))
        #expect(try workspace.read("report.xml").contains("<testsuite"))
        #expect(try workspace.read("answers.jsonl").split(separator: "\n").count >= 60)
    }

    @Test("a missing shard is never green: 5, its number, and nothing recorded")
    func missing() throws {
        let workspace = try simulated("{pass: 0.999}")
        let files = try shards(4, workspace, ["--target", "lab/new"])
        let runs = try workspace.ratchet("runs", "list").output
        let one = try gate(workspace, [files[0], files[1], files[3]])
        #expect(one.code == 5)
        #expect(one.error.contains("the shard 3/4 is missing"))
        let two = try gate(workspace, [files[0], files[3]], "--format", "json")
        #expect(two.code == 5)
        #expect(two.error.contains("2 of 4 shards are missing: 2, 3"))
        #expect(try two.json["exit.name"] == "partial")
        #expect(try workspace.ratchet("runs", "list").output == runs)
    }

    @Test("the same file twice is told of; the same shard with other trials is refused")
    func twice() throws {
        let workspace = try simulated("{pass: 0.999}")
        let files = try shards(2, workspace, ["--target", "lab/new"])
        let root = workspace.root
        try FileManager.default.copyItem(at: root.appendingPathComponent(files[1]), to: root.appendingPathComponent("copy.ratchet"))
        let same = try gate(workspace, files + ["copy.ratchet"])
        #expect(same.code == 0)
        #expect(same.words.contains("copy.ratchet and shard-2.ratchet are the same shard 2/2"))
        // The provider is asked again: as likely as not the answers are the same, and yet they are others.
        try workspace.ratchet("run", "--target", "lab/new", "--shard", "2/2", "--out", "again.ratchet")
        let other = try gate(workspace, files + ["again.ratchet"])
        #expect(other.code == 65)
        #expect(other.error.contains("shard-2.ratchet: it is the shard 2/2, as again.ratchet is, with other trials"))
    }

    @Test("all that is wrong with the files is said at once, each by its name")
    func wrongFiles() throws {
        let workspace = try simulated("{pass: 0.999}")
        let files = try shards(3, workspace, ["--target", "lab/new"])
        try workspace.ratchet("run", "--target", "lab/new", "--shard", "1/3", "--trials", "2", "--out", "trials.ratchet")
        try workspace.ratchet("run", "--target", "lab/old", "--shard", "1/3", "--out", "target.ratchet")
        try workspace.ratchet("run", "--target", "lab/new", "--shard", "1/4", "--out", "count.ratchet")
        try workspace.ratchet("run", "--target", "lab/new", "--shard", "1/3", "--seed", "5", "--out", "seed.ratchet")
        try workspace.write("text.ratchet", "this is no database")
        let wrong = ["trials.ratchet", "target.ratchet", "count.ratchet", "seed.ratchet", "text.ratchet", "nowhere.ratchet", "suites", ".ratchet/ratchet.sqlite"]
        let result = try gate(workspace, [files[0], files[1]] + wrong)
        #expect(result.code == 65)
        for line in [
            "trials.ratchet: it is a shard of another run than shard-1.ratchet: the number of trials of s is 2, there 1",
            "target.ratchet: it is a shard of another run than shard-1.ratchet: the target of s is lab/old, there lab/new",
            "count.ratchet: it is a shard of another run than shard-1.ratchet: the number of shards is 4, there 3",
            "seed.ratchet: it is a shard of another run than shard-1.ratchet: the seed is 5, there",
            "text.ratchet: it is damaged", "nowhere.ratchet: there is no such file", "suites: this is no file",
            ".ratchet/ratchet.sqlite: this is a database of ratchet, and not one", "the shard 3/3 is missing",
        ] { #expect(result.error.contains(line), "\(line)") }
    }

    @Test("a file that was changed on its way is refused", arguments: ["turned", "cut"])
    func corrupted(how: String) throws {
        let workspace = try simulated("{pass: 0}")
        let files = try shards(2, workspace, ["--target", "lab/new"])
        let url = workspace.root.appendingPathComponent(files[1])
        var data = try Data(contentsOf: url)
        if how == "turned" {
            // One failure made a pass: as well-formed as before.
            let place = try #require(data.range(of: Data("FAIL".utf8), options: .backwards))
            data.replaceSubrange(place, with: Data("PASS".utf8))
        } else {
            data = data.prefix(data.count / 2)
        }
        try data.write(to: url)
        let result = try gate(workspace, files)
        #expect(result.code == 65)
        #expect(result.error.contains("shard-2.ratchet: "))
        #expect(result.error.contains("run that shard again"))
    }

    @Test("shards of a project that has changed since are refused")
    func changed() throws {
        let workspace = try simulated("{pass: 0.999}")
        let files = try shards(2, workspace, ["--target", "lab/new"])
        let examples = try workspace.read("suites/s/examples.jsonl")
        try workspace.write("suites/s/examples.jsonl", examples.replacingOccurrences(of: #""id":"e1","input":"q""#, with: #""id":"e1","input":"r""#))
        let example = try gate(workspace, files)
        #expect(example.code == 65)
        #expect(example.error.contains("an example or a check is not the same"))
        try workspace.write("suites/s/examples.jsonl", examples)
        try workspace.ratchet("run", "--trials", "2")
        try workspace.ratchet("baseline", "accept")
        let baseline = try gate(workspace, files)
        #expect(baseline.code == 65)
        #expect(baseline.error.contains("the baseline of s is not the same"))
    }

    @Test("shards of two commits are not of one run")
    func commits() throws {
        let workspace = try simulated("{pass: 0.999}")
        try workspace.write(".gitignore", ".ratchet/\n*.ratchet\n")
        try workspace.git("init", "--quiet", "-b", "main")
        try workspace.commit()
        let files = try shards(2, workspace, ["--target", "lab/new", "--base", "none"])
        try workspace.commit("Nothing that a run depends on")
        try workspace.ratchet("run", "--target", "lab/new", "--base", "none", "--shard", "2/2", "--out", "later.ratchet")
        let result = try gate(workspace, [files[0], "later.ratchet"], "--base", "none")
        #expect(result.code == 65)
        #expect(result.error.contains("the commit is "))
        #expect(try gate(workspace, files, "--base", "none").error.contains("the commit is "))
    }

    // MARK: Trouble, and what can't be asked

    @Test("a shard with too few answers is 69, and the gate says so of the whole")
    func outage() throws {
        let workspace = try simulated("{pass: 0.999, outage: 0.5}")
        for index in 1...2 {
            let run = try workspace.ratchet("run", "--target", "lab/new", "--shard", "\(index)/2", "--format", "json")
            #expect(run.code == 69)
            #expect(try run.json["exit.name"] == "backend-unavailable")
        }
        #expect(try gate(workspace, ["shard-1-of-2.ratchet", "shard-2-of-2.ratchet"]).code == 69)
    }

    private func served(_ server: LoopbackServer, mustPass: Bool = false) throws -> Workspace {
        try Workspace(
            examples: (0..<40).map { place in
                #"{"id":"e\#(place)","input":"q\#(place)",\#(place == 7 && mustPass ? #""must_pass":true,"# : "")"checks":[{"contains":"yes"}]}"#
            },
            configuration: """
                version: 1
                backends: {api: {kind: openai, base_url: "\(server.url)/v1", api_key_env: TEST_KEY, attempts: 1}}
                defaults: {target: api/m}

                """)
    }

    private static func reply(_ text: String) -> LoopbackServer.Reply {
        .json(#"{"model":"m-1","choices":[{"message":{"content":"\#(text)"},"finish_reason":"stop"}]}"#)
    }

    @Test("a refused key ends a shard with 77, and no file is written")
    func refusedKey() throws {
        let server = try LoopbackServer { _ in .json(#"{"error":{"message":"no such key"}}"#, status: 401) }
        let workspace = try served(server)
        let run = try workspace.ratchet("run", "--shard", "1/2", environment: ["TEST_KEY": "k"])
        #expect(run.code == 77)
        #expect(run.output.contains("no file was written"))
        #expect(!workspace.exists("shard-1-of-2.ratchet"))
    }

    @Test("without a key or with --offline nothing is asked: a suspect stays unconfirmed, and what must pass is inconclusive", arguments: [false, true])
    func offline(mustPass: Bool) throws {
        let isLost = Gate()
        let server = try LoopbackServer { request in
            Self.reply(isLost.isOpen && String(decoding: request.body, as: UTF8.self).contains(#""q7""#) ? "no" : "yes")
        }
        let workspace = try served(server, mustPass: mustPass)
        let key = ["TEST_KEY": "k"]
        try workspace.ratchet("run", "--trials", "5", environment: key)
        #expect(try workspace.ratchet("baseline", "accept").code == 0)
        isLost.open()
        let files = try shards(2, workspace, [], environment: key)
        let asked = server.requests.count
        for result in [
            try workspace.ratchet(["gate", "--format", "json"] + files),
            try workspace.ratchet(["gate", "--format", "json", "--offline"] + files, environment: key),
        ] {
            #expect(result.code == (mustPass ? 101 : 0))
            let json = try result.json
            #expect(json["suites.0.transitions.unconfirmed"]?.texts == ["e7"])
            #expect(json["notes"]?.texts.contains { $0.contains("nothing more was asked of s") } == true)
            #expect(json["suites.0.broken_seen"] == 0)
        }
        #expect(server.requests.count == asked)
        let live = try workspace.ratchet(["gate"] + files, environment: key)
        // The accepted version, asked beside it, fails as well: the server changed, and not what is under test.
        #expect(live.code == (mustPass ? 100 : 102))
        #expect(server.requests.count > asked)
    }

    @Test("a gate that was cut off goes on where it ended, and takes the shards once")
    func resumedGate() throws {
        let (isLost, isRefused, isMended) = (Gate(), Gate(), Gate())
        let server = try LoopbackServer { request in
            if isRefused.isOpen, !isMended.isOpen { return .json(#"{"error":{"message":"no such key"}}"#, status: 401) }
            return Self.reply(isLost.isOpen && String(decoding: request.body, as: UTF8.self).contains(#""q7""#) ? "no" : "yes")
        }
        let workspace = try served(server)
        let key = ["TEST_KEY": "k"]
        try workspace.ratchet("run", "--trials", "5", environment: key)
        try workspace.ratchet("baseline", "accept")
        isLost.open()
        let files = try shards(2, workspace, [], environment: key)
        isRefused.open()
        #expect(try workspace.ratchet(["gate", "--effort", "quick"] + files, environment: key).code == 77)
        isMended.open()
        let first = try workspace.ratchet("runs", "list").output.split(separator: " ").first
        let asked = server.requests.count
        let result = try workspace.ratchet(["gate", "--effort", "quick", "--format", "json"] + files, environment: key)
        let json = try result.json
        #expect(json["run"]?.stringValue == first.map(String.init))
        #expect(json["suites.0.counts.examples"] == 40)
        #expect(json["suites.0.confirmation.suspects"] == 1)
        // Only the suspect and its accepted version were asked.
        #expect(server.requests.count - asked < 40)
    }

    // MARK: Arguments

    @Test(
        "what only a decision needs is refused for a shard",
        arguments: [
            ["--release"], ["--effort", "quick"], ["--until-decided"], ["--report", "json=r.json"], ["--record", "r.jsonl"],
            ["--exit-style", "bisect"], ["--allow-regression", "e1", "--reason", "agreed with the support team"],
        ])
    func refused(options: [String]) throws {
        let workspace = try Workspace(examples: [])
        let result = try workspace.ratchet(["run", "--shard", "1/2"] + options)
        #expect(result.code == 64)
        #expect(result.error.contains("A shard"))
    }

    @Test("--out goes with --shard, and a file that can't be written is found before anything runs")
    func out() throws {
        let workspace = try simulated("{pass: 1}", examples: 3)
        #expect(try workspace.ratchet("run", "--out", "x.ratchet").code == 64)
        let runs = try workspace.ratchet("runs", "list").output
        #expect(try workspace.ratchet("run", "--shard", "1/2", "--out", "nowhere/x.ratchet").code == 73)
        #expect(try workspace.ratchet("runs", "list").output == runs)
    }

    @Test("--dry-run prints the shard's part, and the parts make the whole")
    func dryRun() throws {
        let workspace = try simulated("{pass: 1}", examples: 20)
        func planned(_ arguments: String...) throws -> [String] {
            try workspace.ratchet(["run", "--dry-run", "--format", "json"] + arguments).json["requests"]?.arrayValue?
                .compactMap { $0["example"]?.stringValue } ?? []
        }
        let parts = try planned("--shard", "1/3") + planned("--shard", "2/3") + planned("--shard", "3/3")
        #expect(try parts.sorted() == planned().sorted())
    }

    @Test("--shard auto runs the part that the scheduler has named, and is refused where none has")
    func auto() throws {
        let workspace = try simulated("{pass: 1}", examples: 6)
        let run = try workspace.ratchet("run", "--shard", "auto", environment: ["CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "3"])
        #expect(run.code == 0)
        #expect(workspace.exists("shard-2-of-3.ratchet"))
        let none = try workspace.ratchet("run", "--shard", "auto")
        #expect(none.code == 64)
        #expect(none.error.contains("CI_NODE_INDEX and CI_NODE_TOTAL (GitLab)"))
    }
}
