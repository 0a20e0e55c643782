/// The distance and the longest common subsequence of two sequences, in time proportional to the product of their lengths
/// divided by 64.
enum SequenceAlignment {
    /// The largest product of two lengths that is worked out: two texts of 200,000 characters.
    static let largestProduct = 40_000_000_000

    static func isTooLarge(_ left: Int, _ right: Int) -> Bool {
        let (product, overflowed) = left.multipliedReportingOverflow(by: right)
        return overflowed || product > largestProduct
    }

    /// The Levenshtein distance: the least number of insertions, deletions and replacements.
    ///
    /// Myers 1999, "A fast bit-vector algorithm for approximate string matching", in the form of Hyyrö 2003.
    ///
    /// - Returns: `nil` when the two are too long, what they have in common at both ends left out.
    static func distance(_ left: [UInt32], _ right: [UInt32]) -> Int? {
        let shared = min(left.count, right.count)
        var start = 0
        while start < shared, left[start] == right[start] { start += 1 }
        var end = 0
        while end < shared - start, left[left.count - 1 - end] == right[right.count - 1 - end] { end += 1 }
        let (one, other) = (Array(left[start..<left.count - end]), Array(right[start..<right.count - end]))
        let (short, long) = one.count <= other.count ? (one, other) : (other, one)
        if short.isEmpty { return long.count }
        guard !isTooLarge(short.count, long.count) else { return nil }
        return distance(SymbolMasks(short), long)
    }

    private static func distance(_ masks: SymbolMasks, _ text: [UInt32]) -> Int {
        var positive = [UInt64](repeating: .max, count: masks.blocks)
        var negative = [UInt64](repeating: 0, count: masks.blocks)
        var scratch = masks.scratch
        let lastBit = UInt64((masks.length - 1) % 64)
        var score = masks.length
        positive.withUnsafeMutableBufferPointer { positive in
            negative.withUnsafeMutableBufferPointer { negative in
                for symbol in text {
                    masks.withMasks(of: symbol, scratch: &scratch) { masks in
                        score += step(positive, negative, masks, lastBit)
                    }
                }
            }
        }
        return score
    }

    /// One column of the table.
    ///
    /// - Returns: by how much the last row's value changes.
    private static func step(
        _ positive: UnsafeMutableBufferPointer<UInt64>, _ negative: UnsafeMutableBufferPointer<UInt64>,
        _ masks: UnsafeBufferPointer<UInt64>, _ lastBit: UInt64
    ) -> Int {
        // The first row grows by one with each column.
        var (risesBefore, fallsBefore): (UInt64, UInt64) = (1, 0)
        var (rises, falls): (UInt64, UInt64) = (0, 0)
        for block in masks.indices {
            let (up, down) = (positive[block], negative[block])
            let equal = masks[block] | fallsBefore
            let vertical = masks[block] | down
            let horizontal = (((equal & up) &+ up) ^ up) | equal
            rises = down | ~(horizontal | up)
            falls = up & horizontal
            let shiftedRises = rises << 1 | risesBefore
            let shiftedFalls = falls << 1 | fallsBefore
            (risesBefore, fallsBefore) = (rises >> 63, falls >> 63)
            positive[block] = shiftedFalls | ~(vertical | shiftedRises)
            negative[block] = shiftedRises & vertical
        }
        return Int(rises >> lastBit & 1) - Int(falls >> lastBit & 1)
    }

    /// The length of the longest common subsequence (Hyyrö 2004, "Bit-parallel LCS-length computation revisited").
    ///
    /// - Returns: `nil` when the two are too long.
    static func commonSubsequence(_ masks: SymbolMasks, _ text: [UInt32]) -> Int? {
        guard masks.length > 0 else { return 0 }
        guard !isTooLarge(masks.length, text.count) else { return nil }
        var state = [UInt64](repeating: .max, count: masks.blocks)
        var scratch = masks.scratch
        state.withUnsafeMutableBufferPointer { state in
            for symbol in text {
                masks.withMasks(of: symbol, scratch: &scratch) { masks in
                    var carry: UInt64 = 0
                    for block in masks.indices {
                        let (value, common) = (state[block], state[block] & masks[block])
                        let (sum, overflowed) = value.addingReportingOverflow(common)
                        let (carried, overflowedAgain) = sum.addingReportingOverflow(carry)
                        carry = overflowed || overflowedAgain ? 1 : 0
                        state[block] = carried | (value & ~masks[block])
                    }
                }
            }
        }
        let last = UInt64((masks.length - 1) % 64)
        let padding = last == 63 ? 0 : ~UInt64(0) << (last + 1)
        return state.enumerated().reduce(0) { sum, item in
            let bits = item.offset == state.count - 1 ? item.element | padding : item.element
            return sum + (~bits).nonzeroBitCount
        }
    }
}
