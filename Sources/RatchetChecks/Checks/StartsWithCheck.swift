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
        options: [
            .init("value", "text or list of texts", "what is wanted; the example's `expected` by default"),
            .init("trim", "true or false", "removes whitespace at the start first; true by default"),
            .init("ignore_case", "true or false", "takes upper and lower case as the same; false by default"),
        ],
        shortForm: "value", expectedOption: "value",
        samples: [.init(#"{"starts_with": "Dear "}"#, passes: "\nDear Ms Lovelace,", fails: "Hello Ms Lovelace,")])

    private let wanted: [String]
    private let forms: [String]
    private let trims: Bool
    private let ignoresCase: Bool

    package init?(_ options: CheckOptions) {
        let (trims, ignoresCase) = (options.flag("trim", default: true), options.flag("ignore_case", default: false))
        guard let wanted = options.wantedTexts("value") else { return nil }
        if wanted.contains(where: { $0.unicodeScalars.allSatisfy(\.properties.isWhitespace) && (trims || $0.isEmpty) }) {
            options.report("every output starts with the empty text", at: "value")
            return nil
        }
        self.wanted = wanted
        self.trims = trims
        self.ignoresCase = ignoresCase
        forms = wanted.map { Self.form(of: $0[...], trims: trims, ignoresCase: ignoresCase) }
    }

    private static func form(of text: Substring, trims: Bool, ignoresCase: Bool) -> String {
        let rest = trims ? Substring(text.unicodeScalars.drop(while: \.properties.isWhitespace)) : text
        return ignoresCase ? TextForm.folded(String(rest)) : String(rest)
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        let found = Self.form(of: input.text[...], trims: trims, ignoresCase: ignoresCase)
        for (position, form) in forms.enumerated() where found.utf8.starts(with: form.utf8) {
            return .passed("starts with \(Excerpt.quoted(wanted[position]))")
        }
        let failureKind = failureKind(input.text)
        let reason =
            "starts with \(Excerpt.quoted(input.text, limit: 80)), wanted \(Excerpt.list(wanted.map { Excerpt.quoted($0) }))"
        return .failed(failureKind.map { "\(reason): \($0.hint)" } ?? reason, failureKind: failureKind)
    }

    private func failureKind(_ text: String) -> FailureKind? {
        guard text.utf8.count <= FailureKind.largestText else { return nil }
        for candidate: FailureKind in [.whitespace, .letterCase] {
            let folds = ignoresCase || candidate == .letterCase
            let found = Self.form(of: text[...], trims: true, ignoresCase: folds)
            let isNear = wanted.contains {
                let form = Self.form(of: $0[...], trims: true, ignoresCase: folds)
                return !form.isEmpty && found.utf8.starts(with: form.utf8)
            }
            if isNear { return candidate }
        }
        return wanted.contains { ByteSearch.firstRange(of: $0, in: text) != nil } ? .extraText : nil
    }
}
