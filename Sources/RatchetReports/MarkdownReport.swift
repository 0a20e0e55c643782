import RatchetCore
import RatchetGate

/// A run for a pull request's comment or a CI system's summary page: the verdict first, then what it rests on.
///
/// Only a bounded number of examples is shown, each cut, so that the page stays small whatever the run's size.
package enum MarkdownReport {
    private static let shown = 20
    private static let named = 40
    /// The first line, by which the comment of an earlier run is found and replaced.
    package static let marker = "<!-- ratchet:report -->"
    /// Bytes. GitHub takes 65,536 characters in a comment, GitLab a million; a step's summary may have 1 MiB.
    package static let commentLimit = 60_000
    package static let pageLimit = 1_000_000

    /// - Parameters:
    ///   - isCI: Whether the run is on a CI machine, whose runs nobody else has: the next steps differ.
    ///   - limit: Bytes that the whole may have. Verdict, next steps and a word on what was left out are always there.
    package static func render(
        _ report: RunReport, isCI: Bool = false, limit: Int = commentLimit, to write: (String) throws -> Void
    ) throws {
        let (head, end) = (marker + "\n" + verdict(report), end(report, isCI: isCI))
        try write(head)
        let cut = "*The rest is left out, to keep this short: `ratchet report \(report.header.id)` shows all of it.*\n\n"
        var left = limit - head.utf8.count - end.utf8.count - cut.utf8.count
        // Each piece is whole Markdown by itself; after the first that is too long none follows.
        var isCut = false
        for suite in report.decision.suites {
            try section(suite, report) { piece in
                isCut = isCut || piece.utf8.count > left
                guard !isCut else { return }
                left -= piece.utf8.count
                try write(piece)
            }
        }
        if isCut { try write(cut) }
        try write(end)
    }

    private static func end(_ report: RunReport, isCI: Bool) -> String {
        var text = ""
        if !report.notes.isEmpty { text += "### Notes\n\n" + list(report.notes.map(MarkdownText.sentence)) + "\n" }
        let steps = NextStep.after(report, isCI: isCI)
        if !steps.isEmpty {
            text += "### Next\n\n"
            for step in steps {
                text += "- \(step.purpose)\n\n" + MarkdownText.fence(step.command, lineLimit: 1000, info: "sh") + "\n"
            }
        }
        let started = UniversalTime(secondsSince1970: report.header.started)
        return text
            + "Run \(MarkdownText.code(report.header.id)) of \(started.day) \(started.clock) UTC, "
                + "ratchet \(MarkdownText.code(report.header.version))\n"
    }

    private static func verdict(_ report: RunReport) -> String {
        let verdict = VerdictWording(report)
        let code = report.decision.exit
        let reasons = verdict.reasons.map { reason in
            let ids =
                reason.ids.map { MarkdownText.code($0, limit: 80) }
                + (reason.further > 0 ? ["\(Wording.grouped(reason.further)) more"] : [])
            let names = [reason.suite, reason.name].compactMap { $0 }.map { "**\($0)**" }.joined(separator: " ")
            return (names.isEmpty ? "" : names + ": ") + reason.words + (ids.isEmpty ? "" : ": " + Wording.list(ids))
        }
        let exit = code == .passed ? "" : "\nExit code \(code.rawValue) (\(code.name)).\n"
        return "## Ratchet: \(verdict.headline)\n\n" + list(reasons) + exit + "\n"
    }

    private static func section(
        _ suite: SuiteDecision, _ report: RunReport, to write: (String) throws -> Void
    ) throws {
        let groups = SuiteGroups(suite)
        let summary = SuiteSummary(suite: suite, metrics: report.metrics[suite.suite.suite])
        try write(head(suite, summary) + differences(suite))
        // Where nothing is compared, the failing examples are what there is to see.
        let isCompared = suite.basis == .baseline || suite.basis == .run
        let failing =
            isCompared
            ? [] : suite.examples.filter { $0.state == .failed && $0.brokenRules.isEmpty && $0.override == nil }
        let detailed: [(title: String, examples: [ExampleDecision])] = [
            ("Lost: \(groups.lostCounts)", groups.lost),
            ("Breaking a rule: \(groups.broken.count)", groups.broken),
            ("Failed: \(failing.count)", failing),
            ("Errored: \(groups.errored.count)", groups.errored),
            ("Unscored: \(groups.unscored.count)", groups.unscored),
            ("Permitted by overrides: \(groups.permitted.count)", groups.permitted),
        ]
        let wanted = Set(detailed.flatMap { $0.examples.prefix(shown).map(\.id) })
        let digests = try SuiteDigests(suite, groups: groups, report: report, wanted: wanted)
        if !digests.failingByKind.isEmpty {
            let kinds = digests.failingByKind.map { "\($0.kind.summary): \(Wording.grouped($0.count))" }
            try write("Failing, but right but for:\n\n" + list(kinds) + "\n")
        }
        for group in detailed where !group.examples.isEmpty {
            try write("#### \(group.title)\n\n")
            for example in group.examples.prefix(shown) { try write(entry(example, digests.digests[example.id])) }
            let further = group.examples.count - shown
            if further > 0 { try write("- and \(Wording.grouped(further)) more\n") }
            try write("\n")
        }
        if !summary.weakenings.isEmpty {
            let lines = summary.weakenings.prefix(named).map {
                "\(MarkdownText.code($0.what, limit: 80)): \(MarkdownText.code($0.detail, limit: 240))"
            }
            let further = summary.weakenings.count - lines.count
            try write(
                "#### Weakened: the change lowers what guards it\n\n"
                    + list(lines + (further > 0 ? ["and \(Wording.grouped(further)) more"] : [])) + "\n")
        }
        try write(names(groups.missing, "Missing: recorded, and gone from the suite"))
        try write(names(groups.won.map(\.id), "Won"))
        try write(names(groups.fixed, "Known to fail, and pass now (take `known_failing` away)"))
        try write(names(groups.newcomers.map(\.id), "New"))
        try write(names(groups.incomparable.map(\.id), "Incomparable with their record"))
        try write(overrides(suite))
    }

    private static func head(_ suite: SuiteDecision, _ summary: SuiteSummary) -> String {
        let heading = summary.heading.map { ": \($0)" } ?? ""
        var facts = [MarkdownText.code(suite.suite.target)]
        if let prompt = suite.suite.prompt { facts.append(MarkdownText.code(prompt)) }
        facts.append(summary.size)
        if let basis = summary.basis { facts.append(MarkdownText.sentence(basis)) }
        let figures =
            [summary.counts, summary.passRate] + summary.slices.map(MarkdownText.sentence)
            + summary.metricLines.map(MarkdownText.sentence) + summary.effort
            + [summary.hidden, summary.sight].compactMap { $0 }
        return "### \(suite.suite.suite)\(heading)\n\n" + facts.joined(separator: "; ") + "\n\n"
            + list(figures + summary.judges.map(MarkdownText.sentence) + summary.usage.map { "\($0.label): \($0.words)" }) + "\n"
    }

    private static func differences(_ suite: SuiteDecision) -> String {
        guard !suite.differences.isEmpty else { return "" }
        let lines = suite.differences.map { difference in
            "\(difference.kind.rawValue): \(MarkdownText.code(difference.before)) -> \(MarkdownText.code(difference.now))"
        }
        return "Differs from the \(suite.basis == .run ? "other" : "accepted") run:\n\n" + list(lines) + "\n"
    }

    private static func entry(_ example: ExampleDecision, _ digest: ExampleDigest?) -> String {
        var text = "- \(MarkdownText.code(example.id, limit: 120)) \(([example.change, example.verdictWithRules] + example.evidenceWords).joined(separator: ", "))\n"
        if let file = example.override { text += "  - \(MarkdownText.code(file))\n" }
        guard let digest else { return text }
        for finding in digest.findings.prefix(3) {
            let reason = finding.reason.isEmpty ? "failed" : MarkdownText.code(finding.reason, limit: 240)
            text += "  - \(MarkdownText.code(finding.check, limit: 60)): \(reason)\n"
        }
        if let error = digest.error { text += "  - no answer: \(MarkdownText.code(error, limit: 240))\n" }
        guard let output = digest.output else { return text }
        return text + "\n" + MarkdownText.fence(output.isEmpty ? "(empty)" : output) + "\n"
    }

    private static func names(_ ids: [String], _ title: String) -> String {
        guard !ids.isEmpty else { return "" }
        let further = ids.count > named ? " and \(Wording.grouped(ids.count - named)) more" : ""
        let shown = ids.prefix(named).map { MarkdownText.code($0, limit: 80) }.joined(separator: ", ")
        return "#### \(title): \(Wording.grouped(ids.count))\n\n\(shown)\(further)\n\n"
    }

    private static func overrides(_ suite: SuiteDecision) -> String {
        guard !suite.overrides.isEmpty else { return "" }
        let lines = suite.overrides.map { use in
            let expiry = use.expires.map { "expires " + MarkdownText.code($0) } ?? "no expiry"
            return "\(MarkdownText.code(use.file)) \(use.status.rawValue), \(expiry)\n"
                + "  - \(MarkdownText.code(use.detail, limit: 240))\n"
                + "  - reason: \(MarkdownText.code(use.reason, limit: 400))"
        }
        return "#### Overrides: \(lines.count)\n\n" + list(lines) + "\n"
    }

    private static func list(_ lines: [String]) -> String { lines.map { "- \($0)\n" }.joined() }
}
