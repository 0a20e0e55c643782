import RatchetCore

/// `finish_reason`: why the model stopped.
package struct FinishReasonCheck: Check {
    package static let type = "finish_reason"
    package static let documentation = CheckDocumentation(
        .toolUse, "The model stopped for the wanted reason, or for one of several.",
        details: """
            The words are those of chat completions: `stop`, `length` (cut off at the limit of tokens), `tool_calls`, \
            `content_filter`. Upper and lower case are the same, and other providers' words for the same count as these: \
            `end_turn`, `stop_sequence` and `completed` are `stop`, `max_tokens` is `length`, `tool_use` and \
            `function_call` are `tool_calls`, `safety` is `content_filter`. Any other word is compared as it is. When the \
            backend gave no reason the check is `not_applicable`.
            """,
        options: [.init("value", "text or list of texts", "the wanted reason; of several any one will do")],
        shortForm: "value",
        samples: [
            .init(
                #"{"finish_reason": "stop"}"#, passes: Response(output: Output(text: "Yes.", finishReason: "stop")),
                fails: Response(output: Output(text: "Once upon", finishReason: "length"))),
            .init(
                #"{"finish_reason": ["stop", "tool_calls"]}"#,
                passes: Response(output: Output(text: "", finishReason: "tool_use")),
                fails: Response(output: Output(text: "", finishReason: "content_filter"))),
        ])

    private static let synonyms = [
        "end_turn": "stop", "stop_sequence": "stop", "completed": "stop", "eos": "stop", "eos_token": "stop",
        "max_tokens": "length", "max_output_tokens": "length", "tool_use": "tool_calls", "function_call": "tool_calls",
        "safety": "content_filter",
    ]

    private let wanted: [String]

    package init?(_ options: CheckOptions) {
        guard options.value("value") != nil else {
            options.report("needs a reason", help: #"for example {"finish_reason": "stop"}"#)
            return nil
        }
        guard let wanted = options.wantedTexts("value") else { return nil }
        self.wanted = wanted
    }

    private static func form(_ word: String) -> String {
        let folded = TextForm.folded(TrimmedText.of(word))
        return synonyms[folded] ?? folded
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        guard let found = input.response.output.finishReason else {
            return .notApplicable("the backend did not say why the model stopped")
        }
        if wanted.contains(where: { Self.form($0) == Self.form(found) }) { return .passed("stopped by \(Excerpt.quoted(found))") }
        return .failed("stopped by \(Excerpt.quoted(found)), wanted \(Excerpt.list(wanted.map { Excerpt.quoted($0) }))")
    }
}
