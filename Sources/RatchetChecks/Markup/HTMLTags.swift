/// The tags of an HTML text, read as HTML's tokenizer reads them (html.spec.whatwg.org, section 13.2.5): what is wrong
/// with them, and the same text with every tag that HTML implies written out.
struct HTMLTags {
    struct Problem: Hashable {
        var message: String
        var line: Int
    }

    /// The first of them, in the order in which they are noticed.
    private(set) var problems: [Problem] = []
    /// The text with implied end tags, and empty elements written so that any parser knows them.
    private(set) var explicit: [UInt8] = []
    /// Whether there is an element that HTML knows.
    private(set) var hasElement = false
    /// Whether it starts as a whole document: with `<!DOCTYPE html>` or `<html>`.
    private(set) var isDocument = false
    /// Whether elements nest deeper than a document may.
    private(set) var isTooDeep = false

    private var open: [(name: String, line: Int)] = []
    private var openCounts: [String: Int] = [:]
    private var bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var line = 1
    private var copied = 0

    private static let problemLimit = 20

    static func read(_ text: String) -> HTMLTags {
        var text = text
        return text.withUTF8 { bytes in
            var tags = HTMLTags(bytes: bytes)
            tags.readAll()
            return tags
        }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        explicit.reserveCapacity(bytes.count + bytes.count / 8)
    }

    // MARK: Tokens

    private mutating func readAll() {
        while !isTooDeep, let start = find(UInt8(ascii: "<")) {
            advance(to: start)
            switch byte(1) {
            case UInt8(ascii: "!"): declaration()
            case UInt8(ascii: "?"): _ = skip(behind: ">")
            case UInt8(ascii: "/"): endTag()
            case let next? where Self.isLetter(next): startTag()
            default: advance(to: position + 1)
            }
        }
        advance(to: bytes.count)
        for element in open.reversed() where !HTMLElements.endIsOptional.contains(element.name) {
            report("<\(element.name)> is never closed", element.line)
        }
        copy(to: bytes.count)
        bytes = UnsafeBufferPointer(start: nil, count: 0)
    }

    private mutating func declaration() {
        if starts(with: "<!--") {
            let start = line
            let isEmpty = starts(with: "<!-->") || starts(with: "<!--->")
            if !skip(behind: isEmpty ? ">" : "-->") { report("a comment is never closed", start) }
        } else if isForeign, starts(with: "<![CDATA[") {
            skip(behind: "]]>")
        } else {
            if open.isEmpty, starts(with: "<!doctype html") { isDocument = true }
            skip(behind: ">")
        }
    }

    private mutating func endTag() {
        guard let first = byte(2), Self.isLetter(first) else {
            skip(behind: ">")
            return
        }
        let (start, startLine) = (position, line)
        advance(to: position + 2)
        let name = takeName()
        guard skipAttributes().isClosed else { return report("the tag </\(name)> is never finished", startLine) }
        close(name, startLine, start)
    }

    private mutating func startTag() {
        let (start, startLine) = (position, line)
        advance(to: position + 1)
        let name = takeName()
        let tag = skipAttributes()
        guard tag.isClosed else { return report("the tag <\(name)> is never finished", startLine) }
        if HTMLElements.known.contains(name) { hasElement = true }
        if name == "html", open.isEmpty { isDocument = true }
        closeImplied(by: name, before: start)
        if HTMLElements.void.contains(name) {
            if tag.slash == nil { insert(" /", before: position - 1) }
            return
        }
        if let slash = tag.slash {
            if isForeign || name == "svg" || name == "math" { return }
            // A slash means nothing here: the element stays open.
            copy(to: slash)
            copied = slash + 1
        }
        push(name, startLine)
        if HTMLElements.rawText.contains(name) { skipRawText(of: name) }
    }

    private mutating func skipRawText(of name: String) {
        let end = Array("</\(name)".utf8)
        while let start = find(UInt8(ascii: "<")) {
            advance(to: start)
            let rest = bytes[position...].prefix(end.count)
            let isEnd = rest.count == end.count && zip(rest, end).allSatisfy { Self.lowercased($0) == $1 }
            if isEnd, byte(end.count).map({ Self.isSpace($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ">") }) ?? false { return }
            // Other parsers than those of today's HTML know only these two.
            if name != "script", name != "style" {
                insert("&lt;", before: position)
                copied = position + 1
            }
            advance(to: position + 1)
        }
        advance(to: bytes.count)
    }

    /// The name of a tag in small letters.
    private mutating func takeName() -> String {
        let start = position
        while let next = byte(0), !Self.isSpace(next), next != UInt8(ascii: "/"), next != UInt8(ascii: ">") { position += 1 }
        // Names are short; a long one is none that anybody knows.
        return String(decoding: bytes[start..<min(position, start + 64)].map(Self.lowercased), as: UTF8.self)
    }

