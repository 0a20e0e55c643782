import RatchetCore
import RatchetGate

/// A run for a person at a terminal or in a CI log: details first, the verdict last, then what to do next.
package struct TerminalReport: Sendable {
    let layout: TerminalLayout
    let isCI: Bool

    /// - Parameters:
    ///   - color: Whether escape sequences for colours may be used; everything can be read without.
    ///   - width: Columns; lines of ours are not longer, commands to copy and ids may be.
    ///   - isCI: Whether this machine is a CI machine, which keeps neither runs nor baselines.
    package init(color: Bool, width: Int, isCI: Bool) {
        layout = TerminalLayout(color: color, width: width)
        self.isCI = isCI
    }

    package func render(_ report: RunReport, to write: (String) throws -> Void) throws {
        func put(_ lines: [String]) throws {
            for line in lines { try write(line + "\n") }
        }
        try put(head(report.header))
        for suite in report.decision.suites {
            let section = TerminalSuite(
                suite: suite, report: report, layout: layout, isCI: isCI)
            try section.render(to: write)
        }
        let notes = report.notes.flatMap { note in
            layout.wrapped(TerminalText.plain(note, limit: 1000), indent: 2, hanging: 4)
        }
        if !notes.isEmpty { try put(["", "notes"] + notes) }
        try put([""] + verdict(report))
        let steps = next(report)
        if !steps.isEmpty { try put([""] + steps) }
    }

    /// `run 20261122-1a2b  2026-11-22 10:00 UTC  ratchet 0.1.0  commit 4c1d2e0`
    private func head(_ header: RunHeader) -> [String] {
        let started = UniversalTime(secondsSince1970: header.started)
        var segments = [
            "run \(TerminalText.plain(header.id, limit: 60))", "\(started.day) \(started.clock.prefix(5)) UTC",
            "ratchet \(TerminalText.plain(header.version, limit: 30))",
        ]
        if let commit = header.commit { segments.append("commit \(TerminalText.plain(commit, limit: 12))") }
        if header.isPartial { segments.append("partial selection: what flags left out is not missing") }
        return layout.packed(segments, separator: "  ", indent: 0, hanging: 2)
    }

    private func verdict(_ report: RunReport) -> [String] {
        let verdict = VerdictWording(report)
        let tone: TerminalLayout.Tone =
            switch verdict.tone {
            case .good: .green
            case .bad: .red
            case .open: .yellow
            }
        let column = verdict.headline.count + 2
        let isLong = column > 24
        let indent = isLong ? 2 : column
        var lines = verdict.reasons.flatMap { reason in
            layout.wrapped(Self.words(reason), indent: indent, hanging: indent + 2)
        }
        let head = layout.toned(verdict.headline, .bold, tone)
        if isLong || lines.isEmpty {
            lines.insert(head, at: 0)
        } else {
            lines[0] = head + lines[0].dropFirst(verdict.headline.count)
        }
        let code = report.decision.exit
        if code != .passed { lines.append(layout.spaces(indent) + "exit code \(code.rawValue) (\(code.name))") }
        return lines
    }

    private static func words(_ reason: VerdictWording.Reason) -> String {
        let ids =
            reason.ids.map { TerminalText.plain($0, limit: 60) }
            + (reason.further > 0 ? ["\(Wording.grouped(reason.further)) more"] : [])
        let words = reason.words + (ids.isEmpty ? "" : ": " + Wording.list(ids))
        return [reason.suite, reason.name.map { $0 + ":" }, words].compactMap { $0 }.joined(separator: " ")
    }

    private func next(_ report: RunReport) -> [String] {
        let steps = NextStep.after(report, isCI: isCI)
        guard !steps.isEmpty else { return [] }
        return ["next"]
            + steps.flatMap { step in
                layout.wrapped(step.purpose, indent: 2, hanging: 4) + ["    " + layout.toned(step.command, .bold)]
            }
    }
}
