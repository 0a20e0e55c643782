/// The exact value of a JSON number: ± 0.d₁d₂…dₙ × 10^exponent, with d₁ and dₙ not 0; zero has no digits.
///
/// Two numbers are equal exactly when their decimals are. Sizes grow with the literal, never with its exponent.
struct JSONDecimal: Hashable, Sendable {
    let isNegative: Bool
    /// The significant digits as values 0…9, without leading or trailing zeros.
    let digits: [UInt8]
    /// 0 for zero.
    let exponent: Int128

    /// Written exponents beyond this magnitude count as this magnitude.
    private static let largestWrittenExponent: Int128 = 1_000_000_000_000_000_000_000_000_000_000_000_000

    /// - Parameter literal: a valid JSON number literal.
    init(literal: String) {
        var digits: [UInt8] = []
        var pointPosition: Int?
        var isNegative = false
        var isExponentNegative = false
        var isInExponent = false
        var writtenExponent: Int128 = 0

        for byte in literal.utf8 {
            switch byte {
            case UInt8(ascii: "-"):
                if isInExponent { isExponentNegative = true } else { isNegative = true }
            case UInt8(ascii: "."): pointPosition = digits.count
            case UInt8(ascii: "e"), UInt8(ascii: "E"): isInExponent = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let digit = byte - UInt8(ascii: "0")
                if isInExponent {
                    writtenExponent = min(writtenExponent * 10 + Int128(digit), Self.largestWrittenExponent)
                } else {
                    digits.append(digit)
                }
            default: break
            }
        }

        guard let first = digits.firstIndex(where: { $0 != 0 }), let last = digits.lastIndex(where: { $0 != 0 }) else {
            (self.isNegative, self.digits, self.exponent) = (false, [], 0)
            return
        }
        let integerDigits = pointPosition ?? digits.count
        self.isNegative = isNegative
        self.digits = first == 0 && last == digits.count - 1 ? digits : Array(digits[first...last])
        self.exponent = (isExponentNegative ? -writtenExponent : writtenExponent) + Int128(integerDigits - first)
    }

    var isZero: Bool { digits.isEmpty }

    /// Whether the value has no fraction.
    var isInteger: Bool { exponent >= Int128(digits.count) || isZero }

    /// The value, when it is whole and fits.
    var int: Int? {
        guard isInteger, exponent <= 19 else { return nil }
        var magnitude: UInt64 = 0
        for position in 0..<Int(exponent) {
            let digit = position < digits.count ? digits[position] : 0
            let (tenfold, overflowed) = magnitude.multipliedReportingOverflow(by: 10)
            if overflowed { return nil }
            magnitude = tenfold + UInt64(digit)
            if magnitude < tenfold { return nil }
        }
        if isNegative { return magnitude == Int.min.magnitude ? Int.min : Int(exactly: magnitude).map { -$0 } }
        return Int(exactly: magnitude)
    }
}

extension JSONDecimal: Comparable {
    static func < (left: JSONDecimal, right: JSONDecimal) -> Bool {
        if left.sign != right.sign { return left.sign < right.sign }
        return left.isNegative ? right.hasSmallerMagnitude(than: left) : left.hasSmallerMagnitude(than: right)
    }

    private var sign: Int { isZero ? 0 : isNegative ? -1 : 1 }

    private func hasSmallerMagnitude(than other: JSONDecimal) -> Bool {
        exponent != other.exponent ? exponent < other.exponent : digits.lexicographicallyPrecedes(other.digits)
    }
}

extension JSONDecimal {
    /// The digits laid out as ECMAScript's Number::toString does (ECMA-262, section 6.1.6.1.20), which RFC 8785 takes
    /// over; all digits are kept, so different values have different texts.
    var canonicalText: String {
        guard !isZero else { return "0" }
        var text = isNegative ? "-" : ""
        let written = String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
        switch exponent {
        case 1...21 where exponent >= Int128(digits.count):
            text += written
            text += String(repeating: "0", count: Int(exponent) - digits.count)
        case 1...21:
            text += written.prefix(Int(exponent))
            text += "."
            text += written.dropFirst(Int(exponent))
        case -5...0:
            text += "0."
            text += String(repeating: "0", count: Int(-exponent))
            text += written
        default:
            text += written.prefix(1)
            if digits.count > 1 { text += "." + written.dropFirst() }
            text += exponent > 0 ? "e+" : "e"
            text += String(exponent - 1)
        }
        return text
    }
}
