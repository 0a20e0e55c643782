import RatchetReports
import TestSupport
import Testing

@Suite("Differences of texts")
struct TextDifferenceTests {
    private func sides(_ difference: TextDifference) -> (String, String) {
        let text = { (kind: TextDifference.Kind) in difference.pieces.filter { $0.kind == .same || $0.kind == kind }.map(\.text).joined() }
        return (text(.removed), text(.added))
    }

    @Test("Without what was added they are the old text, without what was removed the new")
    func sides() {
        var generator = SystemRandomNumberGenerator()
        let words = ["a", "b", " ", "\n", "é", "e\u{301}", "🏴", "::", "\r\n", "refund", "0"]
        for _ in 0..<300 {
            let text = { () -> String in (0..<Int.random(in: 0...40, using: &generator)).map { _ in words.randomElement(using: &generator) ?? "" }.joined() }
            let (old, new) = (text(), text())
            let (before, after) = sides(TextDifference(from: old, to: new))
            #expect(Array(before.unicodeScalars) == Array(old.unicodeScalars))
            #expect(Array(after.unicodeScalars) == Array(new.unicodeScalars))
        }
    }

    @Test("A word that changed is one word")
    func words() {
        let difference = TextDifference(from: "Your refund is on its way.", to: "Your order is on its way.")
        #expect(difference.terminal(color: false) == "  Your [-refund-]{+order+} is on its way.")
        #expect(TextDifference(from: "a\nb\n", to: "a\nc\n").terminal(color: false) == "  a\n  [-b-]{+c+}")
        #expect(TextDifference(from: "x", to: "x").pieces.map(\.kind) == [.same])
    }

    @Test("Long texts that have nothing in common are replaced whole, and hostile ones stay text")
    func bounds() {
        let old = (0..<20_000).map { "a\($0) " }.joined()
        let new = (0..<20_000).map { "b\($0) " }.joined()
        #expect(TextDifference(from: "x " + old, to: "x " + new).pieces.map(\.kind) == [.same, .removed, .added, .same])
        let page = TextDifference(from: "fine", to: "\u{1B}[2J\n::error::boom").terminal(color: false)
        #expect(!page.contains("\u{1B}") && !page.contains("\n  ::"))
    }
}
