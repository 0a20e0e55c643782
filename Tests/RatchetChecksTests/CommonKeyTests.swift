import RatchetCore
import RatchetJSON
import Testing

@testable import RatchetChecks

/// A check whose outcome is dictated, for what the common keys make of it.
private struct DictatedCheck: Check {
    static let type = "dictated"
    static let documentation = CheckDocumentation(.text, "", samples: [])
    var outcome: CheckOutcome

    init?(_ options: CheckOptions) { return nil }
    init(_ outcome: CheckOutcome) { self.outcome = outcome }
    func evaluate(_ input: CheckInput) async -> CheckOutcome { outcome }
}

@Suite("Keys that all checks share")
struct CommonKeyTests {
    private func applied(_ common: String, to outcome: CheckOutcome) async throws -> CheckOutcome {
        let specification = try Writing.check("{\"dictated\": null\(common)}")
        let compiled = CompiledCheck(
            specification: specification, check: DictatedCheck(outcome), selector: nil, hash: "", fileHashes: [],
            usesExpected: false)
        let example = try Writing.example([])
        return await compiled.evaluate(
            CheckInput(response: Response(output: Output(text: "x")), example: example, caller: ScriptedJudge([])))
    }

    @Test("not exchanges passed and failed, and turns nothing else into anything", arguments: [
        (CheckOutcome.passed("r"), CheckState.failed), (.failed("r"), .passed), (.errored("r"), .errored),
        (.unscored("r"), .unscored), (.notApplicable("r"), .notApplicable), (.lacking("r"), .failed),
    ])
    func not(_ outcome: CheckOutcome, _ state: CheckState) async throws {
        let inverted = try await applied(", \"not\": true", to: outcome)
        #expect(inverted.state == state)
        #expect(inverted.reason.contains("r"))
        let withThreshold = try await applied(", \"not\": true, \"threshold\": 0.5", to: outcome)
        #expect(withThreshold.state == state)
    }

    @Test("not inverts the score as well")
    func notScore() async throws {
        let inverted = try await applied(", \"not\": true", to: CheckOutcome(state: .failed, score: 0.25, reason: "r"))
        #expect(inverted.score == 0.75)
        #expect(inverted.state == .passed)
    }

    @Test("threshold decides by the score, and says so", arguments: [
        (0.7, 0.7, CheckState.passed), (0.69, 0.7, .failed), (1, 0.5, .passed), (0, 0, .passed), (2.0 / 3, 0.6666666666666667, .passed),
    ])
    func threshold(_ score: Double, _ threshold: Double, _ state: CheckState) async throws {
        for own in [CheckState.passed, .failed] {
            let outcome = try await applied(", \"threshold\": \(threshold)", to: CheckOutcome(state: own, score: score, reason: "r"))
            #expect(outcome.state == state)
            #expect(outcome.reason.hasPrefix("r (score "))
        }
    }

    @Test("threshold without a score is an error, never a pass")
    func thresholdWithoutScore() async throws {
        let outcome = try await applied(", \"threshold\": 0", to: CheckOutcome(state: .failed, score: nil, reason: "r"))
        #expect(outcome.state == .errored)
    }

    @Test("A score outside 0...1 is brought inside, one that is no number is none", arguments: [
        (1.5, 1.0), (-3, 0), (.nan, nil), (.infinity, nil),
    ] as [(Double, Double?)])
    func clamped(_ score: Double, _ kept: Double?) async throws {
        #expect(try await applied("", to: CheckOutcome(state: .passed, score: score, reason: "")).score == kept)
    }

    @Test("not never turns an error of any registered check into a pass", arguments: CheckRegistry.names.sorted())
    func notOnEveryCheck(_ type: String) async throws {
        let hostile = String(repeating: "a", count: 60) + "b"
        // Selecting the part is what fails, whatever the check is.
        for (of, state) in [("regex:(a+)+$", CheckState.errored), ("$.nothing", .failed), ("finish_reason", .failed)] {
            for not in [false, true] {
                let sample = try #require(CheckRegistry.check(named: type)).documentation.samples[0]
                let expected = try sample.expected.map { try JSONValue(parsing: $0) }
                var object = try JSONValue(parsing: sample.check).objectValue ?? [type: .null]
                object["of"] = .string(of)
                object["not"] = .bool(not)
                let text = JSONValue.object(object).serialized()
                let result = try await Checking.result(
                    text, Output(text: hostile), expected: expected, caller: KeywordJudge(keyword: "a"))
                #expect(result.state == state, "\(text): \(result.reason)")
            }
        }
    }

