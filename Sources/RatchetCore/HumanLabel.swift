/// What one person said of one output, for a `human` check.
///
/// It holds for the example as it was and for the text that was looked at: an unchanged answer to an unchanged question
/// needs no new look, whichever run it comes from.
package struct HumanLabel: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        case pass
        case fail
        /// In 0...1.
        case score(Double)
    }

    /// What a label is about.
    package struct Subject: Hashable, Sendable {
        /// The check's name.
        package var check: String
        /// `Example.hash`.
        package var exampleHash: String
        /// SHA-256 of the text looked at.
        package var outputHash: String

        package init(check: String, exampleHash: String, outputHash: String) {
            self.check = check
            self.exampleHash = exampleHash
            self.outputHash = outputHash
        }
    }

    package var subject: Subject
    /// The example's id, for people.
    package var example: String
    package var verdict: Verdict
    package var rater: String
    /// The day, `2026-11-21`.
    package var date: String
    package var note: String?

    package init(
        subject: Subject, example: String, verdict: Verdict, rater: String, date: String, note: String? = nil
    ) {
        self.subject = subject
        self.example = example
        self.verdict = verdict
        self.rater = rater
        self.date = date
        self.note = note
    }

    /// A score of at least a half is a pass.
    package var passes: Bool { score >= 0.5 }

    /// In 0...1.
    package var score: Double {
        switch verdict {
        case .pass: 1
        case .fail: 0
        case .score(let score): score
        }
    }
}
