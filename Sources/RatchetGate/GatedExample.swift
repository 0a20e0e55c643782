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
        /// There is a record of other checks, which the new outputs are asked as well: they are compared by those.
        case formerly(BaselineRecord, reason: String)
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
    package init(
        _ example: Example, checks: [String: String], former: FormerChecks? = nil, record: BaselineRecord?, policy: GatePolicy
    ) {
        let hash = example.hash
        id = example.id
        exampleHash = hash
        standing = Self.standing(record, exampleHash: hash, checks: checks, former: former)
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
        case .comparable(let record), .formerly(let record, _), .incomparable(let record, _): record
        case .new: nil
        }
    }

    /// Whether it can be held against its record.
    package var isComparable: Bool {
        switch standing {
        case .comparable, .formerly: true
        case .new, .incomparable: false
        }
    }

    /// Whether the merge base's checks decide what was lost.
    var isComparedFormerly: Bool {
        if case .formerly = standing { true } else { false }
    }

    var hasRecord: Bool { standing != .new }

    /// The record is of this example, but other checks judged it.
    var hasOtherChecks: Bool {
        switch standing {
        case .formerly(let record, _), .incomparable(let record, _): record.exampleHash == exampleHash
        case .new, .comparable: false
        }
    }

    private static func counts(_ standing: Standing) -> (planned: TrialCount, all: TrialCount) {
        switch standing {
        case .comparable(let record), .formerly(let record, _): (record.planned, record.all)
        case .new, .incomparable: (TrialCount(), TrialCount())
        }
    }

    private static func standing(
        _ record: BaselineRecord?, exampleHash: String, checks: [String: String], former: FormerChecks? = nil
    ) -> Standing {
        guard let record else { return .new }
        if let reason = record.staleReason { return .incomparable(record, reason: "\(reason): accept it anew") }
        let isSame = record.exampleHash == exampleHash && record.checks == checks
        if !isSame, let former, record.exampleHash == former.exampleHash, record.checks == former.checks {
            return .formerly(
                record, reason: former.checks == checks ? "what is expected changed" : changedChecks(record.checks, checks))
        }
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

/// An example's checks as they are at the merge base: their hashes, and that of the example they belong to.
package struct FormerChecks: Hashable, Sendable {
    package var exampleHash: String
    /// By name.
    package var checks: [String: String]

    package init(exampleHash: String, checks: [String: String]) {
        self.exampleHash = exampleHash
        self.checks = checks
    }
}
