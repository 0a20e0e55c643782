import RatchetChecks
import RatchetJSON
import Testing

@Suite("Comparing JSON")
struct JSONComparisonTests {
    private static func rules(
        ignore: [String] = [], anyOrder: [String]? = [], tolerance: Double? = nil, relative: Double = 0, subset: Bool = false
    ) throws -> JSONComparison.Rules {
        var rules = JSONComparison.Rules()
        rules.ignored = try ignore.map { try JSONPath($0, regex: PCRE2JSONRegexEngine()) }
        rules.unorderedLists = try anyOrder?.map { try JSONPath($0, regex: PCRE2JSONRegexEngine()) }
        rules.tolerance = tolerance.map { JSONComparison.Tolerance(absolute: $0, relative: relative) }
        rules.allowsExtraMembers = subset
        return rules
    }

    private static func compare(_ found: String, _ wanted: String, _ rules: JSONComparison.Rules) throws -> JSONComparison.Result {
        try JSONComparison(wanted: try JSONValue(parsing: wanted), rules: rules).compare(try JSONValue(parsing: found))
    }

    private static func words(_ result: JSONComparison.Result) -> [String] {
        result.differences.map { "\($0.kind) \($0.place) \($0.wanted?.serialized() ?? "-") \($0.found?.serialized() ?? "-")" }
    }

