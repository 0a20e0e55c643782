import RatchetCore
import RatchetJSON

/// `tool_call_f1`: how far the calls made are those wanted.
package struct ToolCallF1Check: Check {
    package static let type = "tool_call_f1"
    package static let documentation = CheckDocumentation(
        .toolUse, "The tool calls agree with the wanted ones, measured by F1.",
        details: """
            Precision is the share of the calls made that were wanted, recall the share of the wanted calls that were made, \
            and the score is F1, their harmonic mean `2·P·R / (P + R)`. The order does not count. A call that is wanted \
            twice has to be made twice. Nothing wanted and nothing called is 1. The calls have to agree altogether (a score \
            of 1) unless `threshold` asks for less. Names decide; `arguments: exact` or `subset` counts a call only when its \
            arguments are right too. Wanted calls are written as for `tool_calls`.
            """,
        options: [.init("calls", "`none`, text, call, or list of them", "the wanted calls; the example's `expected` by default")]
            + ArgumentRules.options(preset: .ignore),
        shortForm: "calls", expectedOption: "calls",
        samples: [
            .init(
                #"{"tool_call_f1": ["search", "fetch"], "threshold": 0.8}"#,
                passes: ToolCallsCheck.called(["fetch": [:]], ["search": [:]], ["search": [:]]),
                fails: ToolCallsCheck.called(["search": [:]])),
            .init(
                #"{"tool_call_f1": {"arguments": "exact"}}"#, expected: #"[{"name": "search", "arguments": {"q": "refund"}}]"#,
                passes: ToolCallsCheck.called(["search": ["q": "refund"]]),
                fails: ToolCallsCheck.called(["search": ["q": "return"]])),
        ])

    private let wanted: [WantedCall]
    private let rules: ArgumentRules

    package init?(_ options: CheckOptions) {
        rules = ArgumentRules(options, preset: .ignore)
        guard let wanted = WantedCallReader(options: options, rules: rules).read() else { return nil }
        self.wanted = wanted
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        guard let calls = MadeCall.read(input) else {
            return .failed("no tool calls in \(Excerpt.quoted(input.text)), wanted a list of objects with a `name`")
        }
        if calls.isEmpty, wanted.isEmpty { return .passed("no call was wanted, and none was made") }
        do throws(JSONPathError) {
            return outcome(of: try CallMatching(wanted, calls, rules), calls)
        } catch {
            return .errored("`ignore` was given up: \(error.message)")
        }
    }

    private func outcome(of matching: CallMatching, _ calls: [MadeCall]) -> CheckOutcome {
        // F1 by counts (van Rijsbergen 1979): twice the common ones over all of both sides.
        let score = 2 * Double(matching.count) / Double(wanted.count + calls.count)
        var reason = "F1 \(CompiledCheck.shown(score)): precision \(matching.count)/\(calls.count), recall \(matching.count)/\(wanted.count)"
        if !matching.missing.isEmpty {
            reason += "; not called: \(Excerpt.list(matching.missing.map { wanted[$0].description }, "and"))"
        }
        if !matching.unmatched.isEmpty {
            reason += "; not wanted: \(ToolCallsCheck.shown(matching.unmatched.map { calls[$0] }))"
        }
        return CheckOutcome(state: score == 1 ? .passed : .failed, score: score, reason: reason)
    }
}
