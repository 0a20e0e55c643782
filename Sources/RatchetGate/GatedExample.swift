import RatchetCore

/// One example as the gate sees it: its record, whether that may be compared, and the rules it is under.
///
/// A class, though a value in all but name: the gate goes over all examples again and again, and handing one on must cost
/// nothing.
package final class GatedExample: Sendable {
    package enum Standing: Hashable, Sendable {
        case comparable(BaselineRecord)
        /// No record of that id.
        case new
        /// There is a record, but of another example or of other checks.
        case incomparable(BaselineRecord, reason: String)
    }

    package let id: String
    package let standing: Standing
    package let mustPass: Example.MustPass
    package let isKnownFailing: Bool
    package let policy: GatePolicy.Kind
    package let tags: [String]
    package let group: String?
    private let exampleHash: String
    /// The record's planned trials and all of them; none without a comparable record.
    let planned: TrialCount
    let all: TrialCount
    /// What an override of this example is bound to: its content and its gating checks.
    package let bindingHash: String

    /// - Parameter checks: The hashes of the example's gating checks by name.
    package init(_ example: Example, checks: [String: String], record: BaselineRecord?, policy: GatePolicy) {
        let hash = example.hash
        id = example.id
        exampleHash = hash
        standing = Self.standing(record, exampleHash: hash, checks: checks)
        (planned, all) = Self.counts(standing)
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
        (planned, all) = Self.counts(standing)
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

    /// Whether it can be held against its record.
    var isComparable: Bool {
        if case .comparable = standing { true } else { false }
    }

    var hasRecord: Bool { standing != .new }

    /// The record is of this example, but other checks judged it.
    var hasOtherChecks: Bool {
        if case .incomparable(let record, _) = standing { record.exampleHash == exampleHash } else { false }
    }

    private static func counts(_ standing: Standing) -> (planned: TrialCount, all: TrialCount) {
        guard case .comparable(let record) = standing else { return (TrialCount(), TrialCount()) }
        return (record.planned, record.all)
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
