import RatchetJSON

/// A number as it stands in a text: where its parts are. Its value is worked out when somebody asks for it.
struct NumberToken: Sendable {
    /// Digits with their separators.
    struct Digits: Sendable {
        var range: Range<Int>
        /// The place of the decimal mark.
        var point: Int?
        /// Whether there is nothing but digits.
        var isPlain: Bool

        init(range: Range<Int>, point: Int? = nil, isPlain: Bool = false) {
            self.range = range
            self.point = point
            self.isPlain = isPlain
        }
    }

    struct Fraction: Sendable {
        var whole: Range<Int>?
        var numerator: Range<Int>
        var denominator: Range<Int>
    }

    var digits: Digits
    /// The same digits with what follows them after ordinary spaces, when that may be one number.
    var spaced: Digits?
    var fraction: Fraction?
    var exponent: Range<Int>?
    /// `10^3`, where the digits are no factor.
    var isPowerOfTen = false
    var isNegative = false
    var isPercent = false
    /// The power of ten of a word behind it: 6 for a million.
    var magnitude = 0
    /// From sign or currency to percent sign or word of magnitude.
    var range: Range<Int>
    /// The end of the digits, fraction or exponent: where a unit may begin.
    var coreEnd: Int

    init(digits: Digits) {
        self.digits = digits
        range = digits.range
        coreEnd = digits.range.upperBound
    }
}

extension NumberToken {
    /// What the number may be, the likeliest first: of `1 234` also 234 (or 1), of `2.5 million` also 2.5.
    ///
    /// - Parameter takesFirst: Whether of several numbers the first is looked for, and not the last.
    func readings(in text: NumberText, percentAsFraction: Bool, takesFirst: Bool) -> [JSONNumber] {
        let power = isPercent && percentAsFraction ? -2 : 0
        var readings = [value(of: spaced ?? digits, in: text, scaledBy: magnitude + power)]
        if magnitude != 0 { readings.append(value(of: digits, in: text, scaledBy: power)) }
        if let spaced { readings.append(value(of: takesFirst ? digits : lastGroup(of: spaced, in: text), in: text, scaledBy: power)) }
        return readings.compactMap { $0 }
    }

    private func lastGroup(of spaced: Digits, in text: NumberText) -> Digits {
        let start = text.bytes[spaced.range].lastIndex(of: UInt8(ascii: " ")).map { $0 + 1 } ?? spaced.range.lowerBound
        return Digits(range: start..<spaced.range.upperBound, point: spaced.point)
    }

    private func value(of digits: Digits, in text: NumberText, scaledBy power: Int) -> JSONNumber? {
        if let fraction { return value(of: fraction, in: text, scaledBy: power) }
        var literal = isNegative ? "-" : ""
        literal += isPowerOfTen ? "1" : Self.literal(digits, in: text)
        if let exponent { literal += "e" + String(decoding: text.bytes[exponent], as: UTF8.self) }
        return JSONNumber(validating: literal)?.scaled(byPowerOfTen: power)
    }

    /// The quotient of two doubles, the whole added.
    private func value(of fraction: Fraction, in text: NumberText, scaledBy power: Int) -> JSONNumber? {
        let double = { (range: Range<Int>) in Double(String(decoding: text.bytes[range], as: UTF8.self)) ?? .infinity }
        let quotient = double(fraction.numerator) / double(fraction.denominator) + (fraction.whole.map(double) ?? 0)
        guard quotient.isFinite else { return nil }
        return JSONNumber(isNegative ? -quotient : quotient).scaled(byPowerOfTen: power)
    }

    /// The digits as JSON writes a number without a sign.
    private static func literal(_ digits: Digits, in text: NumberText) -> String {
        let whole = text.bytes[digits.range.lowerBound..<(digits.point ?? digits.range.upperBound)].filter(isDigit)
        let significant = whole.drop { $0 == UInt8(ascii: "0") }
        var literal = significant.isEmpty ? "0" : String(decoding: significant, as: UTF8.self)
        if let point = digits.point {
            literal += "." + String(decoding: text.bytes[point + 1..<digits.range.upperBound].filter(isDigit), as: UTF8.self)
        }
        return literal
    }
}

extension JSONNumber {
    /// The same digits with the decimal point moved; `nil` for an exponent beyond all reason.
    func scaled(byPowerOfTen power: Int) -> JSONNumber? {
        guard power != 0 else { return self }
        let parts = literal.split(whereSeparator: { $0 == "e" || $0 == "E" })
        guard let digits = parts.first else { return nil }
        guard let exponent = parts.count > 1 ? Int(parts[1]) : 0, abs(exponent) < 1_000_000_000 else { return nil }
        return JSONNumber(validating: "\(digits)e\(exponent + power)")
    }
}
