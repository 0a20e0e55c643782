/// Text of others made harmless for Markdown: always inside a code span or a fence, where neither markup nor HTML, nor
/// mentions, links and issue numbers are read.
enum MarkdownText {
    /// One line in a code span, cut with `…`.
    static func code(_ text: String, limit: Int = 160) -> String {
        let line = TerminalText.plain(text, limit: limit)
        let fence = String(repeating: "`", count: longestRun(of: "`", in: line) + 1)
        let isBlank = line.allSatisfy { $0 == " " }
        if isBlank { return "`(blank)`" }
        let needsPadding = line.hasPrefix("`") || line.hasSuffix("`") || line.hasPrefix(" ") && line.hasSuffix(" ")
        let padding = needsPadding ? " " : ""
        return fence + padding + line + padding + fence
    }

    /// Several lines in a fence that no line of theirs can close, indented by two spaces to stand in a list item.
    static func fence(_ text: String, maximumLines: Int = 12, lineLimit: Int = 400, info: String = "text") -> String {
        let block = TerminalText.block(text, maximumLines: maximumLines, lineLimit: lineLimit)
        let fence = String(repeating: "`", count: max(3, longestRun(of: "`", in: block) + 1))
        return "  \(fence)\(info)\n\(block)\n  \(fence)\n"
    }

    /// A sentence that may hold names of files and words of backends: as it is where it is plain, else in a code span.
    static func sentence(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: " ,.;:()'-/".utf8.contains(byte)
            }
        }
        let looksLikeLink = text.contains("://") || text.contains("www.")
        return isPlain && !looksLikeLink && text.count <= 400 ? text : code(text, limit: 400)
    }

    private static func longestRun(of wanted: Unicode.Scalar, in text: String) -> Int {
        var longest = 0
        var run = 0
        for scalar in text.unicodeScalars {
            run = scalar == wanted ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}
