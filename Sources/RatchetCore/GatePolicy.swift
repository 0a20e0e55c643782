/// What the gate tolerates, from `ratchet.yaml` and `suite.yaml`.
package struct GatePolicy: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Significant and big enough (GATE.md 1.6).
        case statistical
        /// Every lost example fails: for deterministic systems.
        case strict
    }

    package var kind: Kind
    /// The share of runs of an unchanged system that may fail, over the whole command.
    package var falseAlarms: Double
    /// The least drop of the pass rate that fails, as a share (0.005 is half a point).
    package var minimumDrop: Double
    package var effort = GateEffort.normal
    /// A drop of the pass rate, as a share, that a run must rule out; `nil` asks for no such proof (GATE.md 1.6).
    package var noWorseThan: Double?
    /// The largest tolerated share of examples without an answer, and without a verdict.
    package var erroredMaximum: Double
    package var unscoredMaximum: Double
    /// Calls that a run may spend on asking a judge again about its canary; 0 for none.
    package var canaryCalls: Int
    /// Tags whose examples follow a policy of their own.
    package var slices: [String: Kind]
    /// What is allowed of the run's metrics.
    package var metrics: [Metric: MetricBudget] = [:]
    /// How many overrides may be active at once.
    package var maximumActiveOverrides: Int
    /// Whether an override counts only when somebody else than the author of the change committed it.
    package var needsSecondPerson = false
    /// Whether `--allow-regression` may be used in CI.
    package var allowsOverrideFlagInCI: Bool

    package init(
        kind: Kind = .statistical, falseAlarms: Double = 0.01, minimumDrop: Double = 0.005, erroredMaximum: Double = 0.02,
        unscoredMaximum: Double = 0.02, canaryCalls: Int = 50, slices: [String: Kind] = [:], maximumActiveOverrides: Int = 10,
        allowsOverrideFlagInCI: Bool = true
    ) {
        self.kind = kind
        self.falseAlarms = falseAlarms
        self.minimumDrop = minimumDrop
        self.erroredMaximum = erroredMaximum
        self.unscoredMaximum = unscoredMaximum
        self.canaryCalls = canaryCalls
        self.slices = slices
        self.maximumActiveOverrides = maximumActiveOverrides
        self.allowsOverrideFlagInCI = allowsOverrideFlagInCI
    }

    /// What `--release` asks to be ruled out where the policy does not say.
    package static let releaseMargin = 0.02

    /// The policy for one example: strict when the suite or any of its tags says so.
    package func kind(tags: [String]) -> Kind {
        if kind == .strict, !tags.contains(where: { slices[$0] == .statistical }) { return .strict }
        return tags.contains { slices[$0] == .strict } ? .strict : .statistical
    }
}

/// How hard a run looks before it decides: what it costs, and what it sees.
package enum GateEffort: String, Codable, Hashable, Sendable, CaseIterable {
    /// One pass. Single examples are seen as well as ever; a small fall of the pass rate is not.
    case quick
    /// Further passes where the first one looks suspicious.
    case normal
    /// Three passes whatever they show, and twice as many trials of a suspect.
    case thorough
}
