/// Text of models, examples and backends made harmless for a terminal and for CI logs.
///
/// Control characters, escape sequences, direction overrides and invisible format characters become visible escapes
/// (`\x1b`, `\u{202e}`), so that nothing can move the cursor, colour, hide or reorder what is shown. Commands that CI
/// systems read from logs (`::error::`, `##[group]`, `##vso[…]`) are broken by a backslash.
package enum TerminalText {
    /// One line of at most `limit` columns, cut with `…`.
    package static func plain(_ text: String, limit: Int) -> String {
        line(text.unicodeScalars, limit: max(limit, 1))
    }

    /// Several lines, each indented by two spaces; long lines and long texts are cut, and say so.
    package static func block(_ text: String) -> String {
        block(text, maximumLines: 60, lineLimit: 1000)
    }

    static func block(_ text: String, maximumLines: Int, lineLimit: Int) -> String {
        var lines = lines(of: text)
        if lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
        var shown = lines.prefix(maximumLines).map { "  " + line($0, limit: lineLimit, tab: "    ") }
        let further = lines.count - shown.count
        if further > 0 { shown.append("  … and \(Wording.count(further, "further line"))") }
        return shown.joined(separator: "\n")
    }

    /// The first line that is not blank, without the white space before it, and whether there is more.
    static func firstLine(of text: String) -> (line: String, hasMore: Bool) {
        let start = text.unicodeScalars.drop { $0.properties.isWhitespace }
        let line = start.prefix { $0 != "\n" && $0 != "\r" }
        let rest = text.unicodeScalars[line.endIndex...]
        return (String(line), rest.contains { !$0.properties.isWhitespace })
    }

    /// The lines of a text, without their ends.
    static func lineTexts(of text: String) -> [String] { lines(of: text).map { String($0) } }

    /// Lines ended by LF, CR LF or CR alone; not by what else Unicode calls a line break.
    private static func lines(of text: String) -> [Substring.UnicodeScalarView] {
        var lines: [Substring.UnicodeScalarView] = []
        let scalars = text.unicodeScalars
        var start = scalars.startIndex
        var place = start
        while place < scalars.endIndex {
            let next = scalars.index(after: place)
            if scalars[place] == "\n" || scalars[place] == "\r" {
                lines.append(scalars[start..<place])
                let isPair = scalars[place] == "\r" && next < scalars.endIndex && scalars[next] == "\n"
                place = isPair ? scalars.index(after: next) : next
                start = place
            } else {
                place = next
            }
        }
        lines.append(scalars[start...])
        return lines
    }

    private static func line(
        _ scalars: some Sequence<Unicode.Scalar>, limit: Int, tab: String = "\\t"
    ) -> String {
        var line = Line(limit: limit)
        for scalar in withoutCommands(Array(scalars.prefix(limit * 4 + 1))) where !line.isFull {
            line.append(scalar == "\t" ? tab : visible(scalar))
        }
        return line.finished
    }

    /// The columns a text takes in a terminal, escape sequences not being in it.
    static func columns(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + columns($1) } }

    /// How a scalar is shown: as it is, or as a visible escape where it could do something.
    static func visible(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        case " "..."~", "\u{200C}", "\u{200D}": return String(scalar)
        case ..."\u{FF}" where isHarmful(scalar): return "\\x" + hexadecimal(scalar, atLeast: 2)
        default: return isHarmful(scalar) ? "\\u{" + hexadecimal(scalar, atLeast: 4) + "}" : String(scalar)
        }
    }

    /// Controls, line separators, and format characters (direction overrides, invisible ones, tags) but for the two
    /// joiners that scripts and emoji need.
    static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        if scalar == "\u{200C}" || scalar == "\u{200D}" { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return scalar.properties.isNoncharacterCodePoint
        }
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar, atLeast width: Int) -> String {
        let digits = String(scalar.value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    fileprivate static func columns(_ scalar: Unicode.Scalar) -> Int {
        if scalar.isASCII { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        if scalar == "\u{200D}" || scalar == "\u{200C}" { return 0 }
        return isWide(scalar) || scalar.properties.isEmojiPresentation ? 2 : 1
    }

    /// The blocks that Unicode's East Asian Width (UAX 11) has as wide or full width.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x17000...0x18CFF, 0x1B000...0x1B2FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }

    /// GitHub reads a line that begins with `::`, and `##[…]` anywhere; Azure `##vso[…]`, TeamCity `##teamcity[…]`.
    private static func withoutCommands(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var harmless: [Unicode.Scalar] = []
        harmless.reserveCapacity(scalars.count)
        let start = scalars.firstIndex { !$0.properties.isWhitespace } ?? scalars.count
        for (place, scalar) in scalars.enumerated() {
            let isStart = place == start && scalars[place...].starts(with: "::".unicodeScalars)
            let isSecondHash = scalar == "#" && place > 0 && scalars[place - 1] == "#"
            if isStart || isSecondHash && scalars[(place + 1)...].first(where: { !isLetter($0) }) == "[" {
                harmless.append("\\")
            }
            harmless.append(scalar)
        }
        return harmless
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }
}

/// A line that is filled up to a number of columns.
private struct Line {
    let limit: Int
    private var pieces: [String] = []
    private var columns = 0
    /// How many pieces leave a column for `…`.
    private var cut = 0
    private(set) var isFull = false

    init(limit: Int) { self.limit = limit }

    mutating func append(_ piece: String) {
        let width = TerminalText.columns(piece)
        // Marks take no column: a bound on their number keeps a tower of them small.
        guard columns + width <= limit, pieces.count < limit * 4 else {
            isFull = true
            return
        }
        pieces.append(piece)
        columns += width
        if columns < limit { cut = pieces.count }
    }

    var finished: String { isFull ? pieces.prefix(cut).joined() + "…" : pieces.joined() }
}
