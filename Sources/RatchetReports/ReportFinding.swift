import RatchetCore
import RatchetGate
import RatchetJSON

/// Something of a run that a reader of code should be pointed at: what CI systems show beside the line of an example.
struct ReportFinding: Sendable {
    enum Level: String, Sendable { case error, warning }

    var level: Level
    /// The rule that is broken, or the state: `regressed`, `must_pass`, `errored`, `missing`, …
    var rule: String
    var suite: String
    /// `nil` where it concerns the whole suite.
    var example: String?
    /// What is wrong, made harmless for a terminal: of others' text one line, cut.
    var message: String
    /// Where it stands: relative to the repository.
    var file: String
    /// Counted from 1.
    var line: Int

    var title: String { "Ratchet: " + TerminalText.plain(example.map { "\(suite)/\($0)" } ?? suite, limit: 120) }

    var sentence: String { "\(title): \(message)" }

    /// The same for the same finding of every run.
    var fingerprint: String {
        let identity: JSONValue = [.string(suite), .optional(example), .string(rule)]
        return Digest.short(identity.serialized(.canonical), length: 40)
    }

    /// What fails the gate first, the surest before the others, then what could not be decided; suite by suite. Examples that fail as they did, or with a
    /// person's permission, are no findings.
    static func all(of report: RunReport) throws -> [ReportFinding] {
        var findings: [ReportFinding] = []
        for suite in report.decision.suites { findings += try self.findings(suite, report) }
        return findings.filter { $0.level == .error } + findings.filter { $0.level == .warning }
    }

    private static func findings(_ suite: SuiteDecision, _ report: RunReport) throws -> [ReportFinding] {
        let name = suite.suite.suite
        let results = suite.examples.map { JUnitResult($0, in: suite) }
        let told = zip(suite.examples, results).filter { $1.isFailure || $1.isError }
        let wanted = told.map(\.0.id)
        var causes: [String: String] = [:]
        if !wanted.isEmpty {
            try report.forEachExample(name, Set(wanted)) { causes[$0.decision.id] = ExampleDigest($0.trials).cause }
        }
        let ofExamples: Set<GateRule> = [.regression, .mustPass, .strict, .new, .missing]
        var findings = suite.failedRules.filter { !ofExamples.contains($0) }.map { rule in
            finding(.error, rule.rawValue, name, nil, rule.explanation, report)
        }
        findings += told.surestFirst(\.0.verdict).map { example, result in
            let words = [result.message, causes[example.id]].compactMap { $0 }.map { TerminalText.plain($0, limit: 300) }
            return finding(
                result.isFailure ? .error : .warning, result.type ?? "failed", name, example.id, words.joined(separator: "; "), report)
        }
        for id in SuiteGroups(suite).missing {
            findings.append(finding(.error, GateRule.missing.rawValue, name, id, GateRule.missing.explanation, report))
        }
        return findings
    }

    private static func finding(
        _ level: Level, _ rule: String, _ suite: String, _ example: String?, _ message: String, _ report: RunReport
    ) -> ReportFinding {
        let (file, line) = report.background.place(suite, example)
        return ReportFinding(level: level, rule: rule, suite: suite, example: example, message: message, file: report.background.folderInRepository + file, line: line)
    }
}
