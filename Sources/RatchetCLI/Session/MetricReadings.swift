import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetJSON
import RatchetStore

/// What the store and the baseline's files know of a run's metrics, for the policy's budgets.
struct MetricReadings {
    let store: Store
    let folder: ProjectFolder

    /// Runs of history that are looked at.
    private static let history = 30

    func evidence(_ header: RunHeader, suite: RunSuite, baseline: Baseline?, budgets: [Metric: MetricBudget]) throws -> MetricEvidence {
        var evidence = MetricEvidence(now: try store.metrics(run: header.id, suite: suite.suite, roles: [.run]))
        guard budgets.values.contains(where: { $0.maxIncrease != nil }), let baseline else { return evidence }
        evidence.before = accepted(baseline)
        // The accepted run itself, where it is recorded here: the same examples on both sides.
        if let run = baseline.records.flatMap(\.batches).max(by: { $0.date < $1.date })?.run, (try? store.run(run)) != nil {
            evidence.usage = try store.usage(run: header.id, suite: suite.suite, role: .run)
            evidence.usageBefore = try store.usage(run: run, suite: suite.suite, role: .run)
        }
        if budgets.contains(where: { $0.key.isTime && $0.value.maxIncrease != nil }) {
            evidence.history = try history(before: header, suite: suite)
        }
        return evidence
    }

    /// Two versions that were asked in turn.
    func interleaved(_ header: RunHeader, suite: RunSuite) throws -> MetricEvidence {
        var evidence = MetricEvidence(
            now: try store.metrics(run: header.id, suite: suite.suite, roles: [.run]),
            usage: try store.usage(run: header.id, suite: suite.suite, role: .run),
            usageBefore: try store.usage(run: header.id, suite: suite.suite, role: .control), isInterleaved: true,
            timesBefore: try store.metrics(run: header.id, suite: suite.suite, roles: [.control]))
        // A recording's times were not taken in turn, whatever the order in which it is read.
        if suite.isDeterministic { evidence = evidence.withoutTimes }
        return evidence
    }

    /// Two recorded runs: what they took is shown, example by example; their times were not asked in turn.
    func compared(_ before: RunHeader, _ after: RunHeader, suite: RunSuite) throws -> MetricEvidence {
        var evidence = MetricEvidence(
            now: try store.metrics(run: after.id, suite: suite.suite, roles: [.run]),
            usage: try store.usage(run: after.id, suite: suite.suite, role: .run),
            usageBefore: try store.usage(run: before.id, suite: suite.suite, role: .run))
        evidence.isShown = true
        return evidence
    }

    /// The accepted run's figures as they were committed.
    private func accepted(_ baseline: Baseline) -> [Metric: Double] {
        let metrics = BaselineFile(folder).readMetrics(suite: baseline.suite, name: baseline.name).metrics?["metrics"]
        guard let metrics, let calls = metrics["calls"]?.doubleValue, calls > 0 else { return [:] }
        var found: [Metric: Double] = [:]
        for metric in [Metric.costUSD, .inputTokens, .outputTokens] {
            found[metric] = metrics[metric.rawValue]?.doubleValue.map { $0 / calls }
        }
        for (metric, group, quantile) in [
            (Metric.latencyP50, "latency_ms", "p50"), (.latencyP95, "latency_ms", "p95"), (.ttftP50, "ttft_ms", "p50"),
            (.ttftP95, "ttft_ms", "p95"),
        ] {
            found[metric] = metrics[group]?[quantile]?.doubleValue
        }
        return found
    }

    /// One figure of each passed run before.
    private func history(before header: RunHeader, suite: RunSuite) throws -> [Metric: [Double]] {
        var found: [Metric: [Double]] = [:]
        for run in try store.runs(limit: Self.history)
        where run.header.id != header.id && run.header.state == .finished && run.header.parent == nil
            && run.exit?["name"]?.stringValue == ExitCode.passed.name
            && run.header.suites.contains(where: { $0.suite == suite.suite && $0.target == suite.target })
        {
            let metrics = try store.metrics(run: run.header.id, suite: suite.suite, roles: [.run])
            for metric in Metric.allCases where metric.isTime {
                if let value = metrics.value(metric), value > 0 { found[metric, default: []].append(value) }
            }
        }
        return found
    }
}
