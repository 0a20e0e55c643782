import RatchetCore

/// `contains`: the output holds one of the wanted texts.
package struct ContainsCheck: Check {
    package static let type = "contains"
    package static let documentation = CheckDocumentation(
        .text, "The output contains the wanted text, or one of several.",
        details: """
            Compared code point by code point. A list means any of its texts; for all of them write one check each, or \
            `all_of`. Without a value the example's `expected` is wanted.
            """,
        options: [.init("value", "text or list of texts", "what is wanted; the example's `expected` by default")],
        shortForm: "value", expectedOption: "value",
        samples: [.init(#"{"contains": "order #12"}"#, passes: "Your order #12 has shipped.", fails: "Your Order #12 has shipped.")])

    private let search: TextSearch

    package init?(_ options: CheckOptions) {
        guard let search = TextSearch(options, ignoresCase: false) else { return nil }
        self.search = search
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome { search.evaluate(input.text) }
}

/// `icontains`: the output holds one of the wanted texts, in upper or lower case.
package struct CaseInsensitiveContainsCheck: Check {
    package static let type = "icontains"
    package static let documentation = CheckDocumentation(
        .text, "The output contains the wanted text, or one of several, in upper or lower case.",
        details: "As `contains`, by Unicode's full case mapping: `STRASSE` is found in `Straße`.",
        options: [.init("value", "text or list of texts", "what is wanted; the example's `expected` by default")],
        shortForm: "value", expectedOption: "value",
        samples: [.init(#"{"icontains": "order #12"}"#, passes: "Your Order #12 has shipped.", fails: "Your order #13 has shipped.")])

    private let search: TextSearch

    package init?(_ options: CheckOptions) {
        guard let search = TextSearch(options, ignoresCase: true) else { return nil }
        self.search = search
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome { search.evaluate(input.text) }
}

/// A search for any of several texts.
private struct TextSearch: Sendable {
    private let wanted: [String]
    /// What is searched: `wanted`, folded when case is ignored.
    private let forms: [String]
    private let ignoresCase: Bool

    init?(_ options: CheckOptions, ignoresCase: Bool) {
        guard let wanted = options.wantedTexts("value") else { return nil }
        if wanted.contains(where: \.isEmpty) {
            options.report("the empty text is contained in every output", at: "value")
            return nil
        }
        self.wanted = wanted
        self.ignoresCase = ignoresCase
        forms = ignoresCase ? wanted.map(TextForm.folded) : wanted
    }

    func evaluate(_ text: String) -> CheckOutcome {
        let searched = ignoresCase ? TextForm.folded(text) : text
        for (position, form) in forms.enumerated() {
            if let range = ByteSearch.firstRange(of: form, in: searched) {
                return .passed("found \(Excerpt.quoted(wanted[position])) in \(Excerpt.around(range, in: searched))")
            }
        }
        let failureKind = FailureKind.ofContaining(text, wanted: wanted, isCaseFolded: ignoresCase)
        let reason = "no \(Excerpt.list(wanted.map { Excerpt.quoted($0) })) in \(Excerpt.quoted(text))"
        return .failed(failureKind.map { "\(reason): \($0.hint)" } ?? reason, failureKind: failureKind)
    }
}
