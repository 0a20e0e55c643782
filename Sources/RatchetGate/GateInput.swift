import RatchetCore

/// One example as the gate sees it: its record, whether that may be compared, and the rules it is under.
package struct GatedExample: Sendable {
    package enum Standing: Hashable, Sendable {
        case comparable(BaselineRecord)
        /// No record of that id.
        case new
        /// There is a record, but of another example or of other checks.
        case incomparable(BaselineRecord, reason: String)
    }

    package var id: String
    package var standing: Standing
    package var mustPass: Example.MustPass
    package var isKnownFailing: Bool
    package var policy: GatePolicy.Kind
    package var tags: [String]
    package var group: String?
    private let exampleHash: String
    /// What an override of this example is bound to: its content and its gating checks.
    package var bindingHash: String

    /// - Parameter checks: The hashes of the example's gating checks by name.
    package init(_ example: Example, checks: [String: String], record: BaselineRecord?, policy: GatePolicy) {
        let hash = example.hash
        id = example.id
        exampleHash = hash
        standing = Self.standing(record, exampleHash: hash, checks: checks)
        mustPass = example.mustPass
        isKnownFailing = example.knownFailing != nil
        self.policy = policy.kind(tags: example.tags)
        tags = example.tags
        group = example.group
        bindingHash = Self.bindingHash(exampleHash: hash, checks: checks)
    }

    /// An example as a recorded run has it, for comparing two runs: only what was run is known, so the rules that
    /// examples set for themselves do not apply.
    package init(recorded: AcceptedExample, record: BaselineRecord?) {
        id = recorded.id
        exampleHash = recorded.exampleHash
        standing = Self.standing(record, exampleHash: recorded.exampleHash, checks: recorded.checks)
        mustPass = .no
        isKnownFailing = false
        policy = .statistical
        tags = []
        group = nil
        bindingHash = Self.bindingHash(exampleHash: recorded.exampleHash, checks: recorded.checks)
    }

    package var record: BaselineRecord? {
        switch standing {
        case .comparable(let record), .incomparable(let record, _): record
        case .new: nil
        }
    }

    package var comparableRecord: BaselineRecord? {
        if case .comparable(let record) = standing { record } else { nil }
    }

    /// The record is of this example, but other checks judged it.
    var hasOtherChecks: Bool {
        if case .incomparable(let record, _) = standing { record.exampleHash == exampleHash } else { false }
    }

    private static func standing(_ record: BaselineRecord?, exampleHash: String, checks: [String: String]) -> Standing {
        guard let record else { return .new }
        if record.exampleHash != exampleHash { return .incomparable(record, reason: "the example changed") }
        if record.checks != checks { return .incomparable(record, reason: changedChecks(record.checks, checks)) }
        return .comparable(record)
    }

    private static func changedChecks(_ old: [String: String], _ new: [String: String]) -> String {
        let names = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted()
        return (names.count == 1 ? "the check " : "the checks ") + names.joined(separator: ", ") + " changed"
    }

    private static func bindingHash(exampleHash: String, checks: [String: String]) -> String {
        Digest.sha256(([exampleHash] + checks.keys.sorted().map { "\($0) \(checks[$0] ?? "")" }).joined(separator: "\n"))
    }
}

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

    /// Compares a suite's selected examples with its baseline.
    ///
    /// - Parameter knownIDs: All ids of the suite: records of others are missing. `nil` where flags selected a part, which
    ///   says nothing about what is gone.
    package init(
        suite: RunSuite, examples: [(example: Example, checks: [String: String])], knownIDs: Set<String>?,
        baseline: Baseline?, basis: GateBasis, policy: GatePolicy, suiteCount: Int, overrides: [Override], seed: UInt64
    ) {
        let records = Dictionary(
            (baseline?.records ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.init(
            suite: suite, basis: basis,
            examples: examples.map {
                GatedExample($0.example, checks: $0.checks, record: records[$0.example.id], policy: policy)
            },
            missing: (baseline?.records ?? []).filter { record in knownIDs.map { !$0.contains(record.id) } ?? false },
            policy: policy, falseAlarms: policy.falseAlarms / Double(max(suiteCount, 1)),
            overrides: overrides.filter { $0.suite == suite.suite }, seed: seed)
        isPartial = knownIDs == nil
    }
}
