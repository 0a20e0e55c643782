import RatchetJSON
import Testing

@Suite("JSON is found in what models write")
struct JSONExtractionTests {
    @Test(
        "Where the value is, and which",
        arguments: [
            (" {\"a\":1}\n", .whole, "{\"a\":1}"), ("42", .whole, "42"), ("\"x\"", .whole, "\"x\""),
            ("Sure!\n```json\n{\"a\":1}\n```\nBye", .fence, "{\"a\":1}"), ("```\n[1]\n```", .fence, "[1]"),
            ("~~~JSON5\r\n[1]\r\n~~~", .fence, "[1]"), ("1. x\n   ```json\n   {\"a\":1}\n   ```", .fence, "{\"a\":1}"),
            ("```python\nx = 1\n```\n```json\n{\"b\":2}\n```", .fence, "{\"b\":2}"),
            ("```\n1\n```\n```\n{}\n```", .fence, "{}"),
            ("````\n```json\n{}\n```\n````", .prose, "{}"), ("```json\n{\"a\":1}", .fence, "{\"a\":1}"),
            ("```text\n42\n```", .fence, "42"), ("Use [x] or {y}: {\"a\":[1]} and {\"b\":2}", .prose, "{\"a\":[1]}"),
            ("é [see {\"a\":1}]", .prose, "{\"a\":1}"), ("{bad} [1,2", nil, ""), ("no JSON here", nil, ""),
            ("", nil, ""),
            ("```json {\"a\":1} ```", .prose, "{\"a\":1}"), ("I said \"{\" then [1]", .prose, "[1]"),
            ("{\"a\": 'x'} {\"b\":1}", .prose, "{\"b\":1}"), ("{\"a\":1,\"a\":2} {}", .prose, "{}"),
        ] as [(String, JSONExtraction.Place?, String)])
    func find(_ text: String, _ place: JSONExtraction.Place?, _ expected: String) throws {
        let found = JSONExtraction.find(in: text)
        #expect(found?.place == place)
        guard let found else { return }
        #expect(found.value.serialized() == expected)
        #expect(try JSONValue(parsing: Array(text.utf8)[found.range]) == found.value)
    }

    @Test("An answer cut off has no value, although parts of it are complete")
    func truncated() {
        for text in [
            "{\"items\": [{\"id\": 1}, {\"id", "Here: {\"a\": {\"b\": 1}, \"c\": \"lo", "```json\n{\"a\": [1, 2",
        ] {
            #expect(JSONExtraction.find(in: text) == nil)
        }
    }

    @Test(
        "The last object is the verdict",
        arguments: [
            ("{\"v\":1} then {\"v\":{\"w\":2}} done }", "{\"v\":{\"w\":2}}"), ("[{\"v\":1},{\"v\":2}]", "{\"v\":2}"),
            ("{\"v\":1} {oops", "{\"v\":1}"), ("{\"v\":1} {\"v\":", "{\"v\":1}"), ("[1]", nil),
            ("{\"v\":1}", "{\"v\":1}"),
        ] as [(String, String?)])
    func lastObject(_ text: String, _ expected: String?) {
        #expect(JSONExtraction.lastObject(in: text)?.value.serialized() == expected)
    }

    @Test(
        "Texts made to be slow are read in linear time",
        arguments: [
            "[", "{", "{\"a\":", "[[]", "{\"a\":[{\"a\":1,\"a\":", "[\"", "[   ", "```\n[\n", "[1,", "{\"a\":1,\"a\":",
        ])
    func hostile(_ unit: String) {
        let text = String(repeating: unit, count: 50_000 / unit.utf8.count)
        _ = JSONExtraction.find(in: text)
        _ = JSONExtraction.lastObject(in: text)
        _ = JSONExtraction.find(in: text + "x")
        _ = JSONExtraction.find(in: "x" + text + " {\"a\":1}")
    }
}
