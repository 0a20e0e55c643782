import Glibc

/// The test of paired differences that assumes only that each could as well have had the other sign (Fisher 1935).
///
/// Statistic: the sum, and so the mean, of the differences. Right for skewed and bounded scores, where the signed ranks
/// of Wilcoxon answer another question. Where examples share a generation, their sum is one difference.
package struct SignFlipTest: Hashable, Sendable {
    package let mean: Double
    package let p: PValues

    /// How many differences other than 0 the exact test takes: 2^40 sign vectors, as pairs of 2^20 halves.
    package static let mostForExact = 40

    /// Over all 2^n sign vectors, the observed one included: `less` is the share with a sum <= the observed,
    /// `greater` >=, two-sided the share with |sum| >= |observed sum|.
    ///
    /// Sums that differ by at most 1e-9 Σ|d| count as equal, so that ties of decimal fractions are ties.
    /// - Returns: `nil` without a difference, with one that is not finite, or with more than `mostForExact` other
    ///   than 0.
    package static func exact(_ differences: [Double]) -> SignFlipTest? {
        guard let mean = Sample.mean(differences) else { return nil }
        // A 0 halves and doubles: it changes no share.
        let sizes = differences.map(abs).filter { $0 > 0 }.sorted()
        guard sizes.count <= mostForExact else { return nil }
        let observed = sizes.isEmpty ? 0 : differences.sorted { abs($0) < abs($1) }.reduce(0, +)
        let tolerance = 1e-9 * sizes.reduce(0, +)
        let flips = SignFlips(sizes)
        let greater = flips.share(atLeast: observed - tolerance)
        // The distribution of the sum is symmetric about 0.
        let less = flips.share(atLeast: -observed - tolerance)
        let outer = abs(observed) - tolerance
        return SignFlipTest(
            mean: mean,
            p: PValues(
                less: less, greater: greater, twoSided: outer <= 0 ? 1 : min(1, 2 * flips.share(atLeast: outer))))
    }
}

extension PermutationTest {
    /// The sign-flip test of any number of paired differences, by random sign vectors.
    ///
    /// For differences of groups, pass `Groups.sums`: at least `fewestGroups(forLevel:)` of them.
    /// - Returns: `nil` with a difference that is not finite.
    package static func signFlip(
        _ differences: [Double], direction: Direction = .less, seed: UInt64, draws: Int = standardDraws,
        stopAt enough: Int = enoughExceedances
    ) -> PermutationTest? {
        let pairs = differences.compactMap(ExchangeableTrials.pair)
        guard pairs.count == differences.count else { return nil }
        return PermutationTest(pairs, direction: direction, seed: seed, draws: draws, stopAt: enough)
    }

    /// The fewest differences other than 0 whose sign-flip test can reach a one-sided level: the smallest n with
    /// 2^-n <= level. 7 for 1 %.
    package static func fewestGroups(forLevel level: Double) -> Int? {
        guard level > 0, level <= 1 else { return nil }
        return (0...1_074).first { pow(0.5, Double($0)) <= level }
    }
}

/// All signed sums of some sizes, as two sorted halves: a sum is one of the first plus one of the second (Horowitz and
/// Sahni 1974).
private struct SignFlips {
    private let first: [Double]
    private let second: [Double]

    init(_ sizes: [Double]) {
        // Dealt out in turn, so that both halves span the whole range.
        first = Self.sums(stride(from: 0, to: sizes.count, by: 2).map { sizes[$0] })
        second = Self.sums(stride(from: 1, to: sizes.count, by: 2).map { sizes[$0] })
    }

    func share(atLeast limit: Double) -> Double {
        var count = 0
        var reach = second.count
        for sum in first {
            while reach > 0, sum + second[reach - 1] >= limit { reach -= 1 }
            count += second.count - reach
        }
        return Double(count) / (Double(first.count) * Double(second.count))
    }

    /// In ascending order, by merging the sums with + and with -.
    private static func sums(_ sizes: [Double]) -> [Double] {
        sizes.reduce(into: [0.0]) { sums, size in
            var merged: [Double] = []
            merged.reserveCapacity(2 * sums.count)
            var upper = 0
            for sum in sums {
                while upper < sums.count, sums[upper] + size < sum - size {
                    merged.append(sums[upper] + size)
                    upper += 1
                }
                merged.append(sum - size)
            }
            merged.append(contentsOf: sums[upper...].map { $0 + size })
            sums = merged
        }
    }
}
