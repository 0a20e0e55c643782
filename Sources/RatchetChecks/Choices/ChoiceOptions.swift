import RatchetCore
import RatchetJSON

/// The options of a question: labels (`A`, `yes`), each perhaps with a text.
struct ChoiceOptions: Sendable {
    struct Option: Sendable {
        var label: String
        var text: String?

        /// A single letter, which prose is full of, and no word.
        var isLetter: Bool { label.utf8.count == 1 && label.utf8.allSatisfy { ($0 | 0x20) &- UInt8(ascii: "a") < 26 } }
    }

    let options: [Option]
    private let foldedLabels: [String]
    private let foldedTexts: [String?]

    static let most = 50

    init(_ options: [Option]) {
        self.options = options
        foldedLabels = options.map { TextForm.folded($0.label) }
        foldedTexts = options.map { $0.text.map(Self.plain) }
    }

    /// Reads the option `options`: how many letters, a list of labels, or an object from labels to texts.
    static func read(_ options: CheckOptions) -> ChoiceOptions? {
        guard let value = options.value("options") else { return letters(4) }
        var read: [Option] = []
        if let count = value.intValue {
            guard (2...26).contains(count) else {
                options.report("`options` wants 2 to 26 letters, found \(count)", at: "options")
                return nil
            }
            return letters(count)
        } else if let items = value.arrayValue {
            read = items.compactMap { CheckOptions.plainText($0).map { Option(label: TrimmedText.of($0)) } }
            if read.count < items.count { read = [] }
        } else if let members = value.objectValue {
            read = members.compactMap { label, text in
                CheckOptions.plainText(text).map { Option(label: TrimmedText.of(label), text: TrimmedText.of($0)) }
            }
            if read.count < members.count { read = [] }
        }
        let labels = Set(read.map { TextForm.folded($0.label) })
        guard (2...most).contains(read.count), labels.count == read.count, !labels.contains("") else {
            options.report(
                "`options` wants a number of letters, a list of 2 to \(most) labels, or an object from labels to texts", at: "options",
                help: #"for example ["yes", "no"], or {"A": "Paris", "B": "London"}; labels that differ in case only are the same"#)
            return nil
        }
        return ChoiceOptions(read)
    }

    private static func letters(_ count: Int) -> ChoiceOptions {
        ChoiceOptions((0..<count).map { Option(label: String(UnicodeScalar(UInt8(ascii: "A") + UInt8($0)))) })
    }

    /// An option as reasons show it.
    func shown(_ index: Int) -> String {
        let option = options[index]
        let label = Excerpt.oneLine(option.label)
        return option.text.map { "\(label) (\(Excerpt.quoted($0, limit: 60)))" } ?? label
    }

    func shown(_ indices: [Int], _ word: String) -> String { Excerpt.list(indices.map(shown), word) }

    /// Whether an option's text is part of another's.
    func isInside(_ index: Int, _ other: Int) -> Bool {
        let (own, longer) = (foldedTexts[index] ?? foldedLabels[index], foldedTexts[other] ?? foldedLabels[other])
        return index != other && own.utf8.count < longer.utf8.count
            && ByteSearch.firstRange(of: own, in: longer) != nil
    }

    // MARK: What names an option

    /// The option with this label or text and nothing else, in upper or lower case.
    func named(_ text: String) -> Int? {
        let label = TextForm.folded(TrimmedText.of(text))
        return foldedLabels.firstIndex(of: label) ?? withText(text)
    }

    private func withText(_ text: String) -> Int? {
        let plain = Self.plain(text)
        let matching = foldedTexts.indices.filter { foldedTexts[$0] == plain && !plain.isEmpty }
        return matching.count == 1 ? matching[0] : nil
    }

    /// The option that a short piece of text gives, whatever is wrapped around it: `(b)`, `**B.**`, `Option B`,
    /// `B) Paris`, `$\text{B}$`, `Paris.`.
    func given(by text: String) -> Int? {
        guard text.utf8.count <= 2_000 else { return nil }
        let bare = Self.unwrapped(text)
        if let index = named(bare) ?? named(TextForm.withoutEndPunctuation(bare)) { return index }
        let words = bare.split(maxSplits: 1, whereSeparator: { $0.isWhitespace }).map(String.init)
        if words.count == 2, Self.nouns.contains(TextForm.folded(words[0])), let index = named(Self.unwrapped(words[1])) { return index }
        return labelled(bare)
    }

    private static let nouns: Set = ["option", "choice", "answer", "letter", "antwort", "opción", "réponse", "alternative"]

    /// `B) Paris` and `B: because …`, on one line.
    private func labelled(_ text: String) -> Int? {
        guard !text.contains(where: \.isNewline) else { return nil }
        for (index, option) in options.enumerated() {
            guard TextForm.folded(text).utf8.starts(with: foldedLabels[index].utf8) else { continue }
            let rest = text.unicodeScalars.dropFirst(option.label.unicodeScalars.count)
            guard let mark = rest.first(where: { !"*_`\"".unicodeScalars.contains($0) }), ").]:".unicodeScalars.contains(mark) else { continue }
            return index
        }
        return nil
    }

    /// Letters, digits and what stands between words, without case.
    private static func plain(_ text: String) -> String {
        TextForm.collapsed(TextForm.withoutPunctuation(TextForm.folded(TextForm.plain(text))))
    }

    private static let wrappers: [(String, String)] = [
        ("**", "**"), ("__", "__"), ("$$", "$$"), ("$", "$"), ("*", "*"), ("_", "_"), ("`", "`"), ("\"", "\""), ("'", "'"), ("“", "”"),
        ("‘", "’"), ("(", ")"), ("[", "]"), ("<", ">"), ("{", "}"), ("\\(", "\\)"), ("\\[", "\\]"), ("\\boxed{", "}"), ("\\text{", "}"),
        ("\\textbf{", "}"), ("\\mathrm{", "}"), ("\\mathbf{", "}"),
    ]

    /// Without what is wrapped around it and without a sentence's end.
    private static func unwrapped(_ text: String) -> String {
        var text = TextForm.withoutEndPunctuation(text)
        // Each turn takes something away, and nobody wraps ten times.
        for _ in 0..<10 {
            guard let (open, close) = wrappers.first(where: { open, close in
                text.utf8.count > open.utf8.count + close.utf8.count && text.hasPrefix(open) && text.hasSuffix(close)
            }) else { break }
            text = TextForm.withoutEndPunctuation(String(text.dropFirst(open.count).dropLast(close.count)))
        }
        return text
    }
}
