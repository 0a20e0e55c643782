import RatchetChecks
import RatchetJSON
import Testing

@Suite("JSONPath")
struct JSONPathTests {
    private let engine = PCRE2JSONRegexEngine()
    private let store: JSONValue = [
        "items": [
            ["name": "pen", "price": 2], ["name": "book", "price": 12.5], ["name": "cap", "price": 12.50],
        ],
        "it's": ["a\n": true],
    ]

    @Test(
        "selects values",
        arguments: [
            ("$.items[0].name", #"["pen"]"#), ("$.items[-1].name", #"["cap"]"#),
            ("$.items[?@.price == 12.5].name", #"["book","cap"]"#), ("$..price", "[2,12.5,12.50]"),
            ("$.items[?match(@.name, 'b.*')].price", "[12.5]"), ("$.items[::-1].name", #"["cap","book","pen"]"#),
            ("$.items[?length(@.name) == 3 && @.price > 5].name", #"["cap"]"#), ("$.nothing", "[]"),
        ])
    func values(_ expression: String, _ expected: String) throws {
        let values = try JSONPath(expression, regex: engine).values(in: store)
        #expect(values == (try JSONValue(parsing: expected).arrayValue))
    }

    @Test("locates values by normalized paths")
    func locations() throws {
        let nodes = try JSONPath("$[\"it's\"].*", regex: engine).nodes(in: store)
        #expect(nodes.map(\.location) == [#"$['it\'s']['a\n']"#])
    }

    @Test("knows which queries select one node at most", arguments: ["$", "$.a", "$[0]", "$['a'][-1].b"])
    func singular(_ expression: String) throws {
        #expect(try JSONPath(expression, regex: engine).isSingular)
    }

    @Test("knows which queries can select several", arguments: ["$.*", "$..a", "$[0,1]", "$[0:1]", "$[?@.a]"])
    func plural(_ expression: String) throws {
        #expect(try !JSONPath(expression, regex: engine).isSingular)
    }

    @Test(
        "says what is wrong with a query, and where",
        arguments: [
            ("a", 0, "starts with"), ("$.", 2, "member name"), ("$[?length(@.*) == 1]", 10, "several nodes"),
            ("$[?count(1) == 1]", 9, "takes a query"), ("$[?foo(@)]", 3, "no such function"),
            ("$[01]", 3, "leading zeros"), ("$[9007199254740992]", 2, "2^53"), ("$['a", 2, "closing quote"),
            ("$[?@.a == 'x' == 'y']", 14, "\",\" or \"]\""), ("$[?1]", 3, "compared"), ("$ ", 1, "segment"),
            ("$[?match(@.a)]", 3, "2 arguments, found 1"), ("$['\\ud800']", 3, "surrogate"),
        ])
    func errors(_ expression: String, _ offset: Int, _ message: String) {
        let error = #expect(throws: JSONPathError.self) { try JSONPath(expression, regex: engine) }
        #expect(error?.offset == offset)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test("compares text by code points, not by what looks alike")
    func codePoints() throws {
        let document: JSONValue = ["e\u{301}": 1]
        #expect(try JSONPath("$['\u{E9}']", regex: engine).values(in: document).isEmpty)
        #expect(try JSONPath("$['e\u{301}']", regex: engine).values(in: document) == [1])
    }

    @Test("gives up queries whose work explodes", arguments: ["$..*..*..*..*", "$..[?$..[?$..[?$..a]]]"])
    func budget(_ expression: String) throws {
        var document: JSONValue = 1
        for _ in 0..<100 { document = ["a": document, "b": 2] }
        let path = try JSONPath(expression, regex: engine)
        #expect(throws: JSONPathError.self) { try path.values(in: document, budget: 50_000) }
    }

    @Test("survives filters and documents as deep as they come")
    func depth() throws {
        var document: JSONValue = 1
        for _ in 0..<511 { document = ["a": document] }
        var filter = "@.a"
        for _ in 0..<60 { filter = "$..[?\(filter)]" }
        let path = try JSONPath("$..[?\(filter)]", regex: engine)
        #expect(throws: JSONPathError.self) { try path.values(in: document, budget: 100_000) }
        #expect(try JSONPath("$..*", regex: engine).values(in: document).count == 511)
        let brackets = String(repeating: "(", count: 100_000)
        #expect(throws: JSONPathError.self) { try JSONPath("$[?\(brackets)", regex: engine) }
    }
}

@Suite("Taking out what a JSONPath selects")
struct JSONPathRemovingTests {
    @Test("Members and elements go, the rest stays in its order", arguments: [
        ("$.a", #"{"b": 1}"#), ("$.b", #"{"a": [{"id": 1, "x": 2}, 3]}"#), ("$.a[*].id", #"{"a": [{"x": 2}, 3], "b": 1}"#),
        ("$.a[0]", #"{"a": [3], "b": 1}"#), ("$..*", "{}"), ("$", #"{"a": [{"id": 1, "x": 2}, 3], "b": 1}"#),
        ("$.none", #"{"a": [{"id": 1, "x": 2}, 3], "b": 1}"#), ("$.a[?@.id]", #"{"a": [3], "b": 1}"#),
    ])
    func removing(_ path: String, _ rest: String) throws {
        let document = try JSONValue(parsing: #"{"a": [{"id": 1, "x": 2}, 3], "b": 1}"#)
        let path = try JSONPath(path, regex: PCRE2JSONRegexEngine())
        #expect(try path.removing(from: document).serialized(.compact) == JSONValue(parsing: rest).serialized(.compact))
    }
}
