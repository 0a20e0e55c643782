import RatchetCore
import RatchetJSON
import RatchetStatistics

/// The quantiles of times that are worth printing.
struct LatencySummary {
    /// 59: below, the distribution-free upper limit of a 95th percentile does not exist.
    static let fewestForP95 = QuantileRankInterval.fewestValues(quantile: 0.95) ?? .max

    /// `nil` without a value.
    let p50: Double?
    /// `nil` below `fewestForP95` values.
    let p95: Double?

    /// - Parameter values: Ascending.
    init(_ values: [Double]) {
        p50 = Sample.quantile(0.5, ofSorted: values)
        p95 = values.count >= Self.fewestForP95 ? Sample.quantile(0.95, ofSorted: values) : nil
    }

    /// Milliseconds, to the microsecond.
    var json: JSONValue { ["p50": Self.rounded(p50), "p95": Self.rounded(p95)] }

    private static func rounded(_ value: Double?) -> JSONValue { .double(value.map { ($0 * 1000).rounded() / 1000 }) }
}

extension RunMetrics {
    /// The `metrics` object of the JSON reports; what is unknown is `null`.
    package var json: JSONValue {
        [
            "calls": .int(calls), "cached": .int(cached), "judge_calls": .int(judgeCalls),
            "input_tokens": .int(inputTokens), "output_tokens": .int(outputTokens), "cost_usd": Self.money(costUSD),
            "cached_tokens": .int(cachedTokens), "cached_cost_usd": Self.money(cachedCostUSD), "control_calls": .int(controlCalls),
            "control_cost_usd": Self.money(controlCostUSD), "spent_usd": Self.money(spentUSD),
            "unpriced_calls": .int(unpricedCalls), "judge_cost_usd": Self.money(judgeCostUSD),
            "latency_ms": LatencySummary(latencies).json, "ttft_ms": LatencySummary(timesToFirstToken).json,
        ]
    }

    /// To a billionth of a dollar: below are only the rounding errors of the sum.
    private static func money(_ amount: Double?) -> JSONValue { .double(amount.map { ($0 * 1e9).rounded() / 1e9 }) }
}
