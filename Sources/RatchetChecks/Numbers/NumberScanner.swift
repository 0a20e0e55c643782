/// Finds numbers in a text, one after the other, as people and models write them.
///
/// Digits that belong to a word (`H2O`, `GPT-4`), a version or an address (`1.2.3`) are no numbers. Linear in the text.
struct NumberScanner {
    private let bytes: [UInt8]
    private let style: NumberStyle
    private var position: Int
    private let end: Int
    /// The end of a list of digits ("1,2,3") that is no number as a whole.
    private var listEnd = 0
    /// The end of the digits found last.
    private var previousEnd = -1

    init(_ text: NumberText, _ style: NumberStyle, in range: Range<Int>? = nil) {
        bytes = text.bytes
        self.style = style
        position = range?.lowerBound ?? 0
        end = range?.upperBound ?? text.bytes.count
    }

    mutating func next() -> NumberToken? {
        while let start = nextDigit() {
            let (digits, isNumber) = takeDigits(at: start)
            defer { previousEnd = position }
            guard isNumber, let token = token(digits) else { continue }
            position = max(position, token.range.upperBound)
            return token
        }
        return nil
    }

    private mutating func nextDigit() -> Int? {
        while position < end {
            if isDigit(bytes[position]) { return position }
            position += 1
        }
        return nil
    }

    // MARK: Digits and what separates them

    /// Takes the digits at `start` with their separators, as far as they are one number.
    private mutating func takeDigits(at start: Int) -> (digits: NumberToken.Digits, isNumber: Bool) {
        if start >= listEnd {
            let run = run(at: start, splittingLists: false)
            if let digits = style.digits(bytes, run) {
                position = run.upperBound
                return (digits, true)
            }
            listEnd = run.upperBound
        }
        let part = run(at: start, splittingLists: true)
        position = part.upperBound
        let digits = style.digits(bytes, part)
        return (digits ?? NumberToken.Digits(range: part), digits != nil)
    }

    /// Digits, and single separators between digits.
    private func run(at start: Int, splittingLists: Bool) -> Range<Int> {
        var place = start
        while place < end {
            if !isDigit(bytes[place]) {
                let isInside = place + 1 < end && isDigit(bytes[place + 1]) && NumberStyle.isSeparator(bytes[place])
                guard isInside, !splittingLists || bytes[place] == UInt8(ascii: ".") else { break }
            }
            place += 1
        }
        return start..<place
    }

    // MARK: What belongs to the number

    private func token(_ found: NumberToken.Digits) -> NumberToken? {
        var digits = found
        if digits.isPlain, hasLeadingPoint(digits.range.lowerBound) {
            digits.point = digits.range.lowerBound - 1
            digits.range = digits.range.lowerBound - 1..<digits.range.upperBound
            digits.isPlain = false
        }
        guard !belongsToWord(digits.range.lowerBound), !isHexadecimal(digits.range) else { return nil }
        var token = NumberToken(digits: digits)
        if digits.isPlain, let spaced = spaced(digits) {
            token.spaced = spaced
            token.range = spaced.range
        }
        addFraction(to: &token)
        addExponent(to: &token)
        token.coreEnd = token.range.upperBound
        addPrefix(to: &token)
        addPercent(to: &token)
        addMagnitude(to: &token)
        return token
    }

    /// `.5`, but not the point of `Rs.5` or `1..5`.
    private func hasLeadingPoint(_ start: Int) -> Bool {
        guard byte(start - 1) == UInt8(ascii: ".") else { return false }
        guard let before = byte(start - 2) else { return true }
        return " \n\t\u{1f}([{=:+-<>~$*|\"'".utf8.contains(before)
    }

