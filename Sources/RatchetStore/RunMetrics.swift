import GRDB
import RatchetCore

/// What a run's calls came to. A figure that is unknown for every call is `nil`, never 0.
package struct RunMetrics: Hashable, Sendable {
    /// Requests of trials, answered or not.
    package var calls = 0
    /// Those of `calls` that the cache answered.
    package var cached = 0
    /// Requests of judges, those that the cache answered included.
    package var judgeCalls = 0
    /// Tokens of the trials' requests, over the calls whose counts are known; a cached answer counts as what it took to
    /// generate.
    package var inputTokens: Int?
    package var outputTokens: Int?
    /// US dollars of the trials' requests, over the calls whose cost is known; a cached answer counts as what it cost to
    /// generate.
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

extension Store {
    /// The figures of a run, or of one suite of it. Control trials are left out by default: they run the accepted version,
    /// not the one under test.
    package func metrics(
        run name: String, suite: String? = nil, roles: Set<Draw.Role> = [.run, .record]
    ) throws(StoreError) -> RunMetrics {
        try read { database in
            let run = try database.existingRunID(name)
            let roles = roles.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
            let selection = "t.run = ?1 AND (?2 IS NULL OR t.suite = ?2) AND t.role IN (\(roles))"
            var metrics = RunMetrics()
            try database.forEachRow(
                """
                SELECT count(*), total(r.isCached), \(Self.sum("r.inputTokens")), \(Self.sum("r.outputTokens")),
                    sum(r.cost), total(r.cost IS NULL)
                FROM trial t JOIN request r ON r.id = t.request WHERE \(selection)
                """, run, suite
            ) { row in
                metrics.calls = row.next()
                metrics.cached = row.next()
                metrics.inputTokens = row.next()
                metrics.outputTokens = row.next()
                metrics.costUSD = row.next()
                metrics.unpricedCalls = row.next()
            }
            try database.forEachRow(
                """
                SELECT count(*), sum(r.cost) FROM trial t JOIN judge_request j ON j.trial = t.id
                JOIN request r ON r.id = j.request WHERE \(selection)
                """, run, suite
            ) { row in
                metrics.judgeCalls = row.next()
                metrics.judgeCostUSD = row.next()
            }
            for (column, figure) in [
                ("latency", \RunMetrics.latencies), ("timeToFirstToken", \RunMetrics.timesToFirstToken),
            ] {
                metrics[keyPath: figure] = try database.rows(
                    """
                    SELECT r.\(column) FROM trial t JOIN request r ON r.id = t.request
                    WHERE \(selection) AND NOT r.isCached AND r.output IS NOT NULL AND r.\(column) IS NOT NULL
                    ORDER BY r.\(column)
                    """, run, suite
                ) { $0.next(Double.self) }
            }
            return metrics
        }
    }

    /// A sum of whole numbers that stays NULL when none is known, and does not fail on absurd counts as `sum` would.
    private static func sum(_ column: String) -> String {
        "CASE WHEN count(\(column)) > 0 THEN CAST(total(\(column)) AS INTEGER) END"
    }
}
