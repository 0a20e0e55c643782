import RatchetJSON
import Testing

@Suite("Diagnostics are placed in the source")
struct JSONSourceMapTests {
    private let map = JSONSourceMap(
        """
        {
          "a": [1, {"é😀": "x]}\\"", "b" : null}],
          "c": {"d": {}, "c": []},
          "last": true
        }
        """)

    @Test(
        "Keys and values are found by their pointer",
        arguments: [
            ("", JSONSourceMap.Part.value, 1, 1), ("/a", .value, 2, 8), ("/a", .key, 2, 3), ("/a/0", .value, 2, 9),
            ("/a/1", .value, 2, 12), ("/a/1/é😀", .value, 2, 19), ("/a/1/é😀", .key, 2, 13), ("/a/1/b", .key, 2, 28),
            ("/a/1/b", .value, 2, 34), ("/c/c", .key, 3, 18), ("/c/d", .value, 3, 14), ("/last", .value, 4, 11),
        ])
    func found(_ pointer: String, _ part: JSONSourceMap.Part, _ line: Int, _ column: Int) throws {
        let place = try #require(map.position(of: try JSONPointer(parsing: pointer), part: part))
        #expect((place.line, place.column) == (line, column))
    }

    @Test(
        "What does not exist is placed at its deepest ancestor",
        arguments: [
            ("/a/2", 2, 8), ("/a/-", 2, 8), ("/a/0/x", 2, 9), ("/c/e/f", 3, 8), ("/nothing", 1, 1), ("/c/c/0", 3, 23),
        ])
    func ancestors(_ pointer: String, _ line: Int, _ column: Int) throws {
        let place = try #require(map.position(of: try JSONPointer(parsing: pointer), part: .value))
        #expect((place.line, place.column) == (line, column))
    }

    @Test("Of repeated keys the last counts, and an empty text has no places")
    func edges() {
        let last = JSONSourceMap("{\"a\":1,\"a\":2}").position(of: JSONPointer.root.appending("a"))
        #expect(last?.offset == 11)
        #expect(JSONSourceMap(" \n").position(of: .root) == nil)
    }

    @Test(
        "Texts that are not JSON and deep nesting do no harm",
        arguments: ["{", "[1", "{\"a\"", "{\"a\":", "[\"", "{\"a\":[", "]", "\"\\"])
    func broken(_ text: String) throws {
        for pointer in ["/a", "/0", "/a/0/b", "/1"] {
            _ = JSONSourceMap(text).position(of: try JSONPointer(parsing: pointer), part: .key)
        }
        let deep = JSONSourceMap("[" + String(repeating: "[", count: 1_000_000))
        #expect(deep.position(of: JSONPointer.root.appending(1))?.offset == 0)
    }
}
