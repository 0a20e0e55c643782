import RatchetCore
import RatchetFiles
import RatchetJSON
import Testing

@Suite("Recordings")
struct RecordingTests {
    private func read(_ lines: String...) throws -> (recording: Recording?, report: [String]) {
        let project = try TemporaryProject(["r.jsonl": lines.joined(separator: "\n")])
        let (recording, diagnostics) = Recording.read("r.jsonl", in: project.folder)
        return (recording, project.describe(diagnostics))
    }

    private func answer(
        _ recording: Recording, _ ordinal: Int = 1, suite: String = "s", example: String = "e", prompt: String? = "p@1",
        model: String = "m"
    ) -> String? {
        recording.trial(
            suite: suite, example: example, prompt: prompt.flatMap { PromptReference($0) }, model: model,
            ordinal: ordinal)?.response.output.text
    }

    @Test("Trials are taken in ascending order of their numbers, and then there is no further one")
    func order() throws {
        let recording = try #require(
            try read(
                #"{"example":"e","trial":7,"output":"seven"}"#, "", #"{"example":"e","output":"one"}"#,
                #"{"example":"e","trial":3,"output":"three"}"#
            ).recording)
        #expect((1...4).map { answer(recording, $0) } == ["one", "three", "seven", nil])
        #expect(answer(recording, 0) == nil)
        #expect(recording.count == 3)
    }

    @Test("Of the lines with one number the most specific wins")
    func specificity() throws {
        let recording = try #require(
            try read(
                #"{"example":"e","output":"any"}"#, #"{"suite":"s","example":"e","output":"suite"}"#,
                #"{"suite":"s","example":"e","prompt":"p@1","output":"prompt"}"#,
                #"{"suite":"s","example":"e","prompt":"p@1","model":"m","output":"model"}"#
            ).recording)
        #expect(answer(recording) == "model")
        #expect(answer(recording, model: "x") == "prompt")
        #expect(answer(recording, prompt: "p@2", model: "x") == "suite")
        #expect(answer(recording, suite: "t") == "any")
        #expect(answer(recording, prompt: nil) == "suite")
        #expect(answer(recording, example: "f") == nil)
    }

    @Test(
        "Lines that match the same request equally well are refused, both named",
        arguments: [
            (#"{"example":"e","output":"a"}"#, #"{"example":"e","trial":1,"output":"b"}"#, true),
            (#"{"suite":"s","example":"e","output":"a"}"#, #"{"example":"e","model":"m","output":"b"}"#, true),
            (
                #"{"suite":"s","example":"e","model":"m","output":"a"}"#,
                #"{"suite":"s","example":"e","prompt":"p@1","output":"b"}"#, true
            ),
            (
                #"{"suite":"s","example":"e","model":"m","output":"a"}"#,
                #"{"suite":"t","example":"e","prompt":"p@1","output":"b"}"#, false
            ),
            (#"{"suite":"s","example":"e","output":"a"}"#, #"{"suite":"t","example":"e","output":"b"}"#, false),
            (#"{"example":"e","model":"m","output":"a"}"#, #"{"example":"e","model":"n","output":"b"}"#, false),
            (#"{"example":"e","output":"a"}"#, #"{"example":"e","trial":2,"output":"b"}"#, false),
            (#"{"fingerprint":"f","output":"a"}"#, #"{"fingerprint":"f","output":"b"}"#, true),
        ])
    func ambiguity(_ first: String, _ second: String, _ isAmbiguous: Bool) throws {
        let (recording, report) = try read(first, "", second)
        #expect((recording == nil) == isAmbiguous)
        if isAmbiguous {
            #expect(report.count == 1)
            #expect(
                report.first?.hasPrefix("r.jsonl:3:1: error: ") == true
                    && report.first?.contains("the other is in line 1") == true, "\(report)")
        }
    }

    @Test("Judge calls are found by their fingerprint")
    func judge() throws {
        let recording = try #require(try read(#"{"fingerprint":"sha256:1","output":"good","latency_ms":12}"#).recording)
        #expect(recording.judge(fingerprint: "sha256:1")?.response.output.text == "good")
        #expect(recording.judge(fingerprint: "sha256:1")?.response.latency == 12)
        #expect(recording.judge(fingerprint: "sha256:2") == nil)
    }

    @Test(
        "What is wrong is reported where it stands",
        arguments: [
            (#"{"example":"e","otput":"x","output":""}"#, #"r.jsonl:1:16: error: unknown key "otput""#),
            (#"{"example":"e"}"#, #"r.jsonl:1:1: error: missing key "output""#),
            (#"{"output":"x"}"#, #"r.jsonl:1:1: error: missing key "example""#),
            (#"{"example":"e","trial":0,"output":""}"#, #"r.jsonl:1:24: error: "trial" must be"#),
            (#"{"example":"e","prompt":"p","output":""}"#, #"r.jsonl:1:25: error: "p" names no version"#),
            ("{", "r.jsonl:1:2: error: "),
            (#"{"example":"e","output":"","usage":{"tokens":1}}"#, #"r.jsonl:1:37: error: unknown key "tokens""#),
            (#"{"example":"e","output":7}"#, #"r.jsonl:1:25: error: "output" must be a string, not 7"#),
            (#"{"fingerprint":"f","example":"e","output":""}"#, #"r.jsonl:1:20: error: unknown key "example""#),
            (#"{"example":"e","output":"","tool_calls":[{}]}"#, #"r.jsonl:1:42: error: a tool call needs a "name""#),
        ])
    func malformed(_ line: String, _ expected: String) throws {
        let (recording, report) = try read(line)
        #expect(recording == nil)
        #expect(report.contains { $0.hasPrefix(expected) }, "\(report)")
    }

    @Test("A missing file is bad input, and says how to make one")
    func missing() throws {
        let (recording, diagnostics) = Recording.read("recordings/x.jsonl", in: try TemporaryProject().folder)
        #expect(recording == nil)
        #expect(diagnostics.first?.exitCode == .badInput)
        #expect(diagnostics.first?.help?.contains("--record") == true)
    }

    @Test("What is written is read as the same, whatever a model said")
    func roundTrip() throws {
        let project = try TemporaryProject()
        var writer = RecordingWriter()
        let texts = try NaughtyStrings.all() + ["", "a\nb\u{2028}c", "\u{FEFF}x"]
        for (index, text) in texts.enumerated() {
            let output = Output(
                text: text, toolCalls: [ToolCall(id: "1", name: "f", arguments: ["a": [1, .null]])], finishReason: "stop")
            let response = Response(
                output: output, model: "m/x", usage: Usage(inputTokens: 1, outputTokens: nil), latency: 12.5,
                timeToFirstToken: 3)
            writer.addTrial(
                suite: "s", example: "\(text)-\(index)", prompt: PromptReference("p@1.0.0"), model: "m/x", trial: 2,
                response: response)
            writer.addJudgement(fingerprint: "f-\(index)", response: response)
        }
        try writer.write(to: project.folder.path("r.jsonl"))
        let (read, diagnostics) = Recording.read("r.jsonl", in: project.folder)
        #expect(diagnostics.isEmpty, "\(project.describe(diagnostics).prefix(3))")
        let recording = try #require(read)
        for (index, text) in texts.enumerated() {
            let answer = try #require(
                recording.trial(
                    suite: "s", example: "\(text)-\(index)", prompt: PromptReference("p@1.0.0"), model: "m/x",
                    ordinal: 1))
            #expect(answer.response.output.text == text)
            #expect(answer.response.output.toolCalls.first?.arguments == ["a": [1, .null]])
            #expect(answer.response.usage == Usage(inputTokens: 1, outputTokens: nil))
            #expect(answer.response.latency == 12.5)
            #expect(recording.judge(fingerprint: "f-\(index)")?.response.output.text == text)
        }
    }
}

@Suite("Request logs")
struct RequestLogTests {
    private static let line =
        #"{"trace_id":"t-1","time":"2026-11-20T10:00:00Z","prompt":"support-answer@1.0.0","input":{"question":"Q"},"output":"A","contexts":[{"id":"kb-12"}],"tool_calls":[],"model":"m","params":{},"usage":{"input_tokens":0,"output_tokens":0},"latency_ms":0,"ttft_ms":0,"feedback":{"thumb":"down","edit":"B"},"route":"r","segment":"s","extra":1}"#

    @Test("The request with a trace id is found, whatever else stands in the file")
    func find() throws {
        let project = try TemporaryProject([
            "log.jsonl": "not json\n" + Self.line + "\n" + #"{"trace_id":"t\u002d2","input":"x"}"#
        ])
        let (entry, diagnostics) = RequestLog.find(trace: "t-1", in: "log.jsonl", project.folder)
        #expect(diagnostics.isEmpty)
        #expect(entry?.input == ["question": "Q"])
        #expect(entry?.edit == "B")
        #expect(entry?.thumb == "down")
        #expect(entry?.contexts == [["id": "kb-12"]])
        #expect(entry?.usage == Usage(inputTokens: 0, outputTokens: 0))
        #expect(RequestLog.find(trace: "t-2", in: "log.jsonl", project.folder).entry?.input == "x")
    }

    @Test(
        "None, two, and one that cannot be read are errors",
        arguments: [
            (#"{"trace_id":"t-2","input":"x"}"#, "there is no request with the trace \"t-1\""),
            (line + "\n" + line, "is there 2 times, in lines 1, 2"),
            (#"{"trace_id":"t-1"}"#, "missing key \"input\""), (#"{"trace_id":"t-1""#, "error: "),
        ])
    func errors(_ content: String, _ expected: String) throws {
        let project = try TemporaryProject(["log.jsonl": content])
        let (entry, diagnostics) = RequestLog.find(trace: "t-1", in: "log.jsonl", project.folder)
        #expect(entry == nil)
        #expect(project.describe(diagnostics).contains { $0.contains(expected) })
    }
}
