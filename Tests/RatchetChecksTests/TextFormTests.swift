import Testing

import RatchetCore
@testable import RatchetChecks

@Suite("Forms of texts")
struct TextFormTests {
    @Test("Folding makes texts equal that differ in case only", arguments: [
        ("Straße", "STRASSE"), ("ΟΔΟΣ", "οδος"), ("ÀÉ", "àé"), ("ǆ", "Ǆ"), ("ﬁ", "FI"), ("abc", "ABC"), ("ԱԲ", "աբ"),
    ])
    func folding(_ left: String, _ right: String) {
        #expect(TextForm.areIdentical(TextForm.folded(left), TextForm.folded(right)))
    }

    @Test("Trimming takes Unicode's whitespace from both ends and nothing else", arguments: [
        (" \u{a0}\u{3000}a b\u{2003}\n", "a b"), ("", ""), (" \n", ""), ("a", "a"), ("\u{200b}a", "\u{200b}a"),
    ])
    func trimming(_ text: String, _ trimmed: String) {
        #expect(TextForm.areIdentical(TrimmedText.of(text), trimmed))
    }

    @Test("Excerpts are short, on one line, and harmless")
    func excerpts() {
        #expect(Excerpt.quoted("a\nb\t\u{1b}[31m\u{202e}") == #""a\nb\t\u{1b}[31m\u{202e}""#)
        #expect(Excerpt.quoted(String(repeating: "é", count: 500), limit: 3) == "\"ééé…\" (1000 bytes in all)")
        #expect(Excerpt.around(4..<6, in: "aaéébb", limit: 4) == "\"…ééb…\"")
        #expect(Excerpt.around(0..<3, in: "abc") == "\"abc\"")
        #expect(Excerpt.list(["a", "b", "c"]) == "a, b or c")
        #expect(Excerpt.list((1...9).map(String.init)) == "1, 2, 3, 4 or 5 others")
    }
}
