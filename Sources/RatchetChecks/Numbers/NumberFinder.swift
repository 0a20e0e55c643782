import RatchetJSON

/// Finds the number that counts in an answer.
struct NumberFinder: Sendable {
    enum Which: String, CaseIterable, Sendable {
        /// The number that is stated as the answer, else the last one.
        case answer
        case first, last
    }

    var which: Which
    var style: NumberStyle
    var percentAsFraction: Bool

    /// A number with the text it was found in.
    struct Found: Sendable {
        var token: NumberToken
        var text: NumberText
        /// "the last number", "the number in \boxed{…}".
        var place: String

        /// The number as it was written.
        var shown: String { text.excerpt(token.range) }
    }

    func find(in text: NumberText) -> Found? {
        switch which {
        case .first:
            var scanner = NumberScanner(text, style)
            return scanner.next().map { Found(token: $0, text: text, place: "the first number") }
        case .last: return last(in: text)
        case .answer: return stated(in: text) ?? last(in: text)
        }
    }

    /// What a number found may mean, the likeliest first.
    func readings(_ found: Found) -> [JSONNumber] { readings(found.token, in: found.text) }

    func readings(_ token: NumberToken, in text: NumberText) -> [JSONNumber] {
        token.readings(in: text, percentAsFraction: percentAsFraction, takesFirst: which == .first)
    }

    private func last(in text: NumberText) -> Found? {
        var scanner = NumberScanner(text, style)
        var last: NumberToken?
        while let token = scanner.next() { last = token }
        return last.map { Found(token: $0, text: text, place: "the last number") }
    }

    private func stated(in text: NumberText) -> Found? {
        for statement in AnswerStatement.last(in: text.bytes) {
            if let token = token(of: statement, in: text) {
                return Found(token: token, text: text, place: "the number \(statement.description)")
            }
        }
        return nil
    }

    /// The first number of a statement, or what it comes to: 7 in "3 + 4 = 7".
    private func token(of statement: AnswerStatement, in text: NumberText) -> NumberToken? {
        var scanner = NumberScanner(text, style, in: statement.range)
        guard var chosen = scanner.next() else { return nil }
        // "#### Step 4" is a heading.
        let before = text.bytes[statement.range.lowerBound..<max(statement.range.lowerBound, chosen.range.lowerBound)]
        if statement.kind == .hashes, !before.allSatisfy({ " \t$*\\".utf8.contains($0) }) { return nil }
        var previous = chosen
        while let next = scanner.next() {
            let between = text.bytes[previous.coreEnd..<max(previous.coreEnd, next.range.lowerBound)]
            guard !between.contains(where: NumberText.isWordByte) else { break }
            if between.contains(UInt8(ascii: "=")) {
                chosen = next
            } else if !between.contains(where: { "+-*/".utf8.contains($0) }) && !next.isNegative {
                break
            }
            previous = next
        }
        return chosen
    }
}
