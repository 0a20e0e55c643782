import Foundation
import RatchetChecks
import RatchetJSON
import TestSupport
import Testing

@Suite("Conformance: JSONPath")
struct JSONPathConformanceTests {
    private static let file = SharedData.url("conformance/jsonpath-cts/cts.json")

    struct Case: Sendable, CustomTestStringConvertible {
        let test: JSONValue
        var testDescription: String { test["name"]?.stringValue ?? "" }
    }

    private static let cases: [Case] = {
        guard let file, let data = try? Data(contentsOf: file), let suite = try? JSONValue(parsing: [UInt8](data))
        else {
            return []
        }
        return suite["tests"]?.arrayValue?.map(Case.init) ?? []
    }()

    @Test("every case of the compliance test suite", .enabled(if: file != nil), arguments: cases)
    func conformance(_ example: Case) throws {
        let test = example.test
        let selector = try #require(test["selector"]?.stringValue)
        guard test["invalid_selector"] != true else {
            #expect(throws: JSONPathError.self) { try JSONPath(selector, regex: PCRE2JSONRegexEngine()) }
            return
        }
        let path = try JSONPath(selector, regex: PCRE2JSONRegexEngine())
        let document = try #require(test["document"])
        let nodes = try path.nodes(in: document)
        let allowed = try test["results"]?.arrayValue ?? [#require(test["result"])]
        let allowedPaths = try test["results_paths"]?.arrayValue ?? [#require(test["result_paths"])]
        #expect(allowed.contains(.array(nodes.map(\.value))))
        #expect(allowedPaths.contains(.strings(nodes.map(\.location))))
        #expect(try path.values(in: document) == nodes.map(\.value))
    }

    @Test("the suite is whole", .enabled(if: file != nil))
    func count() { #expect(Self.cases.count > 400) }
}
