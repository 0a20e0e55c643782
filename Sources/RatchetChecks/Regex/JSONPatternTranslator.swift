import RatchetJSON

/// Writes an ECMA-262 pattern (with the `u` flag) or an I-Regexp (RFC 9485) as a PCRE2 pattern that means the same.
///
/// Where ECMAScript without `u` is more generous (a brace or bracket that opens nothing, an escape before punctuation,
/// a hyphen beside `\d`), so is this; everything else ECMAScript does not know is an error, although PCRE2 may. Of
/// I-Regexp it also takes `^`, `$`, `\d`, `\s` and `\w`.
struct JSONPatternTranslator {
    let isIRegexp: Bool
    private let isAnchored: Bool
    let scalars: [Unicode.Scalar]
    var position = 0
    private var output = ""
    private var openGroups = 0
    /// Capturing groups in all, and the numbers of those with names.
    private var groupCount = 0
    private var groupNumbers: [String: Int] = [:]

    init(_ pattern: String, dialect: JSONRegexDialect) {
        scalars = Array(pattern.unicodeScalars)
        switch dialect {
        case .ecma262, .schema: (isIRegexp, isAnchored) = (false, false)
        case .iRegexp(let anchored): (isIRegexp, isAnchored) = (true, anchored)
        }
    }

    var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    mutating func translate() throws(JSONRegexError) -> String {
        if !isIRegexp { countGroups() }
        var mayRepeat = false
        while let scalar = next {
            switch scalar {
            case "*", "+", "?": try repetition(String(take()), of: mayRepeat)
            case "{":
                if let counts = takeCounts() {
                    try repetition(counts, of: mayRepeat)
                } else {
                    try literalBracket()
                    mayRepeat = true
                    continue
                }
            default:
                mayRepeat = try term(scalar)
                continue
            }
            mayRepeat = false
        }
        guard openGroups == 0 else { throw JSONRegexError(message: "a ( is not closed") }
        return isAnchored ? "\\A(?:\(output))\\z" : output
    }

    /// Translates anything but a quantifier.
    ///
    /// - Returns: whether a quantifier may follow.
    private mutating func term(_ scalar: Unicode.Scalar) throws(JSONRegexError) -> Bool {
        switch scalar {
        case "^", "$", "|":
            output.unicodeScalars.append(take())
            return false
        case ".":
            position += 1
            output += isIRegexp ? "[^\\n\\r]" : "[^\\n\\r\\x{2028}\\x{2029}]"
        case "(":
            try openGroup()
            return false
        case ")":
            guard openGroups > 0 else { throw JSONRegexError(message: "a ) closes nothing") }
            openGroups -= 1
            output.unicodeScalars.append(take())
        case "[": output += try characterClass()
        case "]", "}": try literalBracket()
        case "\\": return try escape()
        default: output += Self.literal(take())
        }
        return true
    }

    private mutating func literalBracket() throws(JSONRegexError) {
        let bracket = take()
        guard !isIRegexp else { throw JSONRegexError(message: "a \(bracket) needs a \\ before it") }
        output += Self.literal(bracket)
    }

    private mutating func repetition(_ quantifier: String, of mayRepeat: Bool) throws(JSONRegexError) {
        guard mayRepeat else { throw JSONRegexError(message: "there is nothing for \(quantifier) to repeat") }
        output += quantifier
        if !isIRegexp, next == "?" { output.unicodeScalars.append(take()) }
    }

    /// Takes `{n}`, `{n,}` or `{n,m}`; takes nothing when that is not what comes.
    private mutating func takeCounts() -> String? {
        let start = position
        position += 1
        let least = takeDigits()
        if next == "," {
            position += 1
            _ = takeDigits()
        }
        guard next == "}", !least.isEmpty else {
            position = start
            return nil
        }
        position += 1
        return text(start..<position)
    }