    /// Goes behind the tag's end.
    ///
    /// - Returns: Whether there is one, and where the slash before it stands.
    private mutating func skipAttributes() -> (isClosed: Bool, slash: Int?) {
        var slash: Int?
        while let next = byte(0) {
            switch next {
            case UInt8(ascii: ">"):
                advance(to: position + 1)
                return (true, slash)
            case UInt8(ascii: "/"):
                slash = position
                position += 1
            case UInt8(ascii: "="):
                slash = nil
                advance(to: position + 1)
                attributeValue()
            case _ where Self.isSpace(next): advance(to: position + 1)
            default:
                slash = nil
                while let next = byte(0), !Self.isSpace(next), !"/>=".utf8.contains(next) { position += 1 }
                skipSpaces()
            }
        }
        return (false, nil)
    }

    private mutating func attributeValue() {
        skipSpaces()
        guard let quote = byte(0) else { return }
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            position += 1
            advance(to: find(quote).map { $0 + 1 } ?? bytes.count)
        } else {
            while let next = byte(0), !Self.isSpace(next), next != UInt8(ascii: ">") { position += 1 }
        }
    }

    // MARK: Elements

    /// Whether the place is inside SVG or MathML, which have rules nearer to XML's.
    private var isForeign: Bool { openCounts["svg", default: 0] + openCounts["math", default: 0] > 0 }

    private mutating func push(_ name: String, _ line: Int) {
        open.append((name, line))
        openCounts[name, default: 0] += 1
        if open.count > MarkupDocument.deepest { isTooDeep = true }
    }

    @discardableResult
    private mutating func pop() -> (name: String, line: Int)? {
        guard let last = open.popLast() else { return nil }
        openCounts[last.name, default: 1] -= 1
        return last
    }

    private mutating func closeImplied(by name: String, before start: Int) {
        while let last = open.last, HTMLElements.closes(last.name, before: name) {
            insert("</\(last.name)>", before: start)
            pop()
        }
    }

    private mutating func close(_ name: String, _ line: Int, _ start: Int) {
        guard !HTMLElements.void.contains(name) else { return report("</\(name)>: this element has no end tag", line) }
        guard openCounts[name, default: 0] > 0 else { return report("</\(name)> closes nothing", line) }
        while let last = pop(), last.name != name {
            guard !HTMLElements.endIsOptional.contains(last.name) else { continue }
            report("<\(last.name)> is not closed before </\(name)>", last.line)
        }
    }

    private mutating func report(_ message: String, _ line: Int) {
        if problems.count < Self.problemLimit { problems.append(Problem(message: message, line: line)) }
    }

    // MARK: Bytes

    private func byte(_ offset: Int) -> UInt8? { position + offset < bytes.count ? bytes[position + offset] : nil }

    private func find(_ byte: UInt8) -> Int? { bytes[min(position, bytes.count)...].firstIndex(of: byte) }

    private func starts(with text: StaticString) -> Bool {
        guard position + text.utf8CodeUnitCount <= bytes.count else { return false }
        return (0..<text.utf8CodeUnitCount).allSatisfy { Self.lowercased(bytes[position + $0]) == Self.lowercased(text.utf8Start[$0]) }
    }

    /// Goes on, counting lines.
    private mutating func advance(to end: Int) {
        let end = min(end, bytes.count)
        if position < end { line += bytes[position..<end].count { $0 == UInt8(ascii: "\n") } }
        position = max(position, end)
    }

    private mutating func skipSpaces() {
        while let next = byte(0), Self.isSpace(next) { advance(to: position + 1) }
    }

    /// Goes behind the next `end`, or to the end of the text when there is none.
    @discardableResult
    private mutating func skip(behind end: StaticString) -> Bool {
        var place = position
        while let start = bytes[place...].firstIndex(of: end.utf8Start[0]) {
            place = start + 1
            guard start + end.utf8CodeUnitCount <= bytes.count else { break }
            if (0..<end.utf8CodeUnitCount).allSatisfy({ bytes[start + $0] == end.utf8Start[$0] }) {
                advance(to: start + end.utf8CodeUnitCount)
                return true
            }
        }
        advance(to: bytes.count)
        return false
    }

    private mutating func copy(to end: Int) {
        explicit += bytes[copied..<max(copied, end)]
        copied = max(copied, end)
    }

    private mutating func insert(_ text: String, before place: Int) {
        copy(to: place)
        explicit += Array(text.utf8)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0C, 0x0D].contains(byte) }
    private static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
