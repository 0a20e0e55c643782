import RatchetCore

/// What all similarity checks share: reference texts, and the least score that passes.
struct SimilarityRule: Sendable {
    let references: [String]
    /// The check's own threshold, or that of its type.
    let threshold: Double

    static let option = CheckDocumentation.Option(
        "reference", "text or list of texts",
        "what the output is compared with, of several texts the best one counts; the example's `expected` by default")

    /// The sentence on the threshold in a check's documentation.
    static func passing(_ threshold: Double) -> String {
        "Passes with a score of at least \(CompiledCheck.shown(threshold)); the common key `threshold` sets another bound."
    }

    init?(_ options: CheckOptions, threshold: Double) {
        guard let references = options.wantedTexts("reference") else { return nil }
        self.references = references
        self.threshold = options.specification.threshold ?? threshold
    }

    /// - Parameters:
    ///   - name: The measure, as the reason names it.
    ///   - score: In 0...1.
    ///   - reference: The place of the reference that the score is against; `nil` when it is against all of them.
    ///   - detail: How the score came about.
    func outcome(_ name: String, _ score: Double, reference: Int?, detail: String, text: String) -> CheckOutcome {
        let against =
            if let reference { Excerpt.quoted(references[reference], limit: 100) } else { "\(references.count) references" }
        let wanted = "wanted at least \(CompiledCheck.shown(threshold))"
        let reason = "\(name) \(CompiledCheck.shown(score)) (\(detail)), \(wanted): \(Excerpt.quoted(text, limit: 100)) against \(against)"
        // As `CompiledCheck` compares: a score must not miss its threshold by the last bit.
        let passes = score + 1e-9 >= threshold
        return CheckOutcome(state: passes ? .passed : .failed, score: score, reason: reason)
    }
}

/// The words that a text shares with a reference, counted from both sides.
struct OverlapScore: Sendable {
    var precision: Double
    var recall: Double

    /// The harmonic mean of the two; 0 when both are.
    var fMeasure: Double {
        precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
    }

    /// - Parameters:
    ///   - common: How many the two share.
    ///   - found: How many the text has.
    ///   - wanted: How many the reference has.
    init(common: Int, found: Int, wanted: Int) {
        precision = found > 0 ? Double(common) / Double(found) : 0
        recall = wanted > 0 ? Double(common) / Double(wanted) : 0
    }

    var description: String { "precision \(CompiledCheck.shown(precision)), recall \(CompiledCheck.shown(recall))" }
}
