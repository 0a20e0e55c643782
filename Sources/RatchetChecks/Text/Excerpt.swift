/// Texts as reasons show them: short, on one line, and without anything that could act on a terminal.
package enum Excerpt {
    /// The longest excerpt of one text, in Unicode scalars.
    static let longest = 160
    /// The longest reason, in Unicode scalars.
    static let longestReason = 1200

    /// A text in quotes, cut when it is long; how much there is in all is said then.
    package static func quoted(_ text: String, limit: Int = longest) -> String {
        guard let cut = start(of: text, limit: limit) else { return "\"\(oneLine(text))\"" }
        return "\"\(oneLine(cut))…\" (\(text.utf8.count) bytes in all)"
    }

    /// The surroundings of the bytes `range` of a text, in quotes.
    package static func around(_ range: Range<Int>, in text: String, limit: Int = longest) -> String {
        let margin = max(0, limit - range.count) / 2
        let utf8 = text.utf8
        let lower = max(0, range.lowerBound - margin)
        let upper = min(utf8.count, range.lowerBound + min(range.count, limit) + margin)
        let start = roundedDown(utf8.index(utf8.startIndex, offsetBy: lower), in: text)
        let end = roundedDown(utf8.index(utf8.startIndex, offsetBy: upper), in: text)
        let shown = oneLine(String(text.unicodeScalars[start..<end]))
        return "\"\(lower > 0 ? "…" : "")\(shown)\(upper < utf8.count ? "…" : "")\""
    }

    /// A text on one line and without quotes, cut when it is long.
    static func cut(_ text: String, limit: Int) -> String {
        start(of: text, limit: limit).map { oneLine($0) + "…" } ?? oneLine(text)
    }

    /// A reason cut to a length that tables and logs can bear.
    package static func reason(_ text: String) -> String {
        start(of: text, limit: longestReason).map { $0 + "…" } ?? text
    }

    /// Things joined for reading: `a`, `a or b`, `a, b or c`; of many only the first.
    package static func list(_ items: [String], _ word: String = "or", atMost limit: Int = 5) -> String {
        var items = items
        if items.count > limit {
            let more = items.count - (limit - 1)
            items = items.prefix(limit - 1) + ["\(more) others"]
        }
        guard let last = items.popLast() else { return "nothing" }
        return items.isEmpty ? last : items.joined(separator: ", ") + " \(word) \(last)"
    }

    /// Line breaks, control characters and direction marks written as escapes.
    static func oneLine(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: needsEscape) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            case _ where needsEscape(scalar): escaped += "\\u{\(String(scalar.value, radix: 16))}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0: true
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF: true
        default: false
        }
    }

    /// The first `limit` scalars; `nil` when that is all of the text.
    private static func start(of text: String, limit: Int) -> String? {
        let scalars = text.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return nil }
        return String(scalars[..<end])
    }

    private static func roundedDown(_ index: String.Index, in text: String) -> String.Index {
        var index = index
        while index > text.startIndex, index < text.endIndex, index.samePosition(in: text.unicodeScalars) == nil {
            index = text.utf8.index(before: index)
        }
        return index
    }
}
