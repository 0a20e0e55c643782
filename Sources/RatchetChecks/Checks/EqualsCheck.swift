import RatchetCore

/// `equals`: the output is one of the wanted texts.
package struct EqualsCheck: Check {
    package static let type = "equals"
    package static let documentation = CheckDocumentation(
        .text, "The output is the wanted text, or one of several.",
        details: """
            Compared code point by code point, after whitespace at both ends of both texts was removed; the options say \
            what else does not count, in both texts alike. A list means any of its texts. Numbers and booleans count as \
            they are written: `12.50` is not `12.5` (use `number` or `json_path` to compare numbers by value). Without a \
            value the example's `expected` is wanted.
            """,
        options: [.init("value", "text or list of texts", "what is wanted; the example's `expected` by default")]
            + TextLenience.documentation,
        shortForm: "value", expectedOption: "value",
        samples: [
            .init(#"{"equals": ["yes", "y"]}"#, passes: "yes\n", fails: "Yes."),
            .init(#"{"equals": {"value": "yes", "ignore_case": true}}"#, passes: "YES", fails: "yes, it is"),
            .init(
                #"{"equals": {"value": "Hello, world", "ignore_punctuation": true, "ignore_case": true}}"#,
                passes: "**Hello world!**", fails: "Hello, worlds"),
        ])

    private let wanted: [String]
    private let forms: [String]
    private let lenience: TextLenience

    package init?(_ options: CheckOptions) {
        lenience = TextLenience(options)
        guard let wanted = options.wantedTexts("value") else { return nil }
        self.wanted = wanted
        forms = wanted.map(lenience.form)
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        let found = lenience.form(of: input.text)
        if forms.contains(where: { lenience.areSame(found, $0) }) {
            return .passed("equals \(Excerpt.quoted(input.text))")
        }
        let failureKind = FailureKind.ofEquality(input.text, wanted: wanted)
        let reason = "found \(Excerpt.quoted(input.text)), wanted \(Excerpt.list(wanted.map { Excerpt.quoted($0) }))"
        let hint = failureKind?.hint ?? firstDifference(found)
        return .failed(hint.map { "\(reason): \($0)" } ?? reason, failureKind: failureKind)
    }

    /// Where a long text that starts right goes wrong.
    private func firstDifference(_ found: String) -> String? {
        guard forms.count == 1, let wanted = forms.first else { return nil }
        let common = ByteSearch.commonPrefix(found, wanted)
        guard common >= 20 else { return nil }
        if common == wanted.utf8.count { return "the wanted text goes on with \(Excerpt.around(common..<common, in: found, limit: 60))" }
        if common == found.utf8.count { return "it ends before \(Excerpt.around(common..<common, in: wanted, limit: 60))" }
        let (here, there) = (Excerpt.around(common..<common, in: found, limit: 60), Excerpt.around(common..<common, in: wanted, limit: 60))
        return "they part at byte \(common + 1), found \(here), wanted \(there)"
    }
}
