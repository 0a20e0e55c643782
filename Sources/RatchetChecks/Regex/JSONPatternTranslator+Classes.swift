import RatchetJSON

/// One member of a character class, or an escape: a code point, or a set of them.
struct JSONPatternAtom {
    /// The atom in PCRE2's words, good inside a class and outside.
    let pattern: String
    /// Its code point (maybe half a surrogate pair); `nil` for a set.
    var code: UInt32?

    init(code: UInt32) {
        pattern = JSONPatternTranslator.literal(code)
        self.code = code
    }

    init(set pattern: String) { self.pattern = pattern }
}

extension JSONPatternTranslator {
    /// White space and line ends of ECMA-262, sections 12.2 and 12.3, and all others, as members of a class.
    private static let spaces =
        #"\x{9}-\x{d}\x{20}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}"#
    private static let otherThanSpaces = #"""
        \x{0}-\x{8}\x{e}-\x{1f}\x{21}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}\#
        \x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}
        """#

    /// The class whose bracket comes next.
    mutating func characterClass() throws(JSONRegexError) -> String {
        position += 1
        let isNegated = takes("^")
        var members = ""
        while let scalar = next, scalar != "]" {
            let first = try classAtom()
            guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
                members += first.pattern
                continue
            }
            position += 1
            let last = try classAtom()
            guard let low = first.code, let high = last.code else {
                // A hyphen beside a set stands for itself.
                members += first.pattern + Self.literal("-") + last.pattern
                continue
            }
            guard low <= high else { throw JSONRegexError(message: "a range in a character class is out of order") }
            members += first.pattern + "-" + last.pattern
        }
        guard takes("]") else { throw JSONRegexError(message: "a [ is not closed") }
        if members.isEmpty {
            guard !isIRegexp else { throw JSONRegexError(message: "a character class is empty") }
            return isNegated ? "[\\x{0}-\\x{10ffff}]" : "(?!)"
        }
        return (isNegated ? "[^" : "[") + members + "]"
    }

    private mutating func classAtom() throws(JSONRegexError) -> JSONPatternAtom {
        guard next == "\\" else {
            if isIRegexp, next == "[" { throw JSONRegexError(message: "a [ needs a \\ before it") }
            return JSONPatternAtom(code: take().value)
        }
        return try escapeAtom(inClass: true)
    }

    /// The escape that comes next, as it stands outside of classes.
    mutating func classEscape() throws(JSONRegexError) -> JSONPatternAtom {
        let atom = try escapeAtom(inClass: false)
        return atom.code == nil ? JSONPatternAtom(set: "[\(atom.pattern)]") : atom
    }

    private mutating func escapeAtom(inClass: Bool) throws(JSONRegexError) -> JSONPatternAtom {
        position += 1
        guard let scalar = next else { throw JSONRegexError(message: "the pattern ends with a \\") }
        position += 1
        switch scalar {
        case "d", "D", "w", "W": return JSONPatternAtom(set: "\\\(scalar)")
        case "s": return JSONPatternAtom(set: Self.spaces)
        case "S": return JSONPatternAtom(set: Self.otherThanSpaces)
        case "p", "P": return JSONPatternAtom(set: try property(isNegated: scalar == "P"))
        case "n": return JSONPatternAtom(code: 0x0A)
        case "r": return JSONPatternAtom(code: 0x0D)
        case "t": return JSONPatternAtom(code: 0x09)
        default: break
        }
        if !isIRegexp, let code = try ecmaCode(scalar, inClass: inClass) { return JSONPatternAtom(code: code) }
        // Letters and digits are kept for escapes with a meaning, none of which is known by this name.
        guard !scalar.properties.isIDContinue || scalar == "_" && !isIRegexp else {
            throw JSONRegexError(message: "the escape \\\(scalar) is not known")
        }
        return JSONPatternAtom(code: scalar.value)
    }

    /// The code point of an escape that only ECMAScript has; `nil` when `scalar` starts none.
    private mutating func ecmaCode(_ scalar: Unicode.Scalar, inClass: Bool) throws(JSONRegexError) -> UInt32? {
        switch scalar {
        case "v": return 0x0B
        case "f": return 0x0C
        case "b" where inClass: return 0x08
        case "0":
            guard takeDigits().isEmpty else { throw JSONRegexError(message: "ECMAScript has no octal escapes") }
            return 0
        case "c":
            guard let letter = next, letter.isASCII, letter.properties.isAlphabetic else {
                throw JSONRegexError(message: "\\c needs a letter after it")
            }
            position += 1
            return letter.value % 32
        case "x": return try hexadecimal(digits: 2)
        case "u":
            if takes("{") {
                let code = try hexadecimal(digits: nil)
                guard takes("}"), code <= 0x10FFFF else { throw JSONRegexError(message: "\\u{…} is not well-formed") }
                return code
            }
            let unit = try hexadecimal(digits: 4)
            let afterHigh = position
            guard (0xD800...0xDBFF).contains(unit), takes("\\u"), next != "{" else {
                position = afterHigh
                return unit
            }
            let low = try hexadecimal(digits: 4)
            if (0xDC00...0xDFFF).contains(low) { return 0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF) }
            position = afterHigh
            return unit
        default: return nil
        }
    }

    /// - Parameter digits: how many hexadecimal digits there must be; `nil` for any number of them.
    private mutating func hexadecimal(digits: Int?) throws(JSONRegexError) -> UInt32 {
        let start = position
        while let digit = next, digit.properties.isASCIIHexDigit, position - start < digits ?? 8 { position += 1 }
        guard digits == nil || position - start == digits, let code = UInt32(text(start..<position), radix: 16) else {
            throw JSONRegexError(message: "an escape lacks hexadecimal digits")
        }
        return code
    }

    /// The Unicode property in braces that comes next.
    private mutating func property(isNegated: Bool) throws(JSONRegexError) -> String {
        guard takes("{") else { throw JSONRegexError(message: "\\p needs a property in braces after it") }
        let start = position
        while next != nil, next != "}" { position += 1 }
        let written = text(start..<position)
        guard takes("}"), written.unicodeScalars.allSatisfy({ $0.properties.isIDContinue || $0 == "=" }) else {
            throw JSONRegexError(message: "\\p{…} is not well-formed")
        }
        guard let property = JSONPatternProperty(written, isIRegexp: isIRegexp) else {
            throw JSONRegexError(message: "the Unicode property \(written) is not known")
        }
        return (property.isComplement != isNegated ? "\\P{" : "\\p{") + property.name + "}"
    }
}
