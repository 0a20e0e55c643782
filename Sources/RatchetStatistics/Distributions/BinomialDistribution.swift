import Glibc

/// How many of n independent trials succeed when each does with probability p.
package struct BinomialDistribution: Hashable, Sendable {
    package let trials: Int
    package let probability: Double

    /// `nil` unless 0 <= trials <= 1e9 and 0 < probability < 1.
    package init?(trials: Int, probability: Double) {
        guard (0...PassCount.mostTrials).contains(trials), probability > 0, probability < 1 else { return nil }
        self.trials = trials
        self.probability = probability
    }

    /// P(X <= k) = I_{1-p}(n - k, k + 1) and P(X > k) (Abramowitz and Stegun 1964, 26.5.24).
    package func tails(_ k: Int) -> TailProbabilities {
        guard k >= 0 else { return TailProbabilities(lower: 0, upper: 1) }
        guard k < trials,
            let tails = IncompleteBeta.tails(
                1 - probability, complement: probability, a: Double(trials - k), b: Double(k + 1))
        else { return TailProbabilities(lower: 1, upper: 0) }
        return tails
    }

    /// P(X >= k).
    package func atLeast(_ k: Int) -> Double { tails(k - 1).upper }

    /// P(X = k), by the saddle-point form of Loader 2000, "Fast and accurate computation of binomial probabilities".
    package func mass(_ k: Int) -> Double {
        guard (0...trials).contains(k) else { return 0 }
        let (successes, failures, n) = (Double(k), Double(trials - k), Double(trials))
        if k == 0 { return exp(n * log1p(-probability)) }
        if k == trials { return exp(n * log(probability)) }
        // C(n, k) = n / (k (n - k) B(k, n - k)).
        return IncompleteBeta.powerTerm(probability, complement: 1 - probability, a: successes, b: failures)
            * (n / successes / failures)
    }
}
