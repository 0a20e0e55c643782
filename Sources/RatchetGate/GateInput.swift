import RatchetCore

/// What a suite is compared with.
package enum GateBasis: Hashable, Sendable {
    case baseline(name: String?)
    /// There is no baseline of that name yet.
    case noBaseline(name: String?)
    /// `--baseline none`: nothing was asked.
    case ungated
    /// The trials of another run: `compare RUN RUN`.
    case run(String)

    package var isCompared: Bool {
        switch self {
        case .baseline, .run: true
        case .noBaseline, .ungated: false
        }
    }
}

/// The gating checks of an example whose judge has drifted.
package struct DriftedChecks: Hashable, Sendable {
    package var names: Set<String>
    /// Whether the example passes by a mean score, which every check is part of.
    package var arePartOfMean: Bool

    package init(names: Set<String>, arePartOfMean: Bool) {
        self.names = names
        self.arePartOfMean = arePartOfMean
    }
}

/// Everything the gate is told about one suite before the first call.
package struct GateInput: Sendable {
    package var suite: RunSuite
    package var basis: GateBasis
    /// The selected examples, in the suite's order.
    package var examples: [GatedExample]
    /// Records whose example is gone from the suite.
    package var missing: [BaselineRecord]
    package var policy: GatePolicy
    /// The share of the command's false-alarm budget this suite may spend, as an absolute probability.
    package var falseAlarms: Double
    package var overrides: [Override]
    package var seed: UInt64
    /// Whether flags deselected examples.
    package var isPartial = false
    /// The judges that the suite's checks ask, and what is known of them.
    package var judges: [JudgeStatus] = []
    /// By example, where the judge of a gating check has drifted: its verdicts decide nothing.
    package var drifts: [String: DriftedChecks] = [:]
    /// By what the change lowers its own guard, against the merge base.
    package var weakenings: [Weakening] = []
    package var effort = GateEffort.normal
    /// Whether a first pass that has plainly failed ends there.
    package var stopsEarly = true
    /// Whether a first pass over a big suite ends once a drop that matters is ruled out.
    package var stopsWhenDecided = false
    /// Whether asking again may give another answer; an echo never does.
    package var canRepeat = true
    /// Whether nothing can be asked beyond the planned trials: suspects stay unconfirmed then, and what a best-of rule leaves
    /// open is undecided.
    package private(set) var endsAfterFirstPass = false
    /// Examples whose accepted version (prompt, parameters and target of their record) can be run beside this one.
    package var controllable: Set<String> = []

    package init(
        suite: RunSuite, basis: GateBasis, examples: [GatedExample], missing: [BaselineRecord], policy: GatePolicy,
        falseAlarms: Double, overrides: [Override], seed: UInt64
    ) {
        self.suite = suite
        self.basis = basis
        self.examples = examples
        self.missing = missing
        self.policy = policy
        self.falseAlarms = falseAlarms
        self.overrides = overrides
        self.seed = seed
    }

    /// Nothing can be asked beyond the planned trials.
    package mutating func endAfterFirstPass() {
        endsAfterFirstPass = true
        canRepeat = false
        controllable = []
    }

    /// Compares a suite's selected examples with its baseline.
    ///
    /// - Parameters:
    ///   - formers: What the merge base's checks of an example are, where they differ and are asked as well.
    ///   - knownIDs: All ids of the suite: records of others are missing. `nil` where flags selected a part, which
    ///   says nothing about what is gone.
    package init(
        suite: RunSuite, examples: [(example: Example, checks: [String: String])], formers: [String: FormerChecks] = [:],
        knownIDs: Set<String>?, baseline: Baseline?, basis: GateBasis, policy: GatePolicy, suiteCount: Int, overrides: [Override], seed: UInt64
    ) {
        let records = Dictionary(
            (baseline?.records ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.init(
            suite: suite, basis: basis,
            examples: examples.map {
                GatedExample(
                    $0.example, checks: $0.checks, former: formers[$0.example.id], record: records[$0.example.id], policy: policy)
            },
            missing: (baseline?.records ?? []).filter { record in knownIDs.map { !$0.contains(record.id) } ?? false },
            policy: policy, falseAlarms: policy.falseAlarms / Double(max(suiteCount, 1)),
            overrides: overrides.filter { $0.suite == suite.suite }, seed: seed)
        isPartial = knownIDs == nil
    }
}
