/// The gate's aggregate test: did these examples, together, get worse?
///
/// Null hypothesis: the change did nothing to any example, so inside every example the baseline and the new trials
/// are exchangeable. Given an example's total passes t among its N = m + k trials, its new passes are
/// Hypergeometric(N, t, k), independently of the others; the statistic is their sum S. Its distribution is exact, by
/// convolution. With one trial on each side this is the one-sided test of McNemar 1947, and its mid-p version that
/// of Fagerland, Lydersen and Laake 2013 (BMC Medical Research Methodology 13:91).
///
/// An example whose trials all passed or all failed, or that has trials on one side only, adds a constant to S and
/// costs nothing.
package struct StratifiedPermutation: Hashable, Sendable {
    /// S, the passes among all new trials.
    package let newPasses: Int
    /// How many examples could have come out otherwise; the others say nothing.
    package let informativeExamples: Int
    /// P(S <= s): small when the new side passes less.
    package let pLess: Double
    /// `pLess` minus half of P(S = s): the p-value the gate uses.
    package let pLessMid: Double
    /// P(S >= s): small when the new side passes more.
    package let pGreater: Double
    package let pGreaterMid: Double

    /// The result does not depend, to the bit, on the order of the examples.
    package static func test(_ examples: [PassCountPair]) -> StratifiedPermutation {
        let newPasses = examples.reduce(0) { $0 + $1.new.passes }
        let strata = examples.compactMap(Stratum.init)
        let constant = newPasses - strata.reduce(0) { $0 + $1.newPasses }
        let distribution = distributionOfSum(strata.map(\.shape))
        return StratifiedPermutation(
            distribution, statistic: newPasses - constant, newPasses: newPasses, informativeExamples: strata.count)
    }

    private init(_ distribution: ProbabilityMass, statistic: Int, newPasses: Int, informativeExamples: Int) {
        let half = distribution.probability(of: statistic) / 2
        let less = distribution.probability(atMost: statistic)
        let greater = distribution.probability(atLeast: statistic)
        self.newPasses = newPasses
        self.informativeExamples = informativeExamples
        self.pLess = less
        self.pLessMid = less - half
        self.pGreater = greater
        self.pGreaterMid = greater - half
    }

    /// Examples of the same shape are added up by repeated squaring, shape after shape in a fixed order.
    private static func distributionOfSum(_ shapes: [Stratum.Shape]) -> ProbabilityMass {
        var counts: [Stratum.Shape: Int] = [:]
        for shape in shapes { counts[shape, default: 0] += 1 }
        return counts.sorted { $0.key < $1.key }.reduce(ProbabilityMass.certain(0)) { sum, group in
            let (shape, count) = group
            let one = ProbabilityMass.hypergeometric(
                total: shape.trials, passes: shape.passes, drawn: shape.newTrials)
            return sum.convolved(with: one.summed(count: count))
        }
    }
}

/// An example whose outcome is not settled by its totals.
private struct Stratum {
    struct Shape: Hashable, Comparable {
        let trials: Int
        let passes: Int
        let newTrials: Int

        static func < (left: Shape, right: Shape) -> Bool {
            (left.trials, left.passes, left.newTrials) < (right.trials, right.passes, right.newTrials)
        }
    }

    let shape: Shape
    let newPasses: Int

    init?(_ example: PassCountPair) {
        let total = example.baseline + example.new
        guard example.baseline.trials > 0, example.new.trials > 0, total.passes > 0, total.passes < total.trials
        else { return nil }
        shape = Shape(trials: total.trials, passes: total.passes, newTrials: example.new.trials)
        newPasses = example.new.passes
    }
}
