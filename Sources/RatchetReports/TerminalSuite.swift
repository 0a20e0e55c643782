import RatchetCore
import RatchetGate

/// One suite's part of the terminal report.
struct TerminalSuite {
    let suite: SuiteDecision
    let report: RunReport
    let layout: TerminalLayout
    let isCI: Bool
    private let summary: SuiteSummary
    private let groups: SuiteGroups

    /// How many examples of a group are shown whole, and how many by their id alone.
    private static let shown = 20
    private static let named = 40

    init(suite: SuiteDecision, report: RunReport, layout: TerminalLayout, isCI: Bool) {
        self.suite = suite
        self.report = report
        self.layout = layout
        self.isCI = isCI
        summary = SuiteSummary(suite: suite, metrics: report.metrics[suite.suite.suite])
        groups = SuiteGroups(suite)
    }

    func render(to write: (String) throws -> Void) throws {
        func put(_ lines: [String]) throws {
            for line in lines { try write(line + "\n") }
        }
        try put([""] + title + differences)
        if suite.basis == .noBaseline || suite.basis == .ungated { try everyExample(put) }
        let wanted =
            (groups.lost.prefix(Self.shown) + groups.broken.prefix(Self.shown)
            + groups.permitted.prefix(Self.shown) + groups.unscored.prefix(Self.shown)).map(\.id)
        let digests = try SuiteDigests(suite, groups: groups, report: report, wanted: Set(wanted))
        try put(nearlyRight(digests))
        try put(lost(digests))
        try put(broken(digests))
        try put(weakenings)
        try put(others(digests))
        try put(overrides)
        try put(figures)
    }

    // MARK: - What was run, and against what

    private var title: [String] {
        let run = suite.suite
        var segments = [summary.heading, run.suite, TerminalText.plain(run.target, limit: 60)].compactMap { $0 }
        if let prompt = run.prompt { segments.append(TerminalText.plain(prompt, limit: 60)) }
        segments.append(summary.size)
        if let basis = summary.basis { segments.append(TerminalText.plain(basis, limit: 60)) }
        return layout.packed(segments, separator: "  ", indent: 0, hanging: 2).map { layout.toned($0, .bold) }
    }

    private var differences: [String] {
        guard !suite.differences.isEmpty else { return [] }
        let lines = suite.differences.map { difference in
            layout.quoted(
                "\(difference.before) -> \(difference.now)", indent: 4,
                label: difference.kind.rawValue.padded(to: 12))
        }
        return ["  differs from the " + (suite.basis == .run ? "other run" : "accepted run")] + lines
    }

    /// Examples of a suite that are all shown where nothing is compared; of a larger one, those that did not pass.
    private static let listed = 60

    private func everyExample(_ put: ([String]) throws -> Void) throws {
        let name = suite.suite.suite
        guard suite.examples.count > Self.listed else { return try report.forEachExample(name, nil) { try put([line(for: $0)]) } }
        let wanted = suite.examples.filter { $0.state != .passed || !$0.brokenRules.isEmpty }
        try report.forEachExample(name, Set(wanted.prefix(Self.listed).map(\.id))) { try put([line(for: $0)]) }
        if wanted.count > Self.listed { try put(["  … and \(Wording.count(wanted.count - Self.listed, "further example")) that did not pass"]) }
    }

    /// Where nothing is compared, every example is a line.
    private func line(for example: ExampleTrials) -> String {
        let decision = example.decision
        let state = decision.state.rawValue.padded(to: 9)
        let id = TerminalText.plain(decision.id, limit: idLimit)
        let known = decision.note.map { " (\($0))" } ?? ""
        let trials = suite.suite.trials > 1 ? "  \(decision.now)" : ""
        let rules =
            decision.brokenRules.isEmpty ? "" : " (\(decision.brokenRules.map(\.rawValue).joined(separator: ", ")))"
        let head = "  \(state) \(id)\(trials)\(known)\(rules)"
        let cause = decision.state == .passed && rules.isEmpty ? nil : ExampleDigest(example.trials).cause
        let line = "  " + layout.toned(state, tone(decision.state)) + head.dropFirst(2 + state.count)
        guard let cause else { return line }
        let room = layout.width - TerminalText.columns(head) - 2
        return room >= 30
            ? line + "  " + TerminalText.plain(cause, limit: room) : line + "\n" + layout.quoted(cause, indent: 12)
    }

