import GRDB
import RatchetCore

extension Store {
    /// The figures of a run, or of one suite of it. Control trials are left out by default: they run the accepted
    /// version, not the one under test.
    package func metrics(
        run name: String, suite: String? = nil, roles: Set<Draw.Role> = [.run, .record]
    ) throws(StoreError) -> RunMetrics {
        try read { database in
            let run = try database.existingRunID(name)
            let names = roles.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
            let selection = "t.run = ?1 AND (?2 IS NULL OR t.suite = ?2) AND t.role IN (\(names))"
            var metrics = RunMetrics()
            try database.forEachRow(
                """
                SELECT count(*), total(r.isCached), \(Self.sum("r.inputTokens")), \(Self.sum("r.outputTokens")),
                    sum(r.cost), total(r.cost IS NULL), \(Self.sum("r.cachedTokens")), sum(CASE WHEN r.isCached THEN r.cost END)
                FROM trial t JOIN request r ON r.id = t.request WHERE \(selection)
                """, run, suite
            ) { row in
                metrics.calls = row.next()
                metrics.cached = row.next()
                metrics.inputTokens = row.next()
                metrics.outputTokens = row.next()
                metrics.costUSD = row.next()
                metrics.unpricedCalls = row.next()
                metrics.cachedTokens = row.next()
                metrics.cachedCostUSD = row.next()
            }
            if roles != [.control] {
                try database.forEachRow(
                    """
                    SELECT count(*), sum(CASE WHEN NOT r.isCached THEN r.cost END) FROM trial t JOIN request r ON r.id = t.request
                    WHERE t.run = ?1 AND (?2 IS NULL OR t.suite = ?2) AND t.role = 'control'
                    """, run, suite
                ) { row in
                    metrics.controlCalls = row.next()
                    metrics.controlCostUSD = row.next()
                }
            }
            try database.forEachRow(
                """
                SELECT count(*), sum(CASE WHEN NOT r.isCached THEN r.cost END) FROM trial t JOIN judge_request j ON j.trial = t.id
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

    /// What each example's calls took in a run: means over its trials of one role. Times are those of answers that were
    /// generated in the run.
    package func usage(run name: String, suite: String, role: Draw.Role) throws(StoreError) -> [String: ExampleUsage] {
        try read { database in
            let run = try database.existingRunID(name)
            var usage: [String: ExampleUsage] = [:]
            try database.forEachRow(
                """
                SELECT t.example, avg(r.cost), avg(r.inputTokens), avg(r.outputTokens),
                    avg(CASE WHEN NOT r.isCached THEN r.latency END), avg(CASE WHEN NOT r.isCached THEN r.timeToFirstToken END)
                FROM trial t JOIN request r ON r.id = t.request
                WHERE t.run = ?1 AND t.suite = ?2 AND t.role = ?3 AND r.output IS NOT NULL GROUP BY t.example
                """, run, suite, role.rawValue
            ) { row in
                let example = row.next(String.self)
                usage[example] = ExampleUsage(
                    costUSD: row.next(), inputTokens: row.next(), outputTokens: row.next(), latency: row.next(),
                    timeToFirstToken: row.next())
            }
            return usage
        }
    }

    /// A sum of whole numbers that stays NULL when none is known, and does not fail on absurd counts as `sum` would.
    private static func sum(_ column: String) -> String {
        "CASE WHEN count(\(column)) > 0 THEN CAST(total(\(column)) AS INTEGER) END"
    }
}
