import RatchetCore

/// `ends_with`: the output ends with one of the wanted texts.
package struct EndsWithCheck: Check {
    package static let type = "ends_with"
    package static let documentation = CheckDocumentation(
        .text, "The output ends with the wanted text, or one of several.",
        details: """
            Compared code point by code point, after whitespace at the end of both was removed. A full stop counts: \
            `Yours, Ada.` does not end with `Yours, Ada`. Without a value the example's `expected` is wanted.
            """,
        options: TextEdgeRule.documentation(.end),
        shortForm: "value", expectedOption: "value",
        samples: [.init(#"{"ends_with": "Yours, Ada"}"#, passes: "It has shipped. Yours, Ada\n", fails: "It has shipped. Yours, Bob")])

    private let rule: TextEdgeRule

    package init?(_ options: CheckOptions) {
        guard let rule = TextEdgeRule(options, .end) else { return nil }
        self.rule = rule
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome { rule.evaluate(input.text) }
}
