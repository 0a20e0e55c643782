/// Reads CSV row by row (RFC 4180), with LF or CR LF at the ends of lines.
package struct CSVReader {
    package struct Row {
        package var fields: [String]
        /// The line of the text that the row starts in, from 1.
        package var line: Int
    }

    package struct Failure: Error {
        package var message: String
        package var line: Int
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let delimiter: UInt8
    private let trims: Bool
    private var position = 0
    private var line = 1

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// - Parameters:
    ///   - delimiter: An ASCII character.
    ///   - trims: Whether space around fields, quoted ones too, belongs to none.
    package init(_ bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8, trims: Bool) {
        self.bytes = bytes
        self.delimiter = delimiter
        self.trims = trims
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// The next row; `nil` at the end. A line break at the very end starts no further row.
    package mutating func next() throws(Failure) -> Row? {
        guard position < bytes.count else { return nil }
        var row = Row(fields: [], line: line)
        while true {
            row.fields.append(try field())
            guard position < bytes.count, bytes[position] == delimiter else { break }
            position += 1
        }
        if takesLineEnd() { line += 1 }
        return row
    }

    private mutating func field() throws(Failure) -> String {
        let start = position
        if trims { skipSpaces() }
        if position < bytes.count, bytes[position] == Self.quote { return try quotedField() }
        position = start
        while position < bytes.count, bytes[position] != delimiter, !isLineEnd {
            if bytes[position] == Self.quote {
                throw Failure(message: "a quote inside a field that does not start with one", line: line)
            }
            position += 1
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        return trims ? TrimmedText.of(text) : text
    }

    private mutating func quotedField() throws(Failure) -> String {
        let startLine = line
        position += 1
        var text: [UInt8] = []
        var runStart = position
        while true {
            guard position < bytes.count else { throw Failure(message: "a quoted field is never closed", line: startLine) }
            let byte = bytes[position]
            position += 1
            if byte == Self.lineFeed { line += 1 }
            guard byte == Self.quote else { continue }
            text += bytes[runStart..<position - 1]
            runStart = position
            guard position < bytes.count, bytes[position] == Self.quote else { break }
            // Two quotes are one, which the next run starts with.
            position += 1
        }
        if trims { skipSpaces() }
        guard position == bytes.count || bytes[position] == delimiter || isLineEnd else {
            throw Failure(message: "text behind a quoted field", line: line)
        }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func skipSpaces() {
        while position < bytes.count, bytes[position] == UInt8(ascii: " ") || bytes[position] == UInt8(ascii: "\t"),
            bytes[position] != delimiter
        {
            position += 1
        }
    }

    private var isLineEnd: Bool {
        guard position < bytes.count else { return false }
        if bytes[position] == Self.lineFeed { return true }
        return bytes[position] == Self.carriageReturn && position + 1 < bytes.count && bytes[position + 1] == Self.lineFeed
    }

    private mutating func takesLineEnd() -> Bool {
        guard isLineEnd else { return false }
        position += bytes[position] == Self.carriageReturn ? 2 : 1
        return true
    }
}
