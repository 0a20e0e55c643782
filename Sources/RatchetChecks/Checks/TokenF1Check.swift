import RatchetCore

/// `token_f1`: the output has the words of a reference, and few others.
package struct TokenF1Check: Check {
    package static let type = "token_f1"
    package static let documentation = CheckDocumentation(
        .similarity, "The output shares its words with a reference, whatever their order (SQuAD's F1).",
        details: """
            Both texts are lowered and lose ASCII punctuation and the articles a, an and the; what whitespace separates is a \
            word. The score is the harmonic mean of precision (which share of the output's words the reference has) and recall \
            (which share of the reference's words the output has), as in the evaluation of SQuAD 2.0. When either text has no \
            words, the score is 1 if both have none, else 0. \(SimilarityRule.passing(preset)) Good for short answers in free wording.
            """,
        options: [SimilarityRule.option],
        shortForm: "reference", expectedOption: "reference",
        samples: [
            .init("\"token_f1\"", expected: "\"the Eiffel Tower\"", passes: "Eiffel Tower, Paris", fails: "I do not know which of the towers you mean.")
        ])

    private static let preset = 0.5

    private let rule: SimilarityRule
    private let references: [[[UInt8]: Int]]

    package init?(_ options: CheckOptions) {
        guard let rule = SimilarityRule(options, threshold: Self.preset) else { return nil }
        self.rule = rule
        references = rule.references.map { Self.counts(SQuADTokens.tokens($0)) }
    }

    private static func counts(_ tokens: [[UInt8]]) -> [[UInt8]: Int] {
        tokens.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        let found = Self.counts(SQuADTokens.tokens(input.text))
        let scores = references.map { Self.score(found, $0) }
        guard let best = scores.indices.max(by: { scores[$0].fMeasure < scores[$1].fMeasure }) else { return .errored("there is no reference") }
        return rule.outcome(
            "token F1", scores[best].fMeasure, reference: best, detail: scores[best].description, text: input.text)
    }

    private static func score(_ found: [[UInt8]: Int], _ wanted: [[UInt8]: Int]) -> OverlapScore {
        // Two empty texts are the same.
        if found.isEmpty, wanted.isEmpty { return OverlapScore(common: 1, found: 1, wanted: 1) }
        let common = wanted.reduce(0) { $0 + min($1.value, found[$1.key] ?? 0) }
        return OverlapScore(common: common, found: found.values.reduce(0, +), wanted: wanted.values.reduce(0, +))
    }
}
