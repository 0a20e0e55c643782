import RatchetCore
import RatchetJSON

/// `tool_calls`: the model called the wanted tools.
package struct ToolCallsCheck: Check {
    package static let type = "tool_calls"
    package static let documentation = CheckDocumentation(
        .toolUse, "The model called the wanted tools, with the wanted arguments.",
        details: """
            A wanted call is a tool's name (whatever its arguments), `{"name": …, "arguments": {…}}`, or \
            `{"name": …, "schema": …}` with a JSON Schema of the arguments or the name of a file that holds one. The shape \
            of chat completions (`{"function": {"name": …, "arguments": "{…}"}}`) is understood, and so is the shape of \
            the Berkeley leaderboard's possible answers, where each argument has the list of its allowed values and an \
            empty text among them lets it be absent: `{"get_weather": {"city": ["Paris", "Paris, France"], "unit": \
            ["celsius", ""]}}`. A text or list under the key is `calls`; `none` wants no call at all. Without any option \
            the example's `expected` holds the wanted calls.

            Numbers are compared by value, objects without regard to the order of their members. Of calls that may come in \
            any order the best assignment counts, so that two calls of one tool never take each other's place. With `of: \
            $.calls` the calls are read from JSON in the output's text.
            """,
        options: [
            .init("calls", "`none`, text, call, or list of them", "the wanted calls; the example's `expected` by default"),
            .init(
                "match", "`exact`, `any_order`, `in_order`, `subset` or `only`",
                """
                `exact` (the default): these calls in this order, and no others; `any_order`: these calls and no others; \
                `in_order`: these calls in this order, and others may stand between; `subset`: these calls are among those \
                made; `only`: each call made is one of these, any number of times
                """),
            .init("count", "whole number or {min, max}", "how many calls there are in all"),
            .init("counts", "object", "how often a tool is called, by its name: `{\"search\": {\"max\": 3}, \"delete_order\": 0}`"),
            .init(
                "tools", "list of tool definitions, or path",
                "each call is one of these tools, and its arguments satisfy the tool's `parameters`"),
        ] + ArgumentRules.options(preset: .exact),
        shortForm: "calls", expectedOption: "calls",
        samples: [
            .init(
                #"{"tool_calls": ["get_order", "refund"]}"#, passes: called(["get_order": [:]], ["refund": [:]]),
                fails: called(["refund": [:]], ["get_order": [:]])),
            .init(
                #"{"tool_calls": {"calls": {"name": "get_weather", "arguments": {"city": "Paris"}}, "match": "subset"}}"#,
                passes: called(["get_time": [:]], ["get_weather": ["city": "Paris"]]),
                fails: called(["get_weather": ["city": "Paris", "unit": "celsius"]])),
            .init(
                #"{"tool_calls": {"arguments": "subset", "lenient": true}}"#,
                expected: #"[{"name": "get_weather", "arguments": {"city": "New York"}}]"#,
                passes: called(["get_weather": ["city": "new-york", "unit": "celsius"]]),
                fails: called(["get_weather": ["city": "York"]])),
            .init(
                #"{"tool_calls": {"counts": {"search": {"max": 2}, "delete_order": 0}}}"#, passes: called(["search": [:]]),
                fails: called(["search": [:]], ["delete_order": ["id": 7]])),
            .init(#"{"tool_calls": "none"}"#, passes: called(), fails: called(["search": ["q": "refund"]])),
        ])

    /// An answer that makes these calls; for samples.
    static func called(_ calls: [String: JSONValue]...) -> Response {
        let calls = calls.flatMap { $0.map { ToolCall(id: nil, name: $0.key, arguments: $0.value) } }
        return Response(output: Output(text: calls.isEmpty ? "Hello." : "", toolCalls: calls))
    }

    enum Match: String, CaseIterable, Sendable {
        case exact
        case anyOrder = "any_order"
        case inOrder = "in_order"
        case subset, only
    }

    private let wanted: WantedCalls?
    private let count: CountRange?
    private let counts: [(name: String, range: CountRange)]
    private let tools: ToolDefinitions?

    package init?(_ options: CheckOptions) {
        let rules = ArgumentRules(options, preset: .exact)
        let match = options.choice("match", default: Match.exact)
        count = options.range("count")
        counts = Self.counts(options)
        tools = ToolDefinitions(options)
        let hasOtherRule = ["count", "counts", "tools"].contains { options.value($0) != nil }
        let wantsCalls = options.value("calls") != nil || options.value("from") != nil || !hasOtherRule
        guard wantsCalls else {
            if options.value("match") != nil { options.report("`match` without `calls`", at: "match") }
            wanted = nil
            return
        }
        guard let calls = WantedCallReader(options: options, rules: rules).read() else { return nil }
        if count != nil, match == .exact || match == .anyOrder {
            options.report(
                "`match: \(match.rawValue)` says already how many calls there are", at: "count",
                help: "leave out `count`, or allow others with `match: subset`")
        }
        wanted = WantedCalls(calls: calls, match: match, rules: rules)
    }

    private static func counts(_ options: CheckOptions) -> [(name: String, range: CountRange)] {
        guard let value = options.value("counts") else { return [] }
        guard let object = value.objectValue, !object.isEmpty else {
            options.reportWrongKind("counts", value, wanted: "an object with a tool's name for each key")
            return []
        }
        return object.compactMap { name, value in
            options.range(value, called: "counts.\(Excerpt.name(name))", at: "counts").map { (name, $0) }
        }
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        guard let calls = MadeCall.read(input) else {
            return .failed("no tool calls in \(Excerpt.quoted(input.text)), wanted a list of objects with a `name`")
        }
        if let objection = objection(toCountOf: calls) ?? objection(toTools: calls) { return .failed(objection) }
        do throws(JSONPathError) {
            if let objection = try wanted?.objection(to: calls) {
                let text = calls.isEmpty ? input.response.output.text : ""
                let said = text.isEmpty ? "" : "; the text is \(Excerpt.quoted(text, limit: 80))"
                return .failed(objection.reason + said, failureKind: objection.failureKind)
            }
        } catch {
            return .errored("`ignore` was given up: \(error.message)")
        }
        return .passed(calls.isEmpty ? "no call was made" : "called \(Self.shown(calls))")
    }

    private func objection(toCountOf calls: [MadeCall]) -> String? {
        if let count, !count.contains(calls.count) {
            return "\(Self.number(calls.count)), wanted \(count.description)\(calls.isEmpty ? "" : ": \(Self.shown(calls))")"
        }
        for (name, range) in counts {
            let made = calls.filter { $0.name == name }
            if !range.contains(made.count) {
                return "\(Self.number(made.count)) of \(Excerpt.name(name)), wanted \(range.description)\(made.isEmpty ? "" : ": \(Self.shown(made))")"
            }
        }
        return nil
    }

    private func objection(toTools calls: [MadeCall]) -> String? {
        guard let tools else { return nil }
        for (position, call) in calls.enumerated() {
            if let objection = tools.objection(to: call) { return "call \(position + 1) is \(call.description): \(objection)" }
        }
        return nil
    }

    static func number(_ count: Int) -> String { count == 1 ? "1 call" : "\(count) calls" }

    static func shown(_ calls: [MadeCall]) -> String {
        let first = calls.prefix(5).map(\.description)
        return Excerpt.list(calls.count > 5 ? first + ["\(calls.count - 5) others"] : first, "and", atMost: 6)
    }
}
