import RatchetChecks
import RatchetJSON
import Testing

@Suite("The regular expressions of JSON Schema and JSONPath")
struct JSONRegexEngineTests {
    private let engine = PCRE2JSONRegexEngine()

    @Test(
        "ECMA-262 keeps its meaning",
        arguments: [
            ("^abc$", "abc", true), ("^abc$", "abc\n", false), ("^\\d$", "߀", false), ("^\\w$", "é", false),
            ("^\\W$", "é", true),
            ("^\\s$", "\u{FEFF}", true), ("^\\s$", "\u{B}", true), ("^\\S$", "\u{2003}", false),
            ("^[\\S]$", "\u{3000}", false),
            ("^[^\\S]$", "\u{3000}", true), ("^[\\S]$", "–", true), ("^\\cC$", "\u{3}", true),
            ("^\\cc$", "\u{3}", true),
            ("^\\u0041\\x42\\u{43}$", "ABC", true), ("^\\ud83d\\ude00$", "😀", true),
            ("^[\\ud83d\\ude00-\\u{1F610}]$", "😁", true),
            ("^\\p{Letter}+$", "éß東", true), ("^\\p{digit}+$", "৪২", true), ("^\\p{Script=Greek}$", "α", true),
            ("^\\p{sc=Greek}$", "a", false), ("^\\p{Script_Extensions=Greek}$", "α", true), ("^\\P{L}$", "1", true),
            ("^[\\p{Lu}\\d]+$", "É1", true), ("^\\p{gc=Uppercase_Letter}$", "É", true),
            ("^\\p{White_Space}$", " ", true),
            ("^\\p{ASCII}$", "é", false), ("^\\p{Assigned}$", "a", true), ("^\\P{Assigned}$", "a", false),
            ("^\\p{LC}$", "a", true),
            ("^\\p{Emoji}$", "😀", true), ("^\\p{Any}$", "x", true), ("^\\p{Lowercase}$", "a", true),
            ("^.$", "\u{2028}", false), ("^.$", "\u{85}", true), ("^[^]$", "\n", true), ("[]", "a", false),
            ("^[[:alpha:]]$", ":]", true),
            ("^[a-]$", "-", true), ("^[\\w-.]+$", "a-.", true), ("^[a&&b]+$", "&", true), ("^[\\b]$", "\u{8}", true),
            ("^🐲*$", "🐲🐲", true), ("^{a}$", "{a}", true), ("^a{,2}$", "a{,2}", true), ("^a{2}$", "aa", true),
            ("x{1,2}?y", "xxy", true),
            ("^(?<größe>a)\\k<größe>$", "aa", true), ("^(?:(a)|b)\\1$", "b", true), ("^\\1(a)$", "a", true),
            ("(?<=a)b", "ab", true),
            ("(?<!a)b", "ab", false), ("^a(?!b)", "ac", true), ("^\\/\\-\\.\\#\\@$", "/-.#@", true),
            ("\\bfoo\\b", "a foo b", true),
            ("^# x$", "# x", true), ("^\\0$", "\0", true), ("^(?i:a)$", "A", true), ("^[\\u0000-\\uffff]$", "é", true),
            ("\\ud800", "a", false),
            ("^[^\\ud800-\\udfff]$", "a", true), ("(a){0}b", "b", true), ("", "", true), ("\\$", "$", true),
            ("a|", "", true),
        ])
    func ecma(_ pattern: String, _ text: String, _ expected: Bool) throws {
        #expect(try engine.compile(pattern, dialect: .ecma262).matches(text) == expected)
    }

    @Test(
        "What ECMA-262 does not know is an error, although PCRE2 may know it",
        arguments: [
            "\\Z", "\\A", "\\a", "\\e", "\\h", "\\Qa\\E", "\\R", "\\X", "(?P<n>a)", "(?>a)", "(?#c)", "(*FAIL)",
            "(*UTF)a", "a*+", "a**",
            "*a", "^*", "(a", "a)", "[a", "[b-a]", "\\", "\\2(a)", "\\k<n>", "\\p{Nope}", "\\pL", "\\u12",
            "\\u{110000}", "\\x1", "\\01", "\\c1",
            "(?<1>a)", "(?R)", "a++",
        ])
    func notECMA(_ pattern: String) {
        #expect(throws: JSONRegexError.self) { try engine.compile(pattern, dialect: .ecma262) }
    }

    @Test(
        "I-Regexp, against the whole text and anywhere in it",
        arguments: [
            ("ab", "ab", true, true), ("ab", "xab", false, true), ("a|b", "ab", false, true),
            (".", "\u{2028}", true, true),
            (".", "\n", false, false), (".", "\r", false, false), ("^ab.*", "abc", true, true),
            (".*bc$", "abc", true, true),
            ("\\p{Lu}", "É", true, true), ("[\\P{Lu}]", "É", false, false), ("a\\.b", "a.b", true, true),
            ("a\\[b", "a[b", true, true),
            ("a\\\\.b", "a\\xb", true, true), ("(ab){1,2}c", "ababc", true, true), ("[a-c\\-]+", "a-c", true, true),
            ("[^a]", "b", true, true), ("[-a]", "-", true, true), ("[a-]", "-", true, true), ("\\d+", "12", true, true),
            ("a", "a\n", false, true),
        ])
    func iRegexp(_ pattern: String, _ text: String, _ whole: Bool, _ anywhere: Bool) throws {
        #expect(try engine.compile(pattern, dialect: .iRegexp(anchored: true)).matches(text) == whole)
        #expect(try engine.compile(pattern, dialect: .iRegexp(anchored: false)).matches(text) == anywhere)
    }

    @Test(
        "What I-Regexp does not know is an error",
        arguments: [
            "a*?", "(?:a)", "\\1", "[]", "a]", "{", "\\p{Greek}", "\\p{Letter}", "\\u0041", "\\b", "a{x}", "(a",
            "[[a]]", "\\",
        ])
    func notIRegexp(_ pattern: String) {
        #expect(throws: JSONRegexError.self) { try engine.compile(pattern, dialect: .iRegexp(anchored: true)) }
    }

    @Test("A pattern that backtracks catastrophically matches nothing and ends")
    func catastrophic() throws {
        let regex = try engine.compile("^(a+)+$", dialect: .ecma262)
        #expect(regex.matches(String(repeating: "a", count: 60) + "!") == nil)
    }
}
