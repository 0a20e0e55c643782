import RatchetCore

/// One end of a text: what `starts_with` and `ends_with` look at.
enum TextEdge: Sendable {
    case start, end

    /// "starts" or "ends".
    var verb: String { self == .start ? "starts" : "ends" }

    /// Without whitespace at this end.
    func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        if self == .start { return String(Substring(scalars.drop(while: \.properties.isWhitespace))) }
        guard let last = scalars.lastIndex(where: { !$0.properties.isWhitespace }) else { return "" }
        return String(scalars[...last])
    }

    /// Whether the code points of `part` stand at this end of `text`.
    func has(_ part: String, at text: String) -> Bool {
        self == .start ? text.utf8.starts(with: part.utf8) : text.utf8.reversed().starts(with: part.utf8.reversed())
    }

    /// This end of a text, in quotes.
    func excerpt(of text: String) -> String {
        let bytes = text.utf8.count
        return self == .start || bytes <= 80
            ? Excerpt.quoted(text, limit: 80) : Excerpt.around(bytes - 80..<bytes, in: text, limit: 80)
    }
}

/// The rule that one of several texts stands at one end of the output.
struct TextEdgeRule: Sendable {
    private let edge: TextEdge
    private let wanted: [String]
    private let forms: [String]
    private let trims: Bool
    private let ignoresCase: Bool

    static func documentation(_ edge: TextEdge) -> [CheckDocumentation.Option] {
        [
            .init("value", "text or list of texts", "what is wanted; the example's `expected` by default"),
            .init("trim", "`true` or `false`", "removes whitespace at the \(edge) first; `true` by default"),
            .init("ignore_case", "`true` or `false`", "takes upper and lower case as the same; `false` by default"),
        ]
    }

    init?(_ options: CheckOptions, _ edge: TextEdge) {
        let (trims, ignoresCase) = (options.flag("trim", default: true), options.flag("ignore_case", default: false))
        guard let wanted = options.wantedTexts("value") else { return nil }
        if wanted.contains(where: { $0.unicodeScalars.allSatisfy(\.properties.isWhitespace) && (trims || $0.isEmpty) }) {
            options.report("every output \(edge.verb) with the empty text", at: "value")
            return nil
        }
        self.edge = edge
        self.wanted = wanted
        self.trims = trims
        self.ignoresCase = ignoresCase
        forms = wanted.map { Self.form(of: $0, edge: trims ? edge : nil, ignoresCase: ignoresCase) }
    }

    /// - Parameter edge: The end that whitespace is removed from.
    private static func form(of text: String, edge: TextEdge?, ignoresCase: Bool) -> String {
        let rest = edge?.trimmed(text) ?? text
        return ignoresCase ? TextForm.folded(rest) : rest
    }

    func evaluate(_ text: String) -> CheckOutcome {
        let found = Self.form(of: text, edge: trims ? edge : nil, ignoresCase: ignoresCase)
        for (position, form) in forms.enumerated() where edge.has(form, at: found) {
            return .passed("\(edge.verb) with \(Excerpt.quoted(wanted[position]))")
        }
        let failureKind = failureKind(text)
        let shown = Excerpt.list(wanted.map { Excerpt.quoted($0) })
        let reason = "\(edge.verb) with \(edge.excerpt(of: text)), wanted \(shown)"
        return .failed(failureKind.map { "\(reason): \($0.hint)" } ?? reason, failureKind: failureKind)
    }

    private func failureKind(_ text: String) -> FailureKind? {
        guard text.utf8.count <= FailureKind.largestText else { return nil }
        var forms: [(FailureKind, (String) -> String)] = [
            (.whitespace, { Self.form(of: $0, edge: edge, ignoresCase: ignoresCase) }),
            (.letterCase, { Self.form(of: $0, edge: edge, ignoresCase: true) }),
        ]
        if edge == .end { forms.append((.endPunctuation, { TextForm.folded(TextForm.withoutEndPunctuation($0)) })) }
        for (miss, form) in forms {
            let found = form(text)
            let isNear = wanted.contains {
                let part = form($0)
                return !part.isEmpty && edge.has(part, at: found)
            }
            if isNear { return miss }
        }
        return wanted.contains { ByteSearch.firstRange(of: $0, in: text) != nil } ? .extraText : nil
    }
}
