import RatchetCore

/// `equals`: the output is one of the wanted texts.
package struct EqualsCheck: Check {
    package static let type = "equals"
    package static let documentation = CheckDocumentation(
        .text, "The output is the wanted text, or one of several.",
        details: """
            Compared code point by code point, after whitespace at both ends of both texts was removed. A list means any \
            of its texts. Numbers and booleans count as they are written: `12.50` is not `12.5` (use `json_path` to \
            compare numbers by value). Without a value the example's `expected` is wanted.
            """,
        options: [
            .init("value", "text or list of texts", "what is wanted; the example's `expected` by default"),
            .init("trim", "true or false", "removes whitespace at both ends first; true by default"),
            .init("ignore_case", "true or false", "takes upper and lower case as the same; false by default"),
        ],
        shortForm: "value", expectedOption: "value",
        samples: [
            .init(#"{"equals": ["yes", "y"]}"#, passes: "yes\n", fails: "Yes."),
            .init(#"{"equals": {"value": "yes", "ignore_case": true}}"#, passes: "YES", fails: "yes, it is"),
        ])

    private let wanted: [String]
    private let forms: [String]
    private let trims: Bool
    private let ignoresCase: Bool

    package init?(_ options: CheckOptions) {
        let (trims, ignoresCase) = (options.flag("trim", default: true), options.flag("ignore_case", default: false))
        guard let wanted = options.wantedTexts("value") else { return nil }
        self.wanted = wanted
        self.trims = trims
        self.ignoresCase = ignoresCase
        forms = wanted.map { Self.form(of: $0, trims: trims, ignoresCase: ignoresCase) }
    }

    private static func form(of text: String, trims: Bool, ignoresCase: Bool) -> String {
        let trimmed = trims ? TextForm.trimmed(text) : text
        return ignoresCase ? TextForm.folded(trimmed) : trimmed
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        let found = Self.form(of: input.text, trims: trims, ignoresCase: ignoresCase)
        if forms.contains(where: { TextForm.areIdentical(found, $0) }) {
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
