/// Texts as Python's `str` treats them: the reference implementations of the similarity measures are written in it, and
/// their numbers hang on what counts as whitespace and as a small letter.
enum PythonText {
    /// What `str.split()` splits at: Unicode's White_Space, and the four information separators.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x80 {
            return scalar.value == 0x20 || (0x09...0x0D).contains(scalar.value) || (0x1C...0x1F).contains(scalar.value)
        }
        return scalar.properties.isWhitespace
    }

    /// The words between whitespace.
    static func split(_ bytes: [UInt8]) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start: Int?
        var place = 0
        while place < bytes.count {
            let space = spaceLength(bytes, at: place)
            if space == 0 {
                start = start ?? place
                place += 1
            } else {
                if let begin = start { words.append(begin..<place) }
                start = nil
                place += space
            }
        }
        if let start { words.append(start..<bytes.count) }
        return words
    }

    /// The bytes of the whitespace character that begins there; 0 for anything else.
    private static func spaceLength(_ bytes: [UInt8], at place: Int) -> Int {
        let byte = bytes[place]
        if byte < 0x80 { return isSpace(Unicode.Scalar(byte)) ? 1 : 0 }
        let length = byte >= 0xE1 && byte <= 0xE3 ? 3 : byte == 0xC2 ? 2 : 0
        guard length > 0, place + length <= bytes.count else { return 0 }
        let scalar = String(decoding: bytes[place..<place + length], as: UTF8.self).unicodeScalars.first
        return scalar.map(isSpace) == true ? length : 0
    }

    /// Without whitespace at the end: `str.rstrip()`.
    static func withoutTrailingSpace(_ text: String) -> [UInt8] {
        let scalars = text.unicodeScalars
        guard let last = scalars.lastIndex(where: { !isSpace($0) }) else { return [] }
        return Array(text.utf8[..<scalars.index(after: last)])
    }

    /// `str.lower()`: Unicode's full mapping, with ς for a capital sigma at a word's end.
    static func lowercased(_ text: String) -> [Unicode.Scalar] {
        var lowered: [Unicode.Scalar] = []
        lowered.reserveCapacity(text.utf8.count)
        let scalars = text.unicodeScalars
        for index in scalars.indices {
            let scalar = scalars[index]
            if scalar.isASCII {
                let isCapital = (0x41...0x5A).contains(scalar.value)
                lowered.append(isCapital ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar)
            } else if scalar == "Σ" {
                lowered.append(isFinal(index, in: scalars) ? "ς" : "σ")
            } else {
                lowered.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            }
        }
        return lowered
    }

    /// Unicode's Final_Sigma: behind a cased letter, and with none before it. Marks between them are looked past, but
    /// not without end.
    private static func isFinal(_ index: String.Index, in scalars: String.UnicodeScalarView) -> Bool {
        let before = scalars[..<index].reversed().prefix(64).first { !$0.properties.isCaseIgnorable }
        guard let before, before.properties.isCased else { return false }
        let after = scalars[scalars.index(after: index)...].prefix(64).first { !$0.properties.isCaseIgnorable }
        return after?.properties.isCased != true
    }

    /// `string.punctuation`: the punctuation and symbols of ASCII.
    static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: false
        }
    }

    /// Whether a regular expression's `\w` matches: letters and numbers.
    static func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber,
            .otherNumber:
            true
        default: scalar == "_"
        }
    }
}
