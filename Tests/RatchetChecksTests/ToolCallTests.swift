import RatchetCore
import RatchetJSON
import Testing

@testable import RatchetChecks

@Suite("Tool use")
struct ToolCallTests {
    /// A check, the calls that were made (as JSON: `["name", {arguments}]` each), and what comes of it.
    struct ToolCase: Sendable, CustomTestStringConvertible {
        var check: String
        var calls: String
        var state: CheckState
        var reason: String
        var kind: FailureKind?
        var expected: String?

        init(_ check: String, _ calls: String, _ state: CheckState, _ reason: String = "", kind: FailureKind? = nil, expected: String? = nil) {
            (self.check, self.calls, self.state, self.reason) = (check, calls, state, reason)
            (self.kind, self.expected) = (kind, expected)
        }

        var testDescription: String { "\(check) on \(calls.prefix(80))" }

        func result() async throws -> CheckResult {
            let calls = try JSONValue(parsing: calls).arrayValue ?? []
            let made = calls.map { call in
                ToolCall(id: nil, name: call.arrayValue?[0].stringValue ?? "", arguments: call.arrayValue?[1] ?? [:])
            }
            return try await Checking.result(
                check, Output(text: "", toolCalls: made), expected: expected.map { try JSONValue(parsing: $0) })
        }

        func hold() async throws {
            let result = try await result()
            #expect(result.state == state, "\(result.reason)")
            #expect(reason.isEmpty || result.reason.contains(reason), "\(result.reason)")
            #expect(result.failureKind == kind, "\(result.reason)")
        }
    }

    static let ab = #"[["a", {}], ["b", {}]]"#
    static let ba = #"[["b", {}], ["a", {}]]"#
    static let axb = #"[["a", {}], ["x", {}], ["b", {}]]"#

