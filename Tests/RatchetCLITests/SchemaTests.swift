import Foundation
import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetJSON
import Testing

@testable import RatchetCLI

@Suite("Published schemas")
struct SchemaTests {
    private static func schema(_ subject: SchemaCommand.Subject) throws -> JSONSchema {
        try JSONSchema(SchemaCommand.schema(subject), regex: PCRE2JSONRegexEngine())
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test("The repository's own files are valid, and a slip in a key is not")
    func files() throws {
        let example = try Self.schema(.example)
        let folder = Self.root.appendingPathComponent("suites/support")
        var rows = 0
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasSuffix(".jsonl") {
            for line in try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8).split(separator: "\n") {
                let violations = example.validate(try JSONValue(parsing: String(line)))
                #expect(violations.isEmpty, "\(file): \(violations.first?.message ?? "")")
                rows += 1
            }
        }
        #expect(rows > 200)
        for (subject, path) in [(SchemaCommand.Subject.suite, "suites/support/suite.yaml"), (.configuration, "ratchet.yaml")] {
            let text = try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
            let value = try #require(YAMLReader.read(text, file: path, Problems()))
            let violations = try Self.schema(subject).validate(value)
            #expect(violations.isEmpty, "\(path): \(violations.map(\.message))")
        }
        #expect(!example.validate(["id": "a", "input": "q", "expectd": "x"]).isEmpty)
        #expect(!example.validate(["id": "a", "input": "q", "checks": ["contans"]]).isEmpty)
        #expect(!example.validate(["id": "a", "input": "q", "checks": [["contains": "x", "wieght": 2]]]).isEmpty)
        #expect(try !Self.schema(.configuration).validate(["version": 1, "backends": ["a": ["kind": "openai", "baseurl": "x"]]]).isEmpty)
    }

    @Test("Every check's samples are valid checks by the schema", arguments: CheckRegistry.names.sorted())
    func checks(_ type: String) throws {
        let example = try Self.schema(.example)
        for check in [JSONValue.string(type), .object([type: "x"]), .object([type: [:], "name": "n", "not": true, "weight": 2, "gating": false])] {
            #expect(example.validate(["id": "a", "input": "q", "checks": [check]]).isEmpty)
        }
    }

    @Test("What a run prints as JSON is valid, and has no key that the schema does not know")
    func run() throws {
        let workspace = try Workspace(
            examples: (1...3).map { #"{"id":"e\#($0)","input":"q","checks":[{"contains":"yes"},{"length":{"words":{"max":3}},"gating":false}]}"# },
            recording: (1...3).map { #"{"example":"e\#($0)","output":"\#($0 == 2 ? "no" : "yes")"}"# })
        let schema = try JSONSchema(Self.closed(SchemaCommand.schema(.run)), regex: PCRE2JSONRegexEngine())
        for arguments in [["run", "--baseline", "none", "--format", "json"], ["run", "--format", "json"], ["run", "nowhere", "--format", "json"]] {
            let output = try workspace.ratchet(arguments).output
            let violations = schema.validate(try JSONValue(parsing: output))
            #expect(violations.isEmpty, "\(arguments): \(violations.map { "\($0.instance) \($0.message)" })")
        }
        let printed = try workspace.ratchet("schema", "run").output
        #expect(try JSONValue(parsing: printed) == SchemaCommand.schema(.run))
    }

    /// The schema as one that knows all keys.
    private static func closed(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object):
            var closed: JSONObject = [:]
            for (key, member) in object.members { closed[key] = self.closed(member) }
            if case .object? = object["properties"], object["additionalProperties"] == nil { closed["additionalProperties"] = false }
            return .object(closed)
        case .array(let list): return .array(list.map { self.closed($0) })
        default: return value
        }
    }
}
