/// A figure of a run that a policy can bound.
package enum Metric: String, Codable, Hashable, Sendable, CaseIterable {
    /// US dollars, tokens: the mean over the calls of trials.
    case costUSD = "cost_usd"
    case inputTokens = "input_tokens"
    case outputTokens = "output_tokens"
    /// Milliseconds: quantiles over the answers generated in the run.
    case latencyP50 = "latency_p50"
    case latencyP95 = "latency_p95"
    case ttftP50 = "ttft_p50"
    case ttftP95 = "ttft_p95"
    /// The mean over examples of their trials' scores, in 0...1: of graded checks, which a pass rate hides.
    case score

    /// Whether all calls of a run share the noise of the provider's load, so that one run says little (GATE.md 5.2).
    package var isTime: Bool {
        switch self {
        case .costUSD, .inputTokens, .outputTokens, .score: false
        case .latencyP50, .latencyP95, .ttftP50, .ttftP95: true
        }
    }
}

/// What a policy allows of a metric.
package struct MetricBudget: Hashable, Sendable {
    /// In the metric's unit.
    package var max: Double?
    /// Over the accepted run, as a share: 0.2 for a fifth more.
    package var maxIncrease: Double?
    /// Of a metric that is better when it is higher, in its unit.
    package var min: Double?
    /// Below the accepted records, in the metric's unit.
    package var maxDrop: Double?

    package init(max: Double? = nil, maxIncrease: Double? = nil, min: Double? = nil, maxDrop: Double? = nil) {
        self.max = max
        self.maxIncrease = maxIncrease
        self.min = min
        self.maxDrop = maxDrop
    }

    /// Whether a change is bounded, which statistics have to judge.
    package var boundsChange: Bool { maxIncrease != nil || maxDrop != nil }
}

/// What one example's calls took, over the trials of a run: means; `nil` where unknown.
package struct ExampleUsage: Hashable, Sendable {
    package var costUSD: Double?
    package var inputTokens: Double?
    package var outputTokens: Double?
    package var latency: Double?
    package var timeToFirstToken: Double?

    package init(
        costUSD: Double? = nil, inputTokens: Double? = nil, outputTokens: Double? = nil, latency: Double? = nil,
        timeToFirstToken: Double? = nil
    ) {
        self.costUSD = costUSD
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.latency = latency
        self.timeToFirstToken = timeToFirstToken
    }

    package func value(_ metric: Metric) -> Double? {
        switch metric {
        case .costUSD: costUSD
        case .inputTokens: inputTokens
        case .outputTokens: outputTokens
        case .latencyP50, .latencyP95: latency
        case .ttftP50, .ttftP95: timeToFirstToken
        case .score: nil
        }
    }
}
