/// Where a text stops being JSON, and why.
package struct JSONSyntaxError: Error, Hashable, Sendable {
    /// Bytes from the start of the text.
    package let offset: Int
    /// From 1. Lines end with LF, CR LF or CR.
    package let line: Int
    /// From 1, in Unicode scalars.
    package let column: Int
    /// For people: what was found and what was wanted, without the place.
    package let message: String

    init(message: String, offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        let place = TextPlace(offset: offset, in: bytes)
        self.offset = offset
        self.line = place.line
        self.column = place.column
        self.message = message
    }
}

extension JSONSyntaxError: CustomStringConvertible {
    package var description: String { "\(line):\(column): \(message)" }
}

/// A byte offset as people count: line and column from 1, columns in Unicode scalars.
struct TextPlace {
    private(set) var line = 1
    private(set) var column = 1

    init(offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        for place in 0..<min(offset, bytes.count) {
            let byte = bytes[place]
            let endsLine =
                byte == .lineFeed
                || byte == .carriageReturn && !(place + 1 < bytes.count && bytes[place + 1] == .lineFeed)
            if endsLine {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
    }
}

extension UInt8 {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let quote: UInt8 = 0x22
    static let comma: UInt8 = 0x2C
    static let minus: UInt8 = 0x2D
    static let point: UInt8 = 0x2E
    static let zero: UInt8 = 0x30
    static let colon: UInt8 = 0x3A
    static let openBracket: UInt8 = 0x5B
    static let backslash: UInt8 = 0x5C
    static let closeBracket: UInt8 = 0x5D
    static let openBrace: UInt8 = 0x7B
    static let closeBrace: UInt8 = 0x7D

    var isDigit: Bool { self &- .zero < 10 }
}
