import RatchetCore
import RatchetJSON

/// GitLab's code quality report: one entry a finding, which a merge request shows as new or as mended. The fingerprint is of the
/// suite, the example and the rule, so that the same finding is the same in every pipeline.
package enum GitLabReport {
    package static func render(_ report: RunReport, to write: (String) throws -> Void) throws {
        let findings = try ReportFinding.all(of: report)
        try write("[")
        for (place, finding) in findings.enumerated() {
            try write((place == 0 ? "\n" : ",\n") + entry(finding).serialized(.compact))
        }
        try write("\n]\n")
    }

    private static func entry(_ finding: ReportFinding) -> JSONValue {
        [
            "description": .string(finding.sentence), "check_name": .string("ratchet/\(finding.rule)"),
            "fingerprint": .string(finding.fingerprint),
            "severity": finding.level == .error ? "major" : "minor",
            "location": ["path": .string(finding.file), "lines": ["begin": .int(finding.line)]],
        ]
    }
}
