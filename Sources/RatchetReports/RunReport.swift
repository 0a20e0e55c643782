import RatchetCore
import RatchetGate

/// A recorded run as reports see it: what was decided, what it cost, and its trials one example at a time.
package struct RunReport: Sendable {
    package var header: RunHeader
    package var decision: RunDecision
    /// By suite.
    package var metrics: [String: RunMetrics]
    /// Things a reader must know that belong to no suite: where policy and baseline were read from, what was resumed.
    package var notes: [String]
    /// How many calls at once its accounts took, by every change.
    package var concurrency: [ConcurrencyChange] = []
    /// The command that made the run, as it can be typed again; `nil` where it is not known.
    package var command: String?
    /// What is known beside the run.
    package var background = ReportBackground()
    /// Hands out the examples of a suite with their trials, in the suite's order: all of them, or only those with the
    /// given ids. A report never holds a whole run.
    package var forEachExample: ExampleSource

    package typealias ExampleSource =
        @Sendable (_ suite: String, _ ids: Set<String>?, _ body: (ExampleTrials) throws -> Void) throws -> Void

    package init(
        header: RunHeader, decision: RunDecision, metrics: [String: RunMetrics], notes: [String],
        forEachExample: @escaping ExampleSource
    ) {
        self.header = header
        self.decision = decision
        self.metrics = metrics
        self.notes = notes
        self.forEachExample = forEachExample
    }
}

/// One example's decision with the trials behind it.
package struct ExampleTrials: Sendable {
    package var decision: ExampleDecision
    /// In the order of their draws.
    package var trials: [TrialRecord]

    package init(decision: ExampleDecision, trials: [TrialRecord]) {
        self.decision = decision
        self.trials = trials
    }
}
