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
    /// Those of `calls` whose cost is not known.
    package var unpricedCalls = 0
    /// US dollars of the judges' requests.
    package var judgeCostUSD: Double?
    /// Milliseconds, ascending, of the answers that were generated in this run.
    package var latencies: [Double] = []
    /// Milliseconds to the first token of the same answers, ascending.
    package var timesToFirstToken: [Double] = []

    package init() {}
}
