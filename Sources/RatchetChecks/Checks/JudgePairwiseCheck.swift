import RatchetCore
import RatchetJSON

/// `judge_pairwise`: a model compares the output with another answer.
package struct JudgePairwiseCheck: Check {
    package static let type = "judge_pairwise"
    package static let documentation = CheckDocumentation(
        .modelGraded, "A model says that the output is no worse than another answer.",
        details: """
            The rubric is one with `scale: pairwise`; its text shows `{{first}}` and `{{second}}`, and may use `input`, \
            `contexts`, `metadata` and, against the baseline, `expected`. The judge is asked twice, with the output first and \
            with it second. It says `first`, `second` or `tie`. The output scores 1 when it is preferred in both orders, 0 \
            when the other answer is, and 0.5 when both say tie or the preference changes with the order. A tie passes unless \
            the rubric or the check has a `threshold` above 0.5. With `votes` each vote asks both orders, and the median \
            counts. Two equal texts are a tie, and nobody is asked. Against the baseline, the other answer is the output \
            that the baseline holds of the example; without one, or when the example was changed since, the check is \
            `not_applicable`. When `expected` is a list, its first entry is the other answer.
            """,
        options: [
            .init("rubric", "name", "the rubric's id: `better` for rubrics/better.md"),
            .init("against", "`expected` or `baseline`", "what the output is compared with; `expected` by default"),
        ],
        shortForm: "rubric",
        samples: [
            .init(
                #"{"judge_pairwise": "better"}"#, expected: #""A refund arrives within a week.""#,
                passes: "Your refund arrives on Friday.", fails: "I do not know.")
        ])

    private enum Opponent: String, CaseIterable { case expected, baseline }

    private let judge: Judge
    private let opponent: Opponent

    package init?(_ options: CheckOptions) {
        opponent = options.choice("against", default: Opponent.expected)
        guard let rubric = options.rubric("rubric") else { return nil }
        guard rubric.scale == .pairwise else {
            options.report(
                "rubric `\(rubric.id)` grades one answer", at: "rubric",
                help: "write `scale: pairwise` into it and show {{first}} and {{second}}, or use a `judge` check")
            return nil
        }
        judge = Judge(rubric, render: options.resources.renderRubric)
    }

    package var rubrics: [Rubric] { [judge.rubric] }
    package var comparesWithBaseline: Bool { opponent == .baseline }

    package func problems(for example: Example) -> [Diagnostic] {
        if opponent == .expected, Self.text(example.expected) == nil {
            return [Diagnostic(
                .error, "`judge_pairwise` compares with `expected`, which example `\(example.id)` does not have",
                help: "give the example an `expected`, or write {\"judge_pairwise\": {\"rubric\": …, \"against\": \"baseline\"}}")]
        }
        return judge.problems(showing: item("one answer", against: "another answer", example), of: example)
    }

    package func judgedItem(_ input: CheckInput) -> JudgedItem? {
        other(input).map { item(input.text, against: $0, input.example) }
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        guard let other = other(input) else {
            return .notApplicable("the baseline holds no output of this example to compare with")
        }
        guard input.text != other else {
            let tie = 0.5
            return CheckOutcome(
                state: tie + 1e-9 >= judge.rubric.threshold ? .passed : .failed, score: tie,
                reason: "the two answers are equal: a tie, nobody was asked")
        }
        return await judge.assess(item(input.text, against: other, input.example), caller: input.caller).outcome
    }

    private func other(_ input: CheckInput) -> String? {
        opponent == .baseline ? input.baselineOutput : Self.text(input.example.expected)
    }

    /// Against `expected`, that is one of the two answers, and must not be shown as the right one as well.
    private func item(_ text: String, against other: String, _ example: Example) -> JudgedItem {
        var item = JudgedItem(.pair(text, against: other), of: example)
        if opponent == .expected { item.expected = nil }
        return item
    }

    /// The wanted answer as a text: of a list the first, of other JSON its compact form.
    private static func text(_ expected: JSONValue?) -> String? {
        guard let expected, !expected.isNull else { return nil }
        if let list = expected.arrayValue { return list.first.flatMap(text) }
        return expected.stringValue ?? expected.serialized(.compact)
    }
}
