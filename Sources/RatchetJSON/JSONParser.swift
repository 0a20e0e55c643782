/// A strict parser of RFC 8259 texts in UTF-8.
///
/// It stops at the first mistake. Nesting is bounded, so that a hostile document is an error and not a stack overflow.
package struct JSONParser {
    package struct Options: Sendable, Hashable {
        package enum DuplicateKeys: Sendable, Hashable {
            case rejected
            /// The last value stands, in the place of the first.
            case lastKeyWins
        }

        package enum LoneSurrogates: Sendable, Hashable {
            case rejected
            /// `\uD800` without its other half becomes U+FFFD.
            case replaced
        }

        package var duplicateKeys = DuplicateKeys.rejected
        package var loneSurrogates = LoneSurrogates.rejected
        /// How deep arrays and objects may nest; a scalar has depth 0. Values far above the default need a thread with
        /// a stack to match (about 1 KB a level).
        package var maximumDepth = 512

        package init(
            duplicateKeys: DuplicateKeys = .rejected, loneSurrogates: LoneSurrogates = .rejected,
            maximumDepth: Int = 512
        ) {
            self.duplicateKeys = duplicateKeys
            self.loneSurrogates = loneSurrogates
            self.maximumDepth = maximumDepth
        }

        package static let strict = Options()
        package static let lastKeyWins = Options(duplicateKeys: .lastKeyWins)
        /// For texts of foreign programs: repeated keys and lone surrogates are put up with.
        package static let lenient = Options(duplicateKeys: .lastKeyWins, loneSurrogates: .replaced)
    }

    /// Why parsing stopped; its place is turned into a line and a column only for errors that people see.
    struct Failure: Error {
        enum Reason {
            case empty
            case byteOrderMark
            case unexpected(wanted: String)
            case textAfterValue
            case literal
            case number(wanted: String)
            case leadingZero
            case trailingComma(String)
            case unterminatedString
            case controlCharacter
            case escape
            case loneSurrogate
            case notUTF8
            case duplicateKey
            case tooDeep(Int)
        }

        let reason: Reason
        let offset: Int
        /// Whether the text ended where more was wanted.
        var isAtEnd = false
    }

    let bytes: UnsafeBufferPointer<UInt8>
    let options: Options
    /// Offset of the next byte to read.
    var position = 0
    private var depth = 0

    init(bytes: UnsafeBufferPointer<UInt8>, options: Options) {
        self.bytes = bytes
        self.options = options
    }

    /// The only value of the text.
    mutating func document() throws(Failure) -> JSONValue {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw Failure(reason: .byteOrderMark, offset: 0) }
        skipWhitespace()
        guard position < bytes.count else { throw Failure(reason: .empty, offset: position, isAtEnd: true) }
        let value = try value()
        skipWhitespace()
        guard position == bytes.count else { throw Failure(reason: .textAfterValue, offset: position) }
        return value
    }

    /// The value that starts at `position`, which is moved behind it.
    mutating func value() throws(Failure) -> JSONValue {
        guard position < bytes.count else { throw unexpected("a value") }
        switch bytes[position] {
        case .quote: return .string(try string())
        case .openBrace: return .object(try object())
        case .openBracket: return .array(try array())
        case .minus, .zero...(.zero + 9): return .number(try number())
        case UInt8(ascii: "t"):
            try literal("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try literal("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try literal("null")
            return .null
        default: throw unexpected("a value")
        }
    }

    private mutating func object() throws(Failure) -> JSONObject {
        try enter()
        var object = JSONObject()
        guard !finds(.closeBrace) else { return leave(with: object) }
        while true {
            let keyOffset = position
            guard position < bytes.count, bytes[position] == .quote else { throw unexpected("a key in double quotes") }
            let key = try string()
            guard finds(.colon) else { throw unexpected("':' after the key") }
            skipWhitespace()
            let value = try value()
            if let earlier = object.appendIfNew(key, value) {
                guard options.duplicateKeys == .lastKeyWins else {
                    throw Failure(reason: .duplicateKey, offset: keyOffset)
                }
                object.replaceValue(at: earlier, with: value)
            }
            if finds(.closeBrace) { return leave(with: object) }
            guard finds(.comma) else { throw unexpected("',' or '}'") }
            skipWhitespace()
            if position < bytes.count, bytes[position] == .closeBrace {
                throw Failure(reason: .trailingComma("}"), offset: position)
            }
        }
    }

    private mutating func array() throws(Failure) -> [JSONValue] {
        try enter()
        var elements: [JSONValue] = []
        guard !finds(.closeBracket) else { return leave(with: elements) }
        while true {
            elements.append(try value())
            if finds(.closeBracket) { return leave(with: elements) }
            guard finds(.comma) else { throw unexpected("',' or ']'") }
            skipWhitespace()
            if position < bytes.count, bytes[position] == .closeBracket {
                throw Failure(reason: .trailingComma("]"), offset: position)
            }
        }
    }

    /// Steps over the opening bracket.
    private mutating func enter() throws(Failure) {
        depth += 1
        guard depth <= options.maximumDepth else {
            throw Failure(reason: .tooDeep(options.maximumDepth), offset: position)
        }
        position += 1
        skipWhitespace()
    }

    private mutating func leave<Container>(with container: Container) -> Container {
        depth -= 1
        return container
    }

    /// Skips whitespace and steps over `byte` when it comes next.
    private mutating func finds(_ byte: UInt8) -> Bool {
        skipWhitespace()
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case .space, .lineFeed, .carriageReturn, .tab: position += 1
            default: return
            }
        }
    }

    private mutating func literal(_ word: StaticString) throws(Failure) {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count else { throw Failure(reason: .literal, offset: position, isAtEnd: isWordToTheEnd) }
        for place in 0..<word.utf8CodeUnitCount where bytes[position + place] != word.utf8Start[place] {
            throw Failure(reason: .literal, offset: position)
        }
        position = end
    }

    private var isWordToTheEnd: Bool {
        bytes[position...].allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    }

    mutating func number() throws(Failure) -> JSONNumber {
        let start = position
        if bytes[position] == .minus { position += 1 }
        if position < bytes.count, bytes[position] == .zero {
            position += 1
            if position < bytes.count, bytes[position].isDigit { throw Failure(reason: .leadingZero, offset: start) }
        } else {
            try digits(wanted: "a digit after '-'")
        }
        if position < bytes.count, bytes[position] == .point {
            position += 1
            try digits(wanted: "a digit after the decimal point")
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, bytes[position] == .minus || bytes[position] == UInt8(ascii: "+") {
                position += 1
            }
            try digits(wanted: "a digit in the exponent")
        }
        return JSONNumber(validLiteral: String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func digits(wanted: StaticString) throws(Failure) {
        let start = position
        while position < bytes.count, bytes[position].isDigit { position += 1 }
        guard position > start else {
            throw Failure(
                reason: .number(wanted: "\(wanted)"), offset: position, isAtEnd: position >= bytes.count)
        }
    }

    private func unexpected(_ wanted: String) -> Failure {
        Failure(reason: .unexpected(wanted: wanted), offset: position, isAtEnd: position >= bytes.count)
    }
}
