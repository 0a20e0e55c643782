import RatchetCore
import RatchetJSON

/// `judge`: a model grades the output by a rubric.
package struct JudgeCheck: Check {
    package static let type = "judge"
    package static let documentation = CheckDocumentation(
        .modelGraded, "A model grades the output by a rubric.",
        details: """
            The rubric is a file of `rubrics/`: it names the judge, the scale, the threshold, the number of votes, and what \
            is asked. Its text can use `input`, `output`, `expected`, `contexts` and `metadata`; with `of: tool_calls` the output is the model's calls. The output \
            is shown to the judge between marks that it cannot imitate, as material and not as instructions. The judge \
            answers in JSON, the reason before the verdict. The form is asked for as structured output where the backend has \
            it; else the last well-formed verdict of the text counts. An answer without a verdict that was offered, or one \
            that was cut off, is asked for once more, then the check is `unscored` and the judge's words are kept. Of \
            several votes the median counts. When the judge cannot be reached the \
            check is `errored`. Put `when` on it, so that no judge is paid for an output that fails anyway.
            """,
        options: [.init("rubric", "name", "the rubric's id: `helpful` for rubrics/helpful.md")],
        shortForm: "rubric",
        samples: [
            .init(#"{"judge": "helpful"}"#, passes: "Your refund arrives on Friday.", fails: "I do not know.")
        ])

    private let judge: Judge

    package init?(_ options: CheckOptions) {
        guard let rubric = options.rubric("rubric") else { return nil }
        if rubric.scale == .pairwise {
            options.report(
                "rubric `\(rubric.id)` compares two answers", at: "rubric", help: "name it in a `judge_pairwise` check")
            return nil
        }
        if rubric.scale.verdicts.isEmpty {
            options.report("the scale of rubric `\(rubric.id)` offers no verdict", at: "rubric")
            return nil
        }
        judge = Judge(rubric, render: options.resources.renderRubric)
    }

    package var rubrics: [Rubric] { [judge.rubric] }

    package func problems(for example: Example) -> [Diagnostic] {
        judge.problems(showing: JudgedItem(.output("output"), of: example), of: example)
    }

    package func judgedItem(_ input: CheckInput) -> JudgedItem? { JudgedItem(.output(input.text), of: input.example) }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        await judge.assess(JudgedItem(.output(input.text), of: input.example), caller: input.caller).outcome
    }
}
