/// What was taken out of one text and put into another, word by word.
package struct TextDifference: Hashable, Sendable {
    package enum Kind: Hashable, Sendable { case same, removed, added }

    package struct Piece: Hashable, Sendable {
        package var kind: Kind
        package var text: String
    }

    /// In order; without the added ones they are the old text, without the removed ones the new.
    package private(set) var pieces: [Piece] = []

    /// Words that differ in the middle of both texts beyond which they count as replaced whole: finding less would take long.
    private static let mostWords = 3_000

    package init(from old: String, to new: String) {
        let (old, new) = (Self.words(old), Self.words(new))
        var start = 0
        while start < min(old.count, new.count), old[start] == new[start] { start += 1 }
        var end = 0
        while end < min(old.count, new.count) - start, old[old.count - 1 - end] == new[new.count - 1 - end] { end += 1 }
        add(.same, old[..<start])
        let (before, after) = (old[start..<(old.count - end)], new[start..<(new.count - end)])
        if before.count + after.count > Self.mostWords {
            add(.removed, before)
            add(.added, after)
        } else {
            addDifference(Array(before), Array(after))
        }
        add(.same, old[(old.count - end)...])
    }

    /// The shortest one (E. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986), as the standard library has it.
    private mutating func addDifference(_ old: [Word], _ new: [Word]) {
        let changes = new.difference(from: old)
        let removed = Set(changes.removals.map(Self.offset))
        let added = Set(changes.insertions.map(Self.offset))
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            if removed.contains(i) {
                append(.removed, old[i].text)
                i += 1
            } else if added.contains(j) {
                append(.added, new[j].text)
                j += 1
            } else {
                append(.same, old[i].text)
                i += 1
                j += 1
            }
        }
    }

    private static func offset(_ change: CollectionDifference<Word>.Change) -> Int {
        switch change {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }

    private mutating func add(_ kind: Kind, _ words: ArraySlice<Word>) {
        if !words.isEmpty { append(kind, words.map(\.text).joined()) }
    }

    private mutating func append(_ kind: Kind, _ text: String) {
        if pieces.last?.kind == kind { pieces[pieces.count - 1].text += text } else { pieces.append(Piece(kind: kind, text: text)) }
    }

    /// A word by its scalars: Swift's strings are equal when they look equal.
    private struct Word: Hashable {
        let scalars: [Unicode.Scalar]
        var text: String {
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars)
            return String(text)
        }
    }

    /// Runs of letters and digits, runs of white space, and any other scalar by itself.
    private static func words(_ text: String) -> [Word] {
        let scalars = text.unicodeScalars
        var words: [Word] = []
        var place = scalars.startIndex
        while place < scalars.endIndex {
            let start = place
            let kind = kind(of: scalars[place])
            scalars.formIndex(after: &place)
            if kind != .other { while place < scalars.endIndex, self.kind(of: scalars[place]) == kind { scalars.formIndex(after: &place) } }
            words.append(Word(scalars: Array(scalars[start..<place])))
        }
        return words
    }

    private enum ScalarKind { case word, space, other }

    private static func kind(of scalar: Unicode.Scalar) -> ScalarKind {
        if scalar.properties.isWhitespace { return .space }
        let isWord = scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_" || scalar.properties.canonicalCombiningClass != .notReordered
        return isWord ? .word : .other
    }

    /// For a terminal, each line indented by two spaces: in colours, or as `[-old-]{+new+}`, as git has it.
    package func terminal(color: Bool, maximumLines: Int = 60) -> String {
        var lines = [""]
        for piece in pieces {
            for (place, part) in TerminalText.lineTexts(of: piece.text).enumerated() {
                if place > 0 { lines.append("") }
                guard !part.isEmpty else { continue }
                lines[lines.count - 1] += Self.marked(TerminalText.plain(part, limit: 1000), piece.kind, color)
            }
        }
        if lines.count > 1, lines.last == "" { lines.removeLast() }
        let further = lines.count - maximumLines
        let shown = lines.prefix(maximumLines) + (further > 0 ? ["… and \(Wording.count(further, "further line"))"] : [])
        return shown.map { "  " + $0 }.joined(separator: "\n")
    }

    private static func marked(_ text: String, _ kind: Kind, _ color: Bool) -> String {
        switch kind {
        case .same: text
        case .removed: color ? "\u{1B}[31;9m\(text)\u{1B}[0m" : "[-\(text)-]"
        case .added: color ? "\u{1B}[32;1m\(text)\u{1B}[0m" : "{+\(text)+}"
        }
    }
}
