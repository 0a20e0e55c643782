/// A fenced code block of a Markdown text (CommonMark 0.31, section 4.5).
///
/// Marks are ``` or ~~~; a longer fence may hold shorter ones; one that is never closed reaches to the end. A fence may
/// stand in list items and block quotes. In one thing this is kinder than CommonMark: the closing fence of a block in a
/// list item may be indented less than the item, as models have it.
package struct CodeFence: Hashable, Sendable {
    /// What stands behind the opening marks, without space at its ends.
    package let info: String
    /// UTF-8 offsets of what is between the fences, as it is written.
    package let content: Range<Int>
    /// UTF-8 offsets of all of the block, from the start of its first line to the end of its last.
    package let block: Range<Int>
    package let isClosed: Bool
    fileprivate let opening: FenceLine

    /// The first word of the info string, in small letters: the language, if there is one.
    package var language: String { info.prefix { $0 != " " && $0 != "\t" }.lowercased() }

    /// All of a text's fences, in order.
    package static func all(in text: String) -> [CodeFence] {
        var fences: [CodeFence] = []
        forEach(in: text) { fence in
            fences.append(fence)
            return true
        }
        return fences
    }

    /// Hands out a text's fences in order, for as long as `body` wants more.
    package static func forEach(in text: String, _ body: (CodeFence) -> Bool) {
        var text = text
        text.withUTF8 { bytes in
            var scanner = CodeFenceScanner(bytes: bytes)
            while let fence = scanner.next(), body(fence) {}
        }
    }

    /// The first of a text's fences that is as wanted.
    package static func first(in text: String, where isWanted: (CodeFence) -> Bool) -> CodeFence? {
        var found: CodeFence?
        forEach(in: text) { fence in
            if isWanted(fence) { found = fence }
            return found == nil
        }
        return found
    }

    /// What is between the fences, without the marks of the block quote and the indent that it stands in.
    package func text(in source: String) -> String {
        var source = source
        return source.withUTF8 { bytes in
            guard content.upperBound <= bytes.count else { return "" }
            guard opening.indent > 0 || opening.quotes > 0 else {
                return String(decoding: bytes[content], as: UTF8.self)
            }
            var text: [UInt8] = []
            var lines = LineScanner(bytes: bytes, position: content.lowerBound)
            while lines.position < content.upperBound, let line = lines.next() {
                text += opening.unindented(bytes[line.lowerBound..<min(lines.position, content.upperBound)])
            }
            return String(decoding: text, as: UTF8.self)
        }
    }
}

/// Finds one fence after the other.
struct CodeFenceScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var lines: LineScanner
    /// How far the contents of the list items are indented that a line may continue, from the outermost.
    private var listIndents: [Int] = []

    init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        lines = LineScanner(bytes: bytes)
    }

    mutating func next() -> CodeFence? {
        while let line = lines.next() {
            guard let opening = FenceLine(bytes[line], in: &listIndents) else { continue }
            let start = lines.position
            var end = start
            while let content = lines.next() {
                switch opening.ends(with: bytes[content]) {
                case .closingFence:
                    return fence(opening, content: start..<content.lowerBound, block: line.lowerBound..<lines.position, true)
                case .outside:
                    // The block quote is over, and the line may open something of its own.
                    lines.position = content.lowerBound
                    return fence(opening, content: start..<content.lowerBound, block: line.lowerBound..<content.lowerBound, false)
                case .content: end = lines.position
                }
            }
            return fence(opening, content: start..<max(start, end), block: line.lowerBound..<bytes.count, false)
        }
        return nil
    }

    private func fence(_ opening: FenceLine, content: Range<Int>, block: Range<Int>, _ isClosed: Bool) -> CodeFence {
        CodeFence(info: opening.info, content: content, block: block, isClosed: isClosed, opening: opening)
    }
}

/// The lines of a text.
private struct LineScanner {
    let bytes: UnsafeBufferPointer<UInt8>
    /// Where the next line begins.
    var position = 0

    init(bytes: UnsafeBufferPointer<UInt8>, position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// The next line without its line feed.
    mutating func next() -> Range<Int>? {
        guard position < bytes.count else { return nil }
        let start = position
        while position < bytes.count, bytes[position] != .lineFeed { position += 1 }
        let end = position
        position = min(position + 1, bytes.count)
        return start..<end
    }
}

/// A line that opens a fence, and the containers it stands in.
private struct FenceLine: Hashable, Sendable {
    let mark: UInt8
    let length: Int
    let info: String
    /// How many block quotes are around it.
    let quotes: Int
    /// Columns before the marks, block quotes aside.
    let indent: Int
    /// Columns of them that belong to list items.
    let listIndent: Int

