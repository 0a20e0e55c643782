import RatchetCore
import RatchetGate

/// What JUnit's four outcomes make of an example's decision.
struct JUnitResult: Equatable {
    private enum Kind: Equatable { case passed, failure, error, skipped }

    private let kind: Kind
    /// The rule that is broken, or the state; `nil` for what is passed or skipped.
    let type: String?
    let message: String?

    var isFailure: Bool { kind == .failure }
    var isError: Bool { kind == .error }
    var isSkipped: Bool { kind == .skipped }

    /// The XML element that says so; none for a pass.
    var element: String? {
        switch kind {
        case .passed: nil
        case .failure: "failure"
        case .error: "error"
        case .skipped: "skipped"
        }
    }

    init(_ example: ExampleDecision, in suite: SuiteDecision) {
        let change = example.change
        switch example.state {
        case _ where example.override != nil:
            let isPassed = example.state == .passed && example.brokenRules.isEmpty
            self.init(isPassed ? .passed : .skipped, nil, "\(change), permitted by \(example.override ?? "")")
        case _ where !example.brokenRules.isEmpty:
            let rules = example.brokenRules.map(\.explanation).joined(separator: "; ")
            self.init(.failure, example.brokenRules.map(\.rawValue).joined(separator: ","), "\(change), \(rules)")
        case .passed: self.init(.passed, nil, nil)
        case .errored: self.init(.error, "errored", "no answer")
        case .unscored: self.init(.error, "unscored", "no usable verdict of a judge")
        case .failed: self.init(failed: example, change, in: suite)
        }
    }

    /// A failed example that breaks no rule of its own.
    private init(failed example: ExampleDecision, _ change: String, in suite: SuiteDecision) {
        if example.verdict == .regressed {
            self.init(.failure, "regressed", "\(change), regressed")
        } else if example.isLost, suite.hasPassRateFallen || suite.failedRules.contains(.slice) {
            self.init(.failure, GateRule.aggregate.rawValue, "\(change), \(example.verdict.words); the pass rate fell")
        } else if example.isLost {
            self.init(.skipped, nil, "lost: \(change), \(example.verdict.words)")
        } else if suite.basis == .ungated {
            self.init(.skipped, nil, "failed (\(change)); nothing was compared")
        } else if let note = example.note {
            self.init(.skipped, nil, "failed (\(change)): \(note)")
        } else if example.before != nil {
            self.init(.skipped, nil, "fails as it did in the baseline: \(change)")
        } else {
            self.init(.failure, "failed", "failed: \(change)")
        }
    }

    private init(_ kind: Kind, _ type: String?, _ message: String?) {
        self.kind = kind
        self.type = type
        self.message = kind == .passed ? nil : message
    }
}
