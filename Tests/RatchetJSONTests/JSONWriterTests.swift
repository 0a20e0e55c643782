import RatchetJSON
import Testing

@Suite("Writing JSON")
struct JSONWriterTests {
    private let value: JSONValue = [
        "b": [1, 2.5, .null, true], "a": ["x": "é\u{2028}\u{1}\"\\\n</script>😀"], "e": [], "o": [:],
    ]

    @Test("Compact is one line, with whatever breaks lines escaped")
    func compact() {
        #expect(
            value.serialized(.compact)
                == #"{"b":[1,2.5,null,true],"a":{"x":"é\u2028\u0001\"\\\n</script>😀"},"e":[],"o":{}}"#)
    }

    @Test("Pretty indents by two spaces")
    func pretty() {
        let expected = """
            {
              "b": [
                1,
                {
                  "c": null
                }
              ],
              "e": [],
              "o": {}
            }
            """
        let value: JSONValue = ["b": [1, ["c": .null]], "e": [], "o": [:]]
        #expect(value.serialized(.pretty) == expected)
    }

    @Test("Canonical is RFC 8785: its own example, and its order of keys")
    func canonical() throws {
        let example = #"""
            {"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
             "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}
            """#
        #expect(
            try JSONValue(parsing: example).serialized(.canonical)
                == #"{"literals":[null,true,false],"numbers":[333333333.33333329,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
        )
        let keys: JSONValue = ["\u{20AC}": 1, "\r": 2, "\u{FB33}": 3, "1": 4, "\u{1F600}": 5, "\u{80}": 6, "\u{F6}": 7]
        #expect(
            keys.serialized(.canonical)
                == "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{F6}\":7,\"\u{20AC}\":1,\"\u{1F600}\":5,\"\u{FB33}\":3}")
    }

    @Test("Escaping for HTML and for ASCII reads back as the same value")
    func escaping() throws {
        let html = value.serialized(.compact, escaping: .html)
        #expect(!html.contains("<") && !html.contains(">"))
        let ascii = value.serialized(.pretty, escaping: .ascii)
        #expect(ascii.utf8.allSatisfy { $0 < 0x80 })
        #expect(ascii.contains(#"\ud83d\ude00"#))
        for text in [html, ascii, value.serialized(), value.serialized(.canonical)] {
            #expect(try JSONValue(parsing: text) == value)
        }
    }

    @Test("Appending keeps what was there")
    func appending() {
        var bytes = Array("x=".utf8)
        JSONValue.bool(true).append(to: &bytes)
        #expect(bytes == Array("x=true".utf8))
        var text = "y="
        JSONValue.null.append(to: &text, .pretty)
        #expect(text == "y=null")
    }

    @Test(
        "Every scalar survives writing and reading, in every escaping",
        arguments: [JSONEscaping.standard, .html, .ascii])
    func everyScalar(_ escaping: JSONEscaping) throws {
        var text = ""
        for code in stride(from: 0 as UInt32, through: 0x10FFFF, by: 1) where code < 0x3000 || code % 37 == 0 {
            if let scalar = Unicode.Scalar(code) { text.unicodeScalars.append(scalar) }
        }
        #expect(try JSONValue(parsing: JSONValue.string(text).serialized(escaping: escaping)) == .string(text))
    }
}