    private mutating func openGroup() throws(JSONRegexError) {
        openGroups += 1
        position += 1
        if isIRegexp {
            output += "(?:"
            return
        }
        guard next == "?" else {
            // ECMAScript has no verbs as (*FAIL).
            if next == "*" { throw JSONRegexError(message: "there is nothing for * to repeat") }
            output += "("
            return
        }
        for opening in ["?:", "?=", "?!", "?<=", "?<!"] where takes(opening) {
            output += "(" + opening
            return
        }
        if takes("?<") {
            guard takeName(endedBy: ">") != nil else {
                throw JSONRegexError(message: "a group's name is not well-formed")
            }
            // By number: names in ECMAScript may have letters that PCRE2's may not.
            output += "("
            return
        }
        let start = position
        position += 1
        while let flag = next, "ims-".unicodeScalars.contains(flag) { position += 1 }
        guard next == ":", position > start + 1 else {
            throw JSONRegexError(message: "(? starts no group that ECMAScript knows")
        }
        position += 1
        output += "(" + text(start..<position)
    }

    /// Translates an escape outside of classes.
    private mutating func escape() throws(JSONRegexError) -> Bool {
        guard !isIRegexp, position + 1 < scalars.count else {
            output += try classEscape().pattern
            return true
        }
        switch scalars[position + 1] {
        case "b", "B":
            output += text(position..<position + 2)
            position += 2
            return false
        case "1"..."9":
            position += 1
            guard let number = Int(takeDigits()), number <= groupCount else {
                throw JSONRegexError(message: "a back reference names a group that does not exist")
            }
            output += "\\g{\(number)}"
        case "k":
            position += 2
            guard takes("<"), let name = takeName(endedBy: ">"), let number = groupNumbers[name] else {
                throw JSONRegexError(message: "\\k names no group of this pattern")
            }
            output += "\\g{\(number)}"
        default: output += try classEscape().pattern
        }
        return true
    }

    /// Numbers the groups, since a back reference may come before its group.
    private mutating func countGroups() {
        var isInClass = false
        while let scalar = next {
            position += 1
            switch scalar {
            case "\\": position += 1
            case "[": isInClass = true
            case "]": isInClass = false
            case "(" where !isInClass:
                guard next == "?" else {
                    groupCount += 1
                    continue
                }
                let isNamed = takes("?<") && next != "=" && next != "!"
                if isNamed, let name = takeName(endedBy: ">") {
                    groupCount += 1
                    groupNumbers[name] = groupCount
                }
            default: break
            }
        }
        position = 0
    }
}

extension JSONPatternTranslator {
    mutating func take() -> Unicode.Scalar {
        position += 1
        return scalars[position - 1]
    }

    /// Steps over `text` when it comes next.
    mutating func takes(_ text: String) -> Bool {
        guard scalars[min(position, scalars.count)...].starts(with: text.unicodeScalars) else { return false }
        position += text.unicodeScalars.count
        return true
    }

    mutating func takeDigits() -> String {
        let start = position
        while let digit = next, ("0"..."9").contains(digit) { position += 1 }
        return text(start..<position)
    }

    /// The letters, digits, `_` and `$` before `end`, which is stepped over.
    private mutating func takeName(endedBy end: Unicode.Scalar) -> String? {
        let start = position
        while let scalar = next, scalar.properties.isIDContinue || scalar == "$" { position += 1 }
        guard position > start, next == end, !("0"..."9").contains(scalars[start]) else { return nil }
        position += 1
        return text(start..<position - 1)
    }

    func text(_ range: Range<Int>) -> String {
        String(String.UnicodeScalarView(scalars[range]))
    }

    /// The scalar with nothing special about it, inside classes and outside.
    static func literal(_ scalar: Unicode.Scalar) -> String { literal(scalar.value) }

    static func literal(_ code: UInt32) -> String {
        if let scalar = Unicode.Scalar(code), code < 0x80,
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        {
            return String(scalar)
        }
        return "\\x{\(String(code, radix: 16))}"
    }
}
