import RatchetChecks
import RatchetJSON
import Testing

@Suite("JSON Schema")
struct JSONSchemaTests {
    private func schema(
        _ schema: JSONValue, documents: [String: JSONValue] = [:], assertsFormat: Bool = false
    ) throws(JSONSchemaError) -> JSONSchema {
        try JSONSchema(schema, documents: documents, regex: PCRE2JSONRegexEngine(), assertsFormat: assertsFormat)
    }

    // MARK: Messages

    private static let worded: [(String, String, String)] = [
        (#"{"type":"integer"}"#, #""12""#, #"expected integer, found string "12""#),
        (#"{"type":["integer","null"]}"#, "1.5", "expected null or integer, found number 1.5"),
        (#"{"required":["total"]}"#, "{}", #"missing property "total""#),
        (#"{"enum":["a","b"]}"#, #""c""#, #"expected one of "a", "b", found string "c""#),
        (#"{"minimum":3}"#, "2", "expected a number from 3, found 2"),
        (#"{"maxLength":2}"#, #""abc""#, #"expected at most 2 characters, found 3: "abc""#),
        (#"{"minItems":1}"#, "[]", "expected at least 1 item, found 0"),
        (#"{"uniqueItems":true}"#, "[1,2,1.0]", "expected different items, found number 1.0 at 0 and at 2"),
        (#"{"additionalProperties":false}"#, #"{"x":1}"#, #"/x: unexpected property "x""#),
        (
            #"{"propertyNames":{"maxLength":1}}"#, #"{"xy":1}"#,
            #"property name "xy": expected at most 1 character, found 2: "xy""#
        ),
        (#"{"dependentRequired":{"a":["b"]}}"#, #"{"a":1}"#, #"missing property "b", which "a" requires"#),
        (#"{"not":{"type":"null"}}"#, "null", "null satisfies a schema that it must not satisfy"),
        (
            #"{"oneOf":[{"type":"number"},{"minimum":1}]}"#, "2",
            "expected exactly one of 2 alternatives, found several: 1, 2"
        ),
        ("false", "1", "nothing is allowed here"),
    ]

    @Test("words violations for people", arguments: worded)
    func messages(_ text: String, _ value: String, _ expected: String) throws {
        let violations = try schema(try JSONValue(parsing: text)).validate(try JSONValue(parsing: value))
        #expect(violations.map(\.description) == [expected])
    }

    @Test("says of alternatives what is wrong with the one that was meant")
    func alternatives() throws {
        let schema = try schema([
            "anyOf": [
                ["type": "null"], ["properties": ["kind": ["const": "a"], "n": ["type": "integer"]]],
                ["properties": ["kind": ["const": "b"]]],
            ]
        ])
        // The alternative for null is not meant; "a" is, by its kind.
        let violations = schema.validate(["kind": "a", "n": "1"])
        #expect(violations.map(\.description) == [#"/n: expected integer, found string "1""#])
        #expect(violations.map(\.schema) == ["#/anyOf/1/properties/n/type"])
        #expect(schema.validate(["kind": "c"]).map(\.keyword) == ["anyOf"])
    }

    @Test("tells where in the value and where in the schema")
    func places() throws {
        let schema = try schema(
            ["items": ["$ref": "other.json#/$defs/a~0b"]],
            documents: ["other.json": ["$defs": ["a~b": ["properties": ["x/y": ["type": "string"]]]]]])
        let violation = try #require(schema.validate([["x/y": "a"], ["x/y": 1]]).first)
        #expect(violation.instance.description == "/1/x~1y")
        #expect(violation.schema == "other.json#/$defs/a~0b/properties/x~1y/type")
    }

    @Test("stops after the wanted number of violations")
    func limit() throws {
        let schema = try schema(["items": ["type": "string"]])
        let value = JSONValue.array(Array(repeating: 1, count: 1000))
        #expect(schema.validate(value, limit: 3).count == 3)
        #expect(schema.validate(value).count == JSONSchema.defaultViolationLimit)
    }

    // MARK: Malformed schemas

    private static let refused: [(schema: String, pointer: String, message: String)] = [
        (#"{"properties":{"a":{"type":"strnig"}}}"#, "/properties/a/type", "no such type"),
        (#"{"$defs":{"a":{"minLength":-1}}}"#, "/$defs/a/minLength", "whole number"),
        (#"{"items":[{}]}"#, "/items", "found a list"), (#"{"allOf":[]}"#, "/allOf", "empty"),
        (#"{"required":"a"}"#, "/required", "property names"), (#"{"pattern":"("}"#, "/pattern", "regular"),
        (##"{"$ref":"#/$defs/x"}"##, "/$ref", "leads nowhere"),
        (#"{"$ref":"other.json"}"#, "/$ref", "no schema is known by the URI other.json"),
        (#"{"$schema":"http://example.com/x"}"#, "/$schema", "no supported draft"), ("12", "", "an object"),
        (#"{"multipleOf":0}"#, "/multipleOf", "greater than 0"), (#"{"$id":"a#b"}"#, "", "no fragment"),
        (##"{"$ref":"#/$defs/a","$defs":{"a":{"anyOf":[{"$ref":"#"}]}}}"##, "", "without end"),
        (#"{"$defs":{"a":{"$anchor":"x"},"b":{"$anchor":"x"}}}"#, "/$defs/b", "second schema"),
    ]

    @Test("refuses malformed schemas, and says where", arguments: refused)
    func malformed(_ text: String, _ pointer: String, _ message: String) throws {
        let definition = try JSONValue(parsing: text)
        let error = #expect(throws: JSONSchemaError.self) { try schema(definition) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        if !message.contains("end") { #expect(error?.pointer == pointer) }
    }

    @Test("refuses formats that it cannot check, when formats are asserted")
    func unknownFormat() throws {
        #expect(try schema(["format": "emial"]).isValid("x"))
        let error = #expect(throws: JSONSchemaError.self) { try schema(["format": "emial"], assertsFormat: true) }
        #expect(error?.message.contains("emial") == true)
    }

    // MARK: Metaschemas

    @Test("carries the metaschemas, which are valid by themselves", arguments: JSONSchema.Draft.allCases)
    func metaschemas(_ draft: JSONSchema.Draft) throws {
        let schema = try schema(["$ref": .string(draft.metaschemaURI)])
        #expect(schema.isValid(["type": "integer", "properties": ["a": ["minimum": 1]]]))
        #expect(!schema.isValid(["type": "intger"]))
        #expect(!schema.isValid(["properties": ["a": ["minimum": "1"]]]))
    }

    // MARK: Hostile input

    @Test("validates values as deep as the parser allows")
    func deepValues() throws {
        var value: JSONValue = 1
        for _ in 0..<511 { value = ["a": value] }
        let definition: JSONValue = [
            "$ref": "#/$defs/n",
            "$defs": [
                "n": ["allOf": [["anyOf": [["$ref": "#/$defs/m"], ["type": "string"]]]]],
                "m": ["properties": ["a": ["$ref": "#/$defs/n"]], "unevaluatedProperties": false],
            ],
        ]
        let schema = try schema(definition)
        #expect(schema.isValid(value))
        #expect(!schema.isValid(["a": ["b": value]]))
        #expect(!schema.validate(["a": ["b": value]]).isEmpty)
    }

    @Test("gives up what would never end, and then calls nothing valid")
    func endless() throws {
        let schema = try schema(["$id": "http://x/a", "$dynamicAnchor": "x", "not": ["$dynamicRef": "#x"]])
        #expect(!schema.isValid(1))
        #expect(schema.validate(1).map(\.message) == ["too deep or too large to be checked with this schema"])
    }

    @Test("explains nested alternatives without exploring them all")
    func explosion() throws {
        var value: JSONValue = 1
        for _ in 0..<511 { value = ["a": value] }
        let branch: (JSONValue) -> JSONValue = { ["properties": ["a": ["$ref": "#/$defs/n"]], "required": [$0]] }
        let schema = try schema([
            "$ref": "#/$defs/n", "$defs": ["n": ["type": "object", "anyOf": [branch("b"), branch("c")]]],
        ])
        #expect(schema.validate(value).map(\.keyword) == ["anyOf"])
    }

    @Test("compares property names by code points")
    func codePoints() throws {
        let schema = try schema(["properties": ["\u{E9}": ["type": "string"]], "required": ["\u{E9}"]])
        #expect(schema.isValid(["\u{E9}": "x", "e\u{301}": 1]))
        #expect(!schema.isValid(["e\u{301}": "x"]))
    }
}