    private func belongsToWord(_ start: Int) -> Bool {
        guard let before = byte(start - 1) else { return false }
        switch before {
        case UInt8(ascii: "^"): return true
        case UInt8(ascii: "_"), UInt8(ascii: "-"): return isLetter(before: start - 1)
        case UInt8(ascii: "."): return byte(start - 2).map(isDigit) ?? false
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            // 3x4 is a product, 0x4 is hexadecimal.
            let isHexadecimal = byte(start - 2) == UInt8(ascii: "0") && !(byte(start - 3).map(isDigit) ?? false)
            return isHexadecimal || !(byte(start - 2).map(isDigit) ?? false)
        default: return isLetter(before: start) && currencyCode(before: start) == nil
        }
    }

    /// The 0 of 0x1F.
    private func isHexadecimal(_ range: Range<Int>) -> Bool {
        guard range.count == 1, bytes[range.lowerBound] == UInt8(ascii: "0"), has("x", at: range.upperBound) else { return false }
        return byte(range.upperBound + 1).map { isDigit($0) || ($0 | 0x20) &- UInt8(ascii: "a") < 6 } ?? false
    }

    /// 1 234 567 with ordinary spaces: perhaps one number, perhaps several.
    private func spaced(_ digits: NumberToken.Digits) -> NumberToken.Digits? {
        let first = digits.range
        let isContinuation = previousEnd >= 0 && previousEnd == first.lowerBound - 1 && byte(previousEnd) == UInt8(ascii: " ")
        guard style.mayGroup(bytes, first), !isContinuation else { return nil }
        var place = first.upperBound
        var groups = 0
        while byte(place) == UInt8(ascii: " "), (1...3).allSatisfy({ byte(place + $0).map(isDigit) ?? false }) {
            guard !(byte(place + 4).map(isDigit) ?? false) else { return nil }
            place += 4
            groups += 1
        }
        guard groups > 0 else { return nil }
        if byte(place) == UInt8(ascii: " "), byte(place + 1).map(isDigit) ?? false { return nil }
        var joined = NumberToken.Digits(range: first.lowerBound..<place)
        if let mark = byte(place), NumberStyle.isSeparator(mark), byte(place + 1).map(isDigit) ?? false {
            let rest = run(at: place + 1, splittingLists: false)
            // Another separator behind it, and it is no number.
            guard mark == style.point, style.digits(bytes, rest)?.isPlain == true else { return nil }
            joined.point = place
            joined.range = first.lowerBound..<rest.upperBound
        }
        return joined
    }

    /// 3/4, 1 3/4 and \frac{3}{4}.
    private func addFraction(to token: inout NumberToken) {
        guard style.readsFractions, token.digits.isPlain, token.spaced == nil else { return }
        let range = token.digits.range
        if let opening = latexFraction(endingAt: range.lowerBound), has("}{", at: range.upperBound),
            let denominator = plainDigits(at: range.upperBound + 2), has("}", at: denominator.upperBound)
        {
            token.fraction = .init(numerator: range, denominator: denominator)
            token.range = opening..<denominator.upperBound + 1
        } else if let denominator = simpleDenominator(range) {
            token.fraction = .init(numerator: range, denominator: denominator)
            token.range = range.lowerBound..<denominator.upperBound
        } else if let mixed = mixedFraction(after: range) {
            token.fraction = .init(whole: range, numerator: mixed.numerator, denominator: mixed.denominator)
            token.range = range.lowerBound..<mixed.end
        }
    }

    private func simpleDenominator(_ numerator: Range<Int>) -> Range<Int>? {
        guard byte(numerator.upperBound) == UInt8(ascii: "/"), byte(numerator.lowerBound - 1) != UInt8(ascii: "/"),
            let denominator = plainDigits(at: numerator.upperBound + 1)
        else { return nil }
        // 3/4/2025 is a date.
        let follower = byte(denominator.upperBound)
        let goesOn = follower.map { $0 == UInt8(ascii: "/") || NumberStyle.isSeparator($0) } ?? false
        let isFollowed = goesOn && (byte(denominator.upperBound + 1).map(isDigit) ?? false)
        return isFollowed || isZero(denominator) ? nil : denominator
    }

