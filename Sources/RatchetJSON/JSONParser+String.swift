extension JSONParser {
    /// The string whose opening quote is at `position`.
    mutating func string() throws(Failure) -> String {
        let start = position + 1
        let (end, isASCII) = plainRun(from: start)
        guard end < bytes.count else { throw Failure(reason: .unterminatedString, offset: position, isAtEnd: true) }
        switch bytes[end] {
        case .quote:
            position = end + 1
            if isASCII { return String(decoding: bytes[start..<end], as: UTF8.self) }
            return try validString(UnsafeBufferPointer(rebasing: bytes[start..<end]), offset: start)
        case .backslash:
            return try stringWithEscapes(start: start, firstEscape: end)
        default:
            throw Failure(reason: .controlCharacter, offset: end)
        }
    }

    /// The first quote, backslash or control character from `start` on, and whether all before it is ASCII.
    private func plainRun(from start: Int) -> (end: Int, isASCII: Bool) {
        var place = start
        var all: UInt64 = 0
        guard let base = UnsafeRawPointer(bytes.baseAddress) else { return (start, true) }
        while place + 8 <= bytes.count {
            let word = base.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            if Self.hasStringEnd(word) { break }
            all |= word
            place += 8
        }
        var seen: UInt8 = 0
        while place < bytes.count {
            let byte = bytes[place]
            if byte == .quote || byte == .backslash || byte < 0x20 { break }
            seen |= byte
            place += 1
        }
        return (place, all & 0x8080_8080_8080_8080 == 0 && seen < 0x80)
    }

    /// Whether any of eight bytes is a quote, a backslash or below 0x20 (may also say so wrongly).
    @inline(__always)
    private static func hasStringEnd(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highBits: UInt64 = 0x8080_8080_8080_8080
        let quotes = word ^ (ones &* UInt64(UInt8.quote))
        let backslashes = word ^ (ones &* UInt64(UInt8.backslash))
        let found =
            (quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes | (word &- ones &* 0x20) & ~word
        return found & highBits != 0
    }

    private func validString(_ text: UnsafeBufferPointer<UInt8>, offset: Int) throws(Failure) -> String {
        if let string = String(validating: text, as: UTF8.self) { return string }
        throw Failure(reason: .notUTF8, offset: offset + UTF8Check.firstInvalid(in: text))
    }

    private mutating func stringWithEscapes(start: Int, firstEscape: Int) throws(Failure) -> String {
        let opening = position
        var decoded: [UInt8] = []
        decoded.reserveCapacity(min(bytes.count - start, 2 * (firstEscape - start) + 64))
        var runStart = start
        var place = firstEscape
        var isASCII = false
        while true {
            let run = UnsafeBufferPointer(rebasing: bytes[runStart..<place])
            if !isASCII, let invalid = UTF8Check.firstInvalidIfAny(in: run) {
                throw Failure(reason: .notUTF8, offset: runStart + invalid)
            }
            decoded.append(contentsOf: run)
            guard place < bytes.count else {
                throw Failure(reason: .unterminatedString, offset: opening, isAtEnd: true)
            }
            switch bytes[place] {
            case .quote:
                position = place + 1
                return String(decoding: decoded, as: UTF8.self)
            case .backslash:
                position = place
                try escape(into: &decoded)
            default: throw Failure(reason: .controlCharacter, offset: place)
            }
            runStart = position
            (place, isASCII) = plainRun(from: runStart)
        }
    }

    /// Decodes the escape whose backslash is at `position`.
    private mutating func escape(into decoded: inout [UInt8]) throws(Failure) {
        let start = position
        guard start + 1 < bytes.count else { throw Failure(reason: .unterminatedString, offset: start, isAtEnd: true) }
        position += 2
        switch bytes[start + 1] {
        case .quote: decoded.append(.quote)
        case .backslash: decoded.append(.backslash)
        case UInt8(ascii: "/"): decoded.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "n"): decoded.append(.lineFeed)
        case UInt8(ascii: "r"): decoded.append(.carriageReturn)
        case UInt8(ascii: "t"): decoded.append(.tab)
        case UInt8(ascii: "u"):
            let unit = try hexDigits(escapeStart: start)
            let scalar = try scalar(of: unit, escapeStart: start)
            decoded.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        default: throw Failure(reason: .escape, offset: start)
        }
    }

    /// The scalar of a `\u` escape, read together with the low surrogate that must follow a high one.
    private mutating func scalar(of unit: UInt16, escapeStart: Int) throws(Failure) -> Unicode.Scalar {
        if let scalar = Unicode.Scalar(unit) { return scalar }
        let next = position
        let isHigh = unit < 0xDC00
        if isHigh, next + 1 < bytes.count, bytes[next] == .backslash, bytes[next + 1] == UInt8(ascii: "u") {
            position += 2
            let low = try hexDigits(escapeStart: next)
            // Ten bits of each half.
            let combined = 0x10000 + UInt32(unit & 0x3FF) << 10 + UInt32(low & 0x3FF)
            if (0xDC00...0xDFFF).contains(low), let scalar = Unicode.Scalar(combined) { return scalar }
            position = next
        }
        guard options.loneSurrogates == .replaced else { throw Failure(reason: .loneSurrogate, offset: escapeStart) }
        return "\u{FFFD}"
    }

    /// Four hexadecimal digits at `position`.
    private mutating func hexDigits(escapeStart: Int) throws(Failure) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard position < bytes.count else {
                throw Failure(reason: .unterminatedString, offset: escapeStart, isAtEnd: true)
            }
            guard let digit = bytes[position].hexValue else { throw Failure(reason: .escape, offset: escapeStart) }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}

extension UInt8 {
    /// The value of a hexadecimal digit.
    var hexValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// Finding the place of bytes that are not UTF-8 (Unicode 15, table 3-7).
enum UTF8Check {
    /// Offset of the first ill-formed sequence.
    static func firstInvalidIfAny(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        if String(validating: bytes, as: UTF8.self) != nil { return nil }
        return firstInvalid(in: bytes)
    }

    /// Offset of the first ill-formed sequence; the end when there is none.
    static func firstInvalid(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var place = 0
        var decoder = UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let encoded): place += encoded.count
            case .emptyInput, .error: return place
            }
        }
    }
}
