/// Draws of a binomial distribution by inversion of its cumulative distribution, which is tabulated once.
struct BinomialSampler {
    /// The value of the first entry.
    private let start: Int
    /// P(X <= start + place), ending at 1; what lies more than about nine standard deviations out is left out.
    private let cumulative: [Double]

    init(_ distribution: BinomialDistribution) {
        let (n, p) = (Double(distribution.trials), distribution.probability)
        let mode = min(distribution.trials, Int((n + 1) * p))
        // By the ratio of neighbours from the mode outwards; 1 at the mode.
        var above: [Double] = [1]
        var weight = 1.0
        for k in stride(from: mode + 1, through: distribution.trials, by: 1) {
            weight *= (n - Double(k) + 1) / Double(k) * (p / (1 - p))
            guard weight > Self.negligible else { break }
            above.append(weight)
        }
        var below: [Double] = []
        weight = 1
        for k in stride(from: mode, to: 0, by: -1) {
            weight *= Double(k) / (n - Double(k) + 1) * ((1 - p) / p)
            guard weight > Self.negligible else { break }
            below.append(weight)
        }
        let weights = below.reversed() + above
        let total = weights.reduce(0, +)
        var sum = 0.0
        cumulative = weights.map { weight in
            sum += weight
            return sum / total
        }
        start = mode - below.count
    }

    func draw(using generator: inout SeededGenerator) -> Int {
        let unit = generator.nextUnit()
        var (low, high) = (0, cumulative.count - 1)
        while low < high {
            let middle = low + (high - low) / 2
            if cumulative[middle] > unit { high = middle } else { low = middle + 1 }
        }
        return start + low
    }

    private static let negligible = 1e-18
}