    @Test("Each way of matching decides about order and further calls", arguments: [
        ToolCase(#"{"tool_calls": "a"}"#, #"[["a", {"q": 1}]]"#, .passed, #"called a({"q":1})"#),
        ToolCase(#"{"tool_calls": ["a", "b"]}"#, ab, .passed),
        ToolCase(#"{"tool_calls": ["a", "b"]}"#, ba, .failed, "call 1 is b({}), wanted a: the wanted calls were made, but in another order", kind: .callOrder),
        ToolCase(#"{"tool_calls": ["a", "b"]}"#, axb, .failed, "call 2 is x({}), wanted b", kind: .extraCalls),
        ToolCase(#"{"tool_calls": ["a", "b"]}"#, #"[["a", {}]]"#, .failed, "1 call, and then none: wanted b as call 2"),
        ToolCase(#"{"tool_calls": "a"}"#, ab, .failed, "call 2, b({}), is one too many", kind: .extraCalls),
        ToolCase(#"{"tool_calls": {"calls": ["a", "b"], "match": "any_order"}}"#, ba, .passed),
        ToolCase(#"{"tool_calls": {"calls": ["a", "b"], "match": "any_order"}}"#, axb, .failed, "called x({}) beside the wanted calls", kind: .extraCalls),
        ToolCase(#"{"tool_calls": {"calls": ["a", "a"], "match": "any_order"}}"#, ab, .failed, "no call a"),
        ToolCase(#"{"tool_calls": {"calls": ["a", "b"], "match": "in_order"}}"#, axb, .passed),
        ToolCase(#"{"tool_calls": {"calls": ["a", "b"], "match": "in_order"}}"#, ba, .failed, "no call b behind a", kind: .callOrder),
        ToolCase(#"{"tool_calls": {"calls": ["b"], "match": "subset"}}"#, axb, .passed),
        ToolCase(#"{"tool_calls": {"calls": ["b", "b"], "match": "subset"}}"#, axb, .failed, "no call b: called a({}), x({}) and b({})"),
        ToolCase(#"{"tool_calls": {"calls": ["a", "b", "x"], "match": "only"}}"#, #"[["a", {}], ["a", {}]]"#, .passed),
        ToolCase(#"{"tool_calls": {"calls": ["a", "b"], "match": "only"}}"#, axb, .failed, "call 2 is x({}), wanted only a or b"),
        ToolCase(#"{"tool_calls": {"calls": ["a"], "match": "only"}}"#, "[]", .passed, "no call was made"),
        ToolCase(#"{"tool_calls": "none"}"#, "[]", .passed),
        ToolCase(#"{"tool_calls": []}"#, #"[["a", {}]]"#, .failed, "called a({}), wanted no call"),
        ToolCase(#"{"tool_calls": ["a", "b"]}"#, "[]", .failed, "no call was made, wanted a then b"),
        ToolCase(#"{"tool_calls": "a", "not": true}"#, "[]", .passed),
    ])
    func matching(_ testCase: ToolCase) async throws { try await testCase.hold() }

    static let weather = #"{"name": "w", "arguments": {"city": "New York", "days": 3, "at": {"lat": 1.5, "lon": 2}}}"#

    @Test("Arguments are compared one by one, and the reason names the one that differs", arguments: [
        ToolCase(#"{"tool_calls": [\#(weather)]}"#, #"[["w", {"at": {"lon": 2.0, "lat": 1.50}, "days": 3, "city": "New York"}]]"#, .passed),
        ToolCase(#"{"tool_calls": [\#(weather)]}"#, #"[["w", {"city": "new york", "days": 3, "at": {"lat": 1.5, "lon": 2}}]]"#, .failed, #"argument `city` is "new york", wanted "New York""#, kind: .letterCase),
        ToolCase(#"{"tool_calls": [\#(weather)]}"#, #"[["w", {"city": "New York", "days": "3", "at": {"lat": 1.5, "lon": 2}}]]"#, .failed, "argument `days` is \"3\", wanted 3", kind: .numberAsText),
        ToolCase(#"{"tool_calls": [\#(weather)]}"#, #"[["w", {"city": "New York", "days": 3, "at": {"lat": 1.5}}]]"#, .failed, "argument `at.lon` is missing, wanted 2"),
        ToolCase(#"{"tool_calls": [\#(weather)]}"#, #"[["w", {"city": "New York", "days": 3, "at": {"lat": 1.5, "lon": 2, "alt": 9}}]]"#, .failed, "argument `at.alt` is 9, wanted no such argument"),
        ToolCase(#"{"tool_calls": {"calls": [\#(weather)], "arguments": "subset"}}"#, #"[["w", {"city": "New York", "days": 3, "at": {"lat": 1.5, "lon": 2, "alt": 9}, "unit": "c"}]]"#, .passed),
        ToolCase(#"{"tool_calls": {"calls": [\#(weather)], "arguments": "ignore"}}"#, #"[["w", {}]]"#, .passed),
        ToolCase(#"{"tool_calls": {"calls": [\#(weather)], "ignore": ["days", "$.at.*"]}}"#, #"[["w", {"city": "New York", "at": {"x": 1}, "days": [9]}]]"#, .passed),
        ToolCase(#"{"tool_calls": {"calls": [\#(weather)], "lenient": true}}"#, #"[["w", {"city": "new-york", "days": 3, "at": {"lat": 1.5, "lon": 2}}]]"#, .passed),
        ToolCase(#"{"tool_calls": {"calls": [\#(weather)], "lenient": ["case"]}}"#, #"[["w", {"city": "new  york", "days": 3, "at": {"lat": 1.5, "lon": 2}}]]"#, .failed, kind: .punctuation),
        ToolCase(#"{"tool_calls": {"calls": ["math.gcd"], "lenient": "punctuation"}}"#, #"[["math_gcd", {}]]"#, .passed),
        ToolCase(#"{"tool_calls": {"calls": {"name": "w", "arguments": "{\"n\": 1}"}}}"#, #"[["w", {"n": 1}]]"#, .passed),
        ToolCase(#"{"tool_calls": {"calls": {"name": "w", "arguments": {}}}}"#, #"[["w", ""]]"#, .passed),
        ToolCase(#"{"tool_calls": {"calls": {"name": "w", "arguments": {}}}}"#, #"[["w", "{\"n\": 1"]]"#, .failed, #"the arguments are not JSON: "{"n": 1""#),
        ToolCase(#"{"tool_calls": {"calls": {"name": "w", "arguments": {}}}}"#, #"[["w", [1]]]"#, .failed, "the arguments are a list, and no object"),
        ToolCase(#"{"tool_calls": {"calls": {"name": "w", "schema": {"required": ["q"], "properties": {"q": {"type": "string"}}}}}}"#, #"[["w", {"q": "x"}]]"#, .passed),
        ToolCase(#"{"tool_calls": {"calls": {"name": "w", "schema": {"properties": {"q": {"type": "string"}}}}}}"#, #"[["w", {"q": 5}]]"#, .failed, "/q: "),
    ])
    func arguments(_ testCase: ToolCase) async throws {
        try await testCase.hold()
    }

    static let possible = #"[{"area": {"base": [10, 10.0], "unit": ["units", ""], "tags": [["x", "y"]], "box": [{"w": [1, 2], "h": [""]}]}}]"#

    @Test("Allowed values as the Berkeley leaderboard writes them; an empty text lets an argument be absent", arguments: [
        ToolCase(#""tool_calls""#, #"[["area", {"base": 10, "tags": ["x", "y"], "box": {"w": 2}}]]"#, .passed, expected: possible),
        ToolCase(#""tool_calls""#, #"[["area", {"base": 10.0, "unit": "units", "tags": ["x", "y"], "box": {"w": 1}}]]"#, .passed, expected: possible),
        ToolCase(#""tool_calls""#, #"[["area", {"base": 11, "tags": ["x", "y"], "box": {"w": 2}}]]"#, .failed, "argument `base` is 11, wanted 10 or 10.0", expected: possible),
        ToolCase(#""tool_calls""#, #"[["area", {"base": 10, "tags": ["y", "x"], "box": {"w": 2}}]]"#, .failed, "argument `tags`", expected: possible),
        ToolCase(#""tool_calls""#, #"[["area", {"base": 10, "tags": ["x", "y"], "box": {"w": 3}}]]"#, .failed, "argument `box`", expected: possible),
        ToolCase(#""tool_calls""#, #"[["area", {"base": 10, "tags": ["x", "y"], "box": {"w": 2}, "colour": 1}]]"#, .failed, "argument `colour` is 1", expected: possible),
        ToolCase(#""tool_calls""#, #"[["area", {"tags": ["x", "y"], "box": {"w": 2}}]]"#, .failed, "argument `base` is missing, wanted 10", expected: possible),
        ToolCase(#"{"tool_calls": {"lenient": true}}"#, #"[["area", {"base": 10, "unit": "Units.", "tags": ["X", "y"], "box": {"w": 2}}]]"#, .passed, expected: possible),
        ToolCase(#"{"tool_calls": {"any_of": true}}"#, #"[["w", {"city": "Paris, FR"}]]"#, .passed, expected: #"{"function": {"name": "w", "arguments": "{\"city\": [\"Paris\", \"Paris, FR\"]}"}}"#),
        ToolCase(#"{"tool_calls": {"from": "expected", "match": "any_order"}}"#, ba, .passed, expected: #"["a", "b"]"#),
    ])
    func possibleAnswers(_ testCase: ToolCase) async throws { try await testCase.hold() }

    @Test("A call that two wanted ones accept goes to the one that has no other")
    func assignment() async throws {
        // `p` accepts both calls; the third wanted call only the first.
        let wanted = #"[{"name": "p"}, {"name": "p", "arguments": {"x": 2}}, {"name": "p", "arguments": {"x": 1}}]"#
        let check = #"{"tool_calls": {"match": "any_order"}}"#
        for calls in [#"[["p", {"x": 1}], ["p", {"x": 2}], ["p", {"x": 3}]]"#, #"[["p", {"x": 3}], ["p", {"x": 2}], ["p", {"x": 1}]]"#] {
            try await ToolCase(check, calls, .passed, expected: wanted).hold()
        }
        try await ToolCase(
            check, #"[["p", {"x": 1}], ["p", {"x": 3}], ["p", {"x": 3}]]"#, .failed, #"no call p({"x":2})"#, expected: wanted
        ).hold()
    }

    @Test("Hundreds of parallel calls of one tool are assigned, and thousands of wrong ones are told in a line")
    func many() async throws {
        let wanted = JSONValue.array((0..<300).map { ["name": "p", "arguments": ["x": .int($0)]] })
        let calls = (0..<300).reversed().map { ToolCall(id: nil, name: "p", arguments: ["x": .int($0)]) }
        let check = #"{"tool_calls": {"match": "any_order"}}"#
        let right = try await Checking.result(check, Output(text: "", toolCalls: calls), expected: wanted)
        #expect(right.state == .passed)
        let astray = (0..<20_000).map { _ in ToolCall(id: nil, name: "p", arguments: ["x": -1]) }
        let wrong = try await Checking.result(check, Output(text: "", toolCalls: astray), expected: wanted)
        #expect(wrong.state == .failed)
        #expect(wrong.reason.unicodeScalars.count <= 1300)
    }

    @Test("Counts, of all calls and by tool", arguments: [
        ToolCase(#"{"tool_calls": {"count": 2}}"#, ab, .passed),
        ToolCase(#"{"tool_calls": {"count": {"max": 1}}}"#, ab, .failed, "2 calls, wanted at most 1: a({}) and b({})"),
        ToolCase(#"{"tool_calls": {"counts": {"a": {"min": 1}, "x": 0}}}"#, ab, .passed),
        ToolCase(#"{"tool_calls": {"counts": {"x": 0}}}"#, axb, .failed, "1 call of x, wanted exactly 0: x({})"),
        ToolCase(#"{"tool_calls": {"calls": "a", "match": "only", "count": {"min": 1, "max": 2}}}"#, #"[["a", {}], ["a", {}]]"#, .passed),
    ])
    func counts(_ testCase: ToolCase) async throws { try await testCase.hold() }

    static let tools = #"[{"type": "function", "function": {"name": "w", "parameters": {"type": "object", "required": ["city"]}}}, {"type": "function", "function": {"name": "now"}}]"#

    @Test("Calls of tools that there are not, or that their definition does not allow", arguments: [
        ToolCase(#"{"tool_calls": {"tools": \#(tools)}}"#, #"[["w", {"city": "x"}], ["now", {}]]"#, .passed),
        ToolCase(#"{"tool_calls": {"tools": \#(tools)}}"#, #"[["w", {}]]"#, .failed, "call 1 is w({}): the arguments: "),
        ToolCase(#"{"tool_calls": {"tools": \#(tools)}}"#, #"[["noww", {}]]"#, .failed, "there is no tool noww: did you mean `now`?"),
        ToolCase(#"{"tool_calls": {"tools": \#(tools)}}"#, "[]", .passed),
    ])
    func definitions(_ testCase: ToolCase) async throws { try await testCase.hold() }

    @Test("Files hold schemas and tool definitions, and their content is part of the check")
    func files() async throws {
        let call = Output(text: "", toolCalls: [ToolCall(id: nil, name: "w", arguments: ["city": 5])])
        let files: [String: JSONValue] = [
            "city.json": ["properties": ["city": ["type": "string"]]],
            "tools.json": ["tools": [["name": "w", "input_schema": ["properties": ["city": ["type": "string"]]]]]],
        ]
        var hashes: Set<String> = []
        for check in [#"{"tool_calls": {"calls": {"name": "w", "schema": "city.json"}}}"#, #"{"tool_calls": {"tools": "tools.json"}}"#] {
            let result = try await Checking.result(check, call, resources: Writing.resources(files: files))
            #expect(result.state == .failed && result.reason.contains("/city: "), "\(result.reason)")
            hashes.insert(result.hash)
            var other = files
            other["city.json"] = true
            other["tools.json"] = [["name": "w"]]
            let changed = try await Checking.result(check, call, resources: Writing.resources(files: other))
            #expect(changed.state == .passed)
            hashes.insert(changed.hash)
        }
        #expect(hashes.count == 4)
    }

    @Test("With `of` the calls are read from JSON in the text", arguments: [
        (#"{"calls": [{"name": "w", "arguments": {"c": 1}}]}"#, CheckState.passed),
        (#"{"calls": [{"w": {"c": 1}}]}"#, .passed), (#"{"calls": [{"w": "{\"c\": 1}"}]}"#, .passed), (#"{"calls": {"name": "w", "arguments": {"c": 2}}}"#, .failed),
        (#"{"calls": "w"}"#, .failed), (#"{"other": 1}"#, .failed),
    ])
    func selected(_ text: String, _ state: CheckState) async throws {
        let check = #"{"tool_calls": [{"name": "w", "arguments": {"c": 1}}], "of": "$.calls"}"#
        let result = try await Checking.result(check, text)
        #expect(result.state == state, "\(result.reason)")
    }

    @Test("F1 over calls, by name or with arguments", arguments: [
        (#"{"tool_call_f1": ["a", "b"]}"#, ab, 1.0, CheckState.passed), (#"{"tool_call_f1": ["a", "b"]}"#, axb, 0.8, .failed),
        (#"{"tool_call_f1": ["a", "b"], "threshold": 0.8}"#, axb, 0.8, .passed),
        (#"{"tool_call_f1": ["a", "a"]}"#, ab, 0.5, .failed), (#"{"tool_call_f1": "c"}"#, ab, 0.0, .failed),
        (#"{"tool_call_f1": "none"}"#, "[]", 1.0, .passed), (#"{"tool_call_f1": "none"}"#, ab, 0.0, .failed),
        (#"{"tool_call_f1": [{"name": "a", "arguments": {"x": 1}}]}"#, #"[["a", {"x": 2}]]"#, 1.0, .passed),
        (#"{"tool_call_f1": {"calls": [{"name": "a", "arguments": {"x": 1}}], "arguments": "exact"}}"#, #"[["a", {"x": 2}]]"#, 0.0, .failed),
    ])
    func f1(_ check: String, _ calls: String, _ score: Double, _ state: CheckState) async throws {
        let result = try await ToolCase(check, calls, state).result()
        #expect(result.state == state, "\(result.reason)")
        #expect(abs((result.score ?? -1) - score) < 1e-12)
    }

    @Test("F1 says precision, recall, and what is missing and further")
    func f1Reason() async throws {
        let result = try await ToolCase(#"{"tool_call_f1": ["a", "c"]}"#, Self.axb, .failed).result()
        #expect(result.reason.contains("precision 1/3, recall 1/2; not called: c; not wanted: x({}) and b({})"), "\(result.reason)")
    }

    @Test("The finish reason, in the words of any provider", arguments: [
        (#"{"finish_reason": "stop"}"#, "stop", CheckState.passed), (#"{"finish_reason": "stop"}"#, "end_turn", .passed),
        (#"{"finish_reason": "stop"}"#, "completed", .passed),
        (#"{"finish_reason": "length"}"#, "MAX_TOKENS", .passed), (#"{"finish_reason": ["stop", "tool_calls"]}"#, "tool_use", .passed),
        (#"{"finish_reason": "stop"}"#, "length", .failed), (#"{"finish_reason": "recitation"}"#, "RECITATION", .passed),
        (#"{"finish_reason": "stop"}"#, nil, .notApplicable),
    ] as [(String, String?, CheckState)])
    func finishReason(_ check: String, _ reason: String?, _ state: CheckState) async throws {
        let result = try await Checking.result(check, Output(text: "x", finishReason: reason))
        #expect(result.state == state, "\(result.reason)")
    }

    @Test("What cannot be meant is found before the first call, at its place", arguments: [
        (#"{"tool_calls": {"calls": "a", "match": "exat"}}"#, "/checks/0/tool_calls/match: `tool_calls`: `match` cannot be \"exat\""),
        (#"{"tool_calls": {"calls": ["a", 5]}}"#, "/checks/0/tool_calls/calls/1: `tool_calls`: a call is a tool's name"),
        (#"{"tool_calls": ["a", {"name": "b", "args": {}}]}"#, "key /checks/0/tool_calls/1/args: `tool_calls`: a call has no `args`"),
        (#"{"tool_calls": [{"name": "b", "arguments": "{"}]}"#, "/checks/0/tool_calls/0/arguments: `tool_calls`: the `arguments` of a call must be an object"),
        (#"{"tool_calls": [{"name": "b", "schema": {"type": "strin"}}]}"#, "/checks/0/tool_calls/0/schema: `tool_calls`: bad schema"),
        (#"{"tool_calls": [{"w": {"city": "Paris"}}]}"#, "/checks/0/tool_calls/0/w: `tool_calls`: under the tool's name each argument has the list"),
        (#"{"tool_calls": {"calls": "a", "count": 1}}"#, "/checks/0/tool_calls/count: `tool_calls`: `match: exact` says already"),
        (#"{"tool_calls": {"count": {"min": 2, "max": 1}}}"#, "/checks/0/tool_calls/count: `tool_calls`: `count` can never hold"),
        (#"{"tool_calls": {"counts": {"a": -1}}}"#, "/checks/0/tool_calls/counts: `tool_calls`: `counts.a` wants a whole number"),
        (#"{"tool_calls": {"calls": "a", "lenient": "cases"}}"#, "/checks/0/tool_calls/lenient: `tool_calls`: `lenient` cannot be \"cases\""),
        (#"{"tool_calls": {"calls": "a", "ignore": "$["}}"#, "/checks/0/tool_calls/ignore: `tool_calls`: bad path"),
        (#"{"tool_calls": {"tools": []}}"#, "/checks/0/tool_calls/tools: `tool_calls`: `tools` wants a list"),
        (#"{"tool_calls": {"count": 1, "match": "subset"}}"#, "/checks/0/tool_calls/match: `tool_calls`: `match` without `calls`"),
        (#""tool_calls""#, "/checks/0: check `tool_calls` takes what is wanted from `expected`"),
        (#""finish_reason""#, "/checks/0: `finish_reason`: needs a reason"),
    ])
    func findings(_ check: String, _ finding: String) throws {
        let findings = try Writing.findings([check])
        #expect(findings.contains { $0.hasPrefix(finding) }, "\(findings)")
    }
}
