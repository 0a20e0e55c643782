/// A parsed Mustache template: variables, sections, inverted sections, comments and changed delimiters of the Mustache
/// specification, without partials and without HTML escaping.
///
/// Ours and not a library's, for three reasons found in swift-mustache 2.1.1: it hides which variables a template
/// needs and where; it drops an unclosed `{{` without a word; and some texts crash it (`{{=| |=}}|#a||/a|`, or a few
/// ten thousand nested sections).
package struct MustacheTemplate: Hashable, Sendable {
    package indirect enum Node: Hashable, Sendable {
        case text(String)
        case variable(Name)
        case section(Name, isInverted: Bool, [Node])
    }

    /// A variable's name and where it stands in the template, both from 1, the column in Unicode scalars.
    package struct Name: Hashable, Sendable {
        /// `order.id` is `["order", "id"]`; `.`, the current value, is empty.
        package var path: [String]
        package var line: Int
        package var column: Int

        package var text: String { path.isEmpty ? "." : path.joined(separator: ".") }
    }

    package struct SyntaxError: Error, Hashable, Sendable {
        package var message: String
        package var line: Int
        package var column: Int
        package var help: String?
    }

    static let maximumDepth = 64

    package let nodes: [Node]

    package init(_ text: String) throws(SyntaxError) {
        var parser = MustacheParser(Array(text.utf8))
        nodes = try parser.parse()
    }

    /// Whether a tag of this name, or of a member of it, is anywhere in it.
    package func mentions(_ name: String) -> Bool { Self.mentions(name, in: nodes) }

    private static func mentions(_ name: String, in nodes: [Node]) -> Bool {
        nodes.contains { node in
            switch node {
            case .text: false
            case .variable(let tag): tag.path.first == name
            case .section(let tag, _, let inner): tag.path.first == name || mentions(name, in: inner)
            }
        }
    }
}

/// Works on bytes: as Characters, a brace could fuse with a combining mark that follows it.
private struct MustacheParser {
    private struct Open {
        var name: MustacheTemplate.Name
        var isInverted: Bool
        var offset: Int
        var nodes: [MustacheTemplate.Node] = []
    }

    private struct Tag {
        var kind: UInt8?
        var content: ArraySlice<UInt8>
        var start: Int
        var end: Int
    }

    private let bytes: [UInt8]
    private var position = 0
    private var opening = Array("{{".utf8)
    private var closing = Array("}}".utf8)
    private var finished: [MustacheTemplate.Node] = []
    private var sections: [Open] = []
    /// A known place that later ones are counted from.
    private var mark = (offset: 0, line: 1, column: 1)

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func parse() throws(MustacheTemplate.SyntaxError) -> [MustacheTemplate.Node] {
        var textStart = 0
        while let start = find(opening, from: position) {
            let tag = try readTag(at: start)
            var textEnd = tag.start
            position = tag.end
            if tag.kind != nil, tag.kind != UInt8(ascii: "&"), tag.kind != UInt8(ascii: "{"),
                let line = lineOfItsOwn(tag, since: textStart)
            {
                textEnd = line.lowerBound
                position = line.upperBound
            }
            appendText(textStart..<textEnd)
            textStart = position
            try apply(tag)
        }
        appendText(textStart..<bytes.count)
        if let open = sections.last {
            throw error(
                "the section \(Quoted.text(open.name.text)) is not closed", at: open.offset,
                help: "close it with {{/\(open.name.text)}} in the same message")
        }
        return finished
    }

    private mutating func apply(_ tag: Tag) throws(MustacheTemplate.SyntaxError) {
        switch tag.kind {
        case nil, UInt8(ascii: "&"), UInt8(ascii: "{"): append(.variable(try name(of: tag)))
        case UInt8(ascii: "!"): break
        case UInt8(ascii: "="): try changeDelimiters(tag)
        case UInt8(ascii: "#"), UInt8(ascii: "^"):
            guard sections.count < MustacheTemplate.maximumDepth else {
                throw error("sections nest deeper than \(MustacheTemplate.maximumDepth) levels", at: tag.start)
            }
            let isInverted = tag.kind == UInt8(ascii: "^")
            sections.append(Open(name: try name(of: tag), isInverted: isInverted, offset: tag.start))
        case UInt8(ascii: "/"): try close(tag)
        default:
            throw error("partials and blocks are not supported", at: tag.start, help: "write the text into this file")
        }
    }

    private mutating func close(_ tag: Tag) throws(MustacheTemplate.SyntaxError) {
        let name = try name(of: tag)
        guard let open = sections.popLast() else {
            throw error("the section \(Quoted.text(name.text)) is closed but not open", at: tag.start)
        }
        guard open.name.path == name.path else {
            throw error(
                "found the end of \(Quoted.text(name.text)), wanted the end of \(Quoted.text(open.name.text))",
                at: tag.start, help: "\(Quoted.text(open.name.text)) is opened in line \(open.name.line)")
        }
        append(.section(open.name, isInverted: open.isInverted, open.nodes))
    }