    private static let backtick = UInt8(ascii: "`")
    private static let tilde = UInt8(ascii: "~")

    /// - Parameter listIndents: The list items that are open before the line, and then after it.
    init?(_ line: Slice<UnsafeBufferPointer<UInt8>>, in listIndents: inout [Int]) {
        var line = line
        var (column, quotes, markers) = (0, 0, 0)
        while true {
            let spaces = Self.takeSpaces(&line)
            // A line of nothing but space ends no list item.
            guard let first = line.first, first != .carriageReturn else { return nil }
            column += spaces
            if first == UInt8(ascii: ">"), spaces < 4 {
                line = line.dropFirst()
                if line.first == .space { line = line.dropFirst() }
                (column, quotes) = (0, quotes + 1)
                listIndents = []
                continue
            }
            while let indent = listIndents.last, indent > column, markers == 0 { listIndents.removeLast() }
            guard markers < 16, let width = Self.listMarker(line) else { break }
            line = line.dropFirst(width)
            column += width
            markers += 1
            listIndents.append(column + Self.contentIndent(line))
        }
        let listIndent = listIndents.last { $0 <= column } ?? 0
        guard let mark = line.first, mark == Self.backtick || mark == Self.tilde, column - listIndent < 4 else { return nil }
        let info = line.drop { $0 == mark }
        let length = line.count - info.count
        // A backtick in the info string makes it inline code.
        guard length >= 3, mark != Self.backtick || !info.contains(mark) else { return nil }
        (self.mark, self.length, self.quotes, indent, self.listIndent) = (mark, length, quotes, column, listIndent)
        func isSpace(_ byte: UInt8) -> Bool { byte == .space || byte == .tab || byte == .carriageReturn }
        let trimmed = info.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        self.info = String(decoding: Array(trimmed), as: UTF8.self)
    }

    enum LineKind { case closingFence, content, outside }

    func ends(with line: Slice<UnsafeBufferPointer<UInt8>>) -> LineKind {
        var line = line
        guard Self.takeQuotes(quotes, &line) else { return .outside }
        let indent = Self.takeSpaces(&line)
        guard line.first == mark, indent < listIndent + 4 else { return .content }
        let rest = line.drop { $0 == mark }
        let isClosing = line.count - rest.count >= length
            && rest.allSatisfy { $0 == .space || $0 == .tab || $0 == .carriageReturn }
        return isClosing ? .closingFence : .content
    }

    /// A line of the content without its block quotes and the fence's own indent.
    func unindented(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Slice<UnsafeBufferPointer<UInt8>> {
        var line = line
        _ = Self.takeQuotes(quotes, &line)
        var columns = indent
        while columns > 0, let first = line.first, first == .space || first == .tab {
            line = line.dropFirst()
            columns -= first == .tab ? 4 : 1
        }
        return line
    }

    private static func takeQuotes(_ count: Int, _ line: inout Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        for _ in 0..<count {
            let rest = line.drop { $0 == .space || $0 == .tab }
            guard rest.first == UInt8(ascii: ">") else { return false }
            line = rest.dropFirst()
            if line.first == .space { line = line.dropFirst() }
        }
        return true
    }

    /// - Returns: The columns taken; a tab counts as four.
    private static func takeSpaces(_ line: inout Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        var columns = 0
        while let first = line.first, first == .space || first == .tab {
            columns += first == .tab ? 4 : 1
            line = line.dropFirst()
        }
        return columns
    }

    /// How wide the list marker at the start of the line is: `-`, `+`, `*`, `1.` or `1)`, with space behind it.
    private static func listMarker(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        guard let first = line.first else { return nil }
        var width = 1
        if first.isDigit {
            width = line.prefix(10).prefix(while: \.isDigit).count
            guard width < 10, let end = line.dropFirst(width).first, end == .point || end == UInt8(ascii: ")") else { return nil }
            width += 1
        } else if first != UInt8(ascii: "-"), first != UInt8(ascii: "+"), first != UInt8(ascii: "*") {
            return nil
        }
        guard let next = line.dropFirst(width).first, next == .space || next == .tab else { return nil }
        return width
    }

    /// How many columns behind a list marker its content starts: one when that starts with an indented code block.
    private static func contentIndent(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        var line = line
        let spaces = takeSpaces(&line)
        return spaces > 4 || line.isEmpty ? 1 : spaces
    }
}
