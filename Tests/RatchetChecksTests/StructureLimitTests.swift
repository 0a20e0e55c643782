import RatchetCore
import RatchetJSON
import Testing

@testable import RatchetChecks

@Suite("Limits of the structure checks")
struct StructureLimitTests {
    /// Every structure check, in the forms that do the most work.
    static let checks = [
        #"{"is_json": {"allow": "prose"}}"#, ##"{"json_schema": {"schema": {"$ref": "#/$defs/n", "$defs": {"n": {"anyOf": [{"type": "array", "items": {"$ref": "#/$defs/n"}, "uniqueItems": true}, {"additionalProperties": {"$ref": "#/$defs/n"}, "type": "object"}, {"type": ["string", "number"], "multipleOf": 0.01, "format": "date"}]}}}, "formats": true, "allow": "prose"}}"##,
        #"{"json_path": {"path": "$..*", "type": ["number", "string", "array", "object"], "allow": "prose"}}"#, #"{"json_path": {"path": "$[?@ > 1 && @ < 2 || match(@, 'a*')]", "allow": "prose"}}"#,
        #"{"json_equals": {"value": [1, 2, {"a": 1}], "any_order": true, "tolerance": 0.1, "subset": true, "ignore": "$..b", "allow": "prose"}}"#, #"{"json_equals": {"value": [1, 2], "any_order": true, "allow": "prose"}}"#,
        #"{"xml": ["//a[1]", "//b"]}"#, #"{"html": {"paths": ["//a[1]", "//b"], "well_formed": true}}"#, #"{"csv": {"values": {"1": {"unique": true}}, "header": false}}"#, #"{"code_fence": {"only": true}}"#,
        #"{"sql": {"schema": "CREATE TABLE t (a)"}}"#, #"{"sql": {"database": "CREATE TABLE t (a)", "rows": [[1]]}}"#,
    ]

    private static func json(_ unit: String, _ count: Int, _ opening: String = "[", _ closing: String = "]") -> String {
        opening + Array(repeating: unit, count: count).joined(separator: ",") + closing
    }

    private static let manyKeys = "{\((0..<50_000).map { "\"k\($0)\": 1" }.joined(separator: ","))}"

    private static let costlyOutputs: [(String, String)] = [
        ("a million levels of lists", String(repeating: "[", count: 1_000_000)), ("and closed", String(repeating: "[", count: 1_000_000) + String(repeating: "]", count: 1_000_000)),
        ("levels of objects", String(repeating: #"{"a":"#, count: 200_000)), ("as deep as allowed", String(repeating: "[", count: 512) + String(repeating: "]", count: 512)),
        ("huge exponents", "[1e999999, -1e-999999, 1e99999999999999999999, 0e999999]"), ("a long number", "[1" + String(repeating: "0", count: 500_000) + ".5]"),
        ("repeated keys", json(#""k": 1"#, 100_000, "{", "}")), ("many keys", manyKeys),
        ("half surrogates", json(#""\uD800", "\uDC00\uD800""#, 1_000)), ("many numbers", json("1", 200_000)), ("many objects", json(#"{"a": 1, "b": 2}"#, 30_000)),
        ("many texts", json(#""2026-01-01""#, 50_000)), ("one long text", #"[""# + String(repeating: "a", count: 2_000_000) + #""]"#), ("control characters", "[\"\u{0}\u{1}\u{7F}\"]"),
        ("one long line", String(repeating: "a ", count: 1_000_000)), ("empty", ""), ("spaces", String(repeating: " ", count: 1_000_000)), ("line ends", String(repeating: "\r\n", count: 500_000)),
    ]

    @Test("Outputs made to cost time, memory or stack are answered by each of them, on one line", arguments: costlyOutputs)
    func costly(_ name: String, _ text: String) async throws {
        for check in Self.checks {
            let result = try await Checking.result(check, text)
            #expect(!result.reason.isEmpty && result.reason.unicodeScalars.count <= Excerpt.longestReason + 1)
            #expect(!result.reason.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F })
        }
    }

    @Test("What is too much to know is errored, and never passed or failed", arguments: [
        (#"{"json_path": {"path": "$..*..*..*"}}"#, String(repeating: "[", count: 400) + String(repeating: "]", count: 400)), (#"{"json_path": {"path": "$[?match(@, '(a+)+')]"}}"#, #"["\#(String(repeating: "a", count: 60))!"]"#),
        (#"{"json_schema": {"pattern": "^(a+)+$"}}"#, #""\#(String(repeating: "a", count: 60))!""#), (#"{"json_schema": {"not": {"pattern": "^(a+)+$"}}}"#, #""\#(String(repeating: "a", count: 60))!""#),
        (#"{"json_equals": {"value": {}, "subset": true}}"#, json("1", 3_000_001)),
    ])
    func undecided(_ check: String, _ text: String) async throws {
        let result = try await Checking.result(check, text)
        #expect(result.state == .errored, "\(result.reason)")
    }

    @Test("A JSON far larger than wanted is just wrong")
    func tooLarge() async throws {
        let result = try await Checking.result(#"{"json_equals": []}"#, Self.json("1", 3_000_001))
        #expect(result.state == .failed)
        #expect(result.reason.contains("far more than wanted"))
    }
}
