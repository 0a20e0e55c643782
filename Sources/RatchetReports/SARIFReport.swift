import RatchetCore
import RatchetGate
import RatchetJSON

/// SARIF 2.1.0, for code scanning views: one result a finding, with the rules of the gate.
package enum SARIFReport {
    package static func render(_ report: RunReport, to write: (String) throws -> Void) throws {
        let findings = try ReportFinding.all(of: report)
        let rules = findings.reduce(into: [String]()) { if !$0.contains($1.rule) { $0.append($1.rule) } }
        let exit = report.decision.exit
        let head: JSONObject = [
            "tool": [
                "driver": [
                    "name": "Ratchet", "semanticVersion": .string(report.header.version),
                    "rules": .array(rules.map(rule)),
                ]
            ],
            "automationDetails": ["id": .string("ratchet/\(report.header.id)")],
            "invocations": [
                ["executionSuccessful": .bool(exit == .passed || exit == .regressed), "exitCode": .int(Int(exit.rawValue))]
            ],
            "columnKind": "unicodeCodePoints", "results": [],
        ]
        let schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
        try write("{\"$schema\":\"\(schema)\",\"version\":\"2.1.0\",\"runs\":[")
        try write(String(JSONValue.object(head).serialized(.compact).dropLast(2)))
        for (place, finding) in findings.enumerated() {
            try write((place == 0 ? "\n" : ",\n") + result(finding, rules).serialized(.compact))
        }
        try write("\n]}]}\n")
    }

    private static func rule(_ id: String) -> JSONValue {
        let words = GateRule(rawValue: id)?.explanation ?? words[id] ?? id
        return ["id": .string(id), "shortDescription": ["text": .string(words)]]
    }

    /// Of what is no rule of the gate.
    private static let words = [
        "regressed": "an example is worse than its record", "failed": "an example fails", "errored": "the backend gave no answer",
        "unscored": "a judge gave no usable verdict",
    ]

    private static func result(_ finding: ReportFinding, _ rules: [String]) -> JSONValue {
        [
            "ruleId": .string(finding.rule), "ruleIndex": .int(rules.firstIndex(of: finding.rule) ?? -1),
            "level": .string(finding.level.rawValue), "message": ["text": .string(finding.sentence)],
            "locations": [
                [
                    "physicalLocation": [
                        "artifactLocation": ["uri": .string(uri(finding.file)), "uriBaseId": "%SRCROOT%"],
                        "region": ["startLine": .int(finding.line)],
                    ]
                ]
            ],
            "partialFingerprints": ["ratchet/v1": .string(finding.fingerprint)],
        ]
    }

    /// A relative path as a URI reference (RFC 3986): all but unreserved characters and the slash by percent.
    private static func uri(_ path: String) -> String {
        var text = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return text
    }
}
