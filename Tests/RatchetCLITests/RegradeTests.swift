import RatchetJSON
import TestSupport
import Testing

@Suite("Judging recorded answers anew, on the built program")
struct RegradeTests {
    private static let recording = [
        #"{"example":"a","output":"Your Refund is on its way."}"#, #"{"example":"b","output":"refund"}"#,
    ]

    private func examples(_ check: String, question: String = "qa") -> String {
        """
        {"id":"a","input":"\(question)","checks":[\(check)]}
        {"id":"b","input":"qb","checks":[\(check)]}

        """
    }

    private func workspace() throws -> Workspace {
        let workspace = try Workspace(examples: [], recording: Self.recording)
        try workspace.write("suites/s/examples.jsonl", examples(#"{"contains":"refund"}"#))
        return workspace
    }

    @Test("a changed check judges the stored answers, whatever the model would say now")
    func changedCheck() throws {
        let workspace = try workspace()
        let first = try workspace.ratchet("run", "--format", "json").json
        try workspace.write("suites/s/examples.jsonl", examples(#"{"icontains":"refund"}"#))
        try workspace.write("recording.jsonl", #"{"example":"a","output":"gone"}"# + "\n")
        let result = try workspace.ratchet("regrade", "--format", "json")
        let suite = try result.json["suites"]?.arrayValue?.first
        #expect(suite?["counts"]?["passed"] == 2, "\(result.error)")
        #expect(try result.json["run"] != first["run"])
        #expect(suite?["examples"]?.arrayValue?.first?["trials"]?.arrayValue?.first?["output"] == "Your Refund is on its way.")
        let parent = first["run"]?.stringValue ?? "?"
        #expect(try result.json["notes"]?.arrayValue?.contains { $0.stringValue?.contains(parent) == true } == true)
    }

    @Test("an example whose question has changed is left out, one whose expected has changed is judged anew")
    func changedQuestion() throws {
        let workspace = try Workspace(
            examples: [
                #"{"id":"a","input":"qa","expected":"Refund","checks":["contains"]}"#,
                #"{"id":"b","input":"qb","expected":"nothing","checks":["contains"]}"#,
            ], recording: Self.recording)
        try workspace.ratchet("run")
        try workspace.write(
            "suites/s/examples.jsonl",
            """
            {"id":"a","input":"another","expected":"Refund","checks":["contains"]}
            {"id":"b","input":"qb","expected":"refund","checks":["contains"]}

            """)
        let result = try workspace.ratchet("regrade", "latest", "--format", "json").json
        #expect(result["suites"]?.arrayValue?.first?["counts"]?["examples"] == 1)
        #expect(result["suites"]?.arrayValue?.first?["counts"]?["passed"] == 1)
        #expect(result["notes"]?.arrayValue?.contains { $0.stringValue?.contains("1 example not regraded") == true } == true)
    }

    @Test("--explain shows what each check says and said, and records nothing")
    func explain() throws {
        let workspace = try workspace()
        try workspace.ratchet("run")
        try workspace.write("suites/s/examples.jsonl", examples(#"{"icontains":"refund","name":"contains"}, {"length":{"words":2}}"#))
        let result = try workspace.ratchet("regrade", "--explain", "a")
        #expect(result.code == 0, "\(result.error)")
        #expect(result.output.contains("passed  contains"))
        #expect(result.output.contains("was failed"))
        #expect(result.output.contains("failed  length"))
        #expect(result.output.contains("a check that is new"))
        #expect(try workspace.ratchet("runs", "list", "--format", "json").json["runs"]?.arrayValue?.count == 1)
    }

    @Test("a judge is asked again only when its rubric has changed, and the model never")
    func judges() throws {
        let server = try LoopbackServer { request in
            let isJudge = request.text.contains("You grade")
            let text = isJudge ? #"{\"reason\":\"read it\",\"verdict\":\"pass\"}"# : "an answer"
            return .json(#"{"model":"m-1","choices":[{"message":{"content":"\#(text)"},"finish_reason":"stop"}]}"#)
        }
        let workspace = try Workspace(
            examples: [#"{"id":"a","input":"q","checks":[{"judge":"fair"},{"length":{"words":{"max":9}}}]}"#],
            configuration: """
                version: 1
                backends: {api: {kind: openai, base_url: "\(server.url)/v1"}}
                defaults: {target: api/m, concurrency: 2}

                """)
        func rubric(_ words: String) throws {
            try workspace.write("rubrics/fair.md", "---\njudge: api/j\nscale: pass_fail\n---\nYou grade. \(words)\n{{output}}\n")
        }
        try rubric("Be fair.")
        #expect(try workspace.ratchet("run").code == 66)
        #expect(server.requests.count == 2)
        let same = try workspace.ratchet("regrade", "--format", "json")
        #expect(try same.json["suites"]?.arrayValue?.first?["counts"]?["passed"] == 1, "\(same.error)")
        #expect(server.requests.count == 2)
        try workspace.ratchet("baseline", "accept")
        #expect(try workspace.ratchet("regrade", "--baseline").output.contains("1 record judged"))
        #expect(server.requests.count == 3, "a judge that has drifted has no other hash")
        try rubric("Be strict.")
        try workspace.ratchet("regrade")
        #expect(server.requests.count == 4)
        #expect(server.requests.last?.text.contains("Be strict.") == true)
    }

    @Test("regrade --baseline makes records comparable with changed checks, from the answers of all their trials")
    func baseline() throws {
        let workspace = try Workspace(
            examples: [],
            recording: [
                #"{"example":"a","trial":1,"output":"Refund"}"#, #"{"example":"a","trial":2,"output":"refund"}"#,
                #"{"example":"b","trial":1,"output":"refund"}"#, #"{"example":"b","trial":2,"output":"refund"}"#,
            ])
        try workspace.write("suites/s/examples.jsonl", examples(#"{"contains":"refund"}"#))
        try workspace.ratchet("run", "--trials", "2")
        try workspace.ratchet("baseline", "accept")
        try workspace.write("suites/s/examples.jsonl", examples(#"{"icontains":"refund"}"#))
        #expect(try workspace.ratchet("run").code == 102)
        let result = try workspace.ratchet("regrade", "--baseline")
        #expect(result.code == 0, "\(result.error)")
        #expect(result.output.contains("2 records judged by today's checks, 2 passing (was 1)"))
        #expect(try workspace.read("baselines/s.jsonl").contains(#""passes":2,"trials":2,"by_check":{"icontains":2}"#))
        #expect(try workspace.ratchet("run").code == 0)
    }

    @Test("on a machine that does not have the accepted run, the record's own output stands for it, and that is said")
    func baselineElsewhere() throws {
        let workspace = try workspace()
        try workspace.ratchet("run")
        try workspace.ratchet("baseline", "accept")
        try workspace.remove(".ratchet")
        try workspace.write("suites/s/examples.jsonl", examples(#"{"icontains":"refund"}"#))
        let result = try workspace.ratchet("regrade", "--baseline")
        #expect(result.output.contains("2 records judged by today's checks, 2 passing (was 1)"), "\(result.error)")
        #expect(result.output.contains("2 records with fewer trials") == false)
        #expect(try workspace.ratchet("run").code == 0)
    }
}

@Suite("The list of checks, on the built program")
struct ChecksCommandTests {
    @Test("every check is listed, and shown with its options")
    func list() throws {
        let workspace = try Workspace()
        let listed = try workspace.ratchet("checks", "list", "--format", "json").json["checks"]?.arrayValue ?? []
        #expect(listed.contains { $0["type"] == "json_schema" && $0["family"] == "Structure" })
        for check in listed {
            let name = check["type"]?.stringValue ?? ""
            let shown = try workspace.ratchet("checks", "show", name)
            #expect(shown.code == 0 && shown.output.hasPrefix("### `\(name)`"))
        }
        let slip = try workspace.ratchet("checks", "show", "regx")
        #expect(slip.code == 64 && slip.error.contains("regex"))
    }

    @Test(
        "a tried check says what it found, by state and exit code",
        arguments: [
            (#"{"contains": "refund"}"#, "a refund", 0, "passed"), (#"{"contains": "refund"}"#, "a Refund", 100, "failure kind: case"),
            (#"{"regex": "(a+)+$"}"#, String(repeating: "a", count: 60) + "b", 101, "errored"), ("is_json", "{}", 0, "passed"),
        ])
    func tries(_ check: String, _ output: String, _ code: Int32, _ words: String) throws {
        let result = try Workspace().ratchet("checks", "try", check, input: output)
        #expect(result.code == code, "\(result.error)")
        #expect(result.output.contains(words))
    }

    @Test("expected, recorded answers and the project's files can be used")
    func further() throws {
        let workspace = try Workspace(examples: [])
        try workspace.write("schema.json", #"{"type":"object"}"#)
        #expect(try workspace.ratchet("checks", "try", "equals", "--expected", "yes", input: "yes").code == 0)
        let schema = try workspace.ratchet("checks", "try", #"{"json_schema":"schema.json"}"#, "--recorded", input: #"{"output":"{}"}"#)
        #expect(schema.code == 0, "\(schema.error)")
    }

    @Test("a check that is wrong is refused with the place of what is wrong")
    func wrong() throws {
        let result = try Workspace().ratchet("checks", "try", #"{"regex": {"pattern": "a("}}"#, input: "x")
        #expect(result.code == 64)
        #expect(result.error.contains("/regex/pattern"))
    }
}