    private mutating func append(_ node: MustacheTemplate.Node) {
        if sections.isEmpty { finished.append(node) } else { sections[sections.count - 1].nodes.append(node) }
    }

    private mutating func appendText(_ range: Range<Int>) {
        if !range.isEmpty { append(.text(String(decoding: bytes[range], as: UTF8.self))) }
    }
}

// MARK: - Tags

extension MustacheParser {
    private static let sigils = Array("#^/!=&{><$%".utf8)

    private func readTag(at start: Int) throws(MustacheTemplate.SyntaxError) -> Tag {
        let inner = start + opening.count
        let kind = inner < bytes.count && Self.sigils.contains(bytes[inner]) ? bytes[inner] : nil
        // `{{{name}}}` and `{{=<% %>=}}` end in a character of their own.
        let ending: [UInt8] =
            switch kind {
            case UInt8(ascii: "{"): [UInt8(ascii: "}")] + closing
            case UInt8(ascii: "="): [UInt8(ascii: "=")] + closing
            default: closing
            }
        let contentStart = kind == nil ? inner : inner + 1
        guard let end = find(ending, from: contentStart) else {
            throw error(
                "the tag is not closed", at: start,
                help: "end it with \(String(decoding: ending, as: UTF8.self)); for literal braces begin with "
                    + "{{=<% %>=}} and write variables as <%name%>")
        }
        return Tag(kind: kind, content: bytes[contentStart..<end], start: start, end: end + ending.count)
    }

    private mutating func name(of tag: Tag) throws(MustacheTemplate.SyntaxError) -> MustacheTemplate.Name {
        let (line, column) = place(of: tag.start)
        let trimmed = Self.trim(tag.content)
        let text = String(decoding: trimmed, as: UTF8.self)
        if text == "." { return MustacheTemplate.Name(path: [], line: line, column: column) }
        let parts = trimmed.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard !trimmed.contains(where: Self.isSpace), parts.allSatisfy({ !$0.isEmpty }) else {
            throw error(
                trimmed.isEmpty ? "the tag has no name" : "\(Quoted.text(text)) is not a variable's name",
                at: tag.start,
                help: "for literal braces begin with {{=<% %>=}} and write variables as <%name%>")
        }
        let path = parts.map { String(decoding: $0, as: UTF8.self) }
        return MustacheTemplate.Name(path: path, line: line, column: column)
    }

    /// Tags come in order, so each place is counted from the last one.
    private mutating func place(of offset: Int) -> (line: Int, column: Int) {
        let (lines, column) = TextPosition.lineAndColumn(of: offset - mark.offset, in: bytes[mark.offset...])
        mark = (offset, mark.line + lines - 1, lines == 1 ? mark.column + column - 1 : column)
        return (mark.line, mark.column)
    }

    private mutating func changeDelimiters(_ tag: Tag) throws(MustacheTemplate.SyntaxError) {
        let words = tag.content.split(whereSeparator: Self.isSpace)
        guard words.count == 2, !words.contains(where: { $0.contains(UInt8(ascii: "=")) }) else {
            throw error("new delimiters are two words without =", at: tag.start, help: "for example {{=<% %>=}}")
        }
        opening = Array(words[0])
        closing = Array(words[1])
    }

    /// The whole line of a tag that stands alone on it, its line break included: it leaves no trace in the result.
    private func lineOfItsOwn(_ tag: Tag, since textStart: Int) -> Range<Int>? {
        var start = tag.start
        while start > textStart, Self.isBlank(bytes[start - 1]) { start -= 1 }
        guard start == 0 || bytes[start - 1] == UInt8(ascii: "\n") else { return nil }
        var end = tag.end
        while end < bytes.count, Self.isBlank(bytes[end]) { end += 1 }
        if end == bytes.count { return start..<end }
        if bytes[end] == UInt8(ascii: "\n") { return start..<(end + 1) }
        let isCarriageReturn = bytes[end] == UInt8(ascii: "\r") && end + 1 < bytes.count
        return isCarriageReturn && bytes[end + 1] == UInt8(ascii: "\n") ? start..<(end + 2) : nil
    }

    private func find(_ pattern: [UInt8], from start: Int) -> Int? {
        guard let first = pattern.first else { return nil }
        var place = start
        while place + pattern.count <= bytes.count {
            if bytes[place] == first, bytes[place..<(place + pattern.count)].elementsEqual(pattern) { return place }
            place += 1
        }
        return nil
    }

    private func error(_ message: String, at offset: Int, help: String? = nil) -> MustacheTemplate.SyntaxError {
        let (line, column) = TextPosition.lineAndColumn(of: offset, in: bytes)
        return MustacheTemplate.SyntaxError(message: message, line: line, column: column, help: help)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    private static func isSpace(_ byte: UInt8) -> Bool { isBlank(byte) || byte == 0x0A || byte == 0x0D }

    private static func trim(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let start = bytes.firstIndex { !isSpace($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start
        return bytes[start..<max(start, end)]
    }
}
