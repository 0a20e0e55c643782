import RatchetChecks
import RatchetJSON
import Testing

@Suite("Regular expressions")
struct RegexTests {
    @Test("A match has its text, groups, names and UTF-8 offsets")
    func match() throws {
        let regex = try PatternRegex(#"(?<year>\d{4})-(\d\d)?(x)?"#)
        let match = try #require(try regex.firstMatch(in: "é 2026-11"))
        #expect(match.text == "2026-11")
        #expect(match.range == 3..<10)
        #expect(match.captures == ["2026", "11", nil])
        #expect(match.captureRanges == [3..<7, 8..<10, nil])
        #expect(match.named == ["year": "2026"])
        #expect(try regex.firstMatch(in: "") == nil)
    }

    @Test("An empty group and an unset one differ")
    func emptyAndUnset() throws {
        #expect(try PatternRegex("(a*)(b)?").firstMatch(in: "c")?.captures == ["", nil])
    }

    @Test(
        "Flags",
        arguments: [
            ("ABC", "abc", "i", true), ("^b$", "a\nb\nc", "m", true), ("a.b", "a\nb", "s", true),
            ("a.b", "a\nb", "", false),
            ("a b # c", "ab", "x", true), ("[a b]c", " c", "xx", false), (#"^\w$"#, "é", "u", true),
            (#"^\w$"#, "é", "", false),
            ("^(a+?)(a*)$", "aa", "n", true), ("É", "é", "i", true), ("(?<n>a)|(?<n>b)", "b", "J", true),
        ] as [(String, String, String, Bool)])
    func flags(_ pattern: String, _ text: String, _ flags: String, _ expected: Bool) throws {
        #expect(try PatternRegex(pattern, flags: flags).matches(text) == expected)
    }

    @Test("Named groups that repeat give the one that took part")
    func repeatedNames() throws {
        #expect(try PatternRegex("(?<n>a)|(?<n>b)", flags: "J").firstMatch(in: "b")?.named == ["n": "b"])
        #expect(try PatternRegex("(a)(?<n>b)", flags: "n").firstMatch(in: "ab")?.captures == ["b"])
        #expect(try PatternRegex("a+", flags: "U").firstMatch(in: "aaa")?.text == "a")
    }

    @Test("Mistakes say what and where", arguments: [("a(b", 3), ("[a", 2), ("a\\", 2), ("é)", 2), ("(?<1>a)", 3)])
    func mistakes(_ pattern: String, _ offset: Int) throws {
        let error = try #require(throws: PatternError.self) { try PatternRegex(pattern) }
        #expect(error.offset == offset, "\(error)")
        #expect(!error.message.isEmpty)
    }

    @Test("Unknown flags are named")
    func unknownFlag() throws {
        let error = try #require(throws: PatternError.self) { try PatternRegex("a", flags: "ig") }
        #expect(error.message.contains("'g'"))
    }

    @Test(
        "Catastrophic patterns end with an error",
        arguments: [
            ("^(a+)+$", "a"), ("^(a|a)*$", "a"), ("(x+x+)+y", "x"), ("^(([a-z])+.)+[A-Z]([a-z])+$", "a"),
            ("(.*)*(.*)*(.*)*z", "b"),
        ])
    func catastrophic(_ pattern: String, _ unit: String) throws {
        let regex = try PatternRegex(pattern)
        let text = String(repeating: unit, count: 60) + "!"
        do throws(PatternLimitError) {
            // Some of them the library sees through.
            #expect(try regex.matches(text) == false)
        } catch {
            #expect(error.message.contains("limit"))
        }
    }

    @Test("Deep recursion and long texts get a larger stack or end with an error")
    func deep() throws {
        let parentheses = try PatternRegex(#"^(\((?:[^()]|(?1))*\))$"#)
        let text = String(repeating: "(", count: 20_000) + String(repeating: ")", count: 20_000)
        #expect(try parentheses.matches(text))
        #expect(try PatternRegex("^(?:a|b)*$").matches(String(repeating: "ab", count: 20_000)))
        let endless = String(repeating: "(", count: 3_000_000)
        #expect((try? parentheses.matches(endless)) != true)
    }

    @Test("All matches, with empty ones and beyond ASCII")
    func allMatches() throws {
        #expect(try PatternRegex(#"\d+"#).allMatches(in: "1 é22 333").map(\.text) == ["1", "22", "333"])
        #expect(try PatternRegex("a*").allMatches(in: "baéa").map(\.range) == [0..<0, 1..<2, 2..<2, 4..<5, 5..<5])
        #expect(try PatternRegex("").allMatches(in: "😀").map(\.range) == [0..<0, 4..<4])
        #expect(try PatternRegex("x").allMatches(in: "").isEmpty)
    }

    @Test("One instance serves many threads at once")
    func concurrent() async throws {
        let regex = try PatternRegex(#"^(\((?:[^()]|(?1))*\))$"#)
        let results = await withTaskGroup(of: Bool.self) { group in
            for task in 0..<64 {
                group.addTask {
                    let depth = 10 + task * 200
                    let text = String(repeating: "(", count: depth) + String(repeating: ")", count: depth)
                    return (try? regex.firstMatch(in: text)?.captures.first??.utf8.count) == 2 * depth
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.allSatisfy { $0 })
    }
}
