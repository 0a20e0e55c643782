/// The n-grams of some reference sequences up to an order, with how often each sequence has them.
///
/// A tree: an n-gram is its first n−1 symbols and the last one. What is compared with the references is only looked up, so
/// that an output of any size costs time and no memory.
struct NGramTable: Sendable {
    let order: Int
    private var children: [UInt64: UInt32] = [:]
    /// For each n-gram its order, counted from 1.
    private var orders: [Int] = []
    /// For each reference how often it has each n-gram.
    private var counts: [[UInt32: Int]] = []
    private var lengths: [Int] = []

    private static let root: UInt32 = .max

    init(order: Int, references: [[UInt32]]) {
        self.order = order
        for reference in references { add(reference) }
    }

    private mutating func add(_ symbols: [UInt32]) {
        var count: [UInt32: Int] = [:]
        for start in symbols.indices {
            var parent = Self.root
            for place in start..<min(start + order, symbols.count) {
                let key = Self.key(parent, symbols[place])
                if let known = children[key] {
                    parent = known
                } else {
                    parent = UInt32(orders.count)
                    children[key] = parent
                    orders.append(place - start + 1)
                }
                count[parent, default: 0] += 1
            }
        }
        counts.append(count)
        lengths.append(symbols.count)
    }

    private static func key(_ parent: UInt32, _ symbol: UInt32) -> UInt64 { UInt64(parent) << 32 | UInt64(symbol) }

    /// How many n-grams of each order a sequence has, a reference has, and both have.
    struct Overlap: Sendable {
        var found: [Int]
        var wanted: [Int]
        var matches: [Int]
    }

    /// How often each known n-gram stands in a sequence.
    func occurrences(in symbols: [UInt32]) -> [Int] {
        var occurrences = [Int](repeating: 0, count: orders.count)
        for start in symbols.indices {
            var parent = Self.root
            for place in start..<min(start + order, symbols.count) {
                // When no reference has an n-gram, none has a longer one that begins so.
                guard let next = children[Self.key(parent, symbols[place])] else { break }
                occurrences[Int(next)] += 1
                parent = next
            }
        }
        return occurrences
    }

    /// The overlap of a sequence with each of the references.
    ///
    /// - Parameters:
    ///   - occurrences: What `occurrences(in:)` gave for the sequence.
    ///   - length: How many symbols the sequence has.
    func overlaps(_ occurrences: [Int], length: Int) -> [Overlap] {
        zip(counts, lengths).map { count, referenceLength in
            Overlap(
                found: Self.totals(length, order), wanted: Self.totals(referenceLength, order),
                matches: matches(occurrences, count))
        }
    }

    /// How many n-grams of each order match when an n-gram may be taken from the reference that has it most often.
    func clippedMatches(_ occurrences: [Int]) -> [Int] {
        var most: [UInt32: Int] = [:]
        for count in counts { most.merge(count, uniquingKeysWith: max) }
        return matches(occurrences, most)
    }

    private func matches(_ occurrences: [Int], _ count: [UInt32: Int]) -> [Int] {
        var matches = [Int](repeating: 0, count: order)
        for (gram, wanted) in count { matches[orders[Int(gram)] - 1] += min(wanted, occurrences[Int(gram)]) }
        return matches
    }

    /// How many n-grams of the orders 1 … `order` a sequence of `length` symbols has.
    static func totals(_ length: Int, _ order: Int) -> [Int] { (1...order).map { max(0, length - $0 + 1) } }
}
