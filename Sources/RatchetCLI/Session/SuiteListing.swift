import RatchetCore
import RatchetJSON
import RatchetReports

/// What `suite list` prints.
enum SuiteListing {
    static func suites(_ suites: [Suite], _ format: OutputFormat) -> String {
        switch format {
        case .human:
            suites.map { suite in
                let added = suite.prompt.map { " with \($0)" } ?? ""
                return "\(suite.name)  \(count(suite.examples.count, "example"))\(added)\n"
            }.joined()
        case .json:
            JSONValue.object([
                "format": "ratchet.suites/1",
                "suites": .array(
                    suites.map {
                        [
                            "suite": .string($0.name), "examples": .int($0.examples.count),
                            "prompt": .optional($0.prompt?.description), "target": .optional($0.target?.description),
                        ]
                    }),
            ]).serialized(.compact) + "\n"
        }
    }

    static func examples(_ suite: Suite, tag: String?, _ format: OutputFormat) -> String {
        let examples = suite.examples.filter { example in tag.map(example.tags.contains) ?? true }
        switch format {
        case .human:
            return examples.map { example in
                let marks = (example.mustPass == .no ? [] : ["must pass"]) + (example.knownFailing == nil ? [] : ["known failing"])
                let tags = example.tags + marks
                return TerminalText.plain(example.id, limit: 80)
                    + (tags.isEmpty ? "" : "  [\(TerminalText.plain(tags.joined(separator: ", "), limit: 120))]") + "\n"
            }.joined()
        case .json:
            let rows = examples.map { example -> JSONValue in
                [
                    "id": .string(example.id), "input": example.input, "tags": .strings(example.tags),
                    "checks": .strings(example.checks.map(\.name)), "file": .string(example.source.file),
                    "must_pass": .bool(example.mustPass != .no), "known_failing": .optional(example.knownFailing),
                ]
            }
            return JSONValue.object([
                "format": "ratchet.examples/1", "suite": .string(suite.name), "examples": .array(rows),
            ]).serialized(.compact) + "\n"
        }
    }
}
