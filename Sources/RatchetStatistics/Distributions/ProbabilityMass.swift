/// A distribution over consecutive whole numbers, for exact convolution in doubles.
///
/// Every entry is a sum of products of positive numbers, so each keeps a relative accuracy of about 1e-13,
/// in the far tails too; only entries below the smallest normal double (2e-308) are dropped.
struct ProbabilityMass: Sendable {
    /// The value of the first entry.
    private(set) var start: Int
    private(set) var probabilities: [Double]

    static func certain(_ value: Int) -> ProbabilityMass { ProbabilityMass(start: value, probabilities: [1]) }

    /// One of two values with probability 1/2 each; first < second.
    static func either(_ first: Int, _ second: Int) -> ProbabilityMass {
        var probabilities = [Double](repeating: 0, count: max(1, second - first + 1))
        probabilities[0] += 0.5
        probabilities[probabilities.count - 1] += 0.5
        return ProbabilityMass(start: first, probabilities: probabilities)
    }

    /// Passes among `drawn` of `total` trials of which `passes` passed:
    /// P(x) = C(passes, x) C(total - passes, drawn - x) / C(total, drawn).
    ///
    /// Requires 0 <= passes, drawn <= total. By the ratio of neighbours from the mode outwards, then normalised.
    static func hypergeometric(total: Int, passes: Int, drawn: Int) -> ProbabilityMass {
        let first = max(0, drawn - (total - passes))
        let last = min(drawn, passes)
        func ratioUp(_ x: Int) -> Double {
            Double(passes - x) * Double(drawn - x) / (Double(x + 1) * Double(total - passes - drawn + x + 1))
        }
        var weights = [Double](repeating: 1, count: last - first + 1)
        let mode = min(last, max(first, (drawn + 1) * (passes + 1) / (total + 2)))
        for x in stride(from: mode, to: last, by: 1) { weights[x + 1 - first] = weights[x - first] * ratioUp(x) }
        for x in stride(from: mode - 1, through: first, by: -1) {
            weights[x - first] = weights[x + 1 - first] / ratioUp(x)
        }
        let sum = weights.reduce(0, +)
        return ProbabilityMass(start: first, probabilities: weights.map { $0 / sum })
    }

    /// The distribution of the sum of two independent values.
    func convolved(with other: ProbabilityMass) -> ProbabilityMass {
        let (short, long) = probabilities.count < other.probabilities.count ? (self, other) : (other, self)
        var sums = [Double](repeating: 0, count: short.probabilities.count + long.probabilities.count - 1)
        sums.withUnsafeMutableBufferPointer { sums in
            long.probabilities.withUnsafeBufferPointer { long in
                for (shift, factor) in short.probabilities.enumerated() where factor > 0 {
                    addMultiple(factor, of: long, to: UnsafeMutableBufferPointer(rebasing: sums[shift...]))
                }
            }
        }
        return ProbabilityMass(start: start + other.start, probabilities: sums).trimmed()
    }

    /// The distribution of the sum of `count` independent values, by repeated squaring.
    func summed(count: Int) -> ProbabilityMass {
        var result = ProbabilityMass.certain(0)
        var square = self
        var remaining = count
        while remaining > 0 {
            if remaining & 1 == 1 { result = result.convolved(with: square) }
            remaining >>= 1
            if remaining > 0 { square = square.convolved(with: square) }
        }
        return result
    }

    func probability(of value: Int) -> Double {
        probabilities.indices.contains(value - start) ? probabilities[value - start] : 0
    }

    /// P(X <= value), added up from the far end.
    func probability(atMost value: Int) -> Double {
        guard value >= start else { return 0 }
        return min(1, probabilities.prefix(value - start + 1).reduce(0, +))
    }

    /// P(X >= value), added up from the far end.
    func probability(atLeast value: Int) -> Double {
        min(1, probabilities.dropFirst(max(0, value - start)).reversed().reduce(0, +))
    }

    private func trimmed() -> ProbabilityMass {
        func isKept(_ probability: Double) -> Bool { probability >= Double.leastNormalMagnitude }
        guard let first = probabilities.firstIndex(where: isKept), let last = probabilities.lastIndex(where: isKept),
            last - first + 1 < probabilities.count
        else { return self }
        return ProbabilityMass(start: start + first, probabilities: Array(probabilities[first...last]))
    }
}

/// Adds to the first places of the sums. A function of its own, whose loop is compiled to vector instructions.
@inline(never)
private func addMultiple(
    _ factor: Double, of values: UnsafeBufferPointer<Double>, to sums: UnsafeMutableBufferPointer<Double>
) {
    for place in values.indices { sums[place] += factor * values[place] }
}