    private func tone(_ state: TrialState) -> TerminalLayout.Tone {
        switch state {
        case .passed: .green
        case .failed: .red
        case .errored, .unscored: .yellow
        }
    }

    // MARK: - Examples

    private func lost(_ digests: SuiteDigests) -> [String] {
        guard !groups.lost.isEmpty else { return [] }
        var lines = ["  " + layout.toned("lost \(groups.lostCounts)", .bold, .red)]
        let checks = digests.lostByCheck.prefix(6).map { "\(TerminalText.plain($0.name, limit: 40)) \($0.count)" }
        if groups.lost.count > 1, !checks.isEmpty {
            lines += layout.packed(["    failing checks:"] + checks, separator: " ", indent: 0, hanging: 6)
        }
        lines += groups.lost.prefix(Self.shown).flatMap { entry($0, digests) }
        return lines + more(groups.lost.count - Self.shown)
    }

    /// The causes that many failures share.
    private func nearlyRight(_ digests: SuiteDigests) -> [String] {
        if digests.failingByKind.isEmpty { return [] }
        let kinds = digests.failingByKind.map { "\($0.kind.summary) \(Wording.grouped($0.count))" }
        return layout.packed(["  failing, but right but for:"] + [kinds.joined(separator: ", ")], separator: " ", indent: 0, hanging: 4)
    }

    private func broken(_ digests: SuiteDigests) -> [String] {
        var lines: [String] = []
        if !groups.broken.isEmpty {
            lines.append("  " + layout.toned("breaking a rule \(groups.broken.count)", .bold, .red))
            lines += groups.broken.prefix(Self.shown).flatMap { entry($0, digests) }
            lines += more(groups.broken.count - Self.shown)
        }
        return lines + ids(groups.missing, "missing", .red, remark: "recorded, and gone from the suite")
    }

    private var weakenings: [String] {
        let found = summary.weakenings
        guard !found.isEmpty else { return [] }
        let lines = found.prefix(Self.named).map { weakening in
            layout.quoted(weakening.detail, indent: 4, label: TerminalText.plain(weakening.what, limit: idLimit) + ": ")
        }
        let further = found.count > Self.named ? ["    and \(Wording.grouped(found.count - Self.named)) more"] : []
        return layout.headed(
            "weakened \(found.count)", "the change lowers what guards it", indent: 2, .bold, .red) + lines + further
    }

    private func others(_ digests: SuiteDigests) -> [String] {
        var lines = ids(groups.won.map(\.id), "won", .green)
        if !groups.errored.isEmpty {
            lines.append("  " + layout.toned("errored \(groups.errored.count)", .bold, .yellow))
            for outage in digests.outages {
                let ids = outage.firstIDs.map { TerminalText.plain($0, limit: 40) }
                let further = outage.count > ids.count ? " and \(Wording.grouped(outage.count - ids.count)) more" : ""
                lines.append(layout.quoted(outage.words, indent: 4))
                lines += layout.packed(ids, separator: ", ", indent: 6, hanging: 6)
                lines[lines.count - 1] += further
            }
        }
        if !groups.unscored.isEmpty {
            lines.append("  " + layout.toned("unscored \(groups.unscored.count)", .bold, .yellow))
            lines += groups.unscored.prefix(Self.shown).flatMap { entry($0, digests) }
            lines += more(groups.unscored.count - Self.shown)
        }
        if !groups.permitted.isEmpty {
            lines.append("  " + layout.toned("permitted by overrides \(groups.permitted.count)", .bold, .yellow))
            lines += groups.permitted.prefix(Self.shown).flatMap { entry($0, digests) }
            lines += more(groups.permitted.count - Self.shown)
        }
        lines += ids(groups.fixed, "known to fail, but passing", .green, remark: "take known_failing away")
        lines += ids(groups.newcomers.map(\.id), "new", .bold)
        let reasons = Set(groups.incomparable.compactMap(\.note)).sorted().prefix(3)
        let why = TerminalText.plain(reasons.joined(separator: "; "), limit: max(layout.width - 30, 20))
        return lines + ids(groups.incomparable.map(\.id), "incomparable", .yellow, remark: why)
    }

