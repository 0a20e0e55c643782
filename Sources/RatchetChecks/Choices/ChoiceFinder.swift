import RatchetCore
import RatchetJSON

/// Finds which of some options an answer chooses.
struct ChoiceFinder: Sendable {
    let options: ChoiceOptions
    private let patterns: ChoicePatterns

    init?(_ options: ChoiceOptions) {
        guard let patterns = ChoicePatterns(options) else { return nil }
        self.options = options
        self.patterns = patterns
    }

    enum Finding: Sendable {
        /// - Parameter how: Where the option was found, for people.
        case one(Int, how: String)
        case several([Int], how: String)
        case none
    }

    /// What counts, the strongest first: the whole answer; a JSON member; the last statement of an answer; the first line;
    /// what stands in bold; a label marked as one; a label; the text of an option. Of the last four there must be one only.
    func find(in subject: Subject) -> Finding {
        let text = subject.text
        if let index = options.given(by: text), !isList(text) { return .one(index, how: "the whole answer") }
        if let index = member(of: subject) { return .one(index, how: "in the JSON") }
        if let finding = stated(in: text) { return finding }
        return mentioned(in: text)
    }

    // MARK: Statements

    private static let keys = ["answer", "choice", "option", "final_answer", "correct_answer", "correct_option", "selected", "selection", "label", "letter"]

    private func member(of subject: Subject) -> Int? {
        guard let object = (subject.value ?? subject.json?.value)?.objectValue else { return nil }
        for (key, value) in object where Self.keys.contains(TextForm.folded(key).replacing("-", with: "_").replacing(" ", with: "_")) {
            if let index = CheckOptions.plainText(value).flatMap(options.given) { return index }
        }
        return nil
    }

    private struct Statement {
        var place: Int
        var indices: [Int]
        var how: String
    }

    private func stated(in text: String) -> Finding? {
        let bytes = Array(text.utf8)
        var statements = patterns.statements.compactMap { sentence(of: $0, in: bytes) }
        for statement in AnswerStatement.last(in: bytes) where statement.kind != .words {
            let content = String(decoding: bytes[statement.range].prefix(2_000), as: UTF8.self)
            guard let index = options.given(by: content) else { continue }
            statements.append(Statement(place: statement.range.lowerBound, indices: [index], how: statement.description))
        }
        let list = isList(text)
        if let last = line(bytes.reversed(), isReversed: true, in: list) {
            statements.append(Statement(place: bytes.count, indices: [last], how: "on the last line"))
        }
        guard let last = statements.max(by: { $0.place < $1.place }) else {
            return line(bytes, isReversed: false, in: list).map { .one($0, how: "on the first line") }
        }
        if last.indices.count > 1 { return .several(last.indices, how: last.how) }
        guard let index = last.indices.first else { return nil }
        let isContradicted = statements.contains { $0.indices != last.indices } || patterns.statements.contains { regex in
            guard let first = try? regex.firstMatch(in: text) else { return false }
            return Self.names(first).compactMap(options.named) != last.indices
        }
        return .one(index, how: last.how + (isContradicted ? "; of several statements the last counts" : ""))
    }

    private func sentence(of regex: PatternRegex, in bytes: [UInt8]) -> Statement? {
        guard let range = AnswerStatement.lastMatch(of: regex, in: bytes) else { return nil }
        let start = max(0, range.lowerBound - 8)
        let text = String(decoding: bytes[start..<min(bytes.count, range.upperBound + 64)], as: UTF8.self)
        guard let match = try? regex.lastMatch(in: text) else { return nil }
        var indices: [Int] = []
        for index in Self.names(match).compactMap(options.named) where !indices.contains(index) { indices.append(index) }
        return indices.isEmpty ? nil : Statement(place: range.lowerBound, indices: indices, how: "in \(Excerpt.quoted(match.text, limit: 80))")
    }

    /// The options that a statement names: one, or two that are joined.
    private static func names(_ match: PatternMatch) -> [String] {
        [match.named["text"] ?? match.named["label"], match.named["text2"] ?? match.named["label2"]].compactMap { $0 }
    }

    /// The option that the first line gives, or the last; in a list of the options a line with more than a label is none.
    private func line(_ bytes: [UInt8], isReversed: Bool, in list: Bool) -> Int? {
        let isSpace = { (byte: UInt8) in byte <= 0x20 }
        let rest = bytes.drop(while: isSpace)
        var line = Array(rest.prefix { $0 != UInt8(ascii: "\n") }.prefix(2_000))
        guard line.count < rest.count || !isReversed else { return nil }
        if isReversed { line.reverse() }
        let text = String(decoding: line, as: UTF8.self)
        guard let index = options.given(by: text) else { return nil }
        let isAlone = TextForm.withoutPunctuation(text).unicodeScalars.filter { !$0.properties.isWhitespace }.count
            <= options.options[index].label.unicodeScalars.count
        return list && !isAlone ? nil : index
    }

    /// Whether several options stand at the start of lines.
    private func isList(_ text: String) -> Bool {
        patterns.listed.lazy.compactMap { $0 }.filter { (try? $0.matches(text)) == true }.prefix(2).count > 1
    }

    // MARK: Mentions

    private func mentioned(in text: String) -> Finding {
        let bold = matching(patterns.bold, text)
        if bold.count == 1 { return .one(bold[0], how: "in bold") }
        for (candidates, how) in [(patterns.marked, "marked as an option"), (patterns.bare, "named")] {
            let found = matching(candidates, text)
            if found.count == 1 { return .one(found[0], how: how) }
            if found.count > 1 { return .several(found, how: how) }
        }
        let folded = TextForm.folded(text)
        var found = options.options.indices.filter { index in
            let option = options.options[index]
            let names = [option.text, option.isLetter ? nil : option.label].compactMap { $0 }
            return names.contains { !$0.isEmpty && ByteSearch.containsWords(TextForm.folded($0), in: folded) }
        }
        found = found.filter { index in !found.contains { options.isInside(index, $0) } }
        if found.count > 1 { return .several(found, how: "named") }
        return found.first.map { .one($0, how: "named") } ?? .none
    }

    private func matching(_ patterns: [PatternRegex?], _ text: String) -> [Int] {
        patterns.indices.filter { index in
            guard let regex = patterns[index] else { return false }
            return (try? regex.matches(text)) == true
        }
    }
}
