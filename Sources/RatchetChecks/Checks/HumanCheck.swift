import RatchetCore
import RatchetJSON

/// `human`: a person passes the output.
package struct HumanCheck: Check {
    package static let type = "human"
    package static let documentation = CheckDocumentation(
        .people, "A person has looked at the output and passes it.",
        details: """
            Until somebody has, the check is `unscored`. `ratchet suite label` shows what is waiting, asks for verdicts, and \
            keeps them in `suites/<suite>/labels.jsonl`, which belongs into git. A label holds for the example as it is \
            (its input, what is expected, its contexts) and for the very text that was looked at: an unchanged output needs \
            no new look in later runs, and a changed one does.

            A label is a pass, a fail, or a score from 0 to 1, of which 0.5 and above count as a pass. Of several people's \
            labels the majority decides, each person having one; when they are even the check is `unscored`. The score is \
            the mean of the labels; with `threshold` it decides instead of the majority. The reason shows who disagreed.
            """,
        options: [
            .init("question", "text", "what the person is asked, shown beside the output"),
            .init("raters", "whole number", "how many people have to have looked before it counts; 1 by default"),
        ],
        shortForm: "question",
        samples: [
            .init(
                #"{"human": "Would you send this to a customer?"}"#, passes: "Your refund arrives on Friday.",
                fails: "I do not know.")
        ])

    private let question: String?
    private let raters: Int
    private let hasThreshold: Bool
    private let labels: CheckResources.LabelLookup

    package init?(_ options: CheckOptions) {
        question = options.text("question")
        let wanted = options.value("raters")
        if let wanted, !(1...100).contains(wanted.intValue ?? 0) {
            options.reportWrongKind("raters", wanted, wanted: "a whole number from 1 to 100")
        }
        raters = wanted?.intValue ?? 1
        hasThreshold = options.specification.threshold != nil
        labels = options.resources.labels
    }

    /// What a label of this output is about.
    private static func subject(_ input: CheckInput) -> HumanLabel.Subject {
        HumanLabel.Subject(
            check: input.checkName, exampleHash: input.example.hash, outputHash: Digest.sha256(input.text))
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        let labels = labels(input.example.suite, Self.subject(input))
        guard !labels.isEmpty else { return .unscored("nobody has looked at this output yet: ratchet suite label") }
        guard labels.count >= raters else {
            return .unscored("\(labels.count) of \(raters) people have looked at this output: ratchet suite label")
        }
        return outcome(of: labels)
    }

    func review(of input: CheckInput) -> HumanReview {
        let subject = Self.subject(input)
        return HumanReview(
            subject: subject, question: question, text: input.text, raters: raters,
            labels: labels(input.example.suite, subject))
    }

    private func outcome(of labels: [HumanLabel]) -> CheckOutcome {
        let passing = labels.filter(\.passes)
        let score = labels.reduce(0) { $0 + $1.score } / Double(labels.count)
        if passing.count * 2 == labels.count, !hasThreshold {
            return .unscored("\(labels.count) people are even: \(Self.shown(labels))")
        }
        let passes = passing.count * 2 > labels.count
        let others = labels.filter { $0.passes != passes }
        var reason = labels.count == 1
            ? "\(passes ? "passed" : "failed") by \(Self.shown(labels))"
            : "\(passes ? "passed" : "failed") by \(labels.count - others.count) of \(labels.count) people"
        if labels.count > 1 {
            reason += others.isEmpty ? ": \(Self.shown(labels))" : "; not so \(Self.shown(others))"
        }
        return CheckOutcome(state: passes ? .passed : .failed, score: score, reason: reason)
    }

    private static func shown(_ labels: [HumanLabel]) -> String {
        Excerpt.list(labels.map { label in
            var words = Excerpt.cut(label.rater, limit: 60)
            if case .score(let score) = label.verdict { words += " (\(CompiledCheck.shown(score)))" }
            return label.note.map { "\(words): \(Excerpt.quoted($0, limit: 200))" } ?? words
        }, "and")
    }
}
