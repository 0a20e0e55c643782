import RatchetCore
import RatchetReports

/// One trial in words: its state, what each check said, and the output.
enum TrialText {
    static func describe(_ trial: TrialRecord) -> String {
        var lines = ["\(trial.key.draw): \(trial.state.rawValue)"]
        if let error = trial.request.error { lines.append("  " + TerminalText.plain(error, limit: 300)) }
        for check in trial.checks where check.state != .passed {
            lines.append(
                "  \(check.state.rawValue)  \(TerminalText.plain(check.name, limit: 60)): "
                    + TerminalText.plain(check.reason, limit: 300))
        }
        if let output = trial.request.output { lines += ["  output:", TerminalText.block(output)] }
        return lines.joined(separator: "\n") + "\n"
    }
}
