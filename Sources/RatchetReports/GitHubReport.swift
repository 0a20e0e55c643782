import RatchetCore

/// Workflow commands, by which GitHub Actions shows findings beside the lines of a pull request: at most ten, for it shows no
/// more of a step. What is left over is counted in the last.
package enum GitHubReport {
    private static let most = 10

    package static func render(_ report: RunReport, to write: (String) throws -> Void) throws {
        let findings = try ReportFinding.all(of: report)
        let verdict = VerdictWording(report)
        guard !findings.isEmpty else {
            guard report.decision.exit != .passed else {
                return try write(command("notice", ["title": "Ratchet: \(verdict.headline)"], reasons(verdict)))
            }
            return try write(command("error", ["title": "Ratchet: \(verdict.headline)"], reasons(verdict)))
        }
        let shown = findings.prefix(findings.count > most ? most - 1 : most)
        for finding in shown {
            try write(
                command(
                    finding.level.rawValue, ["file": finding.file, "line": String(finding.line), "title": finding.title],
                    "\(finding.message) [\(finding.rule)]"))
        }
        guard findings.count > shown.count else { return }
        let further = Wording.count(findings.count - shown.count, "further finding")
        try write(command("error", ["title": "Ratchet: \(verdict.headline)"], "\(further); see the summary of the run"))
    }

    private static func reasons(_ verdict: VerdictWording) -> String {
        verdict.reasons.map { [$0.suite, $0.name, $0.words].compactMap { $0 }.joined(separator: ": ") }.joined(separator: "\n")
    }

    static func command(_ name: String, _ properties: KeyValuePairs<String, String>, _ message: String) -> String {
        let written = properties.map { "\($0)=\(escaped($1, inProperty: true))" }.joined(separator: ",")
        return "::\(name) \(written)::\(escaped(message, inProperty: false))\n"
    }

    /// As the toolkit of Actions escapes them (actions/toolkit, core/src/command.ts).
    private static func escaped(_ text: String, inProperty: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": escaped += "%25"
            case "\r": escaped += "%0D"
            case "\n": escaped += "%0A"
            case ":" where inProperty: escaped += "%3A"
            case "," where inProperty: escaped += "%2C"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
