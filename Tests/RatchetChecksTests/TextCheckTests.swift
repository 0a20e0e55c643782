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
