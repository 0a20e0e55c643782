import RatchetCore
import RatchetJSON

/// `code_fence`: the output has fenced code blocks.
package struct CodeFenceCheck: Check {
    package static let type = "code_fence"
    package static let documentation = CheckDocumentation(
        .structure, "The output has fenced code blocks, of a language and a number.",
        details: """
            Fences are CommonMark's: three or more \\` or ~, also in lists and quotes; a longer fence may hold shorter ones. \
            The language is the first word behind the opening marks, in any case. Without options one fence must be there. \
            A fence that is never closed, as in an answer that was cut off, fails. To look at a block's content, give other \
            checks `of: fence` or `of: fence:python`, which select the content of the first such block.
            """,
        options: [
            .init("language", "text or list of texts", "blocks of this language count, or of any of these; all by default"),
            .init("count", "whole number or {min, max}", "how many such blocks there are; at least 1 by default"),
            .init("only", "true or false", "nothing but such blocks and white space may be in the output; false by default"),
            .init("closed", "true or false", "every block has to be closed; true by default"),
        ],
        shortForm: "language",
        samples: [
            .init(#"{"code_fence": "python"}"#, passes: "Here:\n```python\nx = 1\n```", fails: "x = 1"),
            .init(#"{"code_fence": {"language": ["sql"], "count": 1, "only": true}}"#, passes: "```sql\nSELECT 1\n```\n", fails: "Sure!\n```sql\nSELECT 1\n```"),
        ])

    private let languages: [String]
    private let count: CountRange
    private let isOnly: Bool
    private let mustBeClosed: Bool

    package init?(_ options: CheckOptions) {
        languages = options.value("language") == nil ? [] : (options.wantedTexts("language") ?? []).map { $0.lowercased() }
        count = options.range("count") ?? CountRange(minimum: 1, maximum: nil)
        isOnly = options.flag("only", default: false)
        mustBeClosed = options.flag("closed", default: true)
        if !options.problems.isEmpty { return nil }
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        let found = Found(in: input.text, counting: languages)
        guard count.contains(found.count) else { return .failed("found \(words(found)), wanted \(count.description) \(name)") }
        if mustBeClosed, let open = found.open {
            return .failed("the code fence \(Excerpt.quoted(open.text(in: input.text), limit: 80)) is never closed")
        }
        if isOnly, let outside = found.outside {
            return .failed("found \(Excerpt.quoted(outside, limit: 80)) outside of the code fences, wanted nothing", failureKind: .extraText)
        }
        return .passed(words(found))
    }

    private var name: String { languages.isEmpty ? "code fences" : "code fences for \(Excerpt.list(languages))" }

    private func words(_ found: Found) -> String {
        let number = "\(found.count) \(found.count == 1 ? name.replacing("code fences", with: "code fence") : name)"
        guard found.otherCount > 0 else { return number }
        let others = found.otherLanguages.map { $0.isEmpty ? "no language" : Excerpt.oneLine($0) }
        return "\(number) and \(found.otherCount) for \(Excerpt.list(others, "and"))"
    }

    /// What there is in a text, gathered while its fences go by.
    private struct Found {
        /// Fences that count.
        var count = 0
        var otherCount = 0
        /// Of the others, the first few.
        var otherLanguages: [String] = []
        /// The first fence that is not closed.
        var open: CodeFence?
        /// The first text between, before and behind the fences that count.
        var outside: String?

        init(in text: String, counting languages: [String]) {
            var end = 0
            func look(_ range: Range<Int>) -> String? {
                let utf8 = text.utf8
                let (lower, upper) = (utf8.index(utf8.startIndex, offsetBy: range.lowerBound), utf8.index(utf8.startIndex, offsetBy: range.upperBound))
                let between = TrimmedText.of(String(text[lower..<upper]))
                return between.isEmpty ? nil : between
            }
            CodeFence.forEach(in: text) { fence in
                if !fence.isClosed { open = open ?? fence }
                let language = fence.language
                guard languages.isEmpty || languages.contains(language) else {
                    otherCount += 1
                    if otherLanguages.count < 5 { otherLanguages.append(language) }
                    return true
                }
                count += 1
                if outside == nil { outside = look(end..<max(end, fence.block.lowerBound)) }
                end = fence.block.upperBound
                return true
            }
            if outside == nil { outside = look(end..<text.utf8.count) }
        }
    }
}
