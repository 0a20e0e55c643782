import Foundation
import RatchetChecks
import RatchetJSON

extension ConformanceSuite {
    /// JSON-Schema-Test-Suite: the required tests of every draft, and the optional ones.
    static let jsonSchema = ConformanceSuite(folder: "json-schema-test-suite", title: "JSON Schema (test suite)") { folder in
        let remotes = remotes(in: folder.appendingPathComponent("remotes"))
        return try drafts.flatMap { draft, name in
            try ["", "optional", "optional/format"].flatMap { part in
                try CaseFiles.list(folder.appendingPathComponent("tests/\(name)/\(part)"), "json").flatMap { file in
                    let groups = try CaseFiles.json(file).arrayValue ?? []
                    let path = [name, part, file.lastPathComponent].filter { !$0.isEmpty }.joined(separator: "/")
                    return groups.flatMap { cases(of: $0, path, draft, part, remotes) }
                }
            }
        }
    }

    private static let drafts: [(JSONSchema.Draft, String)] = [
        (.draft4, "draft4"), (.draft6, "draft6"), (.draft7, "draft7"), (.draft201909, "draft2019-09"), (.draft202012, "draft2020-12"),
    ]

    /// The schemas that tests refer to, by the address that they are to have.
    private static func remotes(in root: URL) -> [String: JSONValue] {
        var documents: [String: JSONValue] = [:]
        guard let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) else { return [:] }
        for case let file as URL in files where file.pathExtension == "json" {
            let path = file.standardizedFileURL.path.dropFirst(root.standardizedFileURL.path.count)
            documents["http://localhost:1234\(path)"] = try? CaseFiles.json(file)
        }
        return documents
    }

    private static func cases(
        of group: JSONValue, _ path: String, _ draft: JSONSchema.Draft, _ part: String, _ remotes: [String: JSONValue]
    ) -> [ConformanceCase] {
        let schema = Result { () throws -> JSONSchema in
            try JSONSchema(
                try group.need("schema"), draft: draft, documents: remotes, regex: PCRE2JSONRegexEngine(),
                options: .init(
                    // The suite wants unknown formats passed over; `json_schema` refuses them unless told otherwise.
                    formats: part == "optional/format" ? .knownAssertions : .annotations,
                    // Optional in draft 7 only; since then contents are annotations.
                    assertsContent: !part.isEmpty && draft == .draft7))
        }
        return (group["tests"]?.arrayValue ?? []).map { test in
            let name = "\(path): \(group["description"]?.stringValue ?? ""): \(test["description"]?.stringValue ?? "")"
            return ConformanceCase(name) {
                let schema = try schema.get()
                let data = try test.need("data")
                let isValid = test["valid"] == true
                let violations = schema.validate(data)
                guard schema.isValid(data) == isValid, violations.isEmpty == isValid else {
                    return .failed(isValid ? "wanted valid, found: \(violations.first?.description ?? "")" : "valid, wanted a violation")
                }
                return .passed
            }
        }
    }
}
