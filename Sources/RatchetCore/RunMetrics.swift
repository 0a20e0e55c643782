/// What a run's calls came to. A figure that is unknown for every call is `nil`, never 0.
package struct RunMetrics: Hashable, Sendable {
    /// Requests of trials, answered or not.
    package var calls = 0
    /// Those of `calls` that the cache answered.
    package var cached = 0
    /// Requests of judges, those that the cache answered included.
    package var judgeCalls = 0
    /// Tokens of the trials' requests, over the calls whose counts are known; a cached answer counts as what it took
    /// to generate.
    package var inputTokens: Int?
    package var outputTokens: Int?
    /// US dollars of the trials' requests, over the calls whose cost is known; a cached answer counts as what it
    /// cost to generate.
    package var costUSD: Double?
    /// Those of the input tokens that the provider read from its own prompt cache.
    package var cachedTokens: Int?
    /// The part of `costUSD` that this run did not pay, since the cache had the answers.
    package var cachedCostUSD: Double?
    /// Requests of the accepted version, asked beside suspects, and what they cost.
    package var controlCalls = 0
    package var controlCostUSD: Double?
    /// Those of `calls` whose cost is not known.
    package var unpricedCalls = 0
    /// US dollars of the judges' requests that this run made.
    package var judgeCostUSD: Double?
    /// Milliseconds, ascending, of the answers that were generated in this run.
    package var latencies: [Double] = []
    /// Milliseconds to the first token of the same answers, ascending.
    package var timesToFirstToken: [Double] = []

    package init() {}

    /// US dollars that were really spent: on trials, control trials and judges; `nil` where nothing has a known cost.
    package var spentUSD: Double? {
        let known = [costUSD, controlCostUSD, judgeCostUSD].compactMap { $0 }
        return known.isEmpty ? nil : known.reduce(0, +) - (cachedCostUSD ?? 0)
    }
}