    @Test("Says what is missing, extra and changed, and how much is right", arguments: [
        (#"{"a":1,"b":[1,2]}"#, #"{"b":[1.0,2],"a":1e0}"#, [], 1.0), (#"{"a":1}"#, #"{"a":2}"#, ["changed /a 2 1"], 0),
        (#"{"a":1,"x":2}"#, #"{"a":1,"b":3}"#, ["missing /b 3 -", "extra /x - 2"], 1.0 / 3),
        (#"[1,2,3]"#, #"[1,3]"#, ["extra /1 - 2"], 2.0 / 3), (#"[2,3]"#, #"[1,2,3]"#, ["missing /0 1 -"], 2.0 / 3),
        (#"[1,9,3]"#, #"[1,2,3]"#, ["changed /1 2 9"], 2.0 / 3), (#"{"a":{"b":1,"c":2}}"#, #"{"a":5}"#, [#"changed /a 5 {"b":1,"c":2}"#], 0),
        (#"{}"#, #"[]"#, ["changed  [] {}"], 0), (#"{"a":[]}"#, #"{"a":[]}"#, [], 1), (#"{"é":1}"#, #"{"e\u0301":1}"#, ["missing /e\u{301} 1 -", "extra /é - 1"], 0),
        (#"[[1,2],[3]]"#, #"[[2,1],[3]]"#, ["changed /0/0 2 1", "changed /0/1 1 2"], 1.0 / 3),
        (#"{"a/b":1}"#, #"{"a/b":null}"#, ["changed /a~1b null 1"], 0), (#""1""#, "1", [#"changed  1 "1""#], 0),
    ] as [(String, String, [String], Double)])
    func plain(_ found: String, _ wanted: String, _ differences: [String], _ score: Double) throws {
        let result = try Self.compare(found, wanted, try Self.rules())
        #expect(Self.words(result) == differences)
        #expect(abs(result.score - score) < 1e-12)
        #expect(result.isEqual == differences.isEmpty)
    }

    @Test("Leaves out what is ignored, on both sides", arguments: [
        (["$.id"], #"{"id":1,"a":2}"#, #"{"id":3,"a":2}"#, true), (["$..id"], #"[{"id":1},{"id":2}]"#, #"[{"id":3},{}]"#, true),
        (["$.items[0]"], #"{"items":[1,2]}"#, #"{"items":[9,2]}"#, true), (["$.a[?@.t=='x']"], #"{"a":[{"t":"x"},{"t":"y"}]}"#, #"{"a":[{"t":"y"}]}"#, true),
        (["$.id"], #"{"id":1,"a":2}"#, #"{"a":3}"#, false),
    ] as [([String], String, String, Bool)])
    func ignoring(_ paths: [String], _ found: String, _ wanted: String, _ isEqual: Bool) throws {
        #expect(try Self.compare(found, wanted, try Self.rules(ignore: paths)).isEqual == isEqual)
    }

    @Test("Lists without order, all of them or those at a path", arguments: [
        (nil, "[3,1,2]", "[1,2,3]", []), (nil, "[[2,1],[4,3]]", "[[3,4],[1,2]]", []), (nil, "[1,1,2]", "[1,2,2]", ["changed /1 2 1"]),
        (["$.a"], #"{"a":[2,1],"b":[1]}"#, #"{"a":[1,2],"b":[1]}"#, []), (["$.a"], #"{"a":[1],"b":[2,1]}"#, #"{"a":[1],"b":[1,2]}"#, ["changed /b/0 1 2", "changed /b/1 2 1"]),
        (["$.a"], "{\"a\":[[1,2]]}", "{\"a\":[[2,1]]}", ["changed /a/0/0 2 1", "changed /a/0/1 1 2"]),
        (["$[*].t"], #"[{"t":[1,2]},{"t":[3,4]}]"#, #"[{"t":[2,1]},{"t":[4,3]}]"#, []),
        (nil, #"[{"id":2,"n":"b"},{"id":1,"n":"x"}]"#, #"[{"id":1,"n":"a"},{"id":2,"n":"b"}]"#, [#"changed /1/n "a" "x""#]),
        (nil, "[1,2]", "[1,2,3]", ["missing /2 3 -"]), (nil, #"["x",2]"#, "[1,2]", [#"changed /0 1 "x""#]),
    ] as [([String]?, String, String, [String])])
    func unordered(_ paths: [String]?, _ found: String, _ wanted: String, _ differences: [String]) throws {
        #expect(Self.words(try Self.compare(found, wanted, try Self.rules(anyOrder: paths))) == differences)
    }

    @Test("Numbers within a tolerance", arguments: [
        ("0.4", "0.3", 0.1, 0, true), ("0.41", "0.3", 0.1, 0, false), ("101", "100", 0, 0.01, true), ("-102", "-100", 0, 0.01, false),
        ("1e999", "1e999", 0.1, 0, true), ("1e999", "1e998", 0.1, 0, false), (#""1""#, "1", 5, 0, false), ("null", "0", 1, 0, false),
        (#"{"a":[1.05]}"#, #"{"a":[1]}"#, 0.1, 0, true),
    ] as [(String, String, Double, Double, Bool)])
    func tolerance(_ found: String, _ wanted: String, _ absolute: Double, _ relative: Double, _ isEqual: Bool) throws {
        #expect(try Self.compare(found, wanted, try Self.rules(tolerance: absolute, relative: relative)).isEqual == isEqual)
    }

    @Test("Without order and with a tolerance, each finds a partner when there is one for each", arguments: [
        ("[1.0,1.05]", "[0.95,1.0]", 0.06, true), ("[1.0,1.2]", "[0.95,1.0]", 0.06, false), ("[3,1,2]", "[1.1,2.1,3.1]", 0.2, true),
        (#"[{"x":1.0},{"x":1.05}]"#, #"[{"x":1.0},{"x":0.95}]"#, 0.06, true), (#"[{"x":1.05},{"x":1.0}]"#, #"[{"x":1.0},{"x":0.95}]"#, 0.06, true),
        (#"[{"x":1.0},{"x":1.2}]"#, #"[{"x":1.0},{"x":0.95}]"#, 0.06, false),
    ])
    func tolerantPairs(_ found: String, _ wanted: String, _ tolerance: Double, _ isEqual: Bool) throws {
        #expect(try Self.compare(found, wanted, try Self.rules(anyOrder: nil, tolerance: tolerance)).isEqual == isEqual)
    }

    @Test("Further members may stand beside the wanted ones", arguments: [
        (#"{"a":1,"b":2}"#, #"{"a":1}"#, true), (#"{"a":{"b":1,"c":2}}"#, #"{"a":{"b":1}}"#, true), (#"{"a":1}"#, #"{"a":1,"b":2}"#, false),
        (#"[{"a":1,"b":2}]"#, #"[{"a":1}]"#, true), ("[1,2]", "[1]", false),
        // The first wanted element could take either; the second only one of them.
        (#"[{"a":1,"b":2},{"a":1}]"#, #"[{"a":1},{"a":1,"b":2}]"#, true), (#"[{"a":1,"b":1},{"a":1,"c":1}]"#, #"[{"c":1},{"a":1}]"#, true),
        (#"[{"a":1},{"a":1}]"#, #"[{"a":1},{"b":1}]"#, false),
    ])
    func subset(_ found: String, _ wanted: String, _ isEqual: Bool) throws {
        #expect(try Self.compare(found, wanted, try Self.rules(anyOrder: nil, subset: true)).isEqual == isEqual)
    }

    @Test("Huge lists without order are compared, or given up, and never taken for wrong")
    func huge() throws {
        let count = 30_000
        let wanted = JSONValue.array((0..<count).map { ["id": .number(JSONNumber($0))] })
        let found = JSONValue.array((0..<count).reversed().map { ["id": .number(JSONNumber($0)), "x": 1] })
        #expect(try JSONComparison(wanted: wanted, rules: Self.rules(anyOrder: nil)).compare(.array((wanted.arrayValue ?? []).reversed())).isEqual)
        let different = try JSONComparison(wanted: wanted, rules: Self.rules(anyOrder: nil)).compare(found)
        #expect(different.differenceCount > 0 && !different.isGivenUp)
        let subset = try JSONComparison(wanted: wanted, rules: Self.rules(anyOrder: nil, subset: true)).compare(found)
        #expect(subset.isGivenUp)
        let numbers = JSONValue.array((0..<count).map { .number(JSONNumber($0)) })
        let shifted = JSONValue.array((0..<count).reversed().map { .number(JSONNumber(Double($0) + 0.25)) })
        #expect(try JSONComparison(wanted: numbers, rules: Self.rules(anyOrder: nil, tolerance: 0.3)).compare(shifted).isEqual)
        #expect(try !JSONComparison(wanted: numbers, rules: Self.rules(anyOrder: nil, tolerance: 0.2)).compare(shifted).isEqual)
    }

    @Test("Lists of lists that nearly match end, whatever the nesting")
    func nested() throws {
        func tree(_ depth: Int, _ leaf: Int) -> JSONValue { depth == 0 ? ["v": .number(JSONNumber(leaf))] : .array((0..<4).map { tree(depth - 1, leaf * 4 + $0) }) }
        let result = try JSONComparison(wanted: tree(6, 0), rules: Self.rules(anyOrder: nil, tolerance: 0.5, subset: true)).compare(tree(6, 1))
        #expect(!result.isEqual)
    }

    @Test("Values as deep as the parser allows")
    func deep() throws {
        let (opening, closing) = (String(repeating: "[{\"a\":", count: 256), String(repeating: "}]", count: 256))
        let result = try Self.compare("\(opening)1\(closing)", "\(opening)2\(closing)", try Self.rules(anyOrder: nil, tolerance: 0.1))
        #expect(result.differenceCount == 1)
        #expect(result.differences.first?.place.tokens.count == 512)
    }
}
