/// A random generator whose numbers follow from its seed alone, on every platform and in every version of Ratchet.
///
/// xoshiro256** 1.0 (Blackman and Vigna 2018, "Scrambled linear pseudorandom number generators"), its state filled
/// by SplitMix64 from the seed as its authors advise. Not for secrets.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    package init(seed: UInt64) {
        var filler = SplitMix64(seed: seed)
        state = (filler.next(), filler.next(), filler.next(), filler.next())
    }

    /// With the state itself, for tests against published numbers; `nil` for the all-zero state, which never leaves 0.
    init?(state: (UInt64, UInt64, UInt64, UInt64)) {
        guard state != (0, 0, 0, 0) else { return nil }
        self.state = state
    }

    package mutating func next() -> UInt64 {
        let result = Self.rotate(state.1 &* 5, by: 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = Self.rotate(state.3, by: 45)
        return result
    }

    /// A number in 0..<bound, each equally likely; 0 for a bound of 0.
    ///
    /// Lemire 2019, "Fast random integer generation in an interval": the high half of a 128-bit product, rejecting the
    /// 2^64 mod bound values that would favour some numbers.
    package mutating func next(below bound: UInt64) -> UInt64 {
        guard bound > 0 else { return 0 }
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let rejected = (0 &- bound) % bound
            while product.low < rejected { product = next().multipliedFullWidth(by: bound) }
        }
        return product.high
    }

    /// A number in [0, 1): each multiple of 2^-53, equally likely.
    package mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// The elements in random order: Fisher and Yates as in Durstenfeld 1964, from the last place to the first.
    ///
    /// Stable for ever, unlike `shuffled(using:)` of the standard library, whose algorithm may change.
    package mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var result = elements
        for last in stride(from: result.count - 1, to: 0, by: -1) {
            result.swapAt(last, Int(next(below: UInt64(last + 1))))
        }
        return result
    }

    private static func rotate(_ value: UInt64, by bits: UInt64) -> UInt64 { (value << bits) | (value >> (64 - bits)) }
}
