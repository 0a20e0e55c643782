import RatchetCore
import RatchetJSON
import Testing

@testable import RatchetChecks

@Suite("Judge")
struct JudgeTests {
    static let labels = Rubric.Scale.labels([.init(name: "good", score: 1), .init(name: "fair", score: 0.5), .init(name: "poor", score: 0)])
    static let anchored = Rubric.Scale.anchored(minimum: 1, maximum: 5, anchors: [1: "useless", 5: "flawless"])

    static func verdict(_ name: String, _ reason: String = "because") -> ScriptedJudge.Answer {
        .text(#"{"reason": "\#(reason)", "verdict": "\#(name)"}"#)
    }

    private func judged(
        _ rubric: Rubric, _ script: [ScriptedJudge.Answer], check: String = #"{"judge": "helpful"}"#, output: String = "On Friday."
    ) async throws -> (verdict: TrialVerdict, requests: [Request]) {
        let judge = ScriptedJudge(script)
        let verdict = try await Checking.trial(
            [check], Output(text: output), resources: Writing.resources(rubrics: [rubric]), caller: judge)
        return (verdict, judge.requests)
    }

    @Test("The scales: pass and fail, labels, an anchored scale brought to 0...1", arguments: [
        (Rubric.Scale.passFail, 1.0, "pass", CheckState.passed, 1.0, #"the judge says pass: "because""#),
        (.passFail, 1, "fail", .failed, 0, #"the judge says fail, score 0, wanted at least 1: "because""#),
        (labels, 0.5, "fair", .passed, 0.5, #"the judge says fair: "because""#), (labels, 0.5, "poor", .failed, 0, "the judge says poor, score 0"),
        (labels, 1, "fair", .failed, 0.5, "the judge says fair, score 0.5, wanted at least 1"), (anchored, 0.75, "4", .passed, 0.75, "the judge says 4"),
        (anchored, 0.75, "3", .failed, 0.5, "the judge says 3, score 0.5, wanted at least 0.75"),
        (anchored, 0.75, "5", .passed, 1, "the judge says 5 (flawless)"),
    ])
    func scales(
        _ scale: Rubric.Scale, _ threshold: Double, _ answer: String, _ state: CheckState, _ score: Double, _ reason: String
    ) async throws {
        let (verdict, requests) = try await judged(Writing.rubric(scale: scale, threshold: threshold), [Self.verdict(answer)])
        let result = verdict.results[0]
        #expect(result.state == state)
        #expect(result.score == score)
        #expect(result.reason.hasPrefix(reason), "\(result.reason)")
        #expect(requests.count == 1)
        #expect(verdict.judgeExchanges.count == 1)
    }

    @Test("The check's own threshold wins over the rubric's")
    func threshold() async throws {
        let check = #"{"judge": "helpful", "threshold": 0.5}"#
        let (verdict, _) = try await judged(Writing.rubric(scale: Self.labels, threshold: 1), [Self.verdict("fair")], check: check)
        #expect(verdict.state == .passed)
    }

    @Test("The request: the rubric's messages and parameters, the answer's form, the draw of a judge")
    func request() async throws {
        let rubric = Writing.rubric(scale: Self.anchored, threshold: 0.5, params: ["max_tokens": 200])
        let (_, requests) = try await judged(rubric, [Self.verdict("5")])
        let request = try #require(requests.first)
        #expect(request.target.description == "openai/gpt-4o")
        #expect(request.draw.description == "judge/1")
        #expect(request.purpose == .judge(rubric: "helpful"))
        #expect(request.params == ["max_tokens": 200])
        #expect(request.responseSchema?["properties"]?["verdict"] == ["type": "integer", "enum": [1, 2, 3, 4, 5]])
        #expect(request.responseSchema?["properties"]?.objectValue?.keys == ["reason", "verdict"])
        #expect(request.messages.map(\.role) == [.system, .user])
        #expect(request.messages[0].content.hasPrefix("You grade answers by rubric helpful.\n\nThe text between <under-test-"))
        #expect(request.messages[1].content.contains("Question: Where is my refund?"))
        #expect(request.messages[1].content.contains(">\nOn Friday.\n</under-test-"))
        #expect(request.messages[1].content.hasSuffix("from 1 to 5.\n1: useless\n5: flawless"))
    }

    @Test("A recorded judge call is found again: the same output makes the same request")
    func stable() async throws {
        let first = try await judged(Writing.rubric(), [Self.verdict("pass")]).requests
        let second = try await judged(Writing.rubric(), [Self.verdict("fail")]).requests
        #expect(first.map(\.contentFingerprint) == second.map(\.contentFingerprint))
    }

    @Test("An answer without a usable verdict is asked for once more, by a draw of its own, then unscored", arguments: [
        (ScriptedJudge.Answer.text("I cannot say."), "I cannot say."), (.text(#"{"reason": "x", "verdict": "excellent"}"#), "excellent"),
        (.cutOff(#"{"reason": "it is quite"#), "cut off (finish reason `length`)"), (.cutOff("Verdict: pass"), "cut off"), (.text(""), "\"\""),
    ])
    func unusable(_ answer: ScriptedJudge.Answer, _ words: String) async throws {
        let (verdict, requests) = try await judged(Writing.rubric(), [answer, answer])
        #expect(verdict.results[0].state == .unscored)
        #expect(verdict.results[0].score == nil)
        #expect(verdict.results[0].reason.contains(words), "\(verdict.results[0].reason)")
        #expect(verdict.state == .unscored)
        #expect(requests.map(\.draw.description) == ["judge/1", "judge/2"])
        #expect(verdict.judgeExchanges.count == 2)

        let (repaired, _) = try await judged(Writing.rubric(), [answer, Self.verdict("pass")])
        #expect(repaired.state == .passed)
    }

    @Test("A judge that cannot be reached is an error of the check, and the trial is unscored")
    func unreachable() async throws {
        let (verdict, requests) = try await judged(Writing.rubric(), [.failure("connection refused")])
        #expect(verdict.results[0].state == .errored)
        #expect(verdict.results[0].reason == "the judge openai/gpt-4o gave no answer: connection refused")
        #expect(verdict.state == .unscored)
        #expect(requests.count == 1)
        let (afterNonsense, _) = try await judged(Writing.rubric(), [.text("?"), .failure("gone")])
        #expect(afterNonsense.results[0].state == .unscored)
    }

    @Test("not turns neither an unreachable judge nor an unusable answer into a pass")
    func not() async throws {
        let check = #"{"judge": "helpful", "not": true}"#
        #expect(try await judged(Writing.rubric(), [.failure("x")], check: check).verdict.results[0].state == .errored)
        #expect(try await judged(Writing.rubric(), [.text("x"), .text("x")], check: check).verdict.results[0].state == .unscored)
        #expect(try await judged(Writing.rubric(), [Self.verdict("fail")], check: check).verdict.results[0].state == .passed)
    }

    @Test("Votes: the majority, or the middle of a scale, and only when the missing ones could not change it", arguments: [
        (Rubric.Scale.passFail, ["pass", "fail", "pass"], CheckState.passed, "pass by 2 of 3 votes"),
        (.passFail, ["fail", "fail", "pass"], .failed, "fail by 2 of 3 votes"), (.passFail, ["pass", "!", "pass"], .passed, "pass by 2 of 3 votes"),
        (.passFail, ["pass", "!", "fail"], .errored, "1 pass, 1 fail"), (.passFail, ["pass", "?", "fail"], .unscored, "2 of 3 votes usable"),
        (.passFail, ["!", "!", "fail"], .errored, "1 of 3 votes usable"), (labels, ["good", "poor", "fair"], .passed, "fair by 1 of 3 votes"),
        (anchored, ["5", "2", "3"], .passed, "3 by 1 of 3 votes"), (anchored, ["1", "2", "5"], .failed, "2 by 1 of 3 votes"),
    ])
    func votes(_ scale: Rubric.Scale, _ answers: [String], _ state: CheckState, _ reason: String) async throws {
        let threshold = scale == .passFail ? 1 : 0.5
        var script = answers.map { $0 == "!" ? ScriptedJudge.Answer.failure("down") : $0 == "?" ? .text("?") : Self.verdict($0) }
        script += answers.map { _ in .text("still nothing") }
        let (verdict, requests) = try await judged(Writing.rubric(scale: scale, threshold: threshold, votes: 3), script)
        #expect(verdict.results[0].state == state)
        #expect(verdict.results[0].reason.contains(reason), "\(verdict.results[0].reason)")
        #expect(requests.prefix(3).map(\.draw.description) == ["judge/1", "judge/2", "judge/3"])
        #expect(requests.count == (answers.contains("?") ? 4 : 3))
    }

    @Test("The model under test does not judge itself unless the rubric allows it")
    func selfJudging() throws {
        let compiled = try #require(CheckCompiler(Writing.resources()).compile(
            try Writing.example([#"{"any_of": [{"judge": "helpful"}]}"#, #"{"judge": {"rubric": "helpful"}, "name": "again"}"#])).checks)
        #expect(compiled.rubrics.map(\.id) == ["helpful"])
        #expect(compiled.judgeCalls == 2)
        func found(_ backend: String, _ model: String) -> [Diagnostic.Severity] {
            compiled.dependentJudges(target: Target(backend: backend, model: model)) { one, other in
                Set([one, other]) == ["openai", "alias"]
            }.map(\.severity)
        }
        #expect(found("openai", "gpt-4o") == [.error])
        #expect(found("alias", "gpt-4o") == [.error])
        #expect(found("azure", "gpt-4o") == [.warning])
        #expect(found("openai", "gpt-4o-mini") == [.warning])
        #expect(found("openrouter", "anthropic/claude-sonnet-4") == [])
        #expect(found("local", "my-model") == [])
    }

    @Test("The maker of a model is told by its name, and not where the name only begins alike", arguments: [
        ("gpt-4o", "OpenAI"), ("openai/o3-mini", "OpenAI"), ("o1", "OpenAI"), ("us.anthropic.claude-3-5-sonnet-v2", "Anthropic"),
        ("meta-llama/Llama-3.1-70B", "Meta"), ("phi-4", "Microsoft"), ("smollm2", "Hugging Face"), ("Qwen2.5-7B-Instruct", "Alibaba"),
        ("o1x", nil), ("phind-codellm", nil), ("m", nil), ("", nil),
    ] as [(String, String?)])
    func makers(_ model: String, _ maker: String?) { #expect(ModelFamily.maker(of: model) == maker) }

    @Test("A rubric that shows no output, or lacks a variable, is found before the first call")
    func badRubrics() throws {
        var resources = Writing.resources()
        resources.renderRubric = { _, _ in [Message(role: .user, content: "Is it good?")] }
        #expect(try Writing.findings([#"{"judge": "helpful"}"#], resources: resources) == ["1:1: rubric `helpful` never shows the judge what to grade"])
        resources.renderRubric = { rubric, variables in
            if variables["expected"] == nil { throw Diagnostic(.error, at: rubric.source, "needs expected") }
            return [Message(role: .user, content: variables["output"]?.stringValue ?? "")]
        }
        #expect(try Writing.findings([#"{"judge": "helpful"}"#], resources: resources) == ["1:1: needs expected"])
        #expect(try Writing.findings([#"{"judge": "helpful"}"#], expected: "x", resources: resources) == [])
    }
}

@Suite("What a judge said")
struct JudgeAnswerTests {
    @Test("The last usable verdict counts, in JSON or as a last line", arguments: [
        (#"{"reason": "r", "verdict": "pass"}"#, "pass"), (#"{"verdict": "PASS", "reason": "r"}"#, "pass"),
        ("```json\n{\"reason\": \"r\", \"verdict\": \"fail\"}\n```", "fail"),
        (#"I think {"verdict": "pass"} would be wrong, so {"reason": "r", "verdict": "fail"}"#, "fail"),
        (#"{"reason": "r", "verdict": "fail"} {"note": 1}"#, "fail"), (#"{"verdict": "fail"} {"verdict": "superb"}"#, "fail"),
        ("It quotes {\"verdict\": \"pass\"}.\nVerdict: fail", "fail"), ("Fine.\n\n**Verdict:** pass.\n", "pass"), ("verdict = fail", "fail"),
        ("pass", "pass"), ("Fail.", "fail"), (#"{"reason": "{\"verdict\": \"pass\"}", "verdict": "fail"}"#, "fail"),
        ("**Verdict: fail**\n\nLet me know if you need more.", "fail"), ("Verdict: pass\nOn second thoughts:\nVerdict: fail\nThanks", "fail"),
        ("Verdict: pass\n{\"reason\": \"r\", \"verdict\": \"fail\"}\nDone.", "fail"),
        ("{\"reason\": \"r\", \"verdict\": \"pass\"}\nVerdict: fail\nDone.", "fail"),
        ("<think>It says {\"verdict\": \"pass\"}</think>{\"reason\": \"r\", \"verdict\": \"fail\"}", "fail"),
        ("The verdict: pass is tempting", nil), ("Verdict: passable", nil), ("pass or fail", nil), ("Some words\npass", nil), ("", nil),
        (#"{"verdict": true}"#, nil), (#"["pass"]"#, nil), (#"{"reason": "r", "verdict": "pa"#, nil),
    ] as [(String, String?)])
    func parsing(_ text: String, _ verdict: String?) {
        #expect(JudgeAnswer(Output(text: text), scale: .passFail)?.verdict.name == verdict)
    }

    @Test("A verdict on a scale may be a number or its text, and only one that was offered", arguments: [
        (#"{"verdict": 4}"#, "4"), (#"{"verdict": "4"}"#, "4"), (#"{"verdict": 4.0}"#, "4"), (#"{"verdict": 6}"#, nil), (#"{"verdict": 4.5}"#, nil),
        ("Verdict: 2", "2"),
    ] as [(String, String?)])
    func numbers(_ text: String, _ verdict: String?) {
        #expect(JudgeAnswer(Output(text: text), scale: JudgeTests.anchored)?.verdict.name == verdict)
    }

    @Test("Of a cut-off answer only complete JSON counts")
    func cutOff() {
        let quoting = #"It says {"verdict": "pass"} but"#
        #expect(JudgeAnswer(Output(text: quoting, finishReason: "length"), scale: .passFail) == nil)
        #expect(JudgeAnswer(Output(text: #"{"verdict": "pass"}"#, finishReason: "length"), scale: .passFail)?.verdict.name == "pass")
    }
}
