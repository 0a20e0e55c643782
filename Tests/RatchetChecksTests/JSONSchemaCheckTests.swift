import RatchetCore
import RatchetJSON
import Testing

@testable import RatchetChecks

@Suite("json_schema: files and problems")
struct JSONSchemaCheckTests {
    private static let files: [String: JSONValue] = [
        "schemas/answer.json": ["properties": ["total": ["$ref": "parts/money.json#/$defs/amount"]]],
        "suites/support/schemas/answer.json": ["properties": ["total": ["$ref": "parts/money.json#/$defs/amount"]]],
        "suites/support/schemas/parts/money.json": ["$defs": ["amount": ["minimum": 0, "anyOf": [true, ["$ref": "../answer.json"]]]]],
        "schemas/a b#c.json": ["type": "array"],
        "suites/support/bad.json": ["type": "strnig", "minLength": -1],
    ]

    private func check(_ text: String, _ output: String, files: [String: JSONValue] = files) async throws -> CheckState {
        try await Checking.result(text, Output(text: output), resources: Writing.resources(files: files)).state
    }

    @Test("`$ref` leads to other files of the project, in circles too", arguments: [
        #"{"json_schema": "schemas/answer.json"}"#,
        ##"{"json_schema": {"$ref": "schemas/answer.json"}}"##,
        ##"{"json_schema": {"properties": {"total": {"$ref": "../support/schemas/parts/money.json#/$defs/amount"}}}}"##,
    ])
    func references(_ text: String) async throws {
        #expect(try await check(text, #"{"total": 1}"#) == .passed)
        #expect(try await check(text, #"{"total": -1}"#) == .failed)
    }

    @Test("A file's name may hold what has a meaning in URIs")
    func names() async throws {
        var files = Self.files
        files["schemas/a b#c.json"] = ["items": ["$ref": "d%23.json"]]
        files["suites/support/schemas/d#.json"] = ["type": "null"]
        #expect(try await check(#"{"json_schema": "schemas/a b#c.json"}"#, "[null]", files: files) == .passed)
        #expect(try await check(#"{"json_schema": "schemas/a b#c.json"}"#, "[1]", files: files) == .failed)
    }

    @Test("Each file is part of the check's hash")
    func hashes() throws {
        func hash(_ minimum: JSONValue) throws -> String? {
            var files = Self.files
            files["suites/support/schemas/parts/money.json"] = ["$defs": ["amount": ["minimum": minimum]]]
            let compiler = CheckCompiler(Writing.resources(files: files))
            let example = try Writing.example([#"{"json_schema": "schemas/answer.json"}"#])
            return compiler.compile(example).checks?.checkHashes["json_schema"]
        }
        #expect(try hash(0) != nil)
        #expect(try hash(0) == hash(0))
        #expect(try hash(0) != hash(1))
    }

    @Test("All problems are told at once, each where it stands", arguments: [
        (#"{"json_schema": {"type": "strnig", "properties": {"a": {"minLength": -1}}}}"#, [
            "/checks/0/json_schema/properties/a/minLength: `json_schema`: \"minLength\" must be a whole number from 0, found -1 (at /properties/a/minLength)",
            "/checks/0/json_schema/type: `json_schema`: no such type: \"strnig\" (known: null, boolean, object, array, number, string, integer) (at /type)",
        ]),
        (##"{"json_schema": {"anyOf": [{"$ref": "bad.json"}, {"$ref": "none.json#/a"}, {"$ref": "none.json"}]}}"##, [
            "there is no file suites/support/none.json",
            "/checks/0/json_schema: `json_schema`: suites/support/bad.json: \"minLength\" must be a whole number from 0, found -1 (at /minLength)",
            "/checks/0/json_schema: `json_schema`: suites/support/bad.json: no such type: \"strnig\" (known: null, boolean, object, array, number, string, integer) (at /type)",
        ]),
        (##"{"json_schema": {"$ref": "https://example.com/x.json"}}"##, [
            "/checks/0/json_schema/$ref: `json_schema`: \"$ref\": \"https://example.com/x.json\": no schema is known by the URI https://example.com/x.json (at /$ref)",
        ]),
        (#"{"json_schema": {"schema": {"format": "int32"}, "formats": true}}"#, ["the format \"int32\" cannot be checked"]),
        (#"{"json_schema": {"schema": {}, "draft": 5}}"#, ["there is no draft \"5\""]),
        (#"{"json_schema": {"schema": {}, "file": "schemas/answer.json"}}"#, ["`schema` and `file` exclude each other"]),
        (#"{"json_schema": {"schema": {}, "formats": "all"}}"#, ["`formats` wants true or false"]),
        (#"{"json_schema": {"$schema": "https://example.com/ours", "type": "null"}}"#, ["nothing is known of the schema's `$schema`"]),
    ])
    func problems(_ text: String, _ expected: [String]) throws {
        let findings = try Writing.findings([text], resources: Writing.resources(files: Self.files))
        #expect(findings.count == expected.count, "\(findings)")
        for (finding, part) in zip(findings, expected) { #expect(finding.contains(part)) }
    }

    @Test("An unknown `$schema` warns, and the schema is used")
    func unknownMetaschema() async throws {
        let text = #"{"json_schema": {"$schema": "https://example.com/ours", "type": "null"}}"#
        #expect(try await check(text, "null") == .passed)
        #expect(try await check(text, "1") == .failed)
    }

    @Test("Formats and contents are asserted when asked for", arguments: [
        Case(#"{"json_schema": {"schema": {"format": "date"}}}"#, #""soon""#, .passed),
        Case(#"{"json_schema": {"schema": {"format": "date"}, "formats": true}}"#, #""soon""#, .failed, "expected date"),
        Case(#"{"json_schema": {"schema": {"allOf": [{"format": "date"}, {"format": "color"}]}, "formats": "known"}}"#, #""soon""#, .failed),
        Case(#"{"json_schema": {"schema": {"contentMediaType": "application/json"}, "contents": true}}"#, #""{""#, .failed, "a text that is JSON"),
        Case(#"{"json_schema": {"schema": {"type": "integer"}, "draft": 4}}"#, "1.0", .failed),
    ])
    func assertions(_ testCase: Case) async throws { try await testCase.hold() }
}
