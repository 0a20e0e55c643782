/// Looking at the bytes around a number.
extension NumberScanner {
    func byte(_ place: Int) -> UInt8? { bytes.indices.contains(place) ? bytes[place] : nil }

    /// Whether `word` (in small letters) stands at a place, in upper or lower case.
    func has(_ word: String, at place: Int) -> Bool {
        guard place >= 0, place + word.utf8.count <= bytes.count else { return false }
        return zip(word.utf8, bytes[place...]).allSatisfy { $0 == $1 || $0 == $1 | 0x20 && $0 >= UInt8(ascii: "a") }
    }

    func plainDigits(at start: Int) -> Range<Int>? {
        var place = start
        while byte(place).map(isDigit) ?? false { place += 1 }
        return place > start ? start..<place : nil
    }

    func signedDigits(at start: Int) -> Range<Int>? {
        let isSigned = byte(start) == UInt8(ascii: "-") || byte(start) == UInt8(ascii: "+")
        return plainDigits(at: isSigned ? start + 1 : start).map { start..<$0.upperBound }
    }

    func isZero(_ digits: Range<Int>) -> Bool { bytes[digits].allSatisfy { $0 == UInt8(ascii: "0") } }

    func skippingSpaces(from start: Int) -> Int {
        var place = start
        while place - start < 3, byte(place) == UInt8(ascii: " ") || byte(place) == NumberText.groupingSpace { place += 1 }
        return place
    }

    func isLetter(at place: Int) -> Bool { NumberText.isLetter(bytes, at: place) }
    func isLetter(before place: Int) -> Bool { NumberText.isLetter(bytes, before: place) }
}

extension NumberText {
    /// The character that ends before a place, and where it begins.
    static func scalar(_ bytes: [UInt8], before place: Int) -> (Unicode.Scalar, Int)? {
        guard place > 0, place <= bytes.count else { return nil }
        var start = place - 1
        while start > 0, bytes[start] & 0xC0 == 0x80, place - start < 4 { start -= 1 }
        return String(decoding: bytes[start..<place], as: UTF8.self).unicodeScalars.first.map { ($0, start) }
    }

    /// Whether a letter of a script with capitals ends there; a Chinese or Arabic word may end right before a number.
    static func isLetter(_ bytes: [UInt8], before place: Int) -> Bool {
        guard place > 0, place <= bytes.count else { return false }
        if bytes[place - 1] < 0x80 { return isASCIILetter(bytes[place - 1]) }
        return scalar(bytes, before: place).map { isCased($0.0) } ?? false
    }

    static func isLetter(_ bytes: [UInt8], at place: Int) -> Bool {
        guard place >= 0, place < bytes.count else { return false }
        if bytes[place] < 0x80 { return isASCIILetter(bytes[place]) }
        let end = min(bytes.count, place + 4)
        return String(decoding: bytes[place..<end], as: UTF8.self).unicodeScalars.first.map(isCased) ?? false
    }

    /// Whether a byte is part of a word in some script.
    static func isWordByte(_ byte: UInt8) -> Bool { byte >= 0x80 || isASCIILetter(byte) }

    private static func isASCIILetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

    private static func isCased(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter: true
        default: false
        }
    }
}
