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
            answers in JSON, the reason before the verdict; an answer without a verdict that was offered is asked for once \
            more, then the check is `unscored`. Of several votes the median counts. When the judge cannot be reached the \
            check is `errored`. Put `when` on it, so that no judge is paid for an output that fails anyway.
            """,
        options: [.init("rubric", "name", "the rubric's id: `helpful` for rubrics/helpful.md")],
        shortForm: "rubric",
        samples: [
            .init(#"{"judge": "helpful"}"#, passes: "Your refund arrives on Friday.", fails: "I do not know.")
        ])

    private let rubric: Rubric
    private let render: CheckResources.RubricRenderer

    package init?(_ options: CheckOptions) {
        guard let rubric = options.rubric("rubric") else { return nil }
        if rubric.scale.verdicts.isEmpty {
            options.report("the scale of rubric `\(rubric.id)` offers no verdict", at: "rubric")
            return nil
        }
        self.rubric = rubric
        render = options.resources.renderRubric
    }

    package var rubrics: [Rubric] { [rubric] }

    package func problems(for example: Example) -> [Diagnostic] {
        let probe = CheckInput(response: Response(output: Output(text: "output")), example: example, caller: NoCaller())
        do {
            let prompt = try JudgePrompt(rubric: rubric, input: probe, render: render)
            if prompt.showsSubject { return [] }
            return [Diagnostic(
                at: rubric.source, "rubric `\(rubric.id)` never shows the judge what to grade",
                help: "put {{output}} into its text")]
        } catch let error as DiagnosticsError {
            return error.diagnostics
        } catch let diagnostic as Diagnostic {
            return [diagnostic]
        } catch {
            return [Diagnostic(.error, "rubric `\(rubric.id)` cannot be filled in for example `\(example.id)`: \(error)")]
        }
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        do {
            let prompt = try JudgePrompt(rubric: rubric, input: input, render: render)
            return await JudgePanel(rubric: rubric, messages: prompt.messages, caller: input.caller).outcome()
        } catch {
            return .errored("rubric `\(rubric.id)` could not be filled in: \(Self.words(error))")
        }
    }

    private static func words(_ error: any Error) -> String {
        if let diagnostic = error as? Diagnostic { return diagnostic.message }
        if let all = error as? DiagnosticsError { return all.diagnostics.map(\.message).joined(separator: "; ") }
        return "\(error)"
    }
}

/// Stands where no call is ever made.
struct NoCaller: ModelCaller {
    func call(_ request: Request) async -> Exchange {
        Exchange(
            request: request, fingerprint: "", result: .failure(BackendError(.cancelled, "nothing is asked here")),
            attempts: [], traceID: "", isCached: false, time: 0)
    }
}
