/// How often an example that must pass raises an alarm by itself.
package enum MustPassAlarm {
    /// The chance of a failed trial that is followed by a majority of failures in a best of n: with q = 1 - p,
    /// q P(Binomial(n - 1, q) >= (n + 1)/2 - 1). For p = 0.9 and the best of five, one alarm in about 190 runs.
    /// - Returns: `nil` unless 0 <= passProbability <= 1, and n is odd and at least 1.
    package static func probability(passProbability: Double, bestOf trials: Int = 5) -> Double? {
        guard (0...1).contains(passProbability), trials >= 1, trials % 2 == 1 else { return nil }
        let failure = 1 - passProbability
        guard trials > 1, failure > 0, failure < 1 else { return failure }
        return BinomialDistribution(trials: trials - 1, probability: failure)
            .map { failure * $0.atLeast((trials - 1) / 2) }
    }
}
