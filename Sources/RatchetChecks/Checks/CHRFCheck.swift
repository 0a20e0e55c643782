import RatchetCore

/// `chrf`: the output shares its characters in their order with a reference.
package struct CHRFCheck: Check {
    package static let type = "chrf"
    package static let documentation = CheckDocumentation(
        .similarity, "The output shares runs of up to six characters with a reference (chrF).",
        details: """
            The score is sacrebleu's chrF divided by 100, with its defaults: runs of one to six characters without whitespace, \
            recall weighted twice as much as precision, case counts. With `word_order: 2` it is chrF++, which also compares words \
            and pairs of words. Works in every script, and forgives endings. Of several references the best counts. \
            \(SimilarityRule.passing(preset)) (Popović 2015, "chrF: character n-gram F-score for automatic MT evaluation".)
            """,
        options: [
            SimilarityRule.option,
            .init("char_order", "whole number from 1 to 10", "the longest runs of characters; 6 by default"),
            .init("word_order", "whole number from 0 to 4", "the longest runs of words; 0 by default, 2 for chrF++"),
            .init("beta", "number above 0", "how much more recall weighs than precision; 2 by default"),
            .init("ignore_case", "`true` or `false`", "lowers all texts first; `false` by default"),
        ],
        shortForm: "reference", expectedOption: "reference",
        samples: [
            .init(#"{"chrf": "Der Hund schläft im Garten."}"#, passes: "Ein Hund schlief im Garten.", fails: "Es regnet heute."),
            .init(#"{"chrf": {"reference": "The cat sat.", "word_order": 2}}"#, passes: "The cat sits.", fails: "A dog."),
        ])

    private static let preset = 0.5

    private let rule: SimilarityRule
    private let ignoresCase: Bool
    private let beta: Double
    private let characters: NGramTable
    private let words: NGramTable?
    private let vocabulary: Vocabulary

    package init?(_ options: CheckOptions) {
        ignoresCase = options.flag("ignore_case", default: false)
        let characterOrder = Self.order("char_order", 1...10, preset: 6, options)
        let wordOrder = Self.order("word_order", 0...4, preset: 0, options)
        beta = options.number("beta")?.double ?? 2
        if !(beta > 0 && beta <= 1_000) { options.report("`beta` wants a number above 0, and 1000 at most", at: "beta") }
        guard let rule = SimilarityRule(options, threshold: Self.preset) else { return nil }
        self.rule = rule
        let ignoresCase = ignoresCase
        let texts = rule.references.map { Self.scalars($0, ignoresCase: ignoresCase) }
        characters = NGramTable(order: characterOrder, references: texts.map(Self.characters))
        var vocabulary = Vocabulary()
        let words = wordOrder > 0 ? texts.map { vocabulary.numbers(adding: Self.words($0)) } : []
        self.words = wordOrder > 0 ? NGramTable(order: wordOrder, references: words) : nil
        self.vocabulary = vocabulary
    }

    private static func order(_ name: String, _ range: ClosedRange<Int>, preset: Int, _ options: CheckOptions) -> Int {
        guard let value = options.value(name) else { return preset }
        if let order = value.intValue, range.contains(order) { return order }
        options.report("`\(name)` wants a whole number from \(range.lowerBound) to \(range.upperBound)", at: name)
        return preset
    }

    private static func scalars(_ text: String, ignoresCase: Bool) -> [Unicode.Scalar] {
        ignoresCase ? PythonText.lowercased(text) : Array(text.unicodeScalars)
    }

    private static func characters(_ text: [Unicode.Scalar]) -> [UInt32] {
        text.lazy.filter { !PythonText.isSpace($0) }.map(\.value)
    }

    /// Words, with a mark of punctuation at the end, or else at the start, as a word of its own.
    private static func words(_ text: [Unicode.Scalar]) -> [[UInt8]] {
        let bytes = Array(String(String.UnicodeScalarView(text)).utf8)
        return PythonText.split(bytes).flatMap { range -> [[UInt8]] in
            let word = Array(bytes[range])
            guard word.count > 1, let first = word.first, let last = word.last else { return [word] }
            if PythonText.isPunctuation(Unicode.Scalar(last)) { return [Array(word.dropLast()), [last]] }
            if PythonText.isPunctuation(Unicode.Scalar(first)) { return [[first], Array(word.dropFirst())] }
            return [word]
        }
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        let text = Self.scalars(input.text, ignoresCase: ignoresCase)
        var overlaps = Self.overlaps(characters, Self.characters(text))
        if let words {
            let ofWords = Self.overlaps(words, Self.words(text).map(vocabulary.number))
            overlaps = zip(overlaps, ofWords).map { .init(found: $0.found + $1.found, wanted: $0.wanted + $1.wanted, matches: $0.matches + $1.matches) }
        }
        let scores = overlaps.map(score)
        guard let best = scores.indices.max(by: { scores[$0].value < scores[$1].value }) else { return .errored("there is no reference") }
        let name = words == nil ? "chrF" : "chrF with words"
        return rule.outcome(name, scores[best].value, reference: best, detail: scores[best].means.description, text: input.text)
    }

    private static func overlaps(_ table: NGramTable, _ symbols: [UInt32]) -> [NGramTable.Overlap] {
        table.overlaps(table.occurrences(in: symbols), length: symbols.count)
    }

    /// The F-score of the mean precision and the mean recall over the orders that both texts have.
    private func score(_ overlap: NGramTable.Overlap) -> (value: Double, means: OverlapScore) {
        var means = OverlapScore(common: 0, found: 0, wanted: 0)
        var orders = 0.0
        for (matches, (found, wanted)) in zip(overlap.matches, zip(overlap.found, overlap.wanted)) where found > 0 && wanted > 0 {
            means.precision += Double(matches) / Double(found)
            means.recall += Double(matches) / Double(wanted)
            orders += 1
        }
        guard orders > 0, means.precision + means.recall > 0 else { return (0, means) }
        means.precision /= orders
        means.recall /= orders
        let factor = beta * beta
        return ((1 + factor) * means.precision * means.recall / (factor * means.precision + means.recall), means)
    }
}
