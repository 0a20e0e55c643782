import RatchetCore

/// The three-way merge of a suite's accepted records.
///
/// Lawful: both sides are alike (swapping them changes nothing), merging a side with itself gives that side, and a side
/// that changed nothing yields the other. Never hides a loss: where both sides changed what a record depends on, neither
/// side's trials may speak for the merge, so the record is kept as stale, and its example has to be answered for.
package enum BaselineMerging {
    package struct Result: Sendable {
        package var baseline: Baseline
        /// Ids of records that both sides added trials to.
        package var united: [String] = []
        /// Ids of records that have to be accepted anew.
        package var stale: [String] = []
    }

    /// - Parameter base: What both sides began with; `nil` when the file is new on both.
    package static func merge(base: Baseline?, ours: Baseline, theirs: Baseline) -> Result {
        let (old, left, right) = (byID(base), byID(ours), byID(theirs))
        var result = Result(baseline: Baseline(suite: ours.suite, name: ours.name, records: []))
        var records: [BaselineRecord] = []
        for id in Set(left.keys).union(right.keys).sorted() {
            switch merge(old[id], left[id], right[id]) {
            case .kept(let record): if let record { records.append(record) }
            case .united(let record):
                records.append(record)
                result.united.append(id)
            case .stale(let record):
                records.append(record)
                result.stale.append(id)
            }
        }
        result.baseline = Baseline(suite: ours.suite, name: ours.name, records: records)
        return result
    }

    private enum Merged {
        case kept(BaselineRecord?)
        case united(BaselineRecord)
        case stale(BaselineRecord)
    }

    private static func merge(_ base: BaselineRecord?, _ ours: BaselineRecord?, _ theirs: BaselineRecord?) -> Merged {
        if ours == theirs { return .kept(ours) }
        if ours == base { return .kept(theirs) }
        if theirs == base { return .kept(ours) }
        // One side let the example go while the other measured it anew: whoever brings it back has to answer for it.
        guard let ours, let theirs else {
            return (ours ?? theirs).map { .stale(stale($0)) } ?? .kept(nil)
        }
        guard ours.staleReason == nil, theirs.staleReason == nil, ours.hasSameFingerprint(as: theirs),
            let batches = unite(base?.batches ?? [], ours.batches, theirs.batches)
        else { return .stale(stale(moreDemanding(ours, theirs))) }
        var united = smaller(ours, theirs)
        united.batches = batches
        return .united(united)
    }

    /// The union of the batches by id; `nil` when the sides hold different trials under one id.
    private static func unite(
        _ base: [BaselineBatch], _ ours: [BaselineBatch], _ theirs: [BaselineBatch]
    ) -> [BaselineBatch]? {
        let (old, left, right) = (byID(base), byID(ours), byID(theirs))
        var batches: [BaselineBatch] = []
        for id in Set(left.keys).union(right.keys) {
            switch (left[id], right[id]) {
            case (let one?, let other?):
                guard one == other || one == old[id] || other == old[id] else { return nil }
                batches.append(one == old[id] ? other : one)
            case (let one?, nil), (nil, let one?):
                // A batch that one side dropped, as the oldest beyond the cap, stays dropped.
                if old[id] == nil { batches.append(one) }
            case (nil, nil): break
            }
        }
        batches.sort { ($0.date, $0.id) < ($1.date, $1.id) }
        while batches.reduce(0, { $0 + $1.trials }) > BaselineAcceptance.cap, batches.count > 1 { batches.removeFirst() }
        return batches
    }

    /// The record that asks more of the example, so that the merge excuses no loss.
    private static func moreDemanding(_ one: BaselineRecord, _ other: BaselineRecord) -> BaselineRecord {
        let (left, right) = (one.planned.rate ?? 0, other.planned.rate ?? 0)
        return left == right ? smaller(one, other) : left > right ? one : other
    }

    /// Either of two, whichever of them is named first.
    private static func smaller(_ one: BaselineRecord, _ other: BaselineRecord) -> BaselineRecord {
        func key(_ record: BaselineRecord) -> [String] {
            [record.exampleHash, record.promptHash ?? "", record.target, record.paramsHash, record.prompt ?? "", record.output ?? ""]
                + record.checks.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
                + record.batches.flatMap { [$0.date, $0.id, "\($0.passes)", "\($0.trials)"] + ($0.scores ?? []).map { "\($0)" } }
        }
        return key(one).lexicographicallyPrecedes(key(other)) ? one : other
    }

    private static func stale(_ record: BaselineRecord) -> BaselineRecord {
        var record = record
        record.staleReason = "both sides of a merge changed it"
        return record
    }

    private static func byID(_ baseline: Baseline?) -> [String: BaselineRecord] {
        Dictionary((baseline?.records ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static func byID(_ batches: [BaselineBatch]) -> [String: BaselineBatch] {
        Dictionary(batches.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
