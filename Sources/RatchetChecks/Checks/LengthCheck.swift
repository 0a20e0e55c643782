import RatchetCore

/// `length`: how long the output is, in one unit or several.
package struct LengthCheck: Check {
    package static let type = "length"
    package static let documentation = CheckDocumentation(
        .text, "The output has as many characters, words, lines, sentences or tokens as wanted.",
        details: """
            Each option takes a number (exactly so many) or `{"min": …, "max": …}`; of several all must hold. Characters \
            are what a reader sees as one (an emoji with its modifiers is one). Words are what whitespace separates. Lines \
            are separated by line breaks; one at the very end does not begin another. Sentences end in `.`, `!`, `?`, `…`, \
            `。`, `！` or `？` before whitespace or the end; a rest without such an end counts too. An abbreviation is thus \
            taken for an end: leave some room.

            Tokens are those that the backend reported for the whole answer, as the provider counts and bills them: hidden \
            reasoning may be among them. Another model counts otherwise, and nothing is estimated: when the backend (or the \
            recording) gave no count, the check is `not_applicable`, unless another of its limits was missed.
            """,
        options: Unit.allCases.map { .init($0.rawValue, "whole number or {min, max}", $0.summary) },
        samples: [
            .init(#"{"length": {"words": {"max": 5}}}"#, passes: "It has shipped.", fails: "It has shipped from our store today."),
            .init(#"{"length": {"lines": 2}}"#, passes: "one\ntwo\n", fails: "one"),
            .init(
                #"{"length": {"tokens": {"max": 5}}}"#,
                passes: Response(output: Output(text: "It has shipped."), usage: Usage(inputTokens: 9, outputTokens: 4)),
                fails: Response(output: Output(text: "It has shipped."), usage: Usage(inputTokens: 9, outputTokens: 84))),
        ])

    enum Unit: String, CaseIterable {
        case characters, words, lines, sentences, tokens

        var summary: String {
            switch self {
            case .characters: "how many characters as readers see them (grapheme clusters)"
            case .words: "how many words"
            case .lines: "how many lines"
            case .sentences: "how many sentences"
            case .tokens: "how many tokens of output the backend reported"
            }
        }

        /// `nil` when it is not known.
        func count(_ input: CheckInput) -> Int? {
            switch self {
            case .characters: input.text.count
            case .words: TextCount.words(input.text)
            case .lines: TextCount.lines(input.text)
            case .sentences: TextCount.sentences(input.text)
            case .tokens: input.response.usage?.outputTokens
            }
        }

        func shown(_ count: Int) -> String { count == 1 ? "1 \(rawValue.dropLast())" : "\(count) \(rawValue)" }
    }

    private let limits: [(unit: Unit, range: CountRange)]

    package init?(_ options: CheckOptions) {
        limits = Unit.allCases.compactMap { unit in options.range(unit.rawValue).map { (unit, $0) } }
        if let part = options.specification.of, part != "text", limits.contains(where: { $0.unit == .tokens }) {
            options.report(
                "`tokens` are counted of the whole answer, and not of the part that `of` selects", at: "tokens",
                help: "use `characters` or `words`, or remove `of`")
        }
        guard limits.isEmpty else { return }
        if options.problems.isEmpty {
            let units = Unit.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            options.report("needs at least one of \(units)", help: #"for example {"length": {"words": {"max": 120}}}"#)
        }
        return nil
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        let counts = limits.map { (limit: $0, count: $0.unit.count(input)) }
        let misses = counts.filter { limit, count in count.map { !limit.range.contains($0) } ?? false }
        if misses.isEmpty, counts.contains(where: { $0.count == nil }) {
            return .notApplicable("the number of tokens is not known: the backend reported none")
        }
        let shown = (misses.isEmpty ? counts : misses).map { limit, count in
            "\(limit.unit.shown(count ?? 0)), wanted \(limit.range.description)"
        }
        let reason = shown.joined(separator: "; ")
        return misses.isEmpty ? .passed(reason) : .failed("\(reason): \(Excerpt.quoted(input.text, limit: 80))")
    }
}
