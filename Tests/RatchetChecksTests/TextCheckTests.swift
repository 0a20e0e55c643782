import RatchetCore
import RatchetJSON
import Testing

@Suite("Text checks")
struct TextCheckTests {
    @Test("equals: any of the wanted texts, whitespace around it aside", arguments: [
        Case(#"{"equals": "refund"}"#, "refund", .passed, #"equals "refund""#),
        Case(#"{"equals": "refund"}"#, "\n refund\t\n", .passed),
        Case(#"{"equals": {"value": "refund", "trim": false}}"#, "refund\n", .failed, "only whitespace differs"),
        Case(#"{"equals": ["yes", "y"]}"#, "y", .passed),
        Case(#"{"equals": ["yes", "y"]}"#, "no", .failed, #"found "no", wanted "yes" or "y""#),
        Case(#"{"equals": "Yes"}"#, "yes", .failed, "only upper and lower case differ"),
        Case(#"{"equals": {"value": "Straße", "ignore_case": true}}"#, "STRASSE", .passed),
        Case(#"{"equals": "42"}"#, "42.", .failed, "only punctuation at the end differs"),
        Case(#"{"equals": "42"}"#, "**42**", .failed, "only quotes or Markdown marks"),
        Case(#"{"equals": "a b"}"#, "a  b", .failed, "only whitespace differs"),
        Case(#"{"equals": "caf\u00e9"}"#, "cafe\u{301}", .failed, "it looks the same"),
        Case(#"{"equals": "Paris"}"#, "It is Paris, of course", .failed, "with other text around it"),
        Case(#"{"equals": "no"}"#, "I know", .failed, #"wanted "no""#),
        Case(#"{"equals": "no"}"#, "I know: no!", .failed, "with other text around it"),
        Case(#"{"equals": ""}"#, " \n", .passed),
        Case(#"{"equals": ""}"#, "x", .failed, #"found "x", wanted """#),
        Case(#"{"equals": 42}"#, "42", .passed),
        Case(#"{"equals": 42}"#, "42.0", .failed),
        Case(#"{"equals": true}"#, "true", .passed),
        Case(#""equals""#, "refund", .passed, expected: "refund"),
        Case(#""equals""#, "b", .passed, expected: ["a", "b"]),
        Case(#"{"equals": {"from": "expected"}}"#, "b", .failed, expected: "a"),
        Case(#"{"equals": {"from": "expected", "ignore_case": true}}"#, "REFUND", .passed, expected: "refund"),
        Case(#"{"equals": {"ignore_case": true}}"#, "REFUND", .passed, expected: "refund"),
        Case(#""equals""#, "12", .passed, expected: 12),
    ])
    func equals(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("equals: what need not be the same", arguments: [
        Case(#"{"equals": {"value": "a b", "ignore_whitespace": true}}"#, "\na \t b", .passed),
        Case(#"{"equals": {"value": "a b", "ignore_whitespace": true}}"#, "ab", .failed),
        Case(#"{"equals": {"value": "a b", "ignore_whitespace": "all"}}"#, "a\u{3000}b ", .passed),
        Case(#"{"equals": {"value": "ab", "ignore_whitespace": "all", "trim": false}}"#, " a b", .passed),
        Case(#"{"equals": {"value": "Hello world", "ignore_punctuation": true}}"#, "«Hello, world!»", .passed),
        Case(#"{"equals": {"value": "yes it is", "ignore_punctuation": true}}"#, "yes - it is", .passed),
        Case(#"{"equals": {"value": "5", "ignore_punctuation": true}}"#, "$5", .failed),
        Case(#"{"equals": {"value": "caf\u00e9", "normalize": "nfc"}}"#, "cafe\u{301}", .passed),
        Case(#"{"equals": {"value": "CAF\u00c9", "normalize": "nfc", "ignore_case": true}}"#, "cafe\u{301}", .passed),
        Case(#"{"equals": {"value": "42", "normalize": "nfc"}}"#, "４２", .failed, "only quotes, dashes or spaces"),
        Case(#"{"equals": {"value": "42 fi", "normalize": "nfkc"}}"#, "４２\u{a0}ﬁ", .passed),
        Case(#"{"equals": {"value": "\ud55c\uae00", "normalize": "nfkc"}}"#, "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}", .passed),
        Case(#"{"equals": "it's"}"#, "it’s", .failed, "only quotes, dashes or spaces of another kind differ"),
        Case(#"{"equals": "well, yes"}"#, "Well yes", .failed, "only punctuation, spacing and upper and lower case differ"),
    ])
    func lenience(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("equals: a wrong option is reported", arguments: [
        (#"{"equals": {"value": "a", "normalize": "nfd"}}"#, "/checks/0/equals/normalize: `equals`: `normalize` cannot be \"nfd\""),
        (#"{"equals": {"value": "a", "ignore_whitespace": "some"}}"#, "/checks/0/equals/ignore_whitespace: `equals`: `ignore_whitespace` wants true, false or \"all\", found a string"),
    ])
    func problems(_ check: String, _ finding: String) throws { #expect(try Writing.findings([check]) == [finding]) }

    @Test("equals: a long text that starts right is told where it goes wrong")
    func firstDifference() async throws {
        let start = String(repeating: "The quick brown fox. ", count: 20)
        let result = try await Checking.result(#"{"equals": "\#(start)A red dog"}"#, start + "A tan dog")
        #expect(result.reason.contains("they part at byte 423"), "\(result.reason)")
        #expect(result.reason.contains("tan dog"))
        #expect(result.reason.contains("red dog"))
    }

    @Test("contains: any of the wanted texts, code point by code point", arguments: [
        Case(#"{"contains": "refund"}"#, "Your refund is due", .passed, #"found "refund" in "Your refund is due""#),
        Case(#"{"contains": "refund"}"#, "Your Refund is due", .failed, "only upper and lower case differ"),
        Case(#"{"contains": "refund"}"#, "Sorry.", .failed, #"no "refund" in "Sorry.""#),
        Case(#"{"contains": "a b"}"#, "a\n  b", .failed, "only whitespace differs"),
        Case(#"{"contains": ["x", "due"]}"#, "Your refund is due", .passed, #"found "due""#),
        Case(#"{"contains": ["x", "y", "z"]}"#, "", .failed, #"no "x", "y" or "z" in """#),
        Case(#""contains""#, "It is Paris", .passed, expected: ["Lyon", "Paris"]),
        Case(#"{"contains": "👩"}"#, "👩‍👩‍👧", .passed),
        Case(#"{"contains": "aab"}"#, "aaaaaab", .passed),
        Case(#"{"contains": "abcabd"}"#, "abcabcabd", .passed),
    ])
    func contains(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("icontains: whatever the case", arguments: [
        Case(#"{"icontains": "REFUND"}"#, "your refund", .passed),
        Case(#"{"icontains": "strasse"}"#, "Hauptstraße 5", .passed),
        Case(#"{"icontains": "σ"}"#, "ΟΔΟΣ", .passed),
        Case(#"{"icontains": "as an AI"}"#, "As  an ai", .failed, "only whitespace differs"),
        Case(#"{"icontains": "x"}"#, "abc", .failed),
        Case(#""icontains""#, "PARIS", .passed, expected: "Paris"),
    ])
    func caseInsensitive(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("contains_any and contains_all say what was found and what is missing", arguments: [
        Case(#"{"contains_any": ["x", "due"]}"#, "Your refund is due", .passed, #"found "due""#),
        Case(#"{"contains_any": ["x", "y"]}"#, "Refund", .failed, #"no "x" or "y""#),
        Case(#"{"icontains_any": ["X", "DUE"]}"#, "Your refund is due", .passed, #"found "DUE""#),
        Case(#"{"contains_all": ["refund", "due"]}"#, "Your refund is due", .passed, #"found "refund" and "due""#),
        Case(#"{"contains_all": ["Refund"]}"#, "Your refund is due", .failed, "only upper and lower case differ"),
        Case(#"{"contains_all": ["x", "y"]}"#, "none", .failed, #"2 of 2 missing: no "x" or "y", in "none""#),
        Case(#"{"icontains_all": ["REFUND", "straße"]}"#, "refund for STRASSE 5", .passed),
        Case(#""contains_all""#, "a b", .passed, expected: ["a", "b"]),
        Case(#"{"contains_all": ["it's"]}"#, "it’s", .failed, "another kind differ"),
    ])
    func containsSeveral(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("contains_all: the score is the share that was found, and a threshold asks for less than all")
    func share() async throws {
        let result = try await Checking.result(#"{"contains_all": ["a", "b", "c", "d"]}"#, "a b c")
        #expect(result.state == .failed)
        #expect(result.score == 0.75)
        #expect(result.reason.contains(#"1 of 4 missing: no "d", found only "a", "b" and "c""#), "\(result.reason)")
        let enough = try await Checking.result(#"{"contains_all": ["a", "b", "c", "d"], "threshold": 0.75}"#, "a b c")
        #expect(enough.state == .passed)
    }

    @Test("ends_with: whitespace behind it aside", arguments: [
        Case(#"{"ends_with": "Yours, Ada"}"#, "Bye. Yours, Ada\n", .passed, #"ends with "Yours, Ada""#),
        Case(#"{"ends_with": "Ada"}"#, "Yours, Ada.", .failed, "only punctuation at the end differs"),
        Case(#"{"ends_with": {"value": "Ada", "trim": false}}"#, "Ada ", .failed, "only whitespace differs"),
        Case(#"{"ends_with": "ada"}"#, "Yours, Ada", .failed, "only upper and lower case"),
        Case(#"{"ends_with": {"value": "ada", "ignore_case": true}}"#, "Yours, ADA", .passed),
        Case(#"{"ends_with": "Ada"}"#, "Ada Lovelace", .failed, "with other text around it"),
        Case(#"{"ends_with": ["!", "?"]}"#, "Really?", .passed),
        Case(#"{"ends_with": "Ada"}"#, "", .failed, #"ends with "", wanted "Ada""#),
        Case(#"{"ends_with": "\u0301"}"#, "cafe\u{301}", .passed),
        Case(#""ends_with""#, "It is Paris", .passed, expected: "Paris"),
    ])
    func endsWith(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("starts_with: whitespace before it aside", arguments: [
        Case(#"{"starts_with": "Dear "}"#, "\nDear Ada", .passed, #"starts with "Dear ""#),
        Case(#"{"starts_with": {"value": "Dear", "trim": false}}"#, " Dear Ada", .failed, "only whitespace differs"),
        Case(#"{"starts_with": "Dear"}"#, "dear Ada", .failed, "only upper and lower case"),
        Case(#"{"starts_with": {"value": "Dear", "ignore_case": true}}"#, "DEAR Ada", .passed),
        Case(#"{"starts_with": "Dear"}"#, "Oh Dear", .failed, "with other text around it"),
        Case(#"{"starts_with": ["{", "["]}"#, "[1]", .passed),
        Case(#"{"starts_with": "Dear"}"#, "", .failed, #"starts with "", wanted "Dear""#),
        Case(#""starts_with""#, "Yes, of course", .passed, expected: "Yes"),
    ])
    func startsWith(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("regex: PCRE2 anywhere in the text", arguments: [
        Case(#"{"regex": "order #\\d+"}"#, "Your order #12 left", .passed, #"/order #\d+/ matches "order #12""#),
        Case(#"{"regex": "order #\\d+"}"#, "Order #12", .failed, "only upper and lower case"),
        Case(#"{"regex": {"pattern": "ORDER", "flags": "i"}}"#, "order", .passed),
        Case(#"{"regex": {"pattern": "a.b", "flags": "s"}}"#, "a\nb", .passed),
        Case(#"{"regex": {"pattern": "^b$", "flags": "m"}}"#, "a\nb\nc", .passed),
        Case(#"{"regex": ["x", "y"]}"#, "y", .passed),
        Case(#"{"regex": "x"}"#, "abc", .failed, #"no match for /x/ in "abc""#),
        Case(#""regex""#, "abc", .passed, expected: "^a"),
        Case(#"{"regex": "(a+)+$"}"#, String(repeating: "a", count: 60) + "b", .errored, "too many steps"),
    ])
    func regex(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("regex: named groups have captured what is wanted", arguments: [
        Case(#"{"regex": {"pattern": "total: (?<total>[\\d.,]+)", "captures": {"total": 1234.5}}}"#, "total: 1,234.50", .passed),
        Case(#"{"regex": {"pattern": "total: (?<total>[\\d.]+)", "captures": {"total": 12.5}}}"#, "total: 13", .failed, #"`total` is "13", wanted 12.5"#),
        Case(#"{"regex": {"pattern": "total: (?<total>[\\d.]+)", "captures": {"total": "12.5"}}}"#, "total: 12.50", .failed, #"wanted "12.5""#),
        Case(#"{"regex": {"pattern": "total: (?<total>\\w+)", "captures": {"total": 12}}}"#, "total: twelve", .failed, #"`total` is "twelve", wanted 12"#),
        Case(#"{"regex": {"pattern": "(?<a>\\w+) (?<b>\\w+)", "captures": {"a": "x", "b": ["y", "z"]}}}"#, "x z", .passed),
        Case(#"{"regex": {"pattern": "(?<a>\\w+) (?<b>\\w+)", "captures": {"a": "x", "b": "y"}}}"#, "x Y", .failed, "only upper and lower case"),
        Case(#"{"regex": {"pattern": "n=(?<n>\\d+)", "captures": {"n": {"min": 1, "max": 5}}}}"#, "n=5", .passed),
        Case(#"{"regex": {"pattern": "n=(?<n>\\d+)", "captures": {"n": {"min": 1, "max": 5}}}}"#, "n=6", .failed, "wanted 1 to 5"),
        Case(#"{"regex": {"pattern": "n=(?<n>\\S+)", "captures": {"n": {"value": 1, "tolerance": 0.1}}}}"#, "n=1.1", .passed),
        Case(#"{"regex": {"pattern": "n=(?<n>\\d+)", "captures": {"n": {"from": "expected"}}}}"#, "n=6", .passed, expected: 6),
        Case(#"{"regex": {"pattern": "n=(?<n>\\d+)", "captures": {"n": {"from": "expected"}}}}"#, "n=6", .passed, expected: ["n": 6, "m": 7]),
        Case(#"{"regex": {"pattern": "a(?<b>b)?", "captures": {"b": "b"}}}"#, "a", .failed, "took no part"),
        Case(#"{"regex": {"pattern": "ok (?<b>\\w+)", "captures": {"b": true}}}"#, "ok true", .passed),
        Case(#"{"regex": {"pattern": "n=(?<n>\\d+)", "captures": {"n": 2}}}"#, "n=1 n=2", .failed, #"`n` is "1""#),
        Case(#"{"regex": {"pattern": "(?s).*n=(?<n>\\d+)", "captures": {"n": 2}}}"#, "n=1\nn=2", .passed),
        Case(#"{"regex": {"pattern": ["m=(?<n>\\d+)", "n=(?<n>\\d+)"], "captures": {"n": 2}}}"#, "m=1 n=2", .passed),
        Case(#"{"regex": {"pattern": "n=(?<n>\\d+)", "captures": {"n": 2}}}"#, "none", .failed, "no match for"),
    ])
    func captures(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("regex: a capture that cannot be is reported before the first call", arguments: [
        (#"{"regex": {"pattern": "(?<total>.)", "captures": {"totl": 1}}}"#, "key /checks/0/regex/captures/totl: `regex`: the pattern has no group named `totl`"),
        (#"{"regex": {"pattern": "(.)", "captures": {"n": 1}}}"#, "key /checks/0/regex/captures/n: `regex`: the pattern has no group named `n`"),
        (#"{"regex": {"pattern": ["(?<n>.)", "x"], "captures": {"n": 1}}}"#, "key /checks/0/regex/captures/n: `regex`: one of the patterns has no group named `n`"),
        (#"{"regex": {"pattern": "(?<n>.)", "captures": {"n": {"max": "5"}}}}"#, "/checks/0/regex/captures/n: `regex`: what group `n` captures can be wanted as a text, a number, a list of them, or a range"),
        (#"{"regex": {"pattern": "(?<n>.)", "captures": 5}}"#, "/checks/0/regex/captures: `regex`: `captures` wants an object of named groups and wanted values"),
        (#"{"regex": {"pattern": "(?<n>.)", "captures": {"n": {"from": "input"}}}}"#, "/checks/0/regex/captures: `regex`: `from` can only name `expected`"),
    ])
    func captureProblems(_ check: String, _ finding: String) throws { #expect(try Writing.findings([check]) == [finding]) }

    @Test("length: tokens are those that the backend reported, and none are guessed")
    func tokens() async throws {
        func result(_ check: String, tokens: Int?) async throws -> CheckResult {
            let response = Response(output: Output(text: "one two"), usage: tokens.map { Usage(inputTokens: 1, outputTokens: $0) })
            return try await Checking.result(check, response)
        }
        let check = #"{"length": {"tokens": {"max": 5}}}"#
        #expect(try await result(check, tokens: 5).state == .passed)
        let long = try await result(check, tokens: 6)
        #expect(long.state == .failed)
        #expect(long.reason.contains("6 tokens, wanted at most 5"))
        #expect(try await result(check, tokens: nil).state == .notApplicable)
        #expect(try await result(#"{"length": {"tokens": 5, "words": 1}}"#, tokens: nil).state == .failed)
        #expect(try await result(#"{"length": {"tokens": 5, "words": 2}}"#, tokens: nil).state == .notApplicable)
        #expect(try Writing.findings([#"{"length": {"tokens": 5}, "of": "$.a"}"#]).count == 1)
        #expect(try Writing.findings([#"{"length": {"tokens": 5}, "of": "text"}"#]).isEmpty)
    }

    @Test("length: characters as readers see them, words, lines, sentences", arguments: [
        Case(#"{"length": {"characters": 5}}"#, "👩‍👩‍👧éa🇩🇪!", .passed, "5 characters, wanted exactly 5"),
        Case(#"{"length": {"characters": {"max": 3}}}"#, "abcd", .failed, #"4 characters, wanted at most 3: "abcd""#),
        Case(#"{"length": {"characters": {"min": 1}}}"#, "", .failed, "0 characters, wanted at least 1"),
        Case(#"{"length": {"words": {"min": 2, "max": 3}}}"#, " one\ttwo\u{a0}three ", .passed, "3 words"),
        Case(#"{"length": {"words": {"min": 2, "max": 3}}}"#, "one", .failed, "1 word, wanted 2 to 3"),
        Case(#"{"length": {"lines": 2}}"#, "a\r\nb\r\n", .passed),
        Case(#"{"length": {"lines": 3}}"#, "a\n\nb", .passed),
        Case(#"{"length": {"lines": 0}}"#, "", .passed),
        Case(#"{"length": {"sentences": 3}}"#, "It is 3.14. Really?! \"Yes.\" ", .passed),
        Case(#"{"length": {"sentences": 2}}"#, "今日は。元気ですか？", .passed),
        Case(#"{"length": {"sentences": 1}}"#, "no end", .passed),
        Case(#"{"length": {"sentences": 0}}"#, " … ", .passed),
        Case(#"{"length": {"words": {"max": 9}, "lines": 1}}"#, "a\nb", .failed, "2 lines, wanted exactly 1"),
    ])
    func length(_ testCase: Case) async throws { try await testCase.hold() }
}
