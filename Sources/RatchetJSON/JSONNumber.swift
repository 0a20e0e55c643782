/// A JSON number that keeps the digits it was written with and compares by its mathematical value.
///
/// Exact for any number of digits; `1`, `1.0` and `1e0` are equal, `0` equals `-0`. Exponents of any size are safe
/// (beyond ±10³⁶ they count as ±10³⁶).
package struct JSONNumber: Sendable {
    /// The number as it was written, a valid JSON number literal.
    package let literal: String

    package init(_ value: Int) { literal = String(value) }

    /// A finite double in its shortest form that reads back as the same double; whole numbers below 10¹⁵ without a
    /// fraction.
    ///
    /// JSON has no other numbers: an infinity becomes ±1e999, which other readers take for an infinity, and a NaN
    /// becomes 0. Use `JSONValue.double(_:)` to write `null` for them.
    package init(_ value: Double) {
        assert(value.isFinite, "JSON has no number for \(value)")
        // Not `rounded()` or `Int(exactly:)`: they would tie this module to the C mathematics library.
        if abs(value) < 1e15, Double(Int(value)) == value {
            literal = String(Int(value))
        } else if value.isFinite {
            literal = "\(value)"
        } else {
            literal = value.isNaN ? "0" : value < 0 ? "-1e999" : "1e999"
        }
    }

    /// - Returns: `nil` when `literal` is not a number as RFC 8259, section 6, writes them.
    package init?(validating literal: String) {
        guard Self.isValid(literal) else { return nil }
        self.literal = literal
    }

    /// - Parameter literal: a literal already known to be valid.
    init(validLiteral literal: String) { self.literal = literal }

    /// The nearest double; infinite beyond the range of doubles.
    package var double: Double { Double(literal) ?? .nan }

    /// The value when it is whole and fits, also of `1.0` and `1e2`.
    package var int: Int? { plainInt ?? decimal.int }

    /// Whether the value has no fraction, also of `1.0` and `1e400`.
    package var isInteger: Bool { plainInt != nil || decimal.isInteger }

    /// Whether dividing by `divisor` leaves a whole number, exactly: 0.0075 is a multiple of 0.0001.
    ///
    /// `false` when `divisor` is 0. Safe for exponents of any size.
    package func isMultiple(of divisor: JSONNumber) -> Bool {
        if let own = plainInt, let other = divisor.plainInt {
            return other != 0 && own.magnitude.isMultiple(of: other.magnitude)
        }
        return decimal.isMultiple(of: divisor.decimal)
    }

    /// One text for each value, in the layout of RFC 8785 (ECMAScript's) with every digit kept.
    ///
    /// The same text as RFC 8785 wherever that loses nothing: `100`, `0.1`, `1e+23`; `9007199254740993` keeps its
    /// last digit.
    package var canonical: String { plainInt.map(String.init) ?? decimal.canonicalText }

    private var decimal: JSONDecimal { JSONDecimal(literal: literal) }

    /// The value when the literal has nothing but a sign and up to 18 digits: the common case, without allocation.
    private var plainInt: Int? {
        guard literal.utf8.count <= 19 else { return nil }
        var magnitude = 0
        var isNegative = false
        for byte in literal.utf8 {
            let digit = byte &- UInt8(ascii: "0")
            if digit < 10 {
                guard magnitude < 100_000_000_000_000_000 else { return nil }
                magnitude = magnitude * 10 + Int(digit)
            } else if byte == UInt8(ascii: "-") {
                isNegative = true
            } else {
                return nil
            }
        }
        return isNegative ? -magnitude : magnitude
    }

    private static func isValid(_ literal: String) -> Bool {
        var literal = literal
        return literal.withUTF8 { bytes in
            var parser = JSONParser(bytes: bytes, options: .strict)
            guard let first = bytes.first, first == UInt8(ascii: "-") || (first &- UInt8(ascii: "0")) < 10 else {
                return false
            }
            do throws(JSONParser.Failure) {
                _ = try parser.number()
                return parser.position == bytes.count
            } catch {
                return false
            }
        }
    }
}

extension JSONNumber: Hashable {
    package static func == (left: JSONNumber, right: JSONNumber) -> Bool {
        if left.literal == right.literal { return true }
        if let own = left.plainInt, let other = right.plainInt { return own == other }
        return left.decimal == right.decimal
    }

    package func hash(into hasher: inout Hasher) {
        if let int { hasher.combine(int) } else { hasher.combine(decimal) }
    }
}

extension JSONNumber: Comparable {
    package static func < (left: JSONNumber, right: JSONNumber) -> Bool {
        if let own = left.plainInt, let other = right.plainInt { return own < other }
        return left.decimal < right.decimal
    }
}

extension JSONNumber: CustomStringConvertible {
    package var description: String { literal }
}
