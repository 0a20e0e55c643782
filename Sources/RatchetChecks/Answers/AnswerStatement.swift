/// Where an answer says what its answer is: in LaTeX's `\boxed{…}`, behind GSM8K's `####`, or after words such as "the
/// answer is".
struct AnswerStatement: Sendable {
    enum Kind: Sendable {
        case boxed, hashes, words
    }

    var kind: Kind
    /// The bytes of what is stated.
    var range: Range<Int>

    /// The kind in words.
    var description: String {
        switch kind {
        case .boxed: "in \\boxed{…}"
        case .hashes: "after ####"
        case .words: "after the words that announce the answer"
        }
    }

    /// The last statement of each kind, the last in the text first.
    ///
    /// - Parameter bytes: A text in UTF-8.
    static func last(in bytes: [UInt8]) -> [AnswerStatement] {
        [boxed(in: bytes), hashes(in: bytes), words(in: bytes)].compactMap { $0 }
            .sorted { $0.range.lowerBound > $1.range.lowerBound }
    }

    // MARK: LaTeX

    private static func boxed(in bytes: [UInt8]) -> AnswerStatement? {
        var place = bytes.count - 1
        while place >= 0 {
            if bytes[place] == UInt8(ascii: "\\") {
                for command in ["\\boxed{", "\\fbox{"] where bytes[place...].starts(with: command.utf8) {
                    let start = place + command.utf8.count
                    return AnswerStatement(kind: .boxed, range: start..<closingBrace(in: bytes, from: start))
                }
            }
            place -= 1
        }
        return nil
    }

    /// The brace that closes the one before `start`; what is boxed is short.
    private static func closingBrace(in bytes: [UInt8], from start: Int) -> Int {
        var depth = 1
        let end = min(bytes.count, start + 4_000)
        for place in start..<end {
            if bytes[place] == UInt8(ascii: "{") { depth += 1 }
            if bytes[place] == UInt8(ascii: "}") { depth -= 1 }
            if depth == 0 { return place }
        }
        return end
    }

    // MARK: GSM8K

    private static func hashes(in bytes: [UInt8]) -> AnswerStatement? {
        var lineEnd = bytes.count
        var place = bytes.count - 1
        while place >= -1 {
            if place == -1 || bytes[place] == UInt8(ascii: "\n") {
                let line = bytes[place + 1..<lineEnd]
                if line.starts(with: "####".utf8), line.dropFirst(4).first != UInt8(ascii: "#") {
                    return AnswerStatement(kind: .hashes, range: line.startIndex + 4..<lineEnd)
                }
                lineEnd = max(place, 0)
            }
            place -= 1
        }
        return nil
    }

    // MARK: Words

    /// Words for the answer in the languages of the most suites; case does not matter.
    static let words = "answer|antwort|réponse|reponse|respuesta|risposta|resposta|antwoord|ответ|答案|答え|정답"

    /// What joins the word with what is stated.
    static let verbs = #"is|are|was|equals|(?:would|should|must|will)\ be|ist|lautet|wäre|est|es|sería|è|é|está|seria|это"#
    /// The same for scripts without spaces between words, and for all of them.
    static let signs = "[:=：是为は는]"

    private static let announcement = Lazily {
        try? PatternRegex(
            #"(?<!\pL)(?:\#(words))(?!\pL{3})[^\n.!?:=：]{0,80}?(?:(?<!\pL)(?:\#(verbs))(?!\pL)|\#(signs))[\s"'*_`]*"#,
            flags: "ix")
    }

    private static func words(in bytes: [UInt8]) -> AnswerStatement? {
        guard let regex = announcement(), let match = lastMatch(of: regex, in: bytes) else { return nil }
        let start = match.upperBound
        return AnswerStatement(kind: .words, range: start..<sentenceEnd(in: bytes, from: start))
    }

    /// The end of the line or sentence.
    private static func sentenceEnd(in bytes: [UInt8], from start: Int) -> Int {
        let end = min(bytes.count, start + 2_000)
        for place in start..<end {
            if bytes[place] == UInt8(ascii: "\n") { return place }
            let isStop = ".!?".utf8.contains(bytes[place])
            if isStop, place + 1 == bytes.count || bytes[place + 1] == UInt8(ascii: " ") || bytes[place + 1] == UInt8(ascii: "\n") {
                return place
            }
        }
        return end
    }

    /// The last match of a pattern that matches a few hundred bytes at most, searched from the end in pieces.
    static func lastMatch(of regex: PatternRegex, in bytes: [UInt8]) -> Range<Int>? {
        let (piece, overlap) = (65_536, 1_024)
        var end = bytes.count
        while end > 0 {
            var start = max(0, end - piece)
            while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
            var stop = min(bytes.count, end + overlap)
            while stop < bytes.count, bytes[stop] & 0xC0 == 0x80 { stop += 1 }
            let text = String(decoding: bytes[start..<stop], as: UTF8.self)
            if let match = try? regex.lastMatch(in: text) {
                return start + match.range.lowerBound..<start + match.range.upperBound
            }
            end = start
        }
        return nil
    }
}
