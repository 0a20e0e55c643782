/// Collects header lines into the head of the final response.
///
/// Interim responses (1xx) are replaced by the next head; trailers after the body are dropped.
struct HTTPResponseHead {
    private(set) var headers = HTTPHeaders()
    /// Whether the blank line behind the last field has come.
    private(set) var isComplete = false

    /// Takes one line, with or without its line break.
    mutating func append(_ line: some Collection<UInt8>) {
        let text = Self.trimmed(line)
        guard !text.isEmpty else {
            isComplete = true
            return
        }
        if text.starts(with: "HTTP/".utf8) {
            self = HTTPResponseHead()
        } else if !isComplete {
            appendField(line, trimmed: text)
        }
    }

    private mutating func appendField<Line: Collection<UInt8>>(_ line: Line, trimmed text: Line.SubSequence) {
        if let first = line.first, Self.isSpace(first) {
            headers.continueLast(with: String(decoding: text, as: UTF8.self))
        } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            let value = text[text.index(after: colon)...].drop(while: Self.isSpace)
            headers.append(
                String(decoding: text[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self))
        }
    }

    private static func trimmed<Line: Collection<UInt8>>(_ line: Line) -> Line.SubSequence {
        var text = line.drop(while: isSpace)
        var end = text.startIndex
        var index = text.startIndex
        while index != text.endIndex {
            let byte = text[index]
            text.formIndex(after: &index)
            if !isSpace(byte) { end = index }
        }
        text = text[..<end]
        return text
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
    }
}
