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
        let fences = CodeFence.all(in: input.text)
        let counted = fences.filter(counts)
        guard count.contains(counted.count) else {
            return .failed("found \(found(counted, of: fences)), wanted \(count.description) \(name)")
        }
        if mustBeClosed, let open = fences.first(where: { !$0.isClosed }) {
            return .failed("the code fence \(Excerpt.quoted(open.text(in: input.text), limit: 80)) is never closed")
        }
        if isOnly, let outside = Self.firstText(of: input.text, outside: counted) {
            return .failed("found \(Excerpt.quoted(outside, limit: 80)) outside of the code fences, wanted nothing", failureKind: .extraText)
        }
        return .passed(found(counted, of: fences))
    }

    private func counts(_ fence: CodeFence) -> Bool { languages.isEmpty || languages.contains(fence.language) }

    private var name: String { languages.isEmpty ? "code fences" : "code fences for \(Excerpt.list(languages))" }

    private func found(_ counted: [CodeFence], of fences: [CodeFence]) -> String {
        let number = "\(counted.count) \(counted.count == 1 ? name.replacing("code fences", with: "code fence") : name)"
        guard counted.count < fences.count else { return number }
        let others = fences.filter { !counts($0) }.map { $0.language.isEmpty ? "no language" : Excerpt.oneLine($0.language) }
        return "\(number) and \(fences.count - counted.count) for \(Excerpt.list(others, "and"))"
    }

    /// The first text between, before and behind the blocks.
    private static func firstText(of text: String, outside fences: [CodeFence]) -> String? {
        let bytes = Array(text.utf8)
        let starts = [0] + fences.map(\.block.upperBound)
        let ends = fences.map(\.block.lowerBound) + [bytes.count]
        let between = zip(starts, ends).lazy.map { TextForm.trimmed(String(decoding: bytes[$0..<max($0, $1)], as: UTF8.self)) }
        return between.first { !$0.isEmpty }
    }
}
