import RatchetCore

/// A text that a `human` check asks people about.
package struct HumanReview: Sendable {
    package var subject: HumanLabel.Subject
    package var question: String?
    /// The text to look at: all of the output, or what `of` selected.
    package var text: String
    /// How many people have to have looked.
    package var raters: Int
    /// What was said so far.
    package var labels: [HumanLabel]

    package init(subject: HumanLabel.Subject, question: String?, text: String, raters: Int, labels: [HumanLabel]) {
        self.subject = subject
        self.question = question
        self.text = text
        self.raters = raters
        self.labels = labels
    }

    /// Whether enough people have looked, and are not even.
    package var isDecided: Bool {
        labels.count >= raters && labels.count { $0.passes } * 2 != labels.count
    }
}

extension CompiledChecks {
    /// What people are asked about an answer, by all `human` checks, those nested in groups included.
    ///
    /// - Parameter isWanted: whether a check of the example applies to the answer, by name; `when` may have left it out.
    package func humanReviews(of response: Response, where isWanted: (String) -> Bool) -> [HumanReview] {
        let input = CheckInput(response: response, example: example, caller: NoCaller())
        return group.checks.filter { isWanted($0.specification.name) }.flatMap { $0.humanReviews(of: input) }
    }
}

extension CompiledCheck {
    fileprivate func humanReviews(of input: CheckInput) -> [HumanReview] {
        // Where the output lacks what `of` names, there is nothing to look at.
        guard case .input(let input) = selected(from: input) else { return [] }
        if let nested = check as? any GroupCheck { return nested.group.checks.flatMap { $0.humanReviews(of: input) } }
        return (check as? HumanCheck).map { [$0.review(of: input)] } ?? []
    }
}
