import RatchetCore
import RatchetGate

/// A run for the test view of a CI system: JUnit XML, one test case an example, in the strict form of Ant's schema,
/// which Jenkins' takes as well.
///
/// What makes the gate fail is a failure: broken rules, regressions, and, when the pass rate fell, the lost examples.
/// An example that fails as it did in the baseline, is known to fail, lost without proof, or permitted is skipped; one
/// without an answer or a verdict is an error. A recorded example that is gone is a failed test case.
package enum JUnitReport {
    package static func render(_ report: RunReport, to write: (String) throws -> Void) throws {
        try write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n")
        for (place, suite) in report.decision.suites.enumerated() {
            try render(suite, place, report, to: write)
        }
        try write("</testsuites>\n")
    }

    private static func render(
        _ suite: SuiteDecision, _ place: Int, _ report: RunReport, to write: (String) throws -> Void
    ) throws {
        let missing = SuiteGroups(suite).missing
        // A pass rate can fall without any example lost, when each has several trials.
        let needsCase =
            suite.failedRules.contains(.aggregate)
            && !suite.examples.contains { JUnitResult($0, in: suite).isFailure }
        try write(opening(suite, place, report, furtherFailures: missing.count + (needsCase ? 1 : 0)))
        let name = suite.suite.suite
        try report.forEachExample(name, nil) { try write(testCase($0, in: suite)) }
        for id in missing {
            try write(failedCase(id, suite: name, type: GateRule.missing.rawValue, words: GateRule.missing.explanation))
        }
        if needsCase {
            try write(
                failedCase(
                    "pass_rate", suite: name, type: GateRule.aggregate.rawValue, words: summary(suite, report).passRate)
            )
        }
        try write(closing(suite, report))
    }

    private static func opening(
        _ suite: SuiteDecision, _ place: Int, _ report: RunReport, furtherFailures: Int
    ) -> String {
        let results = suite.examples.map { JUnitResult($0, in: suite) }
        let started = UniversalTime(secondsSince1970: report.header.started)
        let run = suite.suite
        let time = seconds(report.metrics[run.suite]?.latencies.reduce(0, +) ?? 0)
        let named = attributes([
            ("name", run.suite), ("timestamp", "\(started.day)T\(started.clock)"), ("hostname", "localhost"),
            ("tests", "\(results.count + furtherFailures)"),
            ("failures", "\(results.filter(\.isFailure).count + furtherFailures)"),
            ("errors", "\(results.filter(\.isError).count)"), ("skipped", "\(results.filter(\.isSkipped).count)"),
            ("time", time), ("package", "ratchet"), ("id", "\(place)"),
        ])
        var text = "  <testsuite \(named)>\n    <properties>\n"
        let exit = report.decision.exit
        let properties: [(String, String?)] = [
            ("run", report.header.id), ("target", run.target), ("prompt", run.prompt), ("basis", suite.basis.rawValue),
            ("exit", "\(exit.rawValue) \(exit.name)"),
        ]
        for (name, value) in properties {
            guard let value else { continue }
            text += "      <property \(attributes([("name", name), ("value", value)]))/>\n"
        }
        return text + "    </properties>\n"
    }

    /// The suite's figures, and the verdict where the run did not simply pass.
    private static func closing(_ suite: SuiteDecision, _ report: RunReport) -> String {
        let summary = summary(suite, report)
        let figures = [summary.heading, summary.basis, summary.counts, summary.passRate, summary.sight].compactMap {
            $0
        }
        let lines = figures + summary.usage.map { "\($0.label): \($0.words)" }
        let verdict = VerdictWording(report)
        let reasons = verdict.reasons.map { [$0.suite, $0.name, $0.words].compactMap { $0 }.joined(separator: ": ") }
        let problem = report.decision.exit == .passed ? "" : ([verdict.headline] + reasons).joined(separator: "\n")
        return "    <system-out>\(XMLText.content(lines.joined(separator: "\n")))</system-out>\n"
            + "    <system-err>\(XMLText.content(problem))</system-err>\n  </testsuite>\n"
    }

    private static func testCase(_ example: ExampleTrials, in suite: SuiteDecision) -> String {
        let times = example.trials.filter { $0.key.draw.role == .run && !$0.request.isCached }.compactMap(
            \.request.latency)
        let opening =
            "    <testcase "
            + attributes([
                ("name", example.decision.id), ("classname", suite.suite.suite), ("time", seconds(times.reduce(0, +))),
            ])
        let result = JUnitResult(example.decision, in: suite)
        guard let element = result.element else { return opening + "/>\n" }
        let digest = ExampleDigest(example.trials)
        let cause = result.isSkipped ? nil : digest.cause.map { TerminalText.plain($0, limit: 300) }
        let message = [result.message, cause].compactMap { $0 }.joined(separator: "; ")
        var named = [("message", message)]
        if let type = result.type { named.append(("type", type)) }
        let body = result.isSkipped ? "" : XMLText.content(details(digest))
        return opening + ">\n      <\(element) \(attributes(named))>\(body)</\(element)>\n    </testcase>\n"
    }

    private static func failedCase(_ name: String, suite: String, type: String, words: String) -> String {
        "    <testcase \(attributes([("name", name), ("classname", suite), ("time", "0")]))>\n"
            + "      <failure \(attributes([("message", words), ("type", type)]))/>\n    </testcase>\n"
    }

    /// What the checks found, and the output.
    private static func details(_ digest: ExampleDigest) -> String {
        var lines = digest.findings.map { "\($0.check): \($0.reason)" }
        if let error = digest.error { lines.append("no answer: \(error)") }
        if let output = digest.output { lines += ["output:", TerminalText.block(output)] }
        return lines.joined(separator: "\n")
    }

    private static func summary(_ suite: SuiteDecision, _ report: RunReport) -> SuiteSummary {
        SuiteSummary(suite: suite, metrics: report.metrics[suite.suite.suite])
    }

    private static func attributes(_ attributes: [(String, String)]) -> String {
        attributes.map { "\($0.0)=\"\(XMLText.attribute($0.1))\"" }.joined(separator: " ")
    }

    /// Jenkins' schema allows three decimals.
    private static func seconds(_ milliseconds: Double) -> String {
        Wording.fixed(milliseconds.isFinite && milliseconds >= 0 && milliseconds < 1e12 ? milliseconds / 1000 : 0, 3)
    }
}
