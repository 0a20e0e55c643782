import RatchetStatistics

/// New minus before, one difference an example, of examples some of which share a generation (`group`).
struct GroupedDifferences: Sendable {
    let values: [Double]
    private let groups: [String?]

    init(_ values: [Double], groups: [String?]) {
        self.values = values
        self.groups = groups
    }

    /// `nil` without a difference.
    var mean: Double? { Sample.mean(values) }

    /// Where examples share a generation, the trials of a group are exchanged as one (GATE.md 1.5): the sign-flip test of
    /// the groups' summed differences, for a fall. `nil` where no two examples do.
    func pLessByGroup(seed: UInt64) -> Double? {
        guard groups.contains(where: { $0 != nil }) else { return nil }
        let clusters = clusters
        guard Set(clusters).count < values.count, let sums = Groups.sums(values, by: clusters) else { return nil }
        return PermutationTest.signFlip(sums, seed: seed)?.p
    }

    /// The one-sided t test of a drop, clustered where examples share a generation; `nil` for one example.
    func robustTest(level: Double) -> MeanTTest? {
        guard groups.contains(where: { $0 != nil }) else { return PairedTTest(differences: values, level: level)?.test }
        return ClusteredMean(values: values, clusters: clusters, level: level)?.test
    }

    private var clusters: [Cluster] {
        groups.enumerated().map { Cluster(group: $1, place: $1 == nil ? $0 : 0) }
    }

    /// An example without a group is a cluster of its own.
    private struct Cluster: Hashable {
        var group: String?
        var place: Int
    }
}
