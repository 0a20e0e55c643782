import RatchetChecks
import RatchetCore
import RatchetReports

/// One trial in words: its state, what each check said, and the output.
enum TrialText {
    static func describe(_ trial: TrialRecord) -> String {
        var lines = ["\(trial.key.draw): \(trial.state.rawValue)"]
        if let error = trial.request.error { lines.append("  " + TerminalText.plain(error, limit: 300)) }
        lines += trial.checks.filter { $0.state != .passed }.map(line)
        return lines.joined(separator: "\n") + "\n" + output(trial)
    }

    /// Every check's work on a trial, and what it said when the trial was run, where that was something else.
    static func explain(_ trial: TrialRecord, _ verdict: TrialVerdict) -> String {
        let before = Dictionary(trial.checks.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var lines = ["\(trial.key.draw): \(verdict.state.rawValue)" + (trial.state == verdict.state ? "" : " (was \(trial.state.rawValue))")]
        if let reason = verdict.reason { lines.append("  " + TerminalText.plain(reason, limit: 300)) }
        for result in verdict.results {
            lines.append(line(result))
            let facts = [
                result.score.map { "score \(CompiledCheck.shown($0))" }, result.gating ? nil : "does not gate",
                result.failureKind.map { "failure kind \($0.rawValue)" },
            ].compactMap { $0 }
            if !facts.isEmpty { lines.append("    " + facts.joined(separator: ", ")) }
            if let old = before[result.name] {
                if old.state != result.state { lines.append("    was " + TerminalText.plain("\(old.state.rawValue): \(old.reason)", limit: 300)) }
            } else {
                lines.append("    a check that is new")
            }
        }
        return lines.joined(separator: "\n") + "\n" + output(trial)
    }

    private static func line(_ result: CheckResult) -> String {
        "  \(result.state.rawValue)  \(TerminalText.plain(result.name, limit: 60)): "
            + TerminalText.plain(result.reason, limit: 300)
    }

    private static func output(_ trial: TrialRecord) -> String {
        trial.request.output.map { "  output:\n\(TerminalText.block($0))\n" } ?? ""
    }
}
