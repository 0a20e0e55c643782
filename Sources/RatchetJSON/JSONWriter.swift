/// How a JSON text is laid out.
package enum JSONStyle: Sendable {
    /// One line without spaces.
    case compact
    /// Two spaces of indent, one member or element a line; no line break at the end.
    case pretty
    /// One text for each value, for hashing: members sorted, numbers in `JSONNumber.canonical` (RFC 8785).
    case canonical
}

/// Which characters are written as `\u` escapes beyond those JSON demands; `.canonical` knows none.
package enum JSONEscaping: Sendable {
    /// U+2028 and U+2029 (line breaks to some readers) and U+007F.
    case standard
    /// Also `<`, `>`, `&` and `'`: safe inside HTML, also in a script element.
    case html
    /// Also everything beyond ASCII.
    case ascii
}

extension JSONValue {
    /// The value as a JSON text.
    package func serialized(_ style: JSONStyle = .compact, escaping: JSONEscaping = .standard) -> String {
        var bytes: [UInt8] = []
        append(to: &bytes, style, escaping: escaping)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the value as a JSON text in UTF-8.
    package func append(to bytes: inout [UInt8], _ style: JSONStyle = .compact, escaping: JSONEscaping = .standard) {
        var writer = JSONWriter(bytes: bytes, style: style, escaping: escaping)
        bytes = []
        writer.write(self, indent: 0)
        bytes = writer.bytes
    }

    /// Appends the value as a JSON text.
    package func append(to text: inout String, _ style: JSONStyle = .compact, escaping: JSONEscaping = .standard) {
        text += serialized(style, escaping: escaping)
    }
}

private struct JSONWriter {
    var bytes: [UInt8]
    let style: JSONStyle
    let escaping: JSONEscaping

    mutating func write(_ value: JSONValue, indent: Int) {
        switch value {
        case .null: write("null")
        case .bool(let value): write(value ? "true" : "false")
        case .number(let number):
            bytes.append(contentsOf: (style == .canonical ? number.canonical : number.literal).utf8)
        case .string(let string): write(string: string)
        case .array(let elements): write(elements, indent: indent)
        case .object(let object): write(object, indent: indent)
        }
    }

    private mutating func write(_ elements: [JSONValue], indent: Int) {
        bytes.append(.openBracket)
        var isFirst = true
        for element in elements {
            separate(&isFirst, indent: indent + 1)
            write(element, indent: indent + 1)
        }
        if !isFirst { breakLine(indent: indent) }
        bytes.append(.closeBracket)
    }

    private mutating func write(_ object: JSONObject, indent: Int) {
        bytes.append(.openBrace)
        let members =
            style == .canonical
            ? object.members.sorted { ExactText.precedesInUTF16($0.key, $1.key) } : object.members
        var isFirst = true
        for member in members {
            separate(&isFirst, indent: indent + 1)
            write(string: member.key)
            bytes.append(.colon)
            if style == .pretty { bytes.append(.space) }
            write(member.value, indent: indent + 1)
        }
        if !isFirst { breakLine(indent: indent) }
        bytes.append(.closeBrace)
    }

    private mutating func separate(_ isFirst: inout Bool, indent: Int) {
        if !isFirst { bytes.append(.comma) }
        isFirst = false
        breakLine(indent: indent)
    }

    private mutating func breakLine(indent: Int) {
        guard style == .pretty else { return }
        bytes.append(.lineFeed)
        bytes.append(contentsOf: repeatElement(.space, count: indent * 2))
    }

    private mutating func write(_ word: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    private mutating func write(string: String) {
        var string = string
        bytes.append(.quote)
        string.withUTF8 { text in
            var runStart = 0
            var place = 0
            while place < text.count {
                if isPlain(text[place]) {
                    place += 1
                    continue
                }
                let (scalar, length) = scalar(at: place, of: text)
                if needsEscape(scalar) {
                    bytes.append(contentsOf: text[runStart..<place])
                    writeEscape(scalar)
                    runStart = place + length
                }
                place += length
            }
            bytes.append(contentsOf: text[runStart...])
        }
        bytes.append(.quote)
    }

    /// Whether the byte is a character that no escaping concerns.
    private func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0..<0x20, .quote, .backslash, 0x7F: false
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "'"): escaping != .html
        case 0x80...: escaping != .ascii && (style == .canonical || byte != 0xE2)
        default: true
        }
    }

    private func needsEscape(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0..<0x20, 0x22, 0x5C: return true
        case 0x7F, 0x2028, 0x2029: return style != .canonical
        case 0x3C, 0x3E, 0x26, 0x27: return style != .canonical && escaping == .html
        case 0x80...: return style != .canonical && escaping == .ascii
        default: return false
        }
    }

    /// Strings are valid UTF-8: no checks needed.
    private func scalar(at place: Int, of text: UnsafeBufferPointer<UInt8>) -> (value: UInt32, length: Int) {
        let lead = UInt32(text[place])
        let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        var value = length == 1 ? lead : lead & (0x7F >> UInt32(length))
        for offset in 1..<max(length, 1) where place + offset < text.count {
            value = value << 6 | UInt32(text[place + offset] & 0x3F)
        }
        return (value, length)
    }

    private mutating func writeEscape(_ scalar: UInt32) {
        switch scalar {
        case 0x22: write("\\\"")
        case 0x5C: write("\\\\")
        case 0x08: write("\\b")
        case 0x09: write("\\t")
        case 0x0A: write("\\n")
        case 0x0C: write("\\f")
        case 0x0D: write("\\r")
        case 0x10000...:
            let offset = scalar - 0x10000
            writeUnit(0xD800 + offset >> 10)
            writeUnit(0xDC00 + offset & 0x3FF)
        default: writeUnit(scalar)
        }
    }

    private mutating func writeUnit(_ unit: UInt32) {
        write("\\u")
        for shift in [12, 8, 4, 0] as [UInt32] {
            let digit = UInt8(unit >> shift & 0xF)
            bytes.append(digit < 10 ? .zero + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
