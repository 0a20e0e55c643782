import Foundation
import RatchetJSON
import TestSupport
import Testing

/// Answers that named models gave, with the verdicts of those who published them.
@Suite("Recorded answers of real models")
struct RecordedDataTests {
    private let before = "gpt-4-0314"
    private let after = "gpt-4-0613"

    @Test(
        "the upgrade that fell is refused, with exactly the published flips; the way back passes",
        arguments: ["llmdrift-prime", "llmdrift-happy"])
    func drift(set: String) throws {
        guard let url = SharedData.url("data/\(set).jsonl") else { return }
        let rows = try String(decoding: Data(contentsOf: url), as: UTF8.self).split(separator: "\n")
            .map { try JSONValue(parsing: String($0)) }
        let verdicts = { (model: String) in
            Dictionary(
                rows.map { ($0["id"]?.stringValue ?? "", $0["verdicts"]?[model]?.boolValue ?? false) },
                uniquingKeysWith: { first, _ in first })
        }
        let (old, new) = (verdicts(before), verdicts(after))
        let lost = Set(old.filter { $0.value && new[$0.key] == false }.keys)
        let won = Set(old.filter { !$0.value && new[$0.key] == true }.keys)

        let fall = try project(rows)
        try accept(fall, before)
        #expect(try passes(fall, before, exit: 0) == old.values.count { $0 })
        let refused = try fall.ratchet("run", "--target", "recorded/\(after)", "--format", "json")
        #expect(refused.code == 100)
        let json = try refused.json
        #expect(json["suites.0.counts.passed"]?.intValue == new.values.count { $0 })
        #expect(Set(json["suites.0.transitions.lost"]?.texts ?? []) == lost)
        #expect(Set(json["suites.0.transitions.won"]?.texts ?? []) == won)

        let rise = try project(rows)
        try accept(rise, after)
        #expect(try passes(rise, before, exit: 0) == old.values.count { $0 })
    }

    /// One suite of the rows' own checks, and a recording with the answers of all models.
    private func project(_ rows: [JSONValue]) throws -> Workspace {
        let examples = rows.map { row -> String in
            let checks = (row["check"]?["all"]?.arrayValue ?? []).enumerated().map { index, check -> JSONValue in
                var written = JSONObject()
                written["regex"] = check["regex"] ?? check["not_regex"]
                written["name"] = .string("c\(index)")
                if check["not_regex"] != nil { written["not"] = true }
                return .object(written)
            }
            let example: JSONValue = [
                "id": row["id"] ?? .null, "input": row["input"] ?? .null, "checks": .array(checks),
            ]
            return example.serialized()
        }
        let recording = rows.flatMap { row in
            (row["outputs"]?.objectValue ?? [:]).members.map { model, output in
                JSONValue.object(["example": row["id"] ?? .null, "model": .string(model), "output": output]).serialized()
            }
        }
        return try Workspace(examples: examples, recording: recording)
    }

    private func accept(_ workspace: Workspace, _ model: String) throws {
        #expect(try workspace.ratchet("run", "--target", "recorded/\(model)").code == 66)
        #expect(try workspace.ratchet("baseline", "accept").code == 0)
    }

    private func passes(_ workspace: Workspace, _ model: String, exit: Int32) throws -> Int? {
        let result = try workspace.ratchet("run", "--target", "recorded/\(model)", "--format", "json")
        #expect(result.code == exit)
        return try result.json["suites.0.counts.passed"]?.intValue
    }
}
