import RatchetCore

/// `starts_with`: the output begins with one of the wanted texts.
package struct StartsWithCheck: Check {
    package static let type = "starts_with"
    package static let documentation = CheckDocumentation(
        .text, "The output starts with the wanted text, or one of several.",
        details: """
            Compared code point by code point, after whitespace at the start of both was removed. Without a value the \
            example's `expected` is wanted.
            """,
        options: TextEdgeRule.documentation(.start),
        shortForm: "value", expectedOption: "value",
        samples: [.init(#"{"starts_with": "Dear "}"#, passes: "\nDear Ms Lovelace,", fails: "Hello Ms Lovelace,")])

    private let rule: TextEdgeRule

    package init?(_ options: CheckOptions) {
        guard let rule = TextEdgeRule(options, .start) else { return nil }
        self.rule = rule
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome { rule.evaluate(input.text) }
}
