/// Why an output that failed nearly passed: one word for grouping failures by cause, and a sentence for people.
package enum NearMiss: String, Sendable, CaseIterable {
    case letterCase = "case"
    case whitespace
    case unicodeForm = "unicode_form"
    case endPunctuation = "end_punctuation"
    case quotes
    case extraText = "extra_text"
    case codeFence = "code_fence"
    case jsonInProse = "json_in_prose"
    case numberAsText = "number_as_text"

    /// What is added to the reason.
    package var hint: String {
        switch self {
        case .letterCase: "only upper and lower case differ"
        case .whitespace: "only whitespace differs"
        case .unicodeForm: "it looks the same: only the Unicode spelling of accented letters differs"
        case .endPunctuation: "only punctuation at the end differs"
        case .quotes: "only quotes or Markdown marks around it differ"
        case .extraText: "the wanted text is there, with other text around it"
        case .codeFence: "the JSON is right but for the code fence around it"
        case .jsonInProse: "the JSON is there, but with other text around it"
        case .numberAsText: "the number is there, but written as a string"
        }
    }

    /// Beyond this size (in bytes) nobody is helped by a hint, and finding one would cost time.
    static let largestText = 1_000_000

    /// Why `found` is not quite one of the `wanted` texts, which it does not equal.
    static func ofEquality(_ found: String, wanted: [String]) -> NearMiss? {
        for text in wanted {
            let isComparable = found.utf8.count <= 2 * text.utf8.count + 1000
            if isComparable, let miss = ofEqualForms(found, text) { return miss }
        }
        let isInside = wanted.contains { ByteSearch.containsWords($0, in: found) }
        return isInside ? .extraText : nil
    }

    private static func ofEqualForms(_ found: String, _ wanted: String) -> NearMiss? {
        let forms: [(NearMiss, (String) -> String)] = [
            (.whitespace, TextForm.collapsed),
            (.letterCase, { TextForm.folded(TextForm.trimmed($0)) }),
            (.endPunctuation, TextForm.withoutEndPunctuation),
            (.quotes, { TextForm.withoutEndPunctuation(TextForm.withoutQuotes($0)) }),
        ]
        for (miss, form) in forms where !wanted.isEmpty {
            if TextForm.areIdentical(form(found), form(wanted)) { return miss }
        }
        // Swift's == compares by canonical equivalence.
        return found == wanted ? .unicodeForm : nil
    }

    /// Why `text` does not quite contain one of the `wanted` texts.
    static func ofContaining(_ text: String, wanted: [String], isCaseFolded: Bool = false) -> NearMiss? {
        guard text.utf8.count <= largestText else { return nil }
        var forms: [(NearMiss, (String) -> String)] = [
            (.whitespace, TextForm.collapsed),
            (.letterCase, TextForm.folded),
        ]
        if isCaseFolded { forms = [(.whitespace, { TextForm.folded(TextForm.collapsed($0)) })] }
        for (miss, form) in forms {
            let text = form(text)
            if wanted.contains(where: { wanted in
                let wanted = form(wanted)
                return !wanted.isEmpty && ByteSearch.firstRange(of: wanted, in: text) != nil
            }) { return miss }
        }
        return nil
    }
}
