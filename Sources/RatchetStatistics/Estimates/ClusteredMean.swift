/// A mean whose values are correlated inside clusters, with standard errors that say so.
///
/// With residuals r, n values and G clusters. The interval and test use CR1 with t(G - 1), the only one of these whose
/// false alarms stay near the nominal level for few clusters.
package struct ClusteredMean: Hashable, Sendable {
    package let mean: Double
    package let clusterCount: Int
    /// sd / √n, as if there were no clusters; 0 for one value.
    package let independentStandardError: Double
    /// √(sd²/n + (1/n²) Σ_c Σ_{i≠j in c} r_i r_j) (Miller 2024, arXiv 2411.00640, equation 4); `nil` when the sum under
    /// the root is negative.
    package let millerStandardError: Double?
    /// √(Σ_c (Σ_{i in c} r_i)²) / n (Liang and Zeger 1986).
    package let cr0StandardError: Double
    /// With CR1 = CR0 √(G / (G - 1)) as its standard error; `nil` for one cluster.
    package let test: MeanTTest?

    /// `nil` without a value, with one that is not finite, when the lists differ in length, or unless 0 < level < 1.
    package init?<Cluster: Hashable>(values: [Double], clusters: [Cluster], level: Double = 0.95) {
        guard level > 0, level < 1, let mean = Sample.mean(values),
            let sums = Groups.sums(values.map({ $0 - mean }), by: clusters)
        else { return nil }
        let n = Double(values.count)
        let independentVariance = (Sample.variance(values) ?? 0) / n
        let clusterSquares = sums.reduce(0) { $0 + $1 * $1 }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let millerVariance = independentVariance + (clusterSquares - squares) / (n * n)
        let cr0 = clusterSquares.squareRoot() / n

        self.mean = mean
        self.clusterCount = sums.count
        self.independentStandardError = independentVariance.squareRoot()
        self.millerStandardError = millerVariance >= 0 ? millerVariance.squareRoot() : nil
        self.cr0StandardError = cr0
        let groups = Double(sums.count)
        self.test = MeanTTest(
            mean: mean, standardError: sums.count > 1 ? cr0 * (groups / (groups - 1)).squareRoot() : 0,
            degreesOfFreedom: groups - 1, level: level)
    }
}
