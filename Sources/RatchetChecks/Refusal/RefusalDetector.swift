import RatchetCore

/// Says whether an answer refuses, from how it begins.
///
/// A rule of thumb in the form of grammars: who cannot or will not, and what (help, provide, answer, …). A word such as
/// "sorry" or "cannot" alone is no refusal.
struct RefusalDetector: Sendable {
    /// Additional phrases, in the form in which the beginning is searched.
    private let phrases: [String]

    /// How many characters of the answer are looked at.
    static let window = 1_000

    init(phrases: [String]) { self.phrases = phrases.map { TextForm.collapsed(Self.form(of: $0)) } }

    /// The words that refuse; `nil` when the answer is none.
    func refusal(in text: String) -> String? {
        let beginning = Self.beginning(of: text)
        if !phrases.isEmpty {
            let line = TextForm.collapsed(beginning)
            for phrase in phrases where ByteSearch.firstRange(of: phrase, in: line) != nil { return phrase }
        }
        for grammar in Self.grammars() {
            // A grammar that gives up has found nothing.
            if let match = try? grammar.firstMatch(in: beginning) { return match.text }
        }
        return nil
    }

    /// The patterns of all languages, made when the first answer is looked at.
    private static let grammars = Lazily {
        (RefusalGrammar.english + RefusalGrammar.others).compactMap { try? PatternRegex($0, flags: "xu") }
    }

    /// How many of the grammars compile; all of them do.
    static var count: Int { grammars().count }

    private static func beginning(of text: String) -> String {
        let start = Substring(text.unicodeScalars.drop(while: \.properties.isWhitespace).prefix(window))
        let form = form(of: unquoted(String(start)))
        // What decorates the first words is no part of them.
        let first = form.unicodeScalars.firstIndex { $0.properties.isAlphabetic || $0 == "\"" } ?? form.startIndex
        return String(form.unicodeScalars[first...])
    }

    /// An answer that is all in quotes is the answer; one that only begins with a quote tells of somebody else's words.
    private static func unquoted(_ text: String) -> String {
        let inner = TextForm.withoutQuotes(text)
        return inner.contains(where: { "\"“”".contains($0) }) ? text : inner
    }

    /// Small letters, plain quotes, no Markdown marks, and one space or line break for each run of whitespace.
    private static func form(of text: String) -> String {
        var form = ""
        var gap: Character?
        for scalar in TextForm.folded(TextForm.withKeyboardMarks(text)).unicodeScalars {
            if scalar.properties.isWhitespace {
                gap = scalar == "\n" || gap == "\n" ? "\n" : " "
            } else if !"*_`#>".unicodeScalars.contains(scalar) {
                if let gap, !form.isEmpty { form.append(gap) }
                gap = nil
                form.unicodeScalars.append(scalar)
            }
        }
        return form
    }
}