    private func mixedFraction(after whole: Range<Int>) -> (numerator: Range<Int>, denominator: Range<Int>, end: Int)? {
        if let start = latexFraction(startingAt: whole.upperBound), let numerator = plainDigits(at: start),
            has("}{", at: numerator.upperBound), let denominator = plainDigits(at: numerator.upperBound + 2),
            has("}", at: denominator.upperBound), !isZero(denominator)
        {
            return (numerator, denominator, denominator.upperBound + 1)
        }
        guard byte(whole.upperBound) == UInt8(ascii: " "), let numerator = plainDigits(at: whole.upperBound + 1),
            let denominator = simpleDenominator(numerator), isProper(numerator, denominator)
        else { return nil }
        return (numerator, denominator, denominator.upperBound)
    }

    /// Whether a numerator of few digits is below its denominator.
    private func isProper(_ numerator: Range<Int>, _ denominator: Range<Int>) -> Bool {
        guard numerator.count <= 3, denominator.count <= 3 else { return false }
        let value = { (range: Range<Int>) in bytes[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } }
        return value(numerator) < value(denominator)
    }

    private func latexFraction(endingAt place: Int) -> Int? {
        for command in ["\\frac{", "\\dfrac{", "\\tfrac{"] where has(command, at: place - command.utf8.count) {
            return place - command.utf8.count
        }
        return nil
    }

    private func latexFraction(startingAt place: Int) -> Int? {
        for command in ["\\frac{", "\\dfrac{", "\\tfrac{"] where has(command, at: place) { return place + command.utf8.count }
        return nil
    }

    /// 2e3, 2×10^3, 2 \times 10^{3}, and 10^3 alone.
    private func addExponent(to token: inout NumberToken) {
        guard token.fraction == nil, token.spaced == nil else { return }
        let place = token.range.upperBound
        if byte(place).map({ $0 | 0x20 }) == UInt8(ascii: "e"), let exponent = signedDigits(at: place + 1),
            !isLetter(at: exponent.upperBound)
        {
            token.exponent = exponent
            token.range = token.range.lowerBound..<exponent.upperBound
        } else if token.digits.isPlain, bytes[token.digits.range].elementsEqual("10".utf8), let power = power(at: place) {
            token.exponent = power.exponent
            token.isPowerOfTen = true
            token.range = token.range.lowerBound..<power.end
        } else if let sign = multiplication(at: place), has("10", at: sign), let power = power(at: sign + 2) {
            token.exponent = power.exponent
            token.range = token.range.lowerBound..<power.end
        }
    }

    /// `^3` or `^{3}`.
    private func power(at place: Int) -> (exponent: Range<Int>, end: Int)? {
        guard byte(place) == UInt8(ascii: "^") else { return nil }
        let isBraced = byte(place + 1) == UInt8(ascii: "{")
        guard let exponent = signedDigits(at: place + (isBraced ? 2 : 1)) else { return nil }
        if !isBraced { return (exponent, exponent.upperBound) }
        return byte(exponent.upperBound) == UInt8(ascii: "}") ? (exponent, exponent.upperBound + 1) : nil
    }

    /// The place behind a sign of multiplication and the spaces around it.
    private func multiplication(at place: Int) -> Int? {
        let sign = skippingSpaces(from: place)
        for word in ["*", "x", "X", "\\times", "\\cdot"] where has(word, at: sign) {
            return skippingSpaces(from: sign + word.utf8.count)
        }
        return nil
    }

    /// The sign and the currency before the number.
    private func addPrefix(to token: inout NumberToken) {
        var start = token.range.lowerBound
        var isSigned = takeSign(&start, &token)
        if let currency = currency(before: start) {
            start = currency
            if !isSigned { isSigned = takeSign(&start, &token) }
        }
        token.range = start..<token.range.upperBound
    }

    private func takeSign(_ start: inout Int, _ token: inout NumberToken) -> Bool {
        guard let sign = byte(start - 1), sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") else { return false }
        // After something that can be subtracted from, it is no sign; nor in a dash of two.
        if let before = byte(start - 2) {
            let isOperand = isDigit(before) || ")]}%-+".utf8.contains(before) || isLetter(before: start - 1)
            if isOperand { return false }
        }
        token.isNegative = sign == UInt8(ascii: "-")
        start -= 1
        return true
    }

