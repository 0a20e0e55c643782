import RatchetCore

/// One example of a run that is being accepted.
package struct AcceptedExample: Sendable {
    package var id: String
    package var exampleHash: String
    /// Hashes of the gating checks that judged it.
    package var checks: [String: String]
    package var count: TrialCount
    package var passesByCheck: [String: Int]
    /// One mean score a scored trial; `nil` in place of one that a check without a verdict is part of.
    package var scores: [Double?] = []
    /// The first trial's output.
    package var output: String?
    /// The anonymous ids of the generations in the order of their draws, which name the batch.
    package var traceIDs: [String]
    /// Trials of the accepted version that the run made beside it, and their generations.
    package var control = TrialCount()
    package var controlIDs: [String] = []

    package init(
        id: String, exampleHash: String, checks: [String: String], count: TrialCount, passesByCheck: [String: Int],
        output: String?, traceIDs: [String]
    ) {
        self.id = id
        self.exampleHash = exampleHash
        self.checks = checks
        self.count = count
        self.passesByCheck = passesByCheck
        self.output = output
        self.traceIDs = traceIDs
    }

    /// Whether some trial scored between the extremes.
    var isGraded: Bool { scores.contains { $0.map { $0 > 0 && $0 < 1 } ?? false } }

    /// One score a trial, or none.
    var allScores: [Double]? { scores.contains(nil) || scores.count != count.trials ? nil : scores.compactMap { $0 } }
}

/// Turning a run into the baseline's next batch (GATE.md 1.11): trials are added to a record while everything they
/// depend on is unchanged, and start a new one when anything changed. They never overwrite.
package enum BaselineAcceptance {
    /// Trials a record keeps; beyond, the oldest batches leave.
    package static let cap = 50

    package struct Result: Sendable {
        package var baseline: Baseline
        /// Records that got a further batch, that were begun anew, that are unchanged since the batch is in already, and
        /// that left because their example is gone.
        package var added = 0
        package var started = 0
        package var repeated = 0
        package var removed = 0
    }

    /// - Parameters:
    ///   - run: The id of the run that is accepted.
    ///   - keptIDs: The ids of all examples of the suite: records of others leave.
    package static func accept(
        _ examples: [AcceptedExample], of suite: RunSuite, run: String, into old: Baseline?, name: String?, keptIDs: Set<String>,
        date: String, commit: String?
    ) -> Result {
        let isGraded = examples.contains(where: \.isGraded)
        var records = Dictionary((old?.records ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var result = Result(baseline: Baseline(suite: suite.suite, name: name, records: []))
        for example in examples {
            let fresh = record(example, suite: suite, run: run, date: date, commit: commit, keepsScores: isGraded)
            guard let known = records[example.id], known.hasSameFingerprint(as: fresh) else {
                records[example.id] = fresh
                result.started += 1
                continue
            }
            var merged = merge(known, fresh, from: example, isDeterministic: suite.isDeterministic)
            if let control = controlBatch(example, run: run, date: date, commit: commit), !merged.batches.contains(where: { $0.id == control.id }) {
                merged.batches.append(control)
                while merged.all.trials > cap, merged.batches.count > 1 { merged.batches.removeFirst() }
            }
            if merged.batches == known.batches { result.repeated += 1 } else { result.added += 1 }
            records[example.id] = merged
        }
        result.removed = records.keys.filter { !keptIDs.contains($0) }.count
        result.baseline = Baseline(
            suite: suite.suite, name: name, records: records.values.filter { keptIDs.contains($0.id) })
        return result
    }

    private static func record(
        _ example: AcceptedExample, suite: RunSuite, run: String, date: String, commit: String?, keepsScores: Bool
    ) -> BaselineRecord {
        let batch = BaselineBatch(
            id: batchID(example.traceIDs), run: run, date: date, commit: commit, kind: .planned,
            passes: example.count.passes, trials: example.count.trials, passesByCheck: example.passesByCheck,
            scores: keepsScores ? example.allScores : nil)
        return BaselineRecord(
            id: example.id, exampleHash: example.exampleHash, checks: example.checks, prompt: suite.prompt,
            promptHash: suite.promptHash, target: suite.target, paramsHash: suite.paramsHash, batches: [batch],
            output: example.output)
    }

    /// While the version is the accepted one, its control trials are evidence about it, though their number depended on
    /// outcomes: they count for single examples and never for the pass rate.
    private static func controlBatch(_ example: AcceptedExample, run: String, date: String, commit: String?) -> BaselineBatch? {
        guard example.control.trials > 0 else { return nil }
        return BaselineBatch(
            id: batchID(example.controlIDs), run: run, date: date, commit: commit, kind: .control, passes: example.control.passes,
            trials: example.control.trials, passesByCheck: [:])
    }

    /// A batch is named by its generations: the same trials never count twice.
    package static func batchID(_ traceIDs: some Collection<String>) -> String {
        "b-" + Digest.short(traceIDs.joined(separator: "\n"))
    }

    private static func merge(
        _ known: BaselineRecord, _ fresh: BaselineRecord, from example: AcceptedExample, isDeterministic: Bool
    ) -> BaselineRecord {
        var merged = known
        if isDeterministic {
            // Asking again gives the same trials: the record holds them once, and has as many as there are. Another
            // output means that the answers themselves were made anew, by another recording.
            let isSame = known.output == nil || fresh.output == nil || known.output == fresh.output
            return isSame && fresh.planned.trials < known.planned.trials || known.batches.map(\.id) == fresh.batches.map(\.id)
                && (known.batches[0].scores != nil || fresh.batches[0].scores == nil) ? known : fresh
        }
        // A batch that was accepted before and has grown since, by trials that were bought, is replaced and not added to.
        let grown = Set(example.traceIDs.indices.map { batchID(example.traceIDs[...$0]) })
        if let place = known.batches.firstIndex(where: { $0.id == fresh.batches[0].id }) {
            merged.batches[place].scores = known.batches[place].scores ?? fresh.batches[0].scores
            return merged
        }
        merged.batches.removeAll { grown.contains($0.id) }
        merged.batches += fresh.batches
        while merged.all.trials > cap, merged.batches.count > 1 { merged.batches.removeFirst() }
        return merged
    }
}
