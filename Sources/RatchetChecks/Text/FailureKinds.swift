import RatchetCore

extension FailureKind {
    /// Beyond this size (in bytes) nobody is helped by a hint, and finding one would cost time.
    static let largestText = 1_000_000

    /// Why `found` is not quite one of the `wanted` texts, which it does not equal.
    static func ofEquality(_ found: String, wanted: [String]) -> FailureKind? {
        for text in wanted {
            let isComparable = found.utf8.count <= 2 * text.utf8.count + 1000
            if isComparable, let miss = ofEqualForms(found, text) { return miss }
        }
        let isInside = wanted.contains { ByteSearch.containsWords($0, in: found) }
        return isInside ? .extraText : nil
    }

    private static func ofEqualForms(_ found: String, _ wanted: String) -> FailureKind? {
        let forms: [(FailureKind, (String) -> String)] = [
            (.whitespace, TextForm.collapsed),
            (.letterCase, { TextForm.folded(TrimmedText.of($0)) }),
            (.endPunctuation, TextForm.withoutEndPunctuation),
            (.quotes, { TextForm.withoutEndPunctuation(TextForm.withoutQuotes($0)) }),
        ]
        for (miss, form) in forms where !wanted.isEmpty {
            if TextForm.areIdentical(form(found), form(wanted)) { return miss }
        }
        // Swift's == compares by canonical equivalence.
        if found == wanted { return .unicodeForm }
        if TextForm.plain(found) == TextForm.plain(wanted) { return .typography }
        let (foundWords, wantedWords) = (words(found), words(wanted))
        return !wantedWords.isEmpty && foundWords == wantedWords ? .punctuation : nil
    }

    /// The text without case, punctuation and differences of spacing.
    private static func words(_ text: String) -> String {
        TextForm.collapsed(TextForm.withoutPunctuation(TextForm.folded(text)))
    }

    /// Why `text` does not quite contain one of the `wanted` texts.
    static func ofContaining(_ text: String, wanted: [String], isCaseFolded: Bool = false) -> FailureKind? {
        guard text.utf8.count <= largestText else { return nil }
        var forms: [(FailureKind, (String) -> String)] = [
            (.whitespace, TextForm.collapsed),
            (.letterCase, TextForm.folded),
            (.typography, TextForm.plain),
        ]
        if isCaseFolded {
            forms = [
                (.whitespace, { TextForm.folded(TextForm.collapsed($0)) }),
                (.typography, { TextForm.folded(TextForm.plain($0)) }),
            ]
        }
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
