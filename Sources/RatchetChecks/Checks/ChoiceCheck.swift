import RatchetCore
import RatchetJSON

/// `choice`: the output chooses the wanted one of some options.
package struct ChoiceCheck: Check {
    package static let type = "choice"
    package static let documentation = CheckDocumentation(
        .numberAndChoice, "The output chooses the wanted option: A, B, C or D, yes or no.",
        details: """
            The option is found in prose, by its label or its text: `B`, `(b)`, `**B.**`, `B) Paris`, `Option B`, `The answer is \
            (B)`, `I choose Paris`, `B is correct`, `\\boxed{B}`, `{"answer": "B"}`. The English article *a* and the pronoun *I* are \
            not taken for options.

            What counts, the strongest first: the whole answer; a member of JSON such as `answer` or `choice`; the last statement \
            of an answer (of several statements the last wins, and the reason says so) or a label alone on the last line; the \
            first line; the one option in bold; the one option that is named. An answer that names several options and states \
            none fails as ambiguous, and so does `A or B`.

            The wanted option is given by its label, its text, or its place in the list with `index_from`; of a list any will \
            do. Without a value the example's `expected` is wanted.
            """,
        options: [
            .init("value", "text, number or list of them", "the wanted option; the example's `expected` by default"),
            .init(
                "options", "whole number, list of texts or object",
                "how many letters there are, the labels, or an object from labels to texts; the letters A to D by default"),
            .init("index_from", "0 or 1", "lets a number that is no label name the wanted option by its place, counted from 0 or 1"),
        ],
        shortForm: "value", expectedOption: "value",
        samples: [
            .init(#"{"choice": "B"}"#, passes: "A bird has wings, so the answer is (B).", fails: "It could be A, B or C."),
            .init(
                #"{"choice": {"options": {"A": "Paris", "B": "London"}}}"#, expected: "\"London\"", passes: "It is London.",
                fails: "A) Paris\nB) London"),
            .init(#"{"choice": {"value": "yes", "options": ["yes", "no"]}}"#, passes: "**Yes**, it does.", fails: "No."),
        ])

    private let finder: ChoiceFinder
    private let wanted: [Int]

    package init?(_ options: CheckOptions) {
        let firstIndex = Self.firstIndex(options)
        guard let choices = ChoiceOptions.read(options), let finder = ChoiceFinder(choices), let wanted = options.wanted("value") else {
            return nil
        }
        let items = wanted.value.arrayValue ?? [wanted.value]
        self.finder = finder
        self.wanted = items.compactMap { Self.index(of: $0, in: choices, from: firstIndex) }
        if self.wanted.count == items.count, !items.isEmpty { return }
        let unknown = items.first { Self.index(of: $0, in: choices, from: firstIndex) == nil }
        let shown = unknown.map { JSONPathCheck.shown($0) } ?? "an empty list"
        let origin = wanted.isExpected ? "the example's `expected`" : "`value`"
        let isNumber = unknown?.numberValue != nil
        options.report(Diagnostic(
            at: wanted.isExpected ? options.expectedPlace : options.place("value"),
            "`choice`: \(origin) must be one of the options, found \(shown)",
            help: isNumber && firstIndex == nil
                ? "say with `index_from` whether places are counted from 0 or 1"
                : "the options are \(choices.shown(Array(choices.options.indices), "and"))"))
        return nil
    }

    private static func firstIndex(_ options: CheckOptions) -> Int? {
        guard let value = options.value("index_from") else { return nil }
        if let index = value.intValue, index == 0 || index == 1 { return index }
        options.report("`index_from` wants 0 or 1", at: "index_from")
        return nil
    }

    private static func index(of value: JSONValue, in choices: ChoiceOptions, from first: Int?) -> Int? {
        guard let text = CheckOptions.plainText(value) else { return nil }
        if let index = choices.named(text) { return index }
        if let place = value.intValue, let first {
            let (index, overflowed) = place.subtractingReportingOverflow(first)
            return !overflowed && choices.options.indices.contains(index) ? index : nil
        }
        return value.stringValue.flatMap(choices.given)
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        let goal = finder.options.shown(wanted, "or")
        switch finder.find(in: input.subject) {
        case .one(let index, let how):
            let reason = "chose \(finder.options.shown(index)), \(how)"
            return wanted.contains(index) ? .passed(reason) : .failed("\(reason), wanted \(goal): \(Excerpt.quoted(input.text))")
        case .several(let indices, let how):
            let kind = indices.contains(where: wanted.contains) ? FailureKind.severalOptions : nil
            let names = finder.options.shown(indices, "and")
            return .failed("ambiguous: \(names) are \(Self.verb(how)), wanted \(goal) alone: \(Excerpt.quoted(input.text))", failureKind: kind)
        case .none:
            return .failed("no option in \(Excerpt.quoted(input.text)), wanted \(goal)")
        }
    }

    private static func verb(_ how: String) -> String { how.hasPrefix("in ") ? "stated \(how)" : how }
}
