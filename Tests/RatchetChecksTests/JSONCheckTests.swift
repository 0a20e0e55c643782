import RatchetCore
import RatchetJSON
import Testing

@testable import RatchetChecks

@Suite("JSON checks")
struct JSONCheckTests {
    static let fenced = "```json\n{\"total\": 12.5}\n```"
    static let prose = "Here it is: {\"total\": 12.5}. Anything else?"

    @Test("is_json: the whole output, unless more is allowed; the reason says where JSON stood", arguments: [
        Case(#""is_json""#, " {\"a\": [1, null]} \n", .passed, "the whole output is JSON"),
        Case(#""is_json""#, "12", .passed),
        Case(#""is_json""#, #"{"a": 1, "a": 2}"#, .passed),
        Case(#""is_json""#, fenced, .failed, "JSON inside a code fence: the whole output must be JSON"),
        Case(#""is_json""#, prose, .failed, "JSON with other text around it: the whole output must be JSON"),
        Case(#""is_json""#, "Sorry.", .failed, "no JSON: at line 1, column 1 found 'Sorry'"),
        Case(#""is_json""#, "", .failed, "no JSON"),
        Case(#""is_json""#, #"{"a": 1,}"#, .failed, "remove the trailing comma"),
        Case(#"{"is_json": {"allow": "fence"}}"#, fenced, .passed, "inside a code fence"),
        Case(#"{"is_json": {"allow": "fence"}}"#, prose, .failed, "in a code fence at most"),
        Case(#"{"is_json": {"allow": "prose"}}"#, prose, .passed),
        Case(#"{"is_json": {"allow": "prose"}}"#, "Sorry.", .failed),
        Case(#"{"is_json": {}, "of": "$.inner"}"#, #"{"inner": "{\"a\":1}"}"#, .passed),
        Case(#"{"is_json": {}, "of": "$.inner"}"#, #"{"inner": "{\"a\":"}"#, .failed),
        Case(#"{"is_json": {}, "of": "$.inner"}"#, #"{"inner": [1]}"#, .passed),
        Case(#"{"is_json": {"kind": "object"}}"#, "{}", .passed), Case(#"{"is_json": {"kind": ["object", "array"]}}"#, "12", .failed, "found a number, wanted object or array"),
        Case(#"{"is_json": {"kind": "object"}}"#, "[{}]", .failed, "the whole output is JSON, but found a list, wanted object"),
        Case(#"{"is_json": {"kind": "array"}, "of": "$.inner"}"#, #"{"inner": [1]}"#, .passed),
    ])
    func isJSON(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("is_json: a cut-off answer is told as such")
    func cutOff() async throws {
        let result = try await Checking.result(#""is_json""#, Output(text: #"{"a": [1, "#, finishReason: "length"))
        #expect(result.state == .failed)
        #expect(result.reason.contains("the answer was cut off"))
    }

    static let schema = #"{"json_schema": {"type": "object", "required": ["total"], "properties": {"total": {"type": "number"}}}}"#

    @Test("json_schema: the first violations, each with its place", arguments: [
        Case(schema, #"{"total": 1}"#, .passed, "satisfies the schema"),
        Case(schema, #"{"total": "1"}"#, .failed, "/total: "),
        Case(schema, #"{}"#, .failed, "the value: "),
        Case(schema, fenced, .failed, "JSON inside a code fence: the whole output must be JSON"),
        Case(schema, "```\n{}\n```", .failed, "and against the schema"),
        Case(schema, "none", .failed, "no JSON"),
        Case(#"{"json_schema": {"schema": {"type": "object"}, "allow": "fence"}}"#, fenced, .passed),
        Case(#"{"json_schema": {"file": "schemas/total.json"}}"#, #"{"total": 1}"#, .passed),
        Case(#"{"json_schema": "schemas/total.json"}"#, #"{"total": -1}"#, .failed, "/total"),
        Case(#"{"json_schema": false}"#, "1", .failed),
        Case(#"{"json_schema": {"type": "string"}, "of": "$.a"}"#, #"{"a": "12"}"#, .passed),
    ])
    func schemas(_ testCase: Case) async throws {
        let resources = Writing.resources(files: ["schemas/total.json": ["properties": ["total": ["minimum": 0]]]])
        let result = try await Checking.result(testCase.check, Output(text: testCase.output), resources: resources)
        #expect(result.state == testCase.state, "\(result.reason)")
        #expect(testCase.reason.isEmpty || result.reason.contains(testCase.reason), "\(result.reason)")
    }

    @Test("json_path: exact JSON, numbers by value", arguments: [
        Case(#"{"json_path": "$.total"}"#, #"{"total": null}"#, .passed, "$.total is null"),
        Case(#"{"json_path": "$.sum"}"#, #"{"total": 1}"#, .failed, #"nothing at $.sum in {"total":1}"#),
        Case(#"{"json_path": {"path": "$.total", "equals": 12.5}}"#, #"{"total": 12.50}"#, .passed),
        Case(#"{"json_path": {"path": "$.total", "equals": 12.5}}"#, #"{"total": 125e-1}"#, .passed),
        Case(#"{"json_path": {"path": "$.total", "equals": 12.5}}"#, #"{"total": 12}"#, .failed, "$.total is 12, wanted 12.5"),
        Case(#"{"json_path": {"path": "$.total", "equals": 12.5}}"#, #"{"total": "12.5"}"#, .failed, "written as a string"),
        Case(#"{"json_path": {"path": "$.n", "equals": 9007199254740993}}"#, #"{"n": 9007199254740992}"#, .failed),
        Case(#"{"json_path": {"path": "$", "equals": {"a": 1, "b": [2]}}}"#, #"{"b": [2.0], "a": 1}"#, .passed),
        Case(#"{"json_path": {"path": "$.s", "equals": "Paris"}}"#, #"{"s": "paris"}"#, .failed, "only upper and lower case"),
        Case(#"{"json_path": {"path": "$.s", "contains": "ar"}}"#, #"{"s": "Paris"}"#, .passed),
        Case(#"{"json_path": {"path": "$.s", "contains": 2}}"#, #"{"s": [1, 2.0]}"#, .passed),
        Case(#"{"json_path": {"path": "$.s", "contains": "x"}}"#, #"{"s": 5}"#, .failed, "a text or list that contains"),
        Case(#"{"json_path": {"path": "$.s", "regex": "^P"}}"#, #"{"s": "Paris"}"#, .passed),
        Case(#"{"json_path": {"path": "$.s", "regex": "^P"}}"#, #"{"s": 5}"#, .failed, "$.s is 5, wanted a text that matches /^P/"),
        Case(#"{"json_path": {"path": "$.n", "min": 0, "max": 1}}"#, #"{"n": 0.5}"#, .passed),
        Case(#"{"json_path": {"path": "$.n", "min": 0, "max": 1}}"#, #"{"n": 1.0000000000000000001}"#, .failed, "at most 1"),
        Case(#"{"json_path": {"path": "$.n", "min": 0}}"#, #"{"n": "5"}"#, .failed, "written as a string"),
        Case(#"{"json_path": {"path": "$.n", "type": "integer"}}"#, #"{"n": 5.0}"#, .passed),
        Case(#"{"json_path": {"path": "$.n", "type": ["string", "null"]}}"#, #"{"n": 5}"#, .failed, "type string or null"),
        Case(#"{"json_path": {"path": "$.items[*]", "count": 2}}"#, #"{"items": [1, 2]}"#, .passed),
        Case(#"{"json_path": {"path": "$.items[*]", "count": {"max": 1}}}"#, #"{"items": [1, 2]}"#, .failed, "2 values at $.items[*], wanted at most 1"),
        Case(#"{"json_path": {"path": "$.items[*]", "count": 0}}"#, #"{"items": []}"#, .passed),
        Case(#"{"json_path": {"path": "$.items[*].p", "min": 0}}"#, #"{"items": [{"p": 1}, {"p": -1}]}"#, .failed, "$['items'][1]['p'] is -1"),
        Case(#"{"json_path": {"path": "$.error", "exists": false}}"#, #"{}"#, .passed, "nothing at $.error"),
        Case(#"{"json_path": {"path": "$.error", "exists": false}}"#, #"{"error": 1}"#, .failed, "$.error is 1, wanted nothing there"),
        Case(#"{"json_path": {"path": "$.error", "exists": false}}"#, "no JSON here", .failed, "no JSON"),
        Case(#"{"json_path": {"path": "$.total", "equals": {"from": "expected"}}}"#, #"{"total": 12.0}"#, .passed, expected: 12),
        Case(#"{"json_path": {"path": "$.city", "equals": {"from": "expected"}}}"#, #"{"city": "Bonn"}"#, .passed, expected: ["Köln", "Bonn"]),
        Case(#"{"json_path": {"path": "$.l", "equals": {"from": "expected"}}}"#, #"{"l": [1, 2]}"#, .passed, expected: [1, 2]),
        Case(#"{"json_path": {"path": "$.o", "equals": {"from": "Berlin"}}}"#, #"{"o": {"from": "Berlin"}}"#, .passed),
        Case(#"{"json_path": {"path": "$.total", "equals": 12.5}}"#, fenced, .failed, "JSON inside a code fence"),
        Case(#"{"json_path": {"path": "$.total", "equals": 12.5, "allow": "fence"}}"#, fenced, .passed),
        Case(#"{"json_path": {"path": "$.s", "regex": "(a+)+$"}}"#, #"{"s": "\#(String(repeating: "a", count: 60))b"}"#, .errored, "too many steps"),
    ])
    func paths(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("json_path: lists of choices, lengths, and one value that is enough", arguments: [
        Case(#"{"json_path": {"path": "$.s", "one_of": ["a", 2]}}"#, #"{"s": 2.0}"#, .passed),
        Case(#"{"json_path": {"path": "$.s", "one_of": ["a", 2]}}"#, #"{"s": "2"}"#, .failed, "wanted \"a\" or 2: the number is there"),
        Case(#"{"json_path": {"path": "$.s", "one_of": {"from": "expected"}}}"#, #"{"s": "b"}"#, .passed, expected: ["a", "b"]),
        Case(#"{"json_path": {"path": "$.s", "length": 2}}"#, #"{"s": "éé"}"#, .passed),
        Case(#"{"json_path": {"path": "$.s", "length": {"min": 1}}}"#, #"{"s": []}"#, .failed, "$.s is [], wanted a length of at least 1, not 0"),
        Case(#"{"json_path": {"path": "$.s", "length": {"max": 1}}}"#, #"{"s": {"a": 1}}"#, .passed),
        Case(#"{"json_path": {"path": "$.s", "length": 1}}"#, #"{"s": 1}"#, .failed, "a text, list or object of length exactly 1"),
        Case(#"{"json_path": {"path": "$[*]", "equals": 2, "match": "any"}}"#, "[1, 2]", .passed, "$[1] is 2"),
        Case(#"{"json_path": {"path": "$[*]", "equals": 3, "match": "any"}}"#, "[1, 2]", .failed, "none of 2 values is as wanted: $[0] is 1, wanted 3"),
        Case(#"{"json_path": {"path": "$[*]", "equals": 3, "match": "any"}}"#, "[]", .failed, "nothing at $[*]"),
        Case(#"{"json_path": {"path": "$[*]", "regex": "^a", "min": 3, "match": "any"}}"#, #"["a", 3]"#, .failed),
    ])
    func choices(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("json_equals: differences with their places; a score for `threshold`", arguments: [
        (#"{"json_equals": {"a": 1}}"#, #"{"a": 1.0}"#, CheckState.passed, 1, "equals the wanted JSON"),
        (#"{"json_equals": {"a": 1, "b": 2}}"#, #"{"a": 1, "b": 3}"#, .failed, 0.5, "1 difference: /b: found 3, wanted 2"),
        (#"{"json_equals": {"a": 1, "b": 2}, "threshold": 0.5}"#, #"{"a": 1, "b": 3}"#, .passed, 0.5, "threshold 0.5"),
        (#"{"json_equals": {"a": 1}}"#, #"{"a": 1, "b": [1, 2]}"#, .failed, 1.0 / 3, "/b: found [1,2], wanted nothing (all that is wanted is there"),
        (#"{"json_equals": {"value": {"a": 1}, "subset": true}}"#, #"{"a": 1, "b": [1, 2]}"#, .passed, 1, ""),
        (#"{"json_equals": {"value": "{\"a\": 1}"}}"#, #"{"a": 1}"#, .passed, 1, ""), (#"{"json_equals": "a"}"#, #""a""#, .passed, 1, ""),
        (#"{"json_equals": [1, 2]}"#, "[2, 1]", .failed, 0, "only the order of lists differs"),
        (#"{"json_equals": {"value": [1, 2], "any_order": true}}"#, "[2, 1]", .passed, 1, ""),
        (#"{"json_equals": {"value": {"t": [1, 2]}, "any_order": "$.t"}}"#, #"{"t": [2, 1]}"#, .passed, 1, ""),
        (#"{"json_equals": {"value": 3.14, "tolerance": {"relative": 0.01}}}"#, "3.15", .passed, 1, ""),
        (#"{"json_equals": {"value": {"at": 1, "n": 1}, "ignore": ["$.at"]}}"#, #"{"n": 1}"#, .passed, 1, ""),
        (#"{"json_equals": {"n": 1}}"#, #"{"n": "1"}"#, .failed, 0, "written as a string"),
        (#"{"json_equals": {"n": 1}}"#, "```json\n{\"n\": 1}\n```", .failed, 0, "JSON inside a code fence"),
        (#"{"json_equals": {"value": {"n": 1}, "allow": "fence"}}"#, "```json\n{\"n\": 1}\n```", .passed, 1, ""),
        (#"{"json_equals": {"n": 1}}"#, "none", .failed, 0, "no JSON"),
        (#"{"json_equals": {}}"#, "{}", .passed, 1, ""), (#"{"json_equals": null}"#, "{}", .passed, 1, ""),
    ])
    func equalities(_ check: String, _ output: String, _ state: CheckState, _ score: Double, _ reason: String) async throws {
        let result = try await Checking.result(check, Output(text: output), expected: JSONValue(parsing: "{}"))
        #expect(result.state == state, "\(result.reason)")
        #expect(abs((result.score ?? -1) - score) < 1e-9)
        #expect(reason.isEmpty || result.reason.contains(reason), "\(result.reason)")
    }

    @Test("json_equals: options are read with care", arguments: [
        (#"{"json_equals": {"ignore": ["$.id"]}}"#, "has options and no wanted value"),
        (#"{"json_equals": {"value": 1, "ignore": "$"}}"#, "leaves nothing to compare"), (#"{"json_equals": {"value": 1, "ignore": "id"}}"#, "bad path"),
        (#"{"json_equals": {"value": 1, "tolerance": -1}}"#, "`tolerance` wants"), (#"{"json_equals": {"value": 1, "tolerance": {"relative": 1}}}"#, "`tolerance` wants"),
        (#"{"json_equals": {"value": 1, "any_order": 3}}"#, "a path or a list of paths"), (#"{"json_equals": {"value": 1, "subst": true}}"#, "no option `subst`"),
        (#"{"json_path": {"path": "$", "one_of": "a"}}"#, "`one_of` wants a list"), (#"{"json_path": {"path": "$", "match": "some"}}"#, "`match` cannot be"),
        (#"{"is_json": {"kind": "dict"}}"#, "there is no type \"dict\""),
    ])
    func badOptions(_ check: String, _ message: String) throws {
        let findings = try Writing.findings([check], expected: 1)
        #expect(findings.contains { $0.contains(message) }, "\(findings)")
    }

    @Test("Failures that nearly passed name the same cause", arguments: [
        (#""is_json""#, fenced, FailureKind.codeFence), (schema, fenced, .codeFence), (schema, prose, .jsonInProse),
        (#"{"json_path": {"path": "$.total", "equals": 12.5}}"#, fenced, .codeFence),
        (#"{"equals": "12.5"}"#, "12.5.", .endPunctuation), (#"{"all_of": ["is_json"]}"#, fenced, .codeFence),
    ])
    func failureKinds(_ check: String, _ output: String, _ failureKind: FailureKind) async throws {
        let verdict = try await Checking.trial([check], Output(text: output))
        #expect(verdict.results.map(\.failureKind) == [failureKind])
    }
}
