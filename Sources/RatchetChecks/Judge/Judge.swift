import RatchetCore
import RatchetJSON

/// What a judge is shown: the text under test, or two to compare, and what belongs to it.
package struct JudgedItem: Hashable, Sendable {
    package enum Subject: Hashable, Sendable {
        case output(String)
        /// The text under test, and the one it is held against.
        case pair(String, against: String)
    }

    package var subject: Subject
    package var input: JSONValue
    package var expected: JSONValue?
    package var contexts: [JSONValue]
    package var metadata: JSONObject

    package init(
        _ subject: Subject, input: JSONValue, expected: JSONValue? = nil, contexts: [JSONValue] = [],
        metadata: JSONObject = [:]
    ) {
        self.subject = subject
        self.input = input
        self.expected = expected
        self.contexts = contexts
        self.metadata = metadata
    }

    /// The example's material around a subject.
    package init(_ subject: Subject, of example: Example) {
        self.init(
            subject, input: example.input, expected: example.expected, contexts: example.contexts,
            metadata: example.metadata)
    }
}

/// What a judge found, with more of it than a check's outcome shows.
package struct JudgeFinding: Sendable {
    package var outcome: CheckOutcome
    /// The verdict as the scale names it; of a pair, `first` is the text under test. `nil` when there is none.
    package var verdict: String?
    /// Of a pair, the verdicts of the first vote when the text under test stood first, and when it stood second.
    package var orders: JudgeOrders?
}

/// A rubric put to its model.
package struct Judge: Sendable {
    package let rubric: Rubric
    private let render: CheckResources.RubricRenderer
    private let form = JudgeForm()

    package init(_ rubric: Rubric, render: @escaping CheckResources.RubricRenderer) {
        self.rubric = rubric
        self.render = render
    }

    /// The messages that show the item.
    ///
    /// - Throws: what the rendering of the rubric throws.
    func prompt(_ item: JudgedItem) throws -> JudgePrompt { try JudgePrompt(rubric: rubric, item: item, render: render) }

    package func assess(_ item: JudgedItem, caller: any ModelCaller) async -> JudgeFinding {
        do {
            let prompts = [try prompt(item)] + (try item.swapped.map { [try prompt($0)] } ?? [])
            let questions = prompts.map {
                JudgeQuestion(rubric: rubric, messages: $0.messages, form: form, caller: caller)
            }
            return await JudgePanel(rubric: rubric, questions: questions).finding()
        } catch {
            return JudgeFinding(outcome: .errored("rubric `\(rubric.id)` could not be filled in: \(Self.words(error))"))
        }
    }

    private static func words(_ error: any Error) -> String {
        if let diagnostic = error as? Diagnostic { return diagnostic.message }
        if let all = error as? DiagnosticsError { return all.diagnostics.map(\.message).joined(separator: "; ") }
        return "\(error)"
    }

    /// What is wrong with the rubric for one example, found without a call.
    func problems(showing item: JudgedItem, of example: Example) -> [Diagnostic] {
        do {
            if try prompt(item).showsSubject { return [] }
            let names = rubric.scale == .pairwise ? "{{first}} and {{second}}" : "{{output}}"
            return [Diagnostic(
                at: rubric.source, "rubric `\(rubric.id)` never shows the judge what to grade",
                help: "put \(names) into its text")]
        } catch let error as DiagnosticsError {
            return error.diagnostics
        } catch let diagnostic as Diagnostic {
            return [diagnostic]
        } catch {
            return [Diagnostic(.error, "rubric `\(rubric.id)` cannot be filled in for example `\(example.id)`: \(error)")]
        }
    }
}

extension JudgedItem {
    /// A pair in its other order.
    var swapped: JudgedItem? {
        guard case .pair(let text, let other) = subject else { return nil }
        var item = self
        item.subject = .pair(other, against: text)
        return item
    }
}
