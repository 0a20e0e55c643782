import RatchetCore

/// A check that is a search for texts.
package protocol TextSearchCheck: Check {
    static var quantifier: TextSearch.Quantifier { get }
    static var ignoresCase: Bool { get }
    var search: TextSearch { get }

    init(search: TextSearch)
}

extension TextSearchCheck {
    package init?(_ options: CheckOptions) {
        guard let search = TextSearch(options, Self.quantifier, ignoresCase: Self.ignoresCase) else { return nil }
        self.init(search: search)
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome { search.evaluate(input.text) }
}

/// `contains`: the output holds one of the wanted texts.
package struct ContainsCheck: TextSearchCheck {
    package static let type = "contains"
    package static let documentation = TextSearch.documentation(
        "The output contains the wanted text, or one of several.",
        details: """
            Compared code point by code point. A list means any of its texts; `contains_all` wants all of them. Without a \
            value the example's `expected` is wanted.
            """,
        samples: [.init(#"{"contains": "order #12"}"#, passes: "Your order #12 has shipped.", fails: "Your Order #12 has shipped.")])

    package static let quantifier = TextSearch.Quantifier.any
    package static let ignoresCase = false
    package let search: TextSearch

    package init(search: TextSearch) { self.search = search }
}

/// `icontains`: the output holds one of the wanted texts, in upper or lower case.
package struct CaseInsensitiveContainsCheck: TextSearchCheck {
    package static let type = "icontains"
    package static let documentation = TextSearch.documentation(
        "The output contains the wanted text, or one of several, in upper or lower case.",
        details: "As `contains`, by Unicode's full case mapping: `STRASSE` is found in `Straße`.",
        samples: [.init(#"{"icontains": "order #12"}"#, passes: "Your Order #12 has shipped.", fails: "Your order #13 has shipped.")])

    package static let quantifier = TextSearch.Quantifier.any
    package static let ignoresCase = true
    package let search: TextSearch

    package init(search: TextSearch) { self.search = search }
}

/// `contains_any`: the output holds at least one of the wanted texts.
package struct ContainsAnyCheck: TextSearchCheck {
    package static let type = "contains_any"
    package static let documentation = TextSearch.documentation(
        "The output contains at least one of the wanted texts.",
        details: "The same as `contains` with a list, under the name that says so.",
        samples: [.init(#"{"contains_any": ["refund", "replacement"]}"#, passes: "Your refund is due.", fails: "It has shipped.")])

    package static let quantifier = TextSearch.Quantifier.any
    package static let ignoresCase = false
    package let search: TextSearch

    package init(search: TextSearch) { self.search = search }
}

/// `icontains_any`: as `contains_any`, in upper or lower case.
package struct CaseInsensitiveContainsAnyCheck: TextSearchCheck {
    package static let type = "icontains_any"
    package static let documentation = TextSearch.documentation(
        "The output contains at least one of the wanted texts, in upper or lower case.",
        details: "As `contains_any`, by Unicode's full case mapping.",
        samples: [.init(#"{"icontains_any": ["refund", "replacement"]}"#, passes: "Refund: due.", fails: "It has shipped.")])

    package static let quantifier = TextSearch.Quantifier.any
    package static let ignoresCase = true
    package let search: TextSearch

    package init(search: TextSearch) { self.search = search }
}

/// `contains_all`: the output holds every one of the wanted texts.
package struct ContainsAllCheck: TextSearchCheck {
    package static let type = "contains_all"
    package static let documentation = TextSearch.documentation(
        "The output contains every one of the wanted texts.",
        details: """
            Compared code point by code point. The score is the share of the texts that were found: with `threshold: 0.8` four \
            of five are enough. Without a value the example's `expected` is wanted.
            """,
        samples: [
            .init(#"{"contains_all": ["order #12", "Tuesday"]}"#, passes: "Your order #12 arrives on Tuesday.", fails: "Your order #12 has shipped."),
            .init(#"{"contains_all": ["a", "b", "c"], "threshold": 0.6}"#, passes: "a c", fails: "c"),
        ])

    package static let quantifier = TextSearch.Quantifier.all
    package static let ignoresCase = false
    package let search: TextSearch

    package init(search: TextSearch) { self.search = search }
}

/// `icontains_all`: as `contains_all`, in upper or lower case.
package struct CaseInsensitiveContainsAllCheck: TextSearchCheck {
    package static let type = "icontains_all"
    package static let documentation = TextSearch.documentation(
        "The output contains every one of the wanted texts, in upper or lower case.",
        details: "As `contains_all`, by Unicode's full case mapping. The score is the share of the texts that were found.",
        samples: [
            .init(#"{"icontains_all": ["order #12", "tuesday"]}"#, passes: "Order #12 arrives on Tuesday.", fails: "Order #12 has shipped.")
        ])

    package static let quantifier = TextSearch.Quantifier.all
    package static let ignoresCase = true
    package let search: TextSearch

    package init(search: TextSearch) { self.search = search }
}