    /// An example, what its check found, and how its output begins.
    private func entry(_ example: ExampleDecision, _ digests: SuiteDigests) -> [String] {
        let id = TerminalText.plain(example.id, limit: idLimit)
        var lines = layout.packed(
            [id, example.change, example.verdictWithRules] + example.evidenceWords, separator: "  ", indent: 4, hanging: 6)
        if let first = lines.first {
            // By scalars: a mark at the start of an id makes one character with the space before it.
            let rest = first.unicodeScalars.dropFirst(4 + id.unicodeScalars.count)
            lines[0] = "    " + layout.toned(id, .bold) + String(rest)
        }
        if let file = example.override { lines.append(layout.quoted(file, indent: 6)) }
        guard let digest = digests.digests[example.id] else { return lines }
        lines += digest.findings.prefix(2).map { finding in
            layout.quoted(
                finding.reason.isEmpty ? "failed" : finding.reason, indent: 6,
                label: TerminalText.plain(finding.check, limit: 40) + ": ")
        }
        if digest.findings.count > 2 {
            lines.append("      and \(Wording.count(digest.findings.count - 2, "further check"))")
        }
        if let error = digest.error {
            lines.append(layout.quoted(error, indent: 6, label: "no answer: "))
        } else if let output = digest.output {
            let first = TerminalText.firstLine(of: output)
            let text = first.line.isEmpty ? "(empty)" : first.line + (first.hasMore ? " …" : "")
            lines.append(layout.quoted(text, indent: 6, label: "output: "))
        }
        return lines
    }

    private func more(_ count: Int) -> [String] {
        guard count > 0 else { return [] }
        return [
            "    and \(Wording.grouped(count)) more: ratchet runs show \(ShellWord.quoted(report.header.id)) --format json"
        ]
    }

    private func ids(
        _ ids: [String], _ heading: String, _ tone: TerminalLayout.Tone, remark: String = ""
    ) -> [String] {
        guard !ids.isEmpty else { return [] }
        let shown = ids.prefix(Self.named).map { TerminalText.plain($0, limit: idLimit) }
        let further = ids.count > shown.count ? ["and \(Wording.grouped(ids.count - shown.count)) more"] : []
        return layout.headed("\(heading) \(Wording.grouped(ids.count))", remark, indent: 2, .bold, tone)
            + layout.packed(shown + further, separator: ", ", indent: 4, hanging: 4)
    }

    private var idLimit: Int { max(layout.width - 36, 40) }

    // MARK: - Overrides and figures

    private var overrides: [String] {
        guard !suite.overrides.isEmpty else { return [] }
        let lines = suite.overrides.flatMap { use -> [String] in
            let isProblem = use.status != .used && (use.status != .unused || isCI)
            let expiry = use.expires.map { "expires \(TerminalText.plain($0, limit: 20))" } ?? "no expiry"
            let file = TerminalText.plain(use.file, limit: max(layout.width - 4, 60))
            let status = layout.toned(use.status.rawValue, isProblem ? .red : use.status == .used ? .green : .yellow)
            return ["    \(file)", "      \(status), \(expiry)"]
                + (use.detail.isEmpty ? [] : [layout.quoted(use.detail, indent: 6)])
                + [layout.quoted(use.reason, indent: 6, label: "reason: ")]
        }
        return ["  overrides \(suite.overrides.count)"] + lines
    }

    private var figures: [String] {
        var lines = layout.wrapped(summary.counts, indent: 2, hanging: 4)
        lines += layout.wrapped(summary.passRate, indent: 2, hanging: 4)
        for slice in summary.slices { lines += layout.wrapped(TerminalText.plain(slice, limit: 300), indent: 2, hanging: 4) }
        for metric in summary.metricLines { lines += layout.wrapped(TerminalText.plain(metric, limit: 300), indent: 2, hanging: 4) }
        for words in summary.effort { lines += layout.wrapped(words, indent: 2, hanging: 4) }
        if let hidden = summary.hidden { lines += layout.wrapped(hidden, indent: 2, hanging: 4) }
        if let sight = summary.sight { lines += layout.wrapped(sight, indent: 2, hanging: 4) }
        for judge in summary.judges { lines += layout.wrapped(TerminalText.plain(judge, limit: 1000), indent: 2, hanging: 4) }
        return lines + summary.usage.flatMap { layout.labelled($0.label, $0.words, indent: 2, column: 13) }
    }
}
