import RatchetCore
import RatchetGate
import RatchetJSON
import RatchetReports
import SampleRuns
import Testing

@Suite("The JSON report")
struct JSONReportTests {
    private func value(_ run: SampleRun) throws -> JSONValue {
        try JSONValue(parsing: ReportForm.json.text(run.report))
    }

    private func suite(_ run: SampleRun) throws -> JSONValue {
        try #require(try value(run)["suites"]?.arrayValue?.first)
    }

    @Test("It has the documented keys, in their order")
    func keys() throws {
        let report = try value(.failed)
        #expect(report["format"] == "ratchet.run/1")
        #expect(report.objectValue?.keys == ["format", "run", "exit", "notes", "partial", "concurrency", "suites"])
        let suite = try suite(.failed)
        #expect(
            suite.objectValue?.keys == [
                "suite", "target", "prompt", "trials", "basis", "policy", "seed", "failed_rules", "counts",
                "transitions",
                "pass_rate", "delta", "slices", "effort", "alpha_budget", "alpha_spent", "order", "unproven", "broken_seen",
                "confirmation", "early_stop", "early_pass", "drift", "metric_results", "weakenings", "differences", "overrides", "judges", "metrics", "failure_kinds",
                "examples",
            ])
        #expect(
            suite["transitions"]?.objectValue?.keys == [
                "lost", "won", "regressed", "probable", "flaky", "unconfirmed", "new", "missing", "incomparable",
                "overridden", "known_failing_passed",
            ])
        let example = suite["examples"]?.arrayValue?.last
        #expect(
            example?.objectValue?.keys == [
                "id", "state", "verdict", "before", "now", "failed_rules", "log_e", "control", "note", "override", "trials",
            ])
        let check = example?["trials"]?.arrayValue?.first?["checks"]?.arrayValue?.first
        #expect(check?.objectValue?.keys == ["name", "type", "state", "score", "gating", "reason", "failure_kind"])
    }

    @Test("It says what was decided")
    func values() throws {
        let decision = SampleRun.failed.decided
        let suite = try suite(.failed)
        #expect(try value(.failed)["exit"] == ["code": 100, "name": "regressed", "all": ["regressed"]])
        #expect(suite["failed_rules"] == ["aggregate", "must_pass", "new", "missing"])
        #expect(suite["counts"] == ["examples": 58, "passed": 30, "failed": 27, "errored": 0, "unscored": 1])
        #expect(suite["transitions"]?["lost"] == .strings(decision.lost))
        #expect(suite["transitions"]?["missing"] == ["cancelled-order"])
        #expect(suite["transitions"]?["new"] == ["brand-new"])
        #expect(suite["delta"]?["value"]?.doubleValue == decision.aggregate?.delta.value)
        #expect(suite["delta"]?["p"]?.doubleValue == decision.aggregate?.p)
        #expect(suite["delta"]?["pairs"] == 55)
        #expect(suite["seed"] == "18364758544493064720")
        #expect(suite["basis"]?["kind"] == "baseline")
        #expect(suite["differences"]?.arrayValue?.first?["kind"] == "prompt")
        let critical = suite["examples"]?.arrayValue?.first { $0["id"] == "critical" }
        #expect(critical?["before"] == "5/5")
        #expect(critical?["now"] == "1/4")
        #expect(
            critical?["trials"]?.arrayValue?.compactMap { $0["draw"]?.stringValue } == [
                "run/1", "run/2", "run/3", "run/4",
            ])
        #expect(try self.suite(.passed)["transitions"]?["known_failing_passed"] == ["known-bad"])
        #expect(try self.suite(.passed)["transitions"]?["won"] == ["won-1", "won-2", "known-bad"])
        #expect(try self.suite(.override)["transitions"]?["overridden"] == ["tone-1"])
        #expect(try self.suite(.override)["overrides"]?.arrayValue?.first?["status"] == "used")
    }

    @Test("What is unknown is null")
    func unknown() throws {
        let suite = try suite(.noBaseline)
        #expect(suite["delta"] == .null)
        #expect(suite["basis"]?["kind"] == "no-baseline")
        #expect(suite["metrics"]?["cost_usd"] == .null)
        #expect(suite["metrics"]?["unpriced_calls"] == 3)
        #expect(suite["metrics"]?["latency_ms"] == ["p50": 205, "p95": .null])
        #expect(suite["metrics"]?["ttft_ms"] == ["p50": .null, "p95": .null])
        #expect(suite["examples"]?.arrayValue?.first?["before"] == .null)
        let errored = try self.suite(.outage)["examples"]?.arrayValue?.first { $0["id"] == "other" }
        #expect(errored?["now"] == .null)
        #expect(errored?["trials"]?.arrayValue?.first?["output"] == .null)
        #expect(errored?["trials"]?.arrayValue?.first?["error"] == "connection reset by peer")
        var nothing = SampleRun.outage
        nothing.examples = [SampleExample(id: "x", now: [.errored])]
        #expect(try self.suite(nothing)["pass_rate"] == .null)
        #expect(RunMetrics().json["input_tokens"] == .null)
    }

    @Test("There is a p95 from 59 values on")
    func p95() {
        var metrics = RunMetrics()
        metrics.latencies = (1...58).map(Double.init)
        #expect(metrics.json["latency_ms"]?["p95"] == .null)
        metrics.latencies = (0...100).map(Double.init)
        #expect(metrics.json.serialized().contains(#""latency_ms":{"p50":50,"p95":95}"#))
        metrics.costUSD = 0.1 + 0.2
        #expect(metrics.json["cost_usd"]?.numberValue?.literal == "0.3")
    }

    @Test("Examples are written one at a time")
    func streaming() throws {
        let read = Counter()
        var run = SampleRun.passed.report
        let source = run.forEachExample
        run.forEachExample = { suite, ids, body in
            try source(suite, ids) { example in
                read.examples += 1
                try body(example)
            }
        }
        try JSONReport.render(run) { _ in
            read.mostUnwritten = max(read.mostUnwritten, read.examples - read.writes)
            read.writes += 1
        }
        // Lost ones are looked at once more, for what they have in common.
        #expect(read.examples == 76 + run.decision.suites[0].lost.count)
        #expect(read.mostUnwritten <= 1)
    }

    private final class Counter: @unchecked Sendable {
        var examples = 0
        var writes = 0
        var mostUnwritten = 0
    }
}

@Suite("The schema of the JSON report")
struct RunSchemaTests {
    @Test("Every kind of run is valid by it", arguments: SampleRun.all.keys.sorted())
    func valid(_ name: String) throws {
        let report = try #require(SampleRun.all[name]).report
        let value = try JSONValue(parsing: ReportForm.json.text(report))
        let violations = try JSONSchema(RunSchema.schema, regex: NoPatterns()).validate(value)
        #expect(violations.isEmpty, "\(violations.map { "\($0.instance) \($0.message)" })")
    }
}

/// The schema has no pattern.
private struct NoPatterns: JSONRegexEngine {
    func compile(_ pattern: String, dialect: JSONRegexDialect) throws(JSONRegexError) -> any JSONRegex { throw JSONRegexError(message: "none here") }
    func accepts(_ pattern: String, dialect: JSONRegexDialect) -> Bool { false }
}
