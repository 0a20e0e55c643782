import RatchetJSON
import Testing

@Suite("The JSON parser is strict and says what is wrong")
struct JSONParserTests {
    @Test("Values keep digits, order and text")
    func values() throws {
        let value = try JSONValue(
            parsing: " {\"b\": [1.0, -2e3, true, false, null], \"a\": \"\\u00e9\\n\\ud83d\\ude00\\/\"}\n")
        #expect(value.objectValue?.keys == ["b", "a"])
        #expect(value["b"] == [1, -2000, true, false, .null])
        #expect(value["b"]?.arrayValue?.first?.numberValue?.literal == "1.0")
        #expect(value["a"]?.stringValue == "é\n😀/")
    }

    @Test("All kinds of input parse alike")
    func inputs() throws {
        let text = "[1, \"é\"]"
        let bytes = Array(text.utf8)
        let value: JSONValue = [1, "é"]
        #expect(try JSONValue(parsing: text) == value)
        #expect(try JSONValue(parsing: ("x" + text).dropFirst()) == value)
        #expect(try JSONValue(parsing: bytes) == value)
        #expect(try JSONValue(parsing: ([0] + bytes)[1...]) == value)
    }

    @Test(
        "Mistakes are placed and put in words",
        arguments: [
            ("", 1, 1, "empty"), ("  \n ", 2, 2, "empty"), ("\u{FEFF}{}", 1, 1, "byte order mark"),
            ("[1,]", 1, 4, "trailing comma"), ("{\"a\":1,}", 1, 8, "trailing comma"),
            ("[1 2]", 1, 4, "found '2', wanted ',' or ']'"),
            ("{\"a\" 1}", 1, 6, "wanted ':'"), ("{a:1}", 1, 2, "found 'a', wanted a key in double quotes"),
            ("{'a':1}", 1, 2, "double quotes"), ("[True]", 1, 2, "JSON writes true"),
            ("[None]", 1, 2, "JSON writes null"),
            ("NaN", 1, 1, "no number"), ("[01]", 1, 2, "superfluous 0"),
            ("[1.]", 1, 4, "digit after the decimal point"),
            ("[-]", 1, 3, "digit after '-'"), ("[1e]", 1, 4, "exponent"), ("[+1]", 1, 2, "start with a digit"),
            ("\"abc", 1, 1, "no closing quote"), ("\"a\nb\"", 1, 3, "a line break inside a string"),
            ("\"\\x\"", 1, 2, "unknown escape"), ("\"\\u12g4\"", 1, 2, "unknown escape"),
            ("\"\\ud800\"", 1, 2, "surrogate"),
            ("\"\\udc00\"", 1, 2, "surrogate"), ("{}\r\n{}", 2, 1, "after the end"),
            ("{\"é😀\": tru}", 1, 8, "found 'tru'"),
            ("{\n \"a\": 1,\r \"a\": 2}", 3, 2, "key \"a\" appears twice"), ("// x\n1", 1, 1, "no comments"),
            ("[1", 1, 3, "end of the text"),
        ] as [(String, Int, Int, String)])
    func mistakes(_ text: String, _ line: Int, _ column: Int, _ message: String) throws {
        let error = try #require(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
        #expect(error.message.contains(message), "\(error.message)")
        #expect((error.line, error.column) == (line, column))
    }

    @Test("Bytes that are not UTF-8 are refused where they stand")
    func utf8() throws {
        for (bytes, offset) in [
            ([0x22, 0x61, 0xFF, 0x22], 2), ([0x22, 0x5C, 0x6E, 0xC3, 0xA9, 0xED, 0xA0, 0x80, 0x22], 5),
            ([0xC0, 0xAF], 0),
            ([0x22, 0xE2, 0x82, 0x22], 1),
        ] as [([UInt8], Int)] {
            let error = try #require(throws: JSONSyntaxError.self) { try JSONValue(parsing: bytes) }
            #expect(error.offset == offset)
        }
    }

    @Test("Repeated keys and lone surrogates can be put up with")
    func options() throws {
        let value = try JSONValue(parsing: "{\"a\":1,\"b\":2,\"a\":3}", options: .lastKeyWins)
        #expect(value.serialized() == "{\"a\":3,\"b\":2}")
        let lone = try JSONValue(parsing: "\"x\\ud800\\u0041\\udfff\"", options: .lenient)
        #expect(lone == "x\u{FFFD}A\u{FFFD}")
    }

    @Test("Keys and strings compare by code points, not by canonical equivalence")
    func codePoints() throws {
        let value = try JSONValue(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(value["\u{E9}"] == 1)
        #expect(value["e\u{301}"] == 2)
        #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
        #expect(Set([JSONValue.string("\u{E9}"), .string("e\u{301}")]).count == 2)
        #expect(JSONObject([("\u{E9}", 1)]) != JSONObject([("e\u{301}", 1)]))
    }

    @Test("Deep nesting is an error beyond the limit and no crash")
    func nesting() throws {
        let atLimit = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        #expect(throws: Never.self) { try JSONValue(parsing: atLimit) }
        let error = try #require(throws: JSONSyntaxError.self) { try JSONValue(parsing: "[" + atLimit + "]") }
        #expect(error.message.contains("512"))
        #expect(throws: JSONSyntaxError.self) {
            try JSONValue(parsing: String(repeating: "{\"a\":", count: 1_000_000))
        }
    }

    @Test(
        "Large objects find, replace, refuse and remove keys as small ones do", arguments: [3, 12, 13, 14, 100, 5000])
    func largeObjects(_ count: Int) throws {
        var object = JSONObject((0..<count).map { ("key\($0)", JSONValue.int($0)) })
        let parsed = try JSONValue(parsing: JSONValue.object(object).serialized())
        #expect(parsed == .object(object))
        for place in 0..<count { #expect(parsed.objectValue?.position(of: "key\(place)") == place) }
        #expect(parsed["key\(count)"] == nil)
        object["key1"] = "new"
        #expect(object.members[1].value == "new")
        object["key0"] = nil
        #expect(object.count == count - 1 && object["key0"] == nil && object["key2"] == 2)
        let repeated = "{" + (0..<count).map { "\"k\($0)\":0" }.joined(separator: ",") + ",\"k0\":1}"
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: repeated) }
        #expect(try JSONValue(parsing: repeated, options: .lastKeyWins)["k0"] == 1)
    }

    @Test("Equality and hashes ignore the order of members")
    func equality() throws {
        let left = try JSONValue(parsing: "{\"a\":1,\"b\":[1.0]}")
        let right = try JSONValue(parsing: "{\"b\":[1],\"a\":1e0}")
        #expect(left == right && left.hashValue == right.hashValue)
    }
}
