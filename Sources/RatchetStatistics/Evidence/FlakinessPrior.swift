import Glibc

/// How pass probabilities are distributed over a suite's examples: weights on a fixed grid of probabilities.
///
/// Learned from the records once per run; it is what says how surprising a failure is.
package struct FlakinessPrior: Hashable, Sendable {
    package let grid: [Double]
    /// One per grid point, not negative; sums to 1 when fitted.
    package let weights: [Double]

    private let logPass: [Double]
    private let logFail: [Double]
    private let logWeights: [Double]

    /// The grid the gate uses, dense near 1 where healthy examples live.
    package static let standardGrid: [Double] = [
        0.002, 0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85,
        0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999,
    ]

    /// `nil` unless there are as many weights as grid points, every point lies strictly between 0 and 1, and the
    /// weights are finite, not negative and not all 0.
    package init?(grid: [Double] = standardGrid, weights: [Double]) {
        guard grid.count == weights.count, grid.allSatisfy({ $0 > 0 && $0 < 1 }),
            weights.allSatisfy({ $0 >= 0 && $0.isFinite }), weights.contains(where: { $0 > 0 })
        else { return nil }
        self.grid = grid
        self.weights = weights
        logPass = grid.map { log($0) }
        logFail = grid.map { log1p(-$0) }
        logWeights = weights.map { log($0) }
    }

    /// The probability of each grid point for an example with this record: post_j ∝ w_j p_j^s (1 - p_j)^(m - s).
    package func posterior(given record: PassCount) -> [Double] {
        let terms = logTerms(record)
        let largest = terms.max() ?? 0
        let scaled = terms.map { exp($0 - largest) }
        let sum = scaled.reduce(0, +)
        return scaled.map { $0 / sum }
    }

    /// The probability that the next trial of an example with this record passes: Σ_j post_j p_j.
    package func predictivePassProbability(given record: PassCount) -> Double {
        zip(posterior(given: record), grid).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// The noise inside examples: the mean over the records of Σ_j post_j p_j (1 - p_j); `nil` without a record.
    ///
    /// This is the `meanWithinVariance` of the power statement.
    package func meanWithinVariance(of records: [PassCount]) -> Double? {
        guard !records.isEmpty else { return nil }
        var cache: [PassCount: Double] = [:]
        let sum = records.reduce(0.0) { sum, record in
            if let known = cache[record] { return sum + known }
            let variance = zip(posterior(given: record), grid).reduce(0) { $0 + $1.0 * $1.1 * (1 - $1.1) }
            cache[record] = variance
            return sum + variance
        }
        return sum / Double(records.count)
    }

    /// ln Σ_j w_j p_j^s (1 - p_j)^(m - s), the likelihood of a record under the mixture.
    func logMarginal(_ record: PassCount) -> Double {
        let terms = logTerms(record)
        let largest = terms.max() ?? 0
        return largest + log(terms.reduce(0) { $0 + exp($1 - largest) })
    }

    private func logTerms(_ record: PassCount) -> [Double] {
        let passes = Double(record.passes)
        let failures = Double(record.trials - record.passes)
        return grid.indices.map { logWeights[$0] + passes * logPass[$0] + failures * logFail[$0] }
    }
}
