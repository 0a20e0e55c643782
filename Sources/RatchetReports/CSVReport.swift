import RatchetCore
import RatchetGate

/// One row an example, for a spreadsheet (RFC 4180). A cell that a spreadsheet would take for a formula begins with an
/// apostrophe.
package enum CSVReport {
    private static let columns = [
        "suite", "id", "verdict", "state", "before", "now", "failed_rules", "override", "tags", "failed_checks", "reason", "score",
        "cost_usd", "latency_ms", "input_tokens", "output_tokens", "cached", "output", "accepted_output", "file", "line",
    ]

    package static func render(_ report: RunReport, to write: (String) throws -> Void) throws {
        try write(columns.joined(separator: ",") + "\r\n")
        for suite in report.decision.suites {
            let name = suite.suite.suite
            try report.forEachExample(name, nil) { example in
                try write(try row(name, example, report).map(cell).joined(separator: ",") + "\r\n")
            }
            for id in suite.missing {
                let (file, line) = report.background.place(name, id)
                var row = [name, id, "missing"] + Array(repeating: "", count: columns.count - 3)
                row[columns.count - 2] = file
                row[columns.count - 1] = String(line)
                try write(row.map(cell).joined(separator: ",") + "\r\n")
            }
        }
    }

    /// Costs, times and tokens are sums over the example's own trials; what is unknown is empty.
    private static func row(_ suite: String, _ example: ExampleTrials, _ report: RunReport) throws -> [String] {
        let decision = example.decision
        let own = example.trials.filter { $0.key.draw.role == .run }
        let digest = ExampleDigest(example.trials)
        let fresh = own.filter { !$0.request.isCached }
        let scores = own.compactMap { MeanScore($0.checks).value }
        let (file, line) = report.background.place(suite, decision.id)
        return [
            suite, decision.id, decision.verdict.rawValue, decision.state.rawValue, decision.before?.description ?? "",
            decision.now.trials > 0 ? decision.now.description : "", decision.brokenRules.map(\.rawValue).joined(separator: " "),
            decision.override ?? "", report.background.example(suite, decision.id)?.tags.joined(separator: " ") ?? "",
            digest.findings.map(\.check).joined(separator: " "), digest.cause ?? "",
            scores.isEmpty ? "" : Wording.fixed(scores.reduce(0, +) / Double(scores.count), 4),
            sum(own.map(\.request.cost), decimals: 9), sum(fresh.map(\.request.latency), decimals: 3),
            sum(own.map { $0.request.usage?.inputTokens.map(Double.init) }, decimals: 0),
            sum(own.map { $0.request.usage?.outputTokens.map(Double.init) }, decimals: 0),
            own.allSatisfy(\.request.isCached) ? "true" : "false", digest.output ?? "",
            try report.background.acceptedOutput(suite, decision.id) ?? "", file, String(line),
        ]
    }

    private static func sum(_ values: [Double?], decimals: Int) -> String {
        let known = values.compactMap { $0 }
        return known.isEmpty ? "" : Wording.fixed(known.reduce(0, +), decimals)
    }

    /// Quoted where it must be. Spreadsheets run what begins with one of these characters (OWASP, "CSV Injection").
    private static func cell(_ text: String) -> String {
        var text = text
        if let first = text.unicodeScalars.first, ["=", "+", "-", "@", "\t", "\r"].contains(first), Double(text) == nil { text = "'" + text }
        guard text.unicodeScalars.contains(where: { ["\"", ",", "\n", "\r"].contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
