import Foundation
import RatchetChecks
import RatchetJSON
import TestSupport
import Testing

@Suite("Conformance: JSON Schema")
struct JSONSchemaConformanceTests {
    private static let suite = SharedData.url("conformance/json-schema-test-suite")

    /// One file of the suite, for one draft.
    struct File: Sendable, CustomTestStringConvertible {
        let draft: JSONSchema.Draft
        let url: URL
        let isOptional: Bool
        let assertsFormat: Bool
        var testDescription: String { url.pathComponents.suffix(4).joined(separator: "/") }
    }

    /// Single tests that cannot pass, by their description.
    private static let impossible: Set<String> = [
        // PCRE2 wants lookbehinds of bounded width.
        "a variable-width lookbehind (ES2018)"
    ]

    private static func json(_ url: URL) throws -> JSONValue {
        try JSONValue(parsing: [UInt8](try Data(contentsOf: url)), options: .lastKeyWins)
    }

    private static func jsonFiles(_ folder: URL) -> [URL] {
        let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return (files ?? []).filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
    }

    private static let remotes: [String: JSONValue] = {
        guard let root = suite?.appendingPathComponent("remotes"),
            let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        else { return [:] }
        var documents: [String: JSONValue] = [:]
        for case let file as URL in files where file.pathExtension == "json" {
            let path = file.standardizedFileURL.path.dropFirst(root.standardizedFileURL.path.count)
            documents["http://localhost:1234\(path)"] = try? json(file)
        }
        return documents
    }()

    private static func files(_ folder: String, isOptional: Bool, assertsFormat: Bool) -> [File] {
        guard let suite else { return [] }
        return JSONSchema.Draft.allCases.flatMap { draft in
            jsonFiles(suite.appendingPathComponent("tests/\(name(of: draft))/\(folder)")).map {
                File(draft: draft, url: $0, isOptional: isOptional, assertsFormat: assertsFormat)
            }
        }
    }

    private static func name(of draft: JSONSchema.Draft) -> String {
        switch draft {
        case .draft4: "draft4"
        case .draft6: "draft6"
        case .draft7: "draft7"
        case .draft201909: "draft2019-09"
        case .draft202012: "draft2020-12"
        }
    }

    private static let required = files("", isOptional: false, assertsFormat: false)
    private static let optional = files("optional", isOptional: true, assertsFormat: false)
    private static let formats = files("optional/format", isOptional: true, assertsFormat: true)

    @Test(
        "required and optional tests of every draft", .enabled(if: suite != nil),
        arguments: required + optional + formats)
    func conformance(_ file: File) throws {
        for group in try #require(Self.json(file.url).arrayValue) {
            let name = group["description"]?.stringValue ?? ""
            let definition = try #require(group["schema"])
            let schema: JSONSchema
            do {
                schema = try JSONSchema(
                    definition, draft: file.draft, documents: Self.remotes, regex: PCRE2JSONRegexEngine(),
                    options: .init(
                        formats: file.assertsFormat ? .knownAssertions : .annotations,
                        assertsContent: file.isOptional && file.draft == .draft7))
            } catch {
                Issue.record("\(file.testDescription): \(name): \(error)")
                continue
            }
            for test in try #require(group["tests"]?.arrayValue)
            where !Self.impossible.contains(test["description"]?.stringValue ?? "") {
                let about: Comment = "\(file.testDescription): \(name): \(test["description"]?.stringValue ?? "")"
                let data = try #require(test["data"])
                let isValid = test["valid"] == true
                #expect(schema.isValid(data) == isValid, about)
                #expect(schema.validate(data).isEmpty == isValid, about)
            }
        }
    }

    @Test("the suite is whole", .enabled(if: suite != nil))
    func count() {
        #expect(Self.required.count > 150)
        #expect(Self.remotes.count > 50)
    }
}
