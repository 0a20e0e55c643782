extension FlakinessPrior {
    /// The prior of a suite, by the gate's rule: from records of several trials by maximum likelihood, from records
    /// of at most one trial (which say nothing about flakiness) by assumption.
    ///
    /// Records without a trial are ignored; `nil` when no other is left.
    package static func fit(_ records: [PassCount]) -> FlakinessPrior? {
        let tried = records.filter { $0.trials > 0 }
        guard let most = tried.map(\.trials).max() else { return nil }
        return most > 1 ? fitMixture(tried) : assumed(forOneTrialRecords: tried)
    }

    /// The nonparametric maximum likelihood estimate of the mixing distribution on a grid
    /// (Kiefer and Wolfowitz 1956; EM steps of Laird 1978).
    ///
    /// Starts uniform; `steps` times w_j <- (Σ_i post_ij + c/K) / (n + c) with post_ij ∝ w_j p_j^s (1 - p_j)^(m - s),
    /// where c `pseudoExamples` spread over the K grid points keep any point from dying. Equal records are handled
    /// together, in a fixed order: the result does not depend, to the bit, on the order of the records.
    /// - Returns: `nil` for an unusable grid, or when there is neither a record nor a pseudo example.
    package static func fitMixture(
        _ records: [PassCount], grid: [Double] = standardGrid, steps: Int = 200, pseudoExamples: Double = 1
    ) -> FlakinessPrior? {
        let total = Double(records.count) + pseudoExamples
        guard !grid.isEmpty, pseudoExamples >= 0, total > 0, total.isFinite,
            let uniform = FlakinessPrior(
                grid: grid, weights: [Double](repeating: 1 / Double(grid.count), count: grid.count))
        else { return nil }
        // The weights are uniform, so a posterior is a likelihood scaled to sum to 1; only ratios matter below.
        let groups = countedRecords(records)
        let likelihoods = groups.flatMap { uniform.posterior(given: $0.record) }
        let counts = groups.map { Double($0.count) }
        var weights = uniform.weights
        for _ in 0..<max(0, steps) {
            var sums = [Double](repeating: pseudoExamples / Double(grid.count), count: grid.count)
            addPosteriors(counts: counts, likelihoods: likelihoods, weights: weights, to: &sums)
            weights = sums.map { $0 / total }
        }
        return FlakinessPrior(grid: grid, weights: weights)
    }

    /// The prior when every record is a single trial: 15 % of the mass evenly over the grid, and of the other 85 % the
    /// observed share of passes evenly on the points from 0.98 up, the share of failures on those to 0.01.
    private static func assumed(forOneTrialRecords records: [PassCount]) -> FlakinessPrior? {
        guard let passRate = records.reduce(PassCount.none, +).rate else { return nil }
        let spread = 0.15
        let highCount = standardGrid.count { $0 >= 0.98 }
        let lowCount = standardGrid.count { $0 <= 0.01 }
        let weights = standardGrid.map { point -> Double in
            let even = spread / Double(standardGrid.count)
            if point >= 0.98 { return even + (1 - spread) * passRate / Double(highCount) }
            if point <= 0.01 { return even + (1 - spread) * (1 - passRate) / Double(lowCount) }
            return even
        }
        return FlakinessPrior(weights: weights)
    }

    /// Adds the posterior of each group of equal records, times how many there are. The likelihoods of the groups
    /// follow one another, a row of the grid's length each.
    private static func addPosteriors(
        counts: [Double], likelihoods: [Double], weights: [Double], to sums: inout [Double]
    ) {
        let width = weights.count
        likelihoods.withUnsafeBufferPointer { likelihoods in
            for (group, count) in counts.enumerated() {
                let row = group &* width
                var norm = 0.0
                for j in 0..<width { norm += weights[j] * likelihoods[row &+ j] }
                guard norm > 0 else { continue }
                let factor = count / norm
                for j in 0..<width { sums[j] += factor * weights[j] * likelihoods[row &+ j] }
            }
        }
    }

    private static func countedRecords(_ records: [PassCount]) -> [(record: PassCount, count: Int)] {
        var counts: [PassCount: Int] = [:]
        for record in records { counts[record, default: 0] += 1 }
        return counts.map { (record: $0.key, count: $0.value) }
            .sorted { ($0.record.trials, $0.record.passes) < ($1.record.trials, $1.record.passes) }
    }
}
