/// The tokens of a JSONPath query: blanks, names, strings and numbers, read from its UTF-8 bytes.
struct JSONPathScanner {
    private let bytes: [UInt8]
    var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position >= bytes.count }

    /// The byte `ahead` of the position; 0, which no token has, beyond the end.
    func peek(_ ahead: Int = 0) -> UInt8 {
        position + ahead < bytes.count ? bytes[position + ahead] : 0
    }

    func isNext(_ token: StaticString) -> Bool {
        token.withUTF8Buffer { token in
            position + token.count <= bytes.count && bytes[position..<position + token.count].elementsEqual(token)
        }
    }

    mutating func take(_ token: StaticString) -> Bool {
        guard isNext(token) else { return false }
        position += token.utf8CodeUnitCount
        return true
    }

    mutating func skipBlanks() {
        while [0x20, 0x09, 0x0A, 0x0D].contains(peek()) { position += 1 }
    }

    func error(_ message: String, at offset: Int? = nil) -> JSONPathError {
        JSONPathError(message: message, offset: offset ?? position)
    }

    func unexpected(_ expected: String) -> JSONPathError {
        guard !isAtEnd else { return error("expected \(expected), found the end of the query") }
        let rest = String(decoding: bytes[position...].prefix(8), as: UTF8.self)
        return error("expected \(expected), found \"\(rest.unicodeScalars.first.map(String.init) ?? "")\"")
    }

    // MARK: Names

    /// `member-name-shorthand`: letters, digits, `_` and everything beyond ASCII, not starting with a digit.
    mutating func memberName() -> String? {
        guard Self.isLetter(peek()) || peek() == UInt8(ascii: "_") || peek() >= 0x80 else { return nil }
        return word { Self.isLetter($0) || Self.isDigit($0) || $0 == UInt8(ascii: "_") || $0 >= 0x80 }
    }

    /// `function-name`, or one of the literals `true`, `false`, `null`.
    mutating func functionName() -> String? {
        guard Self.isLowercase(peek()) else { return nil }
        return word { Self.isLowercase($0) || Self.isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    private mutating func word(_ belongs: (UInt8) -> Bool) -> String {
        let start = position
        while !isAtEnd, belongs(peek()) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLowercase(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { isLowercase(byte | 0x20) }

    // MARK: Numbers

    /// `int` within the range that I-JSON keeps exact, ±(2⁵³ − 1); `nil` when no number is next.
    mutating func integer() throws(JSONPathError) -> Int? {
        let start = position
        guard peek() == UInt8(ascii: "-") || Self.isDigit(peek()) else { return nil }
        try integerPart()
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard text != "-0" else { throw error("-0 is no index", at: start) }
        guard let value = Int(text), value.magnitude < 1 << 53 else {
            throw error("\(text.prefix(40)) is outside of ±(2^53 - 1)", at: start)
        }
        return value
    }

    /// A number literal of a filter; `nil` when no number is next.
    mutating func number() throws(JSONPathError) -> JSONNumber? {
        let start = position
        guard peek() == UInt8(ascii: "-") || Self.isDigit(peek()) else { return nil }
        try integerPart()
        if take(".") { try digits() }
        if peek() | 0x20 == UInt8(ascii: "e") {
            position += 1
            if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let number = JSONNumber(validating: text) else { throw error("\(text) is no number", at: start) }
        return number
    }

    private mutating func integerPart() throws(JSONPathError) {
        _ = take("-")
        guard !take("0") else {
            if Self.isDigit(peek()) { throw error("a number has no leading zeros") }
            return
        }
        try digits()
    }

    private mutating func digits() throws(JSONPathError) {
        guard Self.isDigit(peek()) else { throw unexpected("a digit") }
        while Self.isDigit(peek()) { position += 1 }
    }

    // MARK: Strings

    /// A string in single or double quotes; `nil` when no quote is next.
    mutating func string() throws(JSONPathError) -> String? {
        let quote = peek()
        guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
        let start = position
        position += 1
        var text: [UInt8] = []
        while true {
            guard !isAtEnd else { throw error("a string without its closing quote", at: start) }
            let byte = peek()
            position += 1
            switch byte {
            case quote: return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text, quote: quote)
            case 0..<0x20: throw error("a control character in a string has to be escaped", at: position - 1)
            default: text.append(byte)
            }
        }
    }

    /// An escape sequence, after its backslash.
    private mutating func escape(into text: inout [UInt8], quote: UInt8) throws(JSONPathError) {
        let byte = peek()
        position += 1
        switch byte {
        case quote, UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(try escapedScalar()).utf8)
        default: throw error("no such escape sequence in a string", at: position - 2)
        }
    }

    /// `XXXX`, or a surrogate pair `XXXX\uXXXX`, after `\u`.
    private mutating func escapedScalar() throws(JSONPathError) -> Unicode.Scalar {
        let start = position - 2
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, take("\\u") else { throw error("half of a surrogate pair", at: start) }
        let second = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw error("half of a surrogate pair", at: start) }
        return scalar
    }

    private mutating func hexadecimal() throws(JSONPathError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(peek())).hexDigitValue else {
                throw unexpected("a hexadecimal digit")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
