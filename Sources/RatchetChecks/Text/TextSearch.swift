import RatchetCore

/// A search for any or all of several texts: the rule behind `contains` and its kin.
package struct TextSearch: Sendable {
    package enum Quantifier: Sendable {
        case any, all
    }

    private let wanted: [String]
    /// What is searched: `wanted`, folded when case is ignored.
    private let forms: [String]
    private let quantifier: Quantifier
    private let ignoresCase: Bool

    static func documentation(
        _ summary: String, details: String, samples: [CheckDocumentation.Sample]
    ) -> CheckDocumentation {
        CheckDocumentation(
            .text, summary, details: details,
            options: [.init("value", "text or list of texts", "what is wanted; the example's `expected` by default")],
            shortForm: "value", expectedOption: "value", samples: samples)
    }

    init?(_ options: CheckOptions, _ quantifier: Quantifier, ignoresCase: Bool) {
        guard let wanted = options.wantedTexts("value") else { return nil }
        if wanted.contains(where: \.isEmpty) {
            options.report("the empty text is contained in every output", at: "value")
            return nil
        }
        self.wanted = wanted
        self.quantifier = quantifier
        self.ignoresCase = ignoresCase
        forms = ignoresCase ? wanted.map(TextForm.folded) : wanted
    }

    func evaluate(_ text: String) -> CheckOutcome {
        let searched = ignoresCase ? TextForm.folded(text) : text
        switch quantifier {
        case .any: return anyOutcome(text, searched)
        case .all: return allOutcome(text, searched)
        }
    }

    private func anyOutcome(_ text: String, _ searched: String) -> CheckOutcome {
        for (position, form) in forms.enumerated() {
            if let range = ByteSearch.firstRange(of: form, in: searched) {
                return .passed("found \(Excerpt.quoted(wanted[position])) in \(Excerpt.around(range, in: searched))")
            }
        }
        let failureKind = FailureKind.ofContaining(text, wanted: wanted, isCaseFolded: ignoresCase)
        return failed("no \(Excerpt.list(wanted.map { Excerpt.quoted($0) })) in \(Excerpt.quoted(text))", failureKind)
    }

    private func allOutcome(_ text: String, _ searched: String) -> CheckOutcome {
        let isFound = forms.map { ByteSearch.firstRange(of: $0, in: searched) != nil }
        let found = zip(wanted, isFound).filter(\.1).map(\.0)
        let missing = zip(wanted, isFound).filter { !$0.1 }.map(\.0)
        if missing.isEmpty {
            return .passed("found \(Self.list(found)) in \(Excerpt.quoted(text))")
        }
        // Near only when nothing is wrong with any of them but the same small thing.
        let kinds = Set(missing.prefix(20).map { FailureKind.ofContaining(text, wanted: [$0], isCaseFolded: ignoresCase) })
        let failureKind = kinds.count == 1 ? kinds.first ?? nil : nil
        let rest = found.isEmpty ? "" : ", found only \(Self.list(found))"
        var outcome = failed(
            "\(missing.count) of \(wanted.count) missing: no \(Excerpt.list(missing.map { Excerpt.quoted($0) }))\(rest), in \(Excerpt.quoted(text))",
            failureKind)
        outcome.score = Double(found.count) / Double(wanted.count)
        return outcome
    }

    private static func list(_ texts: [String]) -> String { Excerpt.list(texts.map { Excerpt.quoted($0) }, "and") }

    private func failed(_ reason: String, _ failureKind: FailureKind?) -> CheckOutcome {
        .failed(failureKind.map { "\(reason): \($0.hint)" } ?? reason, failureKind: failureKind)
    }
}
