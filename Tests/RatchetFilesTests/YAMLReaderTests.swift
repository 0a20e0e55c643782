import RatchetCore
import RatchetFiles
import RatchetJSON
import Testing

@Suite("YAML")
struct YAMLReaderTests {
    private func read(_ text: String, line: Int = 1) -> (value: JSONValue?, problem: String?) {
        let problems = Problems()
        let value = YAMLReader.read(text, file: "f.yaml", line: line, problems)
        let diagnostic = problems.diagnostics.first
        let place = diagnostic?.source.map { source in
            if case .position(let line, let column) = source.place { "\(line):\(column): " } else { "" }
        }
        return (value, diagnostic.map { (place ?? "") + $0.message })
    }

    @Test(
        "A plain scalar is what JSON says, and text in all other cases",
        arguments: [
            ("1", JSONValue.number(JSONNumber(1))), ("-0.5e3", .number(JSONNumber(-500))), ("true", true),
            ("False", false),
            ("~", .null), ("null", .null), ("", .null), ("yes", "yes"), ("no", "no"), ("on", "on"), ("1.0.0", "1.0.0"),
            ("2026-11-21", "2026-11-21"), ("007", "007"), ("0x1F", "0x1F"), ("1_000", "1_000"), (".5", ".5"),
            (".inf", ".inf"),
            ("+1", "+1"), ("12:30:45", "12:30:45"), ("'1'", "1"), ("\"true\"", "true"), ("!!str 12", "12"),
            ("|\n  a\n  b\n", "a\nb\n"),
        ] as [(String, JSONValue)])
    func scalars(_ text: String, _ expected: JSONValue) {
        #expect(read("key: \(text)").value == ["key": expected])
    }

    @Test("A number keeps the digits it was written with")
    func digits() {
        #expect(read("version: 1.0").value?.objectValue?["version"]?.numberValue?.literal == "1.0")
    }

