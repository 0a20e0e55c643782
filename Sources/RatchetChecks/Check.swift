import RatchetCore
import RatchetJSON

/// One rule applied to an output.
///
/// A check reads its options once, before the first call, and then judges any number of outputs. It knows nothing of
/// the keys that all checks share (`not`, `threshold`, `of`, `when`, …): those are handled once, in `CompiledCheck`
/// and `CheckGroup`.
package protocol Check: Sendable {
    /// The type key under which suites name it.
    static var type: String { get }
    /// What the reference page says of it; also the list of the options it knows.
    static var documentation: CheckDocumentation { get }

    /// Reads the options, reporting every problem to `options`; `nil` when there is nothing usable.
    init?(_ options: CheckOptions)

    func evaluate(_ input: CheckInput) async -> CheckOutcome

    /// What is wrong with this check for one example, when that can only be told with the example at hand.
    /// One without a place belongs to the check.
    func problems(for example: Example) -> [Diagnostic]

    /// The rubrics whose judges this check asks.
    var rubrics: [Rubric] { get }
    /// Whether it looks at the output that the baseline holds.
    var comparesWithBaseline: Bool { get }
    /// The models that this check calls beside the judges of its rubrics, each as often as it may be called for one
    /// output.
    var calledModels: [Target] { get }

    /// What its judge is shown of this input; `nil` for a check without a judge of its own, or with nothing to show.
    func judgedItem(_ input: CheckInput) -> JudgedItem?
    /// Whether it may take long although it calls no model.
    var takesTime: Bool { get }
}

extension Check {
    package func problems(for example: Example) -> [Diagnostic] { [] }
    package var rubrics: [Rubric] { [] }
    package var comparesWithBaseline: Bool { false }
    package var calledModels: [Target] { [] }
    package func judgedItem(_ input: CheckInput) -> JudgedItem? { nil }
    package var takesTime: Bool { false }
}

/// What a check looks at: one trial of one example.
package struct CheckInput: Sendable {
    /// What the backend gave, with usage, times and cost.
    package var response: Response
    package var example: Example
    /// Whether the answer came from the cache or a recording, so that its times and costs are not today's.
    package var isReused: Bool
    /// The output that the baseline holds of this example; of it, too, `of` selects.
    package var baselineOutput: String?
    /// The way to a judge.
    package var caller: any ModelCaller
    /// The part of the output that is looked at: all of its text, or what `of` selected.
    package var subject: Subject
    /// What the example calls the check.
    package var checkName = ""

    package init(
        response: Response, example: Example, isReused: Bool = false, baselineOutput: String? = nil,
        caller: any ModelCaller
    ) {
        self.response = response
        self.example = example
        self.isReused = isReused
        self.baselineOutput = baselineOutput
        self.caller = caller
        subject = Subject(text: response.output.text)
    }

    /// The text looked at.
    package var text: String { subject.text }
}
