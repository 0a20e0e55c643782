import RatchetCore

/// `edit_similarity`: few edits make a reference of the output.
package struct EditSimilarityCheck: Check {
    package static let type = "edit_similarity"
    package static let documentation = CheckDocumentation(
        .similarity, "The output differs from a reference by few edits (normalised Levenshtein distance).",
        details: """
            The score is 1 − distance / length of the longer text, where the distance is the least number of characters to \
            insert, delete or replace: 1 for equal texts, 0 for texts without anything in common. Two empty texts score 1. \
            \(SimilarityRule.passing(preset)) Good for short answers with a fixed wording, where a typing error should not count.

            Two texts whose lengths multiply to more than \(SequenceAlignment.largestProduct / 1_000_000_000) billion, what they \
            have in common at both ends left out (two of 200,000 characters), are not compared: the check is `errored`.
            """,
        options: [
            SimilarityRule.option,
            .init(
                "unit", "`code_points` or `graphemes`",
                "what one edit changes: a code point (the default, as other tools count) or a character as readers see it"),
            .init("ignore_case", "`true` or `false`", "takes upper and lower case as the same; `false` by default"),
            .init("trim", "`true` or `false`", "removes whitespace at both ends of both texts first; `false` by default"),
        ],
        shortForm: "reference", expectedOption: "reference",
        samples: [
            .init(#"{"edit_similarity": "Your refund is due."}"#, passes: "Your refund is due!", fails: "It has shipped."),
            .init(#"{"edit_similarity": "abcd", "threshold": 0.5}"#, passes: "abxx", fails: "axxx"),
        ])

    private static let preset = 0.8

    enum Unit: String, CaseIterable {
        case codePoints = "code_points"
        case graphemes
    }

    private let rule: SimilarityRule
    private let unit: Unit
    private let ignoresCase: Bool
    private let trims: Bool
    /// The references, ready to be compared.
    private let forms: [String]

    package init?(_ options: CheckOptions) {
        unit = options.choice("unit", default: .codePoints)
        ignoresCase = options.flag("ignore_case", default: false)
        trims = options.flag("trim", default: false)
        guard let rule = SimilarityRule(options, threshold: Self.preset) else { return nil }
        self.rule = rule
        let (ignoresCase, trims) = (ignoresCase, trims)
        forms = rule.references.map { Self.form(of: $0, ignoresCase: ignoresCase, trims: trims) }
    }

    private static func form(of text: String, ignoresCase: Bool, trims: Bool) -> String {
        let trimmed = trims ? TrimmedText.of(text) : text
        return ignoresCase ? TextForm.folded(trimmed) : trimmed
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        let found = Self.form(of: input.text, ignoresCase: ignoresCase, trims: trims)
        var characters = Characters(unit: unit)
        let text = characters.symbols(of: found)
        var best: (score: Double, reference: Int, distance: Int, length: Int)?
        for (index, form) in forms.enumerated() {
            let reference = characters.symbols(of: form)
            guard let distance = SequenceAlignment.distance(text, reference) else {
                return .errored(
                    "too long to be compared: \(text.count) characters against \(reference.count); cut the output down with `of`, or use `rouge` or `chrf`")
            }
            let length = max(text.count, reference.count)
            let score = length == 0 ? 1 : 1 - Double(distance) / Double(length)
            if best.map({ score > $0.score }) ?? true { best = (score, index, distance, length) }
        }
        guard let best else { return .errored("there is no reference") }
        let edits = best.distance == 1 ? "1 edit" : "\(best.distance) edits"
        return rule.outcome(
            "edit similarity", best.score, reference: best.reference, detail: "\(edits) in \(best.length) characters", text: input.text)
    }

    /// Numbers for characters, the same in both texts.
    private struct Characters {
        let unit: Unit
        private var graphemes: [[UInt8]: UInt32] = [:]

        init(unit: Unit) { self.unit = unit }

        mutating func symbols(of text: String) -> [UInt32] {
            switch unit {
            case .codePoints: return text.unicodeScalars.map(\.value)
            case .graphemes: return text.map { number(of: Array($0.utf8)) }
            }
        }

        private mutating func number(of grapheme: [UInt8]) -> UInt32 {
            if let known = graphemes[grapheme] { return known }
            let number = UInt32(graphemes.count)
            graphemes[grapheme] = number
            return number
        }
    }
}
