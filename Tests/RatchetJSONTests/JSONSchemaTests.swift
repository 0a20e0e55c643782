import RatchetChecks
import RatchetJSON
import Testing

@Suite("JSON Schema")
struct JSONSchemaTests {
    private func schema(
        _ schema: JSONValue, draft: JSONSchema.Draft? = nil, documents: [String: JSONValue] = [:],
        load: @escaping JSONSchema.Loader = { _ in nil }, options: JSONSchema.Options = JSONSchema.Options()
    ) throws(JSONSchemaProblems) -> JSONSchema {
        try JSONSchema(
            schema, baseURI: "dir/root.json", draft: draft, documents: documents, load: load, regex: PCRE2JSONRegexEngine(),
            options: options)
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
        #expect(violations.map(\.schema) == ["dir/root.json#/anyOf/1/properties/n/type"])
        #expect(schema.validate(["kind": "c"]).map(\.keyword) == ["anyOf"])
    }

    @Test("tells where in the value and where in the schema")
    func places() throws {
        let schema = try schema(
            ["items": ["$ref": "other.json#/$defs/a~0b"]],
            documents: ["dir/other.json": ["$defs": ["a~b": ["properties": ["x/y": ["type": "string"]]]]]])
        let violation = try #require(schema.validate([["x/y": "a"], ["x/y": 1]]).first)
        #expect(violation.instance.description == "/1/x~1y")
        #expect(violation.schema == "dir/other.json#/$defs/a~0b/properties/x~1y/type")
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
        (#"{"items":[3]}"#, "/items", "found a list"), (#"{"$schema":"https://json-schema.org/draft/2020-12/schema","items":[{}]}"#, "/items", "found a list"),
        (#"{"allOf":[]}"#, "/allOf", "empty"),
        (#"{"required":"a"}"#, "/required", "property names"), (#"{"pattern":"("}"#, "/pattern", "regular"),
        (##"{"$ref":"#/$defs/x"}"##, "/$ref", "leads nowhere"),
        (#"{"$ref":"other.json"}"#, "/$ref", "no schema is known by the URI dir/other.json"),
        (#"{"$schema":"http://json-schema.org/draft-03/schema#"}"#, "/$schema", "no supported draft"), ("12", "", "an object"),
        (#"{"multipleOf":0}"#, "/multipleOf", "greater than 0"), (#"{"$id":5}"#, "/$id", "a string"),
        (##"{"$ref":"#/$defs/a","$defs":{"a":{"anyOf":[{"$ref":"#"}]}}}"##, "", "without end"),
        (#"{"$defs":{"a":{"$anchor":"x"},"b":{"$anchor":"x"}}}"#, "/$defs/b", "second schema"),
    ]

    @Test("refuses malformed schemas, and says where", arguments: refused)
    func malformed(_ text: String, _ pointer: String, _ message: String) throws {
        let definition = try JSONValue(parsing: text)
        let error = #expect(throws: JSONSchemaProblems.self) { try schema(definition) }
        let problem = try #require(error?.problems.first)
        #expect(error?.problems.count == 1)
        #expect(problem.message.contains(message), "\(problem.message)")
        #expect(problem.document == "dir/root.json")
        if !message.contains("end") { #expect(problem.pointer == pointer) }
    }

    @Test("reports all that is wrong at once, in the schema and in those it refers to")
    func allProblems() throws {
        let error = #expect(throws: JSONSchemaProblems.self) {
            try schema(
                [
                    "type": "strnig", "minLength": -1, "pattern": "(", "required": [1], "enum": 3,
                    "properties": ["a": 5, "b": ["minimum": "1"], "c": ["$ref": "other.json"]],
                ],
                documents: ["dir/other.json": ["$defs": ["x": ["allOf": []]], "maxItems": 1.5]])
        }
        #expect(error?.problems.map { "\($0.document)\($0.pointer)" } == [
            "dir/other.json/$defs/x/allOf", "dir/other.json/maxItems", "dir/root.json/enum", "dir/root.json/minLength",
            "dir/root.json/pattern", "dir/root.json/properties/a", "dir/root.json/properties/b/minimum",
            "dir/root.json/required", "dir/root.json/type",
        ])
    }

    // MARK: Schemas as they are found

    private static let unusual: [(schema: String, valid: String, invalid: String)] = [
        (#"{"items":[{"type":"string"}]}"#, #"["a"]"#, "[1]"),
        (#"{"minimum":1,"exclusiveMinimum":true}"#, "2", "1"),
        (##"{"id":"http://x.org/a","definitions":{"n":{"id":"#n","type":"null"}},"$ref":"#n"}"##, "null", "1"),
        (#"{"$schema":"http://json-schema.org/schema#","type":"null"}"#, "null", "1"),
        (#"{"$schema":"http://json-schema.org/draft-05/schema#","type":"null"}"#, "null", "1"),
        (#"{"$schema":"https://www.json-schema.org/draft-07/hyper-schema#","type":"null"}"#, "null", "1"),
        (#"{"$schema":"http://json-schema.org/draft-04/schema","type":"integer"}"#, "1", "1.0"),
        (#"{"$schema":"https://example.com/our-schema","type":"null"}"#, "null", "1"),
        (##"{"$schema":"http://json-schema.org/draft-07/schema#","$id":"http://x.org/","properties":{"a":{"$id":"#/properties/a","type":"null"},"b":{"$id":"#/properties/a"}}}"##, #"{"a":null}"#, #"{"a":1}"#),
        (#"{"pattern":"^(?i)abc\\Z"}"#, #""ABC""#, #""abcd""#),
        (#"{"patternProperties":{"(?P<x>^a)":false}}"#, #"{"b":1}"#, #"{"a":1}"#),
        (#"{"pattern":"^\\_\\i\\u0041$"}"#, #""_iA""#, #""_iB""#),
        (#"{"properties":{"$ref":{"type":"string"},"$id":{"type":"string"}}}"#, #"{"$ref":"a","$id":"b"}"#, #"{"$ref":1}"#),
        (#"{"enum":[],"not":{}}"#, "", "1"), (##"{"required":[],"minLength":1.0,"title":5,"default":{"$ref":"#/x"}}"##, "1", ""),
        (##"{"$ref":"#/a%20b/c~1d","a b":{"c/d":{"type":"null"}}}"##, "null", "1"),
    ]

    @Test("compiles unusual schemas, and reads them as they were meant", arguments: unusual)
    func unusualSchemas(_ text: String, _ valid: String, _ invalid: String) throws {
        let schema = try schema(try JSONValue(parsing: text))
        if !valid.isEmpty { #expect(schema.isValid(try JSONValue(parsing: valid))) }
        if !invalid.isEmpty { #expect(!schema.isValid(try JSONValue(parsing: invalid))) }
    }

    @Test("takes the draft that it is told for a schema that names none")
    func draft() throws {
        #expect(try schema(["type": "integer"]).isValid(1.0))
        #expect(try !schema(["type": "integer"], draft: .draft4).isValid(.number(try #require(JSONNumber(validating: "1.0")))))
        #expect(throws: JSONSchemaProblems.self) { try schema(["items": [true]], draft: .draft202012) }
        #expect(try schema(["$schema": "http://example.com/x"]).unknownMetaschema == "http://example.com/x")
    }

    @Test("asks for documents that are not at hand, by their URI and by their place beside the schema's file")
    func loading() throws {
        nonisolated(unsafe) var asked: [String] = []
        let schema = try schema(
            ["$id": "https://example.com/s/root", "items": ["$ref": "sub/item.json#/$defs/n"]],
            load: { uri in
                asked.append(uri)
                switch uri {
                case "dir/sub/item.json": return ["$defs": ["n": ["anyOf": [["type": "null"], ["$ref": "../list.json"]]]]]
                case "dir/list.json": return ["type": "array", "items": ["$ref": "sub/item.json#/$defs/n"]]
                default: return nil
                }
            })
        #expect(asked == ["https://example.com/s/sub/item.json", "dir/sub/item.json", "dir/list.json"])
        #expect(schema.isValid([.null, [.null, []]]))
        #expect(!schema.isValid([.null, [1]]))
    }

    @Test("checks contents only when asked to", arguments: [
        (#"{"contentEncoding":"base64"}"#, #""eyI=""#, true), (#"{"contentEncoding":"base64"}"#, #""eyI""#, false),
        (#"{"contentEncoding":"base64url"}"#, #""eyI""#, true), (#"{"contentMediaType":"application/json"}"#, #""{\"a\":1}""#, true),
        (#"{"contentMediaType":"application/ld+json; a=b"}"#, #""{""#, false), (#"{"contentMediaType":"application/json"}"#, "5", true),
        (#"{"contentMediaType":"application/json","contentEncoding":"base64","contentSchema":{"type":"array"}}"#, #""W10=""#, true),
        (#"{"contentMediaType":"application/json","contentEncoding":"base64","contentSchema":{"type":"array"}}"#, #""e30=""#, false),
    ])
    func contents(_ text: String, _ value: String, _ isValid: Bool) throws {
        let (definition, value) = (try JSONValue(parsing: text), try JSONValue(parsing: value))
        #expect(try schema(definition, options: .init(assertsContent: true)).isValid(value) == isValid)
        #expect(try schema(definition).isValid(value))
    }

    @Test("refuses formats that it cannot check, when formats are asserted")
    func unknownFormat() throws {
        #expect(try schema(["format": "emial"]).isValid("x"))
        let error = #expect(throws: JSONSchemaProblems.self) { try schema(["format": "emial"], options: .init(formats: .assertions)) }
        #expect(error?.problems.first?.message.contains("emial") == true)
        #expect(try schema(["format": "emial"], options: .init(formats: .knownAssertions)).isValid("x"))
        #expect(try !schema(["format": "date"], options: .init(formats: .knownAssertions)).isValid("x"))
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
        #expect(schema.validate(1).map(\.isSurrender) == [true])
    }

    @Test("gives up a pattern that takes too many steps, and says so")
    func slowPatterns() throws {
        let text = String(repeating: "a", count: 60) + "!"
        for keyword in ["pattern", "not"] {
            let slow: JSONValue = ["pattern": "^(a+)+$"]
            let schema = try schema(keyword == "not" ? ["not": slow] : slow)
            #expect(schema.validate(.string(text)).map(\.isSurrender) == [true])
            #expect(!schema.isValid(.string(text)))
        }
        #expect(try schema(["patternProperties": ["^(a+)+$": true]]).validate(.object([text: 1])).map(\.isSurrender) == [true])
        let path = try JSONPath("$[?match(@, '(a+)+')]", regex: PCRE2JSONRegexEngine())
        #expect(throws: JSONPathError.self) { try path.values(in: [.string(text)]) }
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
