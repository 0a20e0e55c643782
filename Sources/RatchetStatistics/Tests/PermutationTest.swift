/// The gate's aggregate test for graded scores: did these examples, together, get worse?
///
/// `StratifiedPermutation` for scores that are not just 0 and 1. If the change did nothing to any example, inside every
/// example the trials of both sides are exchangeable: sides are drawn anew inside each example, and the total of the
/// new scores compared with the one seen. With one trial on each side this is the sign-flip test of Fisher 1935.
package struct PermutationTest: Hashable, Sendable {
    package enum Direction: Hashable, Sendable {
        /// The new side scores less.
        case less
        /// The new side scores more.
        case greater
    }

    /// (1 + exceedances) / (1 + draws), never 0 (Phipson and Smyth 2010). Stopping at a number of exceedances fixed in
    /// advance keeps it valid (Besag and Clifford 1991), and makes a clean run cheap.
    package let p: Double
    package let draws: Int
    /// Draws with a total at least as far out as the one seen.
    package let exceedances: Int
    /// How many examples could have come out otherwise; the others say nothing.
    package let informativeExamples: Int

    package static let standardDraws = 20_000
    package static let enoughExceedances = 20

    /// - Parameters:
    ///   - examples: in any order: p does not depend, to the bit, on it.
    ///   - seed: of the draws; recorded with the run, which makes p repeatable.
    package init(
        _ examples: [ExchangeableTrials], direction: Direction = .less, seed: UInt64, draws: Int = standardDraws,
        stopAt enough: Int = enoughExceedances
    ) {
        let sign: Double = direction == .less ? 1 : -1
        var strata = ExchangedScores(examples.filter(\.isInformative), sign: sign)
        var generator = SeededGenerator(seed: seed)
        var (made, found) = (0, 0)
        while made < draws, found < max(1, enough) {
            made += 1
            if strata.drawTotal(using: &generator) <= strata.observedTotal + strata.tolerance { found += 1 }
        }
        self.p = Double(1 + found) / Double(1 + made)
        self.draws = made
        self.exceedances = found
        self.informativeExamples = strata.count
    }
}

/// The scores of all examples one after another, and the totals of one side under random assignments.
private struct ExchangedScores {
    private struct Stratum {
        let places: Range<Int>
        /// How many trials the smaller side has, which is the one that is drawn.
        let drawn: Int
        /// 1 when the new side is drawn, -1 when the baseline is: then its total is what the new side lacks.
        let sign: Double
    }

    private var scores: [Double] = []
    private var strata: [Stratum] = []
    /// What the totals of the drawn sides have to be added to.
    private(set) var observedTotal = 0.0
    /// Totals this close are equal: sums of decimal fractions differ in their last bits.
    private(set) var tolerance = 0.0

    var count: Int { strata.count }

    init(_ examples: [ExchangeableTrials], sign: Double) {
        for example in Self.inCanonicalOrder(examples) {
            let drawsNew = example.new.count <= example.baseline.count
            let start = scores.count
            // Sorted, so that what a draw picks does not depend on which trial came first.
            scores += (example.baseline + example.new).sorted()
            let drawn = drawsNew ? example.new : example.baseline
            let side = drawsNew ? sign : -sign
            strata.append(Stratum(places: start..<scores.count, drawn: drawn.count, sign: side))
            observedTotal += side * drawn.sorted().reduce(0, +)
        }
        tolerance = 1e-9 * scores.reduce(0) { $0 + abs($1) }
    }

    mutating func drawTotal(using generator: inout SeededGenerator) -> Double {
        scores.withUnsafeMutableBufferPointer { scores in
            var total = 0.0
            for stratum in strata {
                // The first steps of a shuffle; what earlier draws left shuffled is as good a start as any.
                var sum = 0.0
                for place in stratum.places.prefix(stratum.drawn) {
                    let picked = place &+ Int(generator.next(below: UInt64(stratum.places.upperBound &- place)))
                    sum += scores[picked]
                    if stratum.drawn > 1 { scores.swapAt(place, picked) }
                }
                total += stratum.sign * sum
            }
            return total
        }
    }

    private static func inCanonicalOrder(_ examples: [ExchangeableTrials]) -> [ExchangeableTrials] {
        examples.map { (example: $0, key: $0.new.sorted() + [.infinity] + $0.baseline.sorted()) }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .map(\.example)
    }
}
