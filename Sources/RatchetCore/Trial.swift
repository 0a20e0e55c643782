/// The state of a trial, and of an example.
package enum TrialState: String, Hashable, Codable, Sendable, CaseIterable {
    case passed
    /// A check said no.
    case failed
    /// The backend gave no answer.
    case errored
    /// A judge gave no usable verdict.
    case unscored

    /// Only passed and failed say anything about quality.
    package var isScored: Bool { self == .passed || self == .failed }
}

/// The state of one check of one trial.
package enum CheckState: String, Hashable, Codable, Sendable {
    case passed, failed, errored, unscored
    case notApplicable = "not_applicable"
}

/// What one check found in one output.
package struct CheckResult: Hashable, Codable, Sendable {
    package var name: String
    package var type: String
    package var state: CheckState
    /// In 0...1; `nil` when the check gave none.
    package var score: Double?
    package var gating: Bool
    package var weight: Double
    /// What was found and what was wanted, for a person.
    package var reason: String
    /// Why the output nearly passed, where it did.
    package var failureKind: FailureKind?
    /// The hash of the check as it was when it judged: a record made of this result is comparable only with that one.
    package var hash: String

    package init(
        name: String, type: String, state: CheckState, score: Double?, gating: Bool, weight: Double, reason: String,
        failureKind: FailureKind? = nil, hash: String
    ) {
        self.name = name
        self.type = type
        self.state = state
        self.score = score
        self.gating = gating
        self.weight = weight
        self.reason = reason
        self.failureKind = failureKind
        self.hash = hash
    }
}

/// The weighted mean of the scores of a trial's gating checks, taken one by one.
package struct MeanScore: Sendable {
    private var sum = 0.0
    private var weight = 0.0
    private var isUndecided = false

    package init() {}

    package init(_ checks: some Sequence<CheckResult>) {
        for check in checks where check.gating { add(state: check.state, score: check.score, weight: check.weight) }
    }

    package mutating func add(state: CheckState, score: Double?, weight: Double) {
        switch state {
        case .notApplicable: return
        case .errored, .unscored: isUndecided = true
        case .passed, .failed:
            sum += weight * (score ?? (state == .passed ? 1 : 0))
            self.weight += weight
        }
    }

    /// In 0...1, to four decimals, as records keep it; `nil` when a check has no verdict, or none has a weight.
    package var value: Double? {
        isUndecided || weight <= 0 ? nil : (sum / weight * 10_000).rounded() / 10_000
    }
}

/// A trial by name.
package struct TrialKey: Hashable, Sendable {
    package var suite: String
    package var example: String
    package var draw: Draw

    package init(suite: String, example: String, draw: Draw) {
        self.suite = suite
        self.example = example
        self.draw = draw
    }
}

/// What the gate needs to know of a finished trial.
package struct TrialOutcome: Hashable, Sendable {
    package enum Result: Hashable, Sendable {
        case state(TrialState)
        /// The backend cannot be asked again: a recording without a further trial.
        case unavailable
    }

    package var key: TrialKey
    package var result: Result
    /// The states of the gating checks by name.
    package var checks: [String: CheckState]
    /// The mean score of the gating checks; `nil` where one has no verdict.
    package var score: Double?
    /// What the merge base's checks say of the same answer, where they differ.
    package var former: Former?

    package struct Former: Hashable, Sendable {
        package var state: TrialState
        /// The states of its gating checks by name.
        package var checks: [String: CheckState]
        package var score: Double?

        package init(state: TrialState, checks: [String: CheckState], score: Double? = nil) {
            self.state = state
            self.checks = checks
            self.score = score
        }
    }

    package init(
        key: TrialKey, result: Result, checks: [String: CheckState] = [:], score: Double? = nil, former: Former? = nil
    ) {
        self.key = key
        self.result = result
        self.checks = checks
        self.score = score
        self.former = former
    }
}

/// A run is a conversation: the runner asks which trials are next, runs them, and tells what came of each, until
/// there are none left to ask for. The gate is such a planner; so is a plain list of trials.
package protocol TrialPlanner: Sendable {
    /// The next trials to run; empty when everything has been decided. Asked again only after all of the last
    /// answer's trials have been reported.
    mutating func nextTrials() -> [TrialKey]
    /// Told as each trial ends, in whatever order they do.
    mutating func report(_ outcome: TrialOutcome)
    /// Whether a trial of the last answer, not begun yet, is still wanted: what came in meanwhile may have decided.
    func wants(_ key: TrialKey) -> Bool
}

extension TrialPlanner {
    package func wants(_ key: TrialKey) -> Bool { true }
}
