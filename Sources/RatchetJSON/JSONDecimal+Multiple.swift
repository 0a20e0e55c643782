extension JSONDecimal {
    /// Whether `self / divisor` is a whole number; `false` when the divisor is zero.
    ///
    /// Exact. Time grows with the number of written digits (their product, for divisors of more than 37 digits), not
    /// with the exponents.
    func isMultiple(of divisor: JSONDecimal) -> Bool {
        guard !divisor.isZero else { return false }
        guard !isZero else { return true }

        // self = a × 10^i and divisor = b × 10^j with whole a and b, neither ending in 0: b × 10^(j-i) must divide a.
        let shift = (exponent - Int128(digits.count)) - (divisor.exponent - Int128(divisor.digits.count))
        // Then a would have to end in 0.
        guard shift >= 0 else { return false }

        // b's powers of 2 and 5 are at most log₂ b, less than 4 a digit: more tens change nothing.
        let tens = Int(min(shift, Int128(divisor.digits.count * 4)))
        if divisor.digits.count <= 37 { return hasNoRemainder(dividedBy: divisor.digits, tens: tens) }
        return hasNoLongRemainder(dividedBy: divisor.digits, tens: tens)
    }

    private func hasNoRemainder(dividedBy divisorDigits: [UInt8], tens: Int) -> Bool {
        let divisor = divisorDigits.reduce(0 as UInt128) { $0 * 10 + UInt128($1) }
        if let small = UInt64(exactly: divisor), small < UInt64.max / 16 {
            var remainder: UInt64 = 0
            for digit in digits { remainder = (remainder * 10 + UInt64(digit)) % small }
            for _ in 0..<tens where remainder != 0 { remainder = remainder * 10 % small }
            return remainder == 0
        }
        var remainder: UInt128 = 0
        for digit in digits { remainder = (remainder * 10 + UInt128(digit)) % divisor }
        for _ in 0..<tens where remainder != 0 { remainder = remainder * 10 % divisor }
        return remainder == 0
    }

    private func hasNoLongRemainder(dividedBy divisorDigits: [UInt8], tens: Int) -> Bool {
        var remainder = LongRemainder(divisorDigits: divisorDigits)
        for digit in digits { remainder.append(digit) }
        for _ in 0..<tens where !remainder.isZero { remainder.append(0) }
        return remainder.isZero
    }
}

/// Long division digit by digit, keeping only the remainder; limbs of nine decimal digits, least significant first.
private struct LongRemainder {
    private static let base: Int64 = 1_000_000_000
    private let divisor: [Int64]
    private var limbs: [Int64]

    init(divisorDigits: [UInt8]) {
        var divisor: [Int64] = []
        var end = divisorDigits.count
        while end > 0 {
            let start = max(0, end - 9)
            divisor.append(divisorDigits[start..<end].reduce(0) { $0 * 10 + Int64($1) })
            end = start
        }
        // The remainder times ten is still below ten divisors: one limb more is enough.
        self.divisor = divisor + [0]
        self.limbs = Array(repeating: 0, count: divisor.count + 1)
    }

    var isZero: Bool { limbs.allSatisfy { $0 == 0 } }

    mutating func append(_ digit: UInt8) {
        var carry = Int64(digit)
        for place in limbs.indices {
            let value = limbs[place] * 10 + carry
            limbs[place] = value % Self.base
            carry = value / Self.base
        }
        while !isBelowDivisor { subtractDivisor() }
    }

    private var isBelowDivisor: Bool {
        for place in limbs.indices.reversed() where limbs[place] != divisor[place] {
            return limbs[place] < divisor[place]
        }
        return false
    }

    private mutating func subtractDivisor() {
        var borrow: Int64 = 0
        for place in limbs.indices {
            var value = limbs[place] - divisor[place] - borrow
            borrow = value < 0 ? 1 : 0
            if value < 0 { value += Self.base }
            limbs[place] = value
        }
    }
}