    @Test(
        "Lists, mappings, comments and aliases",
        arguments: [
            ("a: [1, {b: c}]\n# note\nd:\n  - e\n", #"{"a":[1,{"b":"c"}],"d":["e"]}"#),
            ("base: &b {x: 1}\nother: *b\n", #"{"base":{"x":1},"other":{"x":1}}"#),
            ("<<: 1\n", #"{"<<":1}"#),
            ("", "null"), ("# only a comment\n", "null"), ("---\na: 1\n", #"{"a":1}"#),
        ])
    func structure(_ yaml: String, _ json: String) throws {
        #expect(read(yaml).value == (try JSONValue(parsing: json)))
    }

    @Test(
        "What is not YAML of ours is reported where it stands",
        arguments: [
            ("a: 1\na: 2\n", "1:1: the key \"a\" appears twice in one mapping"),
            ("a:\n  - b\n c: d\n", "3:2: "), ("a: \"open\nb: 1", ": "), ("a: *nothing\n", "1:4: "),
            ("a: !custom x\n", "1:4: "),
            ("? [a, b]\n: c\n", "1:3: a key must be plain text"), ("a: b: c\n", "1:5: "), ("\ta: 1\n", "1:1: "),
            ("a: 1\n---\nb: 2\n", "2:1: "), ("a: \u{1}\n", "1:4: "), ("{a: 1", ": "), ("a: @b\n", "1:4: "),
        ])
    func problems(_ yaml: String, _ expected: String) throws {
        let (value, problem) = read(yaml)
        #expect(value == nil)
        #expect(try #require(problem).contains(expected), "\(problem ?? "")")
    }

    @Test("The lines of a problem count from where the text begins")
    func offset() throws {
        #expect(try #require(read("a: b: c", line: 2).problem).hasPrefix("2:5:"))
    }

    @Test("Aliases cannot stand for exponentially many values", arguments: [true, false])
    func laughs(asKey: Bool) throws {
        var yaml = "a0: &a0 [x, x]\n"
        for level in 1...40 { yaml += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        if asKey { yaml += "? *a40\n: x\n" }
        #expect(try #require(read(yaml).problem).contains("aliases"))
    }

    @Test("Deep nesting is refused, not a crash", arguments: ["[", "{a: ", "- ", "? "], [200, 50_000])
    func depth(_ opening: String, _ count: Int) {
        #expect(read(String(repeating: opening, count: count)).problem != nil)
    }

    @Test("What parses but nests too deeply is refused too")
    func closedDepth() {
        #expect(read(String(repeating: "[", count: 500) + String(repeating: "]", count: 500)).problem != nil)
    }

    @Test("A position is that of the value, of its key, or of what is nearest")
    func positions() {
        let yaml = "a: 1\nb:\n  - x\n  - {c: d}\n"
        func position(_ tokens: [String], isKey: Bool = false) -> [Int] {
            YAMLReader.position(of: JSONPointer(tokens: tokens), isKey: isKey, in: yaml).map { [$0.line, $0.column] }
                ?? []
        }
        #expect(position(["a"]) == [1, 4])
        #expect(position(["a"], isKey: true) == [1, 1])
        #expect(position(["b", "1", "c"]) == [4, 9])
        #expect(position(["b", "1", "c"], isKey: true) == [4, 6])
        #expect(position(["b", "7"]) == [3, 3])
        #expect(position(["missing"]) == [1, 1])
    }

    @Test(
        "Text that is written as YAML is read as the same text",
        arguments: [
            "plain", "", " ", "yes", "1", "1.0", "2026-11-21", "a: b", "# no", "'", "\"", "\\", "a\nb\tc\r", "é😀",
            "\u{0}", "\u{85}",
            "\u{2028}", "x\u{FEFF}", "- a", "*a", "&a", "!a", "%a", "@a", "`a", "{a", "[a", "null", "~", "12e3", "0x1F",
            "0o7", "1:30", "\u{FFFF}",
        ])
    func quoting(_ text: String) {
        #expect(read("key: \(YAMLText.scalar(text))").value == ["key": .string(text)])
        #expect(read("\(YAMLText.scalar(text)): 1").value == .object(JSONObject([(text, JSONValue.int(1))])))
    }
}

@Suite("Front matter and messages")
struct FrontMatterTests {
    @Test("The YAML and the body know their lines")
    func lines() throws {
        let matter = try #require(FrontMatter("---\na: 1\n---\n\nbody\n"))
        #expect(matter.yaml == "a: 1")
        #expect((matter.yamlLine, matter.bodyLine) == (2, 4))
        #expect(matter.body == "\nbody\n")
    }

    @Test("A text without front matter is all body; one that is not closed is refused")
    func absent() throws {
        #expect(FrontMatter("body")?.yaml == nil)
        #expect(FrontMatter("---\na: 1\n") == nil)
        #expect(FrontMatter("---\n---\nbody")?.yaml == "")
    }

    @Test("A line with only a role starts a message")
    func split() throws {
        let sections = try MessageSplitter.split(
            "\nsystem:\n\nBe kind.\nuser: not a head\n\nuser:\nHi\n\n", firstLine: 5)
        #expect(sections.map(\.template.role) == [.system, .user])
        #expect(sections.map(\.template.text) == ["Be kind.\nuser: not a head", "Hi"])
        #expect(sections.map(\.line) == [8, 12])
    }

    @Test("A body without a role is one user message")
    func plain() throws {
        #expect(try MessageSplitter.split("Hi\n", firstLine: 1).map(\.template) == [.init(role: .user, text: "Hi")])
    }

    @Test(
        "Text before the first message, empty messages and empty bodies are errors",
        arguments: [
            ("stray\nuser:\nHi", 1), ("user:\n\nassistant:\nHi", 1), ("user:\nHi\nassistant:\n", 3), ("\n \n", 1),
        ])
    func errors(_ body: String, _ line: Int) {
        #expect(throws: MessageSplitter.SplitError.self) { try MessageSplitter.split(body, firstLine: 1) }
        do { _ = try MessageSplitter.split(body, firstLine: 1) } catch { #expect(error.line == line) }
    }
}
