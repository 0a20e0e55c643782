/// Whether units were assigned to the arms of an experiment as planned; if not, no comparison of the arms means
/// anything.
///
/// Pearson's 1900 chi-square of the counts o against the planned shares e: Σ (o - e)² / e with one degree of freedom
/// less than there are arms. Called a sample ratio mismatch (SRM) when p < 0.001.
package struct SampleRatioTest: Hashable, Sendable {
    package let chiSquare: Double
    package let degreesOfFreedom: Int
    package let p: Double

    /// Below this p the split is not as planned.
    package static let threshold = 0.001

    package var isMismatch: Bool { p < Self.threshold }

    /// - Parameters:
    ///   - observed: units in each arm.
    ///   - weights: the planned proportions, in any unit.
    /// - Returns: `nil` with fewer than two arms or no unit at all, unless there is one finite weight above 0 for
    ///   each arm, or with a count below 0.
    package init?(observed: [Int], weights: [Double]) {
        let total = observed.reduce(0.0) { $0 + Double($1) }
        let weightSum = weights.reduce(0, +)
        guard observed.count >= 2, observed.count == weights.count, observed.allSatisfy({ $0 >= 0 }), total > 0,
            weights.allSatisfy({ $0 > 0 }), weightSum.isFinite,
            let distribution = ChiSquareDistribution(degreesOfFreedom: Double(observed.count - 1))
        else { return nil }
        let sum = zip(observed, weights).reduce(0.0) { sum, arm in
            let expected = total * (arm.1 / weightSum)
            let deviation = Double(arm.0) - expected
            return sum + deviation / expected * deviation
        }
        guard let tails = distribution.tails(sum) else { return nil }
        self.chiSquare = sum
        self.degreesOfFreedom = observed.count - 1
        self.p = tails.upper
    }
}