    @Test("of selects a part of the output", arguments: [
        (#"{"equals": "Bonn", "of": "$.city"}"#, CheckState.passed), (#"{"equals": "12.50", "of": "$.total"}"#, .passed),
        (#"{"contains": "\"k\":[1]", "of": "$.deep"}"#, .passed), (#"{"equals": "Bonn", "of": "regex:city\": \"(\\w+)\""}"#, .passed),
        (#"{"equals": "Bonn", "of": "regex:B\\w+"}"#, .passed), (#"{"equals": "length", "of": "finish_reason"}"#, .passed),
        (#"{"json_path": {"path": "$[0].arguments.id", "equals": 7}, "of": "tool_calls"}"#, .passed),
        (#"{"contains": "look_up", "of": "tool_calls"}"#, .passed), (#"{"contains": "city", "of": "text"}"#, .passed),
        (#"{"is_json": null, "of": "$.city"}"#, .failed), (#"{"equals": "x", "of": "$.none"}"#, .failed),
        (#"{"equals": "x", "of": "$.none", "not": true}"#, .failed), (#"{"equals": "x", "of": "$.city", "not": true}"#, .passed),
        (#"{"equals": "x", "of": "regex:(zip)", "not": true}"#, .failed),
        (#"{"all_of": [{"equals": "1", "of": "$[0]"}, {"contains": "k", "of": "text"}], "of": "$.deep.k"}"#, .passed),
        (#"{"none_of": [{"equals": "x", "of": "$.none"}]}"#, .failed),
    ])
    func of(_ check: String, _ state: CheckState) async throws {
        let output = Output(
            text: "```\n{\"city\": \"Bonn\", \"total\": 12.50, \"deep\": {\"k\": [1]}}\n```",
            toolCalls: [ToolCall(id: "c1", name: "look_up", arguments: ["id": 7])], finishReason: "length")
        let result = try await Checking.result(check, output)
        #expect(result.state == state, "\(result.reason)")
    }

    @Test("of says what was not there", arguments: [
        (#"{"equals": "x", "of": "$.a"}"#, "plain", #"nothing at $.a: there is no JSON in the output "plain""#),
        (#"{"equals": "x", "of": "$.a"}"#, "{}", "nothing at $.a in \"{}\""),
        (#"{"equals": "x", "of": "regex:#(\\d+)"}"#, "plain", #"nothing matches /#(\d+)/ in "plain""#),
        (#"{"equals": "x", "of": "finish_reason"}"#, "plain", "the backend gave no finish reason"),
    ])
    func ofReasons(_ check: String, _ output: String, _ reason: String) async throws {
        #expect(try await Checking.result(check, output).reason == reason)
    }

    @Test("when runs a check only after another has passed, whatever order they stand in")
    func when() async throws {
        let checks = [
            #"{"contains": "12", "name": "total", "when": "valid"}"#, #"{"is_json": {}, "name": "valid"}"#,
            #"{"contains": "3", "when": "total"}"#,
        ]
        let passed = try await Checking.trial(checks, Output(text: "[12, 3]"))
        #expect(passed.results.map(\.state) == [.passed, .passed, .passed])
        #expect(passed.results.map(\.name) == ["total", "valid", "contains"])
        let failed = try await Checking.trial(checks, Output(text: "12 3"))
        #expect(failed.results.map(\.state) == [.notApplicable, .failed, .notApplicable])
        #expect(failed.state == .failed)
        #expect(failed.results[0].reason == "not run: `valid` has failed")
        #expect(failed.results[2].reason == "not run: `total` is not applicable")
    }

    @Test("A judge behind when is not asked when the guard fails")
    func whenSavesCalls() async throws {
        let judge = ScriptedJudge([.text(#"{"reason": "", "verdict": "pass"}"#)])
        let verdict = try await Checking.trial(
            ["is_json", #"{"judge": "helpful", "when": "is_json"}"#].map { $0 == "is_json" ? "\"is_json\"" : $0 },
            Output(text: "no"), caller: judge)
        #expect(judge.requests.isEmpty)
        #expect(verdict.results[1].state == .notApplicable)
    }

    @Test("A check that waits for one without a verdict does not let the trial pass")
    func whenUndecided() async throws {
        let hostile = String(repeating: "a", count: 60) + "b"
        let checks = [
            #"{"regex": "(a+)+$", "name": "guard", "gating": false}"#, #"{"contains": "zzz", "when": "guard"}"#,
            #"{"contains": "b", "name": "other"}"#,
        ]
        let verdict = try await Checking.trial(checks, Output(text: hostile))
        #expect(verdict.results.map(\.state) == [.errored, .notApplicable, .passed])
        #expect(verdict.state == .unscored)
    }

    @Test("gating and weight are passed on; a check that does not gate fails no trial")
    func gating() async throws {
        let checks = [#"{"contains": "zzz", "gating": false, "weight": 2.5, "name": "note"}"#, #"{"contains": "x"}"#]
        let verdict = try await Checking.trial(checks, Output(text: "x"))
        #expect(verdict.state == .passed)
        #expect(verdict.results[0].gating == false)
        #expect(verdict.results[0].weight == 2.5)
        #expect(verdict.results[0].name == "note")
        #expect(verdict.results[0].type == "contains")
    }
}
