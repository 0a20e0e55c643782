import Conformance
import Foundation
import RatchetJSON
import TestSupport
import Testing

@Suite("Conformance to public test suites")
struct ConformanceTests {
    /// How many cases of a suite there are at least.
    private static let sizes = [
        "json-test-suite": 200, "utf8": 100, "json-patch": 90, "jsonpath-cts": 400, "json-schema-test-suite": 5000,
        "pcre2": 2000, "mustache": 100, "sse": 10, "naughty-strings": 400,
    ]

    @Test("Every case of every suite", arguments: sizes.keys.sorted())
    func conformance(_ folder: String) async throws {
        let suite = try #require(ConformanceSuite.all.first { $0.folder == folder })
        guard let url = SharedData.url("conformance/\(folder)") else { return }
        let tally = await suite.run(in: url)
        for failure in tally.failures { Issue.record("\(failure.name): \(failure.reason)") }
        #expect(tally.total >= Self.sizes[folder] ?? 1)
        #expect(tally.skipped.count < tally.total / 4 + 1)
    }

    @Test("Each suite is run here")
    func complete() { #expect(Set(ConformanceSuite.all.map(\.folder)) == Set(Self.sizes.keys)) }

    @Test("Cases that nobody meets are told by name, and files that are none as well")
    func failures() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("conformance-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ text: String, _ path: String) throws {
            let file = folder.appendingPathComponent(path)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try write(#"{"tests": [{"name": "good", "selector": "$.a", "document": {"a": 1}, "result": [1]}, {"name": "bad", "selector": "$.a", "document": {"a": 1}, "result": [2]}]}"#, "jsonpath-cts/cts.json")
        try write("1", "json-test-suite/test_parsing/n_one.json")
        try write("{", "mustache/broken.json")
        try write(#"[{"description": "g", "schema": {"type": 3}, "tests": [{"description": "t", "data": 1, "valid": true}]}]"#, "json-schema-test-suite/tests/draft7/x.json")
        func names(_ folderName: String) async throws -> [String] {
            let suite = try #require(ConformanceSuite.all.first { $0.folder == folderName })
            return await suite.run(in: folder.appendingPathComponent(folderName)).failures.map(\.name)
        }
        #expect(try await names("jsonpath-cts") == ["bad"])
        #expect(try await names("json-test-suite") == ["test_parsing/n_one.json"])
        #expect(try await names("mustache") == ["Mustache (specification)"])
        #expect(try await names("json-schema-test-suite") == ["draft7/x.json: g: t"])
        #expect(try await names("pcre2").isEmpty)
    }
}
