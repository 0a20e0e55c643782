import RatchetCore

/// The regular expressions that find options in prose, made once of their labels and texts.
struct ChoicePatterns: Sendable {
    /// What states an answer: "the answer is B", "I choose B", "B is correct".
    let statements: [PatternRegex]
    /// For each option a pattern for it as the beginning of something in bold.
    let bold: [PatternRegex?]
    /// For each option a pattern for its label marked as one: `(B)`, `option B`, `B)` at a line's start.
    let marked: [PatternRegex?]
    /// For each option a pattern for its label, as a word of its own.
    let bare: [PatternRegex?]
    /// For each option a pattern for its label at the start of a line, as in a list of the options.
    let listed: [PatternRegex?]

    init?(_ options: ChoiceOptions) {
        let name = Self.name(of: options)
        let statements = [
            #"(?<!\pL)(?:\#(AnswerStatement.words))(?!\pL{3})[^\n.!?:=：]{0,80}?(?:(?<!\pL)(?:\#(AnswerStatement.verbs))(?!\pL)|\#(AnswerStatement.signs))\#(Self.opening)\#(name)"#,
            #"(?<!\pL)(?:choose|choosing|pick|select|selecting|go\ with|going\ with|opt\ for|vote\ for|wähle|choisis|elijo)\#(Self.opening)\#(name)"#,
            #"(?<![\pL\pN])["'*_`(\[]*\#(name)["'*_`)\].]*\s+(?:is|would\ be|must\ be|seems|looks|ist)\s+(?:(?:the|clearly|definitely|most|likely|probably|only|die)\s+)*(?:correct|right|best|true|richtig|answer)(?!\pL)"#,
        ].map { try? PatternRegex($0, flags: "ix") }
        guard statements.allSatisfy({ $0 != nil }) else { return nil }
        self.statements = statements.compactMap { $0 }
        let perLetter = { (pattern: (String) -> String) in
            options.options.map { option in option.isLetter ? try? PatternRegex(pattern(option.label.uppercased()), flags: "xm") : nil }
        }
        bold = perLetter { #"\*\*\(?(?:(?i:option|choice|answer)\s+)?\#($0)(?:[).:\s*]|\*\*)"# }
        marked = perLetter {
            #"(?<![\pL\pN])\#(Self.notBefore)(?:[(\[](?i:\#($0))[)\]]|(?i:option|choice|answer|letter|antwort)\s+["'(*_`]*(?i:\#($0))(?![\pL\pN'’])|^[ \t]*[-*>]?[ \t]*["'(*_`]*\#($0)[).:](?=[\s*_]|$))\#(Self.notBehind)"#
        }
        bare = perLetter {
            #"(?<![\pL\pN'’.\-])\#(Self.notBefore)\#($0)(?![\pL\pN'’\-])\#(Self.noArticle($0))\#(Self.notBehind)"#
        }
        listed = perLetter { #"^[ \t]*[-*>]*[ \t]*[(\[*_]*(?i:\#($0))[)\].:*_]"# }
    }

    /// What may stand between a verb and an option.
    private static let opening = #"(?:[\s"'*_`(\[{$]|\\(?:boxed|text|textbf|mathrm|mathbf)\{)*(?:(?:the|option|choice|letter|answer|clearly|definitely|most|likely|probably|therefore)(?!\pL)[\s"'*_`(\[]*)*"#

    /// "not B" and "B is wrong" do not choose B.
    private static let notBefore = #"(?<!not\ |not\ \(|not\ \*\*|n't\ |n’t\ |n't\ \(|neither\ |nor\ |nicht\ |nicht\ \()"#
    private static let notBehind = #"(?!["'*_`)\]]*\s+(?i:is|are|was|can|cannot|isn['’]t)\s*(?i:n['’]t|not|be|wrong|incorrect|false|out)(?!\pL))"#

    /// A text or label of any option, captured as `text` or `label`, and a second one where the two are joined.
    private static func name(of options: ChoiceOptions) -> String {
        let first = alternatives(of: options, "label", "text")
        let second = alternatives(of: options, "label2", "text2")
        let closing = #"["'*_`)\].}]*"#
        let joint = #"\s*(?:[,/&]\s*(?:or|and)?|(?<!\pL)(?:or|and|oder|und|ou|et)(?!\pL))\s*["'*_`(\[]*(?:option\s+)?"#
        return #"(?:\#(first))(?:\#(closing)\#(joint)(?:\#(second))(?!["'*_`)\].}]*\s+(?:is|are|was|would|could|has|can|cannot|does)(?!\pL)))?"#
    }

    private static func alternatives(of options: ChoiceOptions, _ label: String, _ text: String) -> String {
        let texts = options.options.compactMap(\.text) + options.options.filter { !$0.isLetter }.map(\.label)
        // The longest first: "New York City" before "New York".
        let words = texts.filter { !$0.isEmpty && $0.utf8.count <= 500 }.sorted { $0.utf8.count > $1.utf8.count }.map(escaped)
        let letters = options.options.filter(\.isLetter).map { $0.label.uppercased() }
        var parts: [String] = []
        if !words.isEmpty { parts.append(#"(?<\#(text)>\#(words.joined(separator: "|")))(?![\pL\pN])"#) }
        if !letters.isEmpty {
            let article = letters.filter { $0 == "A" || $0 == "I" }.joined()
            let notArticle = article.isEmpty ? "" : #"(?!(?<=[\#(article)])\#(articleEnd))"#
            let upper = #"(?-i:[\#(letters.joined())])(?![\pL\pN'’])\#(notArticle)"#
            // A small letter is an option only where nothing goes on behind it.
            let lower = #"(?-i:[\#(letters.joined().lowercased())])(?=["'*_`)\]}$]*\s*(?:[.,;:!?)\]}$—–-]|\R|\z))"#
            parts.append(#"(?<\#(label)>\#(upper)|\#(lower))"#)
        }
        return parts.joined(separator: "|")
    }

    /// A word behind `A` that makes it an article, and behind `I` a pronoun; another letter does not.
    private static let articleEnd = #"\s+(?!(?-i:because|since|as|is|and|or|for|due|which|with|but|so|if|was|seems|would|must)(?!\pL))(?:\pL{2}|\p{Ll})"#

    private static func noArticle(_ label: String) -> String { label == "A" || label == "I" ? #"(?!\#(articleEnd))"# : "" }

    /// A text as a pattern that matches it with any whitespace between its words.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.split(whereSeparator: \.properties.isWhitespace).map { word in
            word.reduce(into: "") { pattern, scalar in
                let isPlain = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                pattern += isPlain ? String(scalar) : #"\x{\#(String(scalar.value, radix: 16))}"#
            }
        }.joined(separator: #"\s+"#)
    }
}
