import Glibc
import RatchetCore

/// `bleu`: the output shares its n-grams with the references.
package struct BLEUCheck: Check {
    package static let type = "bleu"
    package static let documentation = CheckDocumentation(
        .similarity, "The output shares runs of up to four words with the references (BLEU).",
        details: """
            The score is sacrebleu's `sentence_bleu` divided by 100, with its defaults: tokenizer `13a`, smoothing `exp`, effective \
            order, case counts. All references are compared at once, as BLEU means it: an n-gram may be taken from any of them. \
            \(SimilarityRule.passing(preset)) BLEU is made for whole corpora of translations; on single short texts it is strict \
            and rough, and `chrf` is often the better measure. (Papineni et al. 2002; Post 2018, "A call for clarity in reporting \
            BLEU scores"; Chen and Cherry 2014 for the smoothing.)
            """,
        options: [
            SimilarityRule.option,
            .init("ignore_case", "`true` or `false`", "lowers all texts first; `false` by default"),
        ],
        shortForm: "reference", expectedOption: "reference",
        samples: [
            .init(
                #"{"bleu": ["The cat sat on the mat.", "There was a cat on the mat."]}"#, passes: "The cat sat on a mat.",
                fails: "Dogs do not sit.")
        ])

    private static let preset = 0.3
    private static let order = 4

    private let rule: SimilarityRule
    private let ignoresCase: Bool
    private let vocabulary: Vocabulary
    private let table: NGramTable
    private let lengths: [Int]

    package init?(_ options: CheckOptions) {
        ignoresCase = options.flag("ignore_case", default: false)
        guard let rule = SimilarityRule(options, threshold: Self.preset) else { return nil }
        self.rule = rule
        let ignoresCase = ignoresCase
        var vocabulary = Vocabulary()
        let references = rule.references.map { vocabulary.numbers(adding: Self.tokens($0, ignoresCase: ignoresCase)) }
        self.vocabulary = vocabulary
        lengths = references.map(\.count)
        table = NGramTable(order: Self.order, references: references)
    }

    private static func tokens(_ text: String, ignoresCase: Bool) -> [[UInt8]] {
        guard ignoresCase else { return BLEUTokens.tokens(text) }
        return BLEUTokens.tokens(String(String.UnicodeScalarView(PythonText.lowercased(text))))
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        let tokens = Self.tokens(input.text, ignoresCase: ignoresCase).map(vocabulary.number)
        let matches = table.clippedMatches(table.occurrences(in: tokens))
        let totals = NGramTable.totals(tokens.count, Self.order)
        let penalty = brevityPenalty(tokens.count)
        let precisions = Self.precisions(matches, totals)
        let score = penalty * Self.geometricMean(precisions)
        let shown = precisions.map(CompiledCheck.shown).joined(separator: ", ")
        let detail = "\(precisions.isEmpty ? "no word in common" : "precisions \(shown)"), brevity penalty \(CompiledCheck.shown(penalty))"
        return rule.outcome("BLEU", score, reference: lengths.count == 1 ? 0 : nil, detail: detail, text: input.text)
    }

    /// Below 1 for an output that is shorter than the reference nearest in length, of two as near the shorter.
    private func brevityPenalty(_ length: Int) -> Double {
        let nearest = lengths.min { (abs($0 - length), $0) < (abs($1 - length), $1) } ?? 0
        if length >= nearest { return 1 }
        return length == 0 ? 0 : exp(1 - Double(nearest) / Double(length))
    }

    /// The precision of each order there is; one without a match is halved again and again in place of being 0.
    private static func precisions(_ matches: [Int], _ totals: [Int]) -> [Double] {
        guard matches.contains(where: { $0 > 0 }) else { return [] }
        var smoothing = 1.0
        return zip(matches, totals).prefix { $0.1 > 0 }.map { matches, total in
            if matches > 0 { return Double(matches) / Double(total) }
            smoothing *= 2
            return 1 / (smoothing * Double(total))
        }
    }

    private static func geometricMean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
    }
}
