import RatchetCore

/// `rouge`: the output covers a reference's words, word pairs, or their order.
package struct RougeCheck: Check {
    package static let type = "rouge"
    package static let documentation = CheckDocumentation(
        .similarity, "The output shares words, pairs of words, or their order with a reference (ROUGE).",
        details: """
            The numbers are those of Google's `rouge-score` package: words are runs of a–z and 0–9 in the lowered text, so other \
            scripts have none. `1` compares words, `2` pairs (up to `9`: runs of nine), `L` (the default) the longest common \
            subsequence of words. The score is the F-measure, or on demand precision (the share of the output that the reference \
            has) or recall (the share of the reference that the output has). Of several references the one with the best \
            F-measure counts. \(SimilarityRule.passing(preset)) Good for summaries. (Lin 2004, "ROUGE: A package for automatic \
            evaluation of summaries".)
            """,
        options: [
            SimilarityRule.option,
            .init("variant", "`1` to `9` or `L`", "what is compared; `L` by default"),
            .init("measure", "`fmeasure`, `precision` or `recall`", "which of the numbers is the score; `fmeasure` by default"),
            .init("stem", "`true` or `false`", "compares words without their endings, by Porter's stemmer; `false` by default"),
        ],
        shortForm: "reference", expectedOption: "reference",
        samples: [
            .init(
                #"{"rouge": "The quick brown fox jumps over the lazy dog."}"#, passes: "The brown fox jumps over a lazy dog.",
                fails: "Dogs are lazy, foxes are quick."),
            .init(
                #"{"rouge": {"reference": "the cats sat", "variant": 1, "measure": "recall", "stem": true}, "threshold": 1}"#,
                passes: "There the cat sat down.", fails: "There the cat lay."),
        ])

    private static let preset = 0.4

    enum Measure: String, CaseIterable {
        case fmeasure, precision, recall

        func value(of score: OverlapScore) -> Double {
            switch self {
            case .fmeasure: score.fMeasure
            case .precision: score.precision
            case .recall: score.recall
            }
        }

        var word: String { self == .fmeasure ? "F-measure" : rawValue }
    }

    private enum Comparison: Sendable {
        case grams(NGramTable)
        case subsequence([SymbolMasks])
    }

    private let rule: SimilarityRule
    private let name: String
    private let measure: Measure
    private let stems: Bool
    private let vocabulary: Vocabulary
    private let comparison: Comparison

    package init?(_ options: CheckOptions) {
        measure = options.choice("measure", default: .fmeasure)
        stems = options.flag("stem", default: false)
        let order = Self.order(options)
        guard let rule = SimilarityRule(options, threshold: Self.preset) else { return nil }
        self.rule = rule
        name = "ROUGE-\(order.map(String.init) ?? "L") \(measure.word)"
        var vocabulary = Vocabulary()
        let stems = stems
        let references = rule.references.map { vocabulary.numbers(adding: RougeTokens.tokens($0, stemming: stems)) }
        self.vocabulary = vocabulary
        comparison = order.map { .grams(NGramTable(order: $0, references: references)) } ?? .subsequence(references.map(SymbolMasks.init))
    }

    /// The length of the n-grams; `nil` for the longest common subsequence.
    private static func order(_ options: CheckOptions) -> Int? {
        guard let value = options.value("variant") else { return nil }
        var word = TextForm.folded(CheckOptions.plainText(value) ?? "")
        if word.hasPrefix("rouge") { word = String(word.dropFirst(5)) }
        if word.hasPrefix("-") { word = String(word.dropFirst()) }
        if word == "l" { return nil }
        if let order = Int(word), (1...9).contains(order) { return order }
        options.report("`variant` wants 1 to 9 or \"L\", found \(JSONPathCheck.shown(value))", at: "variant")
        return nil
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        let tokens = RougeTokens.tokens(input.text, stemming: stems).map(vocabulary.number)
        guard let scores = scores(tokens) else {
            return .errored("too long to be compared: \(tokens.count) words; cut the output down with `of`, or use `variant` 1 or 2")
        }
        guard let best = scores.indices.max(by: { scores[$0].fMeasure < scores[$1].fMeasure }) else { return .errored("there is no reference") }
        return rule.outcome(name, measure.value(of: scores[best]), reference: best, detail: scores[best].description, text: input.text)
    }

    private func scores(_ tokens: [UInt32]) -> [OverlapScore]? {
        switch comparison {
        case .grams(let table):
            let order = table.order - 1
            return table.overlaps(table.occurrences(in: tokens), length: tokens.count).map {
                OverlapScore(common: $0.matches[order], found: $0.found[order], wanted: $0.wanted[order])
            }
        case .subsequence(let references):
            var scores: [OverlapScore] = []
            for masks in references {
                guard let common = SequenceAlignment.commonSubsequence(masks, tokens) else { return nil }
                scores.append(OverlapScore(common: common, found: tokens.count, wanted: masks.length))
            }
            return scores
        }
    }
}
