import Foundation
import RatchetChecks
import RatchetJSON

extension ConformanceSuite {
    /// The JSONPath Compliance Test Suite: RFC 9535.
    static let jsonPath = ConformanceSuite(folder: "jsonpath-cts", title: "JSONPath (compliance test suite)") { folder in
        try CaseFiles.list(folder, "json").flatMap { file in
            try (CaseFiles.json(file)["tests"]?.arrayValue ?? []).map { test in
                ConformanceCase(test["name"]?.stringValue ?? test["selector"]?.stringValue ?? "") { try pathOutcome(of: test) }
            }
        }
    }

    private static func pathOutcome(of test: JSONValue) throws -> ConformanceOutcome {
        let selector = try test.needText("selector")
        let path: JSONPath
        do throws(JSONPathError) {
            path = try JSONPath(selector, regex: PCRE2JSONRegexEngine())
        } catch {
            return .that(test["invalid_selector"] == true, "\(selector) was refused: \(error.message)")
        }
        guard test["invalid_selector"] != true else { return .failed("\(selector) was taken, wanted a refusal") }
        let document = try test.need("document")
        let nodes = try path.nodes(in: document)
        let values = JSONValue.array(nodes.map(\.value))
        let allowed = try test["results"]?.arrayValue ?? [test.need("result")]
        guard allowed.contains(values), try .array(path.values(in: document)) == values else {
            return .failed("\(selector) gives \(values.serialized()), wanted \(allowed.map { $0.serialized() }.joined(separator: " or "))")
        }
        guard let allowedPaths = test["results_paths"]?.arrayValue ?? test["result_paths"].map({ [$0] }) else { return .passed }
        let locations = JSONValue.strings(nodes.map(\.location))
        return .that(allowedPaths.contains(locations), "\(selector) gives the paths \(locations.serialized())")
    }
}