    private func addPercent(to token: inout NumberToken) {
        let place = skippingSpaces(from: token.range.upperBound)
        for word in ["%", "\\%", "percent", "per cent", "pct"] where has(word, at: place) {
            token.isPercent = true
            token.range = token.range.lowerBound..<place + word.utf8.count
            return
        }
    }

    private static let magnitudes: [(word: String, power: Int)] = [
        ("thousand", 3), ("million", 6), ("billion", 9), ("trillion", 12),
    ]

    /// 2.5 million, 50k.
    private func addMagnitude(to token: inout NumberToken) {
        guard !token.isPercent, token.fraction == nil else { return }
        let place = token.range.upperBound
        if byte(place).map({ $0 | 0x20 }) == UInt8(ascii: "k"), !isLetter(at: place + 1), !(byte(place + 1).map(isDigit) ?? false) {
            token.magnitude = 3
            token.range = token.range.lowerBound..<place + 1
            return
        }
        var word = skippingSpaces(from: place)
        if word == place, byte(place) == UInt8(ascii: "-") { word += 1 }
        for (name, power) in Self.magnitudes where has(name, at: word) {
            token.magnitude = power
            token.range = token.range.lowerBound..<word + name.utf8.count
        }
    }

    // MARK: Looking around

    private func byte(_ place: Int) -> UInt8? { bytes.indices.contains(place) ? bytes[place] : nil }

    /// Whether `word` (in small letters) stands at a place, in upper or lower case.
    private func has(_ word: String, at place: Int) -> Bool {
        guard place >= 0, place + word.utf8.count <= bytes.count else { return false }
        return zip(word.utf8, bytes[place...]).allSatisfy { $0 == $1 || $0 == $1 | 0x20 && $0 >= UInt8(ascii: "a") }
    }

    private func plainDigits(at start: Int) -> Range<Int>? {
        var place = start
        while byte(place).map(isDigit) ?? false { place += 1 }
        return place > start ? start..<place : nil
    }

    private func signedDigits(at start: Int) -> Range<Int>? {
        let isSigned = byte(start) == UInt8(ascii: "-") || byte(start) == UInt8(ascii: "+")
        return plainDigits(at: isSigned ? start + 1 : start).map { start..<$0.upperBound }
    }

    private func isZero(_ digits: Range<Int>) -> Bool { bytes[digits].allSatisfy { $0 == UInt8(ascii: "0") } }

    private func skippingSpaces(from start: Int) -> Int {
        var place = start
        while place - start < 3, byte(place) == UInt8(ascii: " ") || byte(place) == NumberText.groupingSpace { place += 1 }
        return place
    }

    private func isLetter(at place: Int) -> Bool { NumberText.isLetter(bytes, at: place) }
    private func isLetter(before place: Int) -> Bool { NumberText.isLetter(bytes, before: place) }

    private func currency(before place: Int) -> Int? {
        var end = place
        if end > 0, bytes[end - 1] == UInt8(ascii: " ") || bytes[end - 1] == NumberText.groupingSpace { end -= 1 }
        if let code = currencyCode(before: end) { return code }
        guard let (scalar, start) = NumberText.scalar(bytes, before: end) else { return nil }
        guard scalar.properties.generalCategory == .currencySymbol else { return nil }
        return byte(start - 1) == UInt8(ascii: "\\") ? start - 1 : start
    }

    private static let currencyCodes = [
        "USD", "EUR", "GBP", "CHF", "JPY", "CNY", "RMB", "INR", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "BRL",
    ]

    private func currencyCode(before place: Int) -> Int? {
        guard place >= 3, !isLetter(before: place - 3) else { return nil }
        return Self.currencyCodes.contains { bytes[place - 3..<place].elementsEqual($0.utf8) } ? place - 3 : nil
    }
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
