import RatchetJSON
import Testing

@Suite("JSON pointers follow RFC 6901")
struct JSONPointerTests {
    private let document: JSONValue = [
        "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8,
        "~1": 9, "\u{301}": 10,
    ]

    @Test(
        "The examples of section 5, and a key that is a combining mark",
        arguments: [
            ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2), ("/e^f", 3), ("/g|h", 4), ("/i\\j", 5),
            ("/k\"l", 6),
            ("/ ", 7), ("/m~0n", 8), ("/~01", 9), ("/\u{301}", 10),
        ] as [(String, JSONValue)])
    func examples(_ text: String, _ value: JSONValue) throws {
        let pointer = try JSONPointer(parsing: text)
        #expect(pointer.evaluate(in: document) == value)
        #expect(Array(pointer.description.utf8) == Array(text.utf8))
    }

    @Test("The empty pointer is the document")
    func root() throws {
        #expect(try JSONPointer(parsing: "") == .root)
        #expect(JSONPointer.root.evaluate(in: document) == document)
        #expect(JSONPointer.root.description == "")
    }

    @Test(
        "Places that do not exist",
        arguments: [
            "/foo/2", "/foo/-", "/foo/00", "/foo/01", "/foo/+1", "/foo/1e0", "/foo/", "/foo/99999999999999999999",
            "/bar", "/foo/0/x", "/foo/１",
        ])
    func absent(_ text: String) throws { #expect(try JSONPointer(parsing: text).evaluate(in: document) == nil) }

    @Test("Texts that are no pointers", arguments: ["foo", "/~", "/a~2", "/~a/b", "#/a", "/a~"])
    func invalid(_ text: String) { #expect(throws: JSONPointerError.self) { try JSONPointer(parsing: text) } }

    @Test("Appending escapes in the text and not in the token")
    func appending() {
        let pointer = JSONPointer.root.appending("a/b~").appending(3)
        #expect(pointer.description == "/a~1b~0/3")
        #expect(pointer.tokens == ["a/b~", "3"])
        #expect(pointer.parent == JSONPointer.root.appending("a/b~"))
        #expect(JSONPointer.root.appending("\u{E9}") != JSONPointer.root.appending("e\u{301}"))
    }
}
