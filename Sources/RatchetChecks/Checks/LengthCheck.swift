import RatchetCore

/// `length`: how long the output is, in one unit or several.
package struct LengthCheck: Check {
    package static let type = "length"
    package static let documentation = CheckDocumentation(
        .text, "The output has as many characters, words, lines or sentences as wanted.",
        details: """
            Each option takes a number (exactly so many) or `{"min": …, "max": …}`; of several all must hold. Characters \
            are what a reader sees as one (an emoji with its modifiers is one). Words are what whitespace separates. Lines \
            are separated by line breaks; one at the very end does not begin another. Sentences end in `.`, `!`, `?`, `…`, \
            `。`, `！` or `？` before whitespace or the end; a rest without such an end counts too. An abbreviation is thus \
            taken for an end: leave some room.
            """,
        options: Unit.allCases.map { .init($0.rawValue, "whole number or {min, max}", $0.summary) },
        samples: [
            .init(#"{"length": {"words": {"max": 5}}}"#, passes: "It has shipped.", fails: "It has shipped from our store today."),
            .init(#"{"length": {"lines": 2}}"#, passes: "one\ntwo\n", fails: "one"),
        ])

    enum Unit: String, CaseIterable {
        case characters, words, lines, sentences

        var summary: String {
            switch self {
            case .characters: "how many characters as readers see them (grapheme clusters)"
            case .words: "how many words"
            case .lines: "how many lines"
            case .sentences: "how many sentences"
            }
        }

        func count(_ text: String) -> Int {
            switch self {
            case .characters: text.count
            case .words: TextCount.words(text)
            case .lines: TextCount.lines(text)
            case .sentences: TextCount.sentences(text)
            }
        }

        func shown(_ count: Int) -> String { count == 1 ? "1 \(rawValue.dropLast())" : "\(count) \(rawValue)" }
    }

    private let limits: [(unit: Unit, range: CountRange)]

    package init?(_ options: CheckOptions) {
        limits = Unit.allCases.compactMap { unit in options.range(unit.rawValue).map { (unit, $0) } }
        guard limits.isEmpty else { return }
        if options.problems.isEmpty {
            options.report("needs at least one of `characters`, `words`, `lines`, `sentences`", help: #"for example {"length": {"words": {"max": 120}}}"#)
        }
        return nil
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        let counts = limits.map { (limit: $0, count: $0.unit.count(input.text)) }
        let misses = counts.filter { !$0.limit.range.contains($0.count) }
        let shown = (misses.isEmpty ? counts : misses).map { limit, count in
            "\(limit.unit.shown(count)), wanted \(limit.range.description)"
        }
        let reason = shown.joined(separator: "; ")
        return misses.isEmpty ? .passed(reason) : .failed("\(reason): \(Excerpt.quoted(input.text, limit: 80))")
    }
}
