import RatchetCore
import RatchetJSON

/// A run that was left out on purpose, for a key is missing: neither a pass nor a failure, and headed so in every form. Nothing of it
/// is green.
package struct SkippedReport: Sendable {
    /// What is missing, in our own words.
    package var reasons: [String]
    package var version: String

    package init(reasons: [String], version: String) {
        self.reasons = reasons
        self.version = version
    }

    private static let meaning = "nothing was asked and nothing was compared: this is neither a pass nor a failure"

    package var terminal: String {
        let lines = reasons.map { TerminalText.plain($0, limit: 300) } + [Self.meaning]
        return "NOT RUN  " + lines.joined(separator: "\n         ") + "\n"
    }

    package var json: String {
        let exit: JSONValue = ["code": 0, "name": "skipped", "all": ["skipped"]]
        let object: JSONValue = [
            "format": .string(JSONReport.format), "run": .null, "exit": exit, "notes": .strings(reasons + [Self.meaning]), "partial": false,
            "suites": [],
        ]
        return object.serialized(.compact) + "\n"
    }

    package var markdown: String {
        let lines = (reasons.map(MarkdownText.sentence) + [Self.meaning]).map { "- \($0)\n" }.joined()
        return "\(MarkdownReport.marker)\n## Ratchet: NOT RUN\n\n\(lines)"
    }

    package var junit: String {
        let words = XMLText.attribute((reasons + [Self.meaning]).joined(separator: "; "))
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites>
              <testsuite name="ratchet" timestamp="1970-01-01T00:00:00" hostname="localhost" tests="1" failures="0" errors="0" skipped="1" time="0.000" package="ratchet" id="0">
                <properties/>
                <testcase name="not run" classname="ratchet" time="0.000">
                  <skipped message="\(words)"/>
                </testcase>
                <system-out/>
                <system-err/>
              </testsuite>
            </testsuites>

            """
    }

    package var github: String {
        GitHubReport.command(
            "notice", ["title": "Ratchet: NOT RUN"], (reasons + [Self.meaning]).map { TerminalText.plain($0, limit: 300) }.joined(separator: "; "))
    }

    package var html: String {
        let lines = (reasons + [Self.meaning]).map { "<li>\(XMLText.content($0))</li>" }.joined()
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'">
            <meta name="color-scheme" content="light dark"><title>Ratchet: NOT RUN</title></head>
            <body><h1>NOT RUN</h1><ul>\(lines)</ul></body></html>

            """
    }

    package var sarif: String {
        let object: JSONValue = [
            "version": "2.1.0",
            "runs": [
                [
                    "tool": ["driver": ["name": "Ratchet", "semanticVersion": .string(version)]],
                    "invocations": [
                        [
                            "executionSuccessful": false,
                            "toolExecutionNotifications": .array(reasons.map { ["level": "note", "message": ["text": .string($0)]] }),
                        ]
                    ], "results": [],
                ]
            ],
        ]
        return object.serialized(.compact) + "\n"
    }
}
