/// The accepted verdicts of a suite: one record an example, kept in git.
package struct Baseline: Sendable {
    package static let format = "ratchet.baseline/1"

    package var suite: String
    /// `nil` for the suite's own baseline; a name for a further one (`--baseline release`).
    package var name: String?
    /// Sorted by id.
    package var records: [BaselineRecord]

    package init(suite: String, name: String? = nil, records: [BaselineRecord]) {
        self.suite = suite
        self.name = name
        self.records = records.sorted { $0.id < $1.id }
    }
}

/// What was accepted for one example, and everything that must be unchanged for a run to be comparable with it.
package struct BaselineRecord: Hashable, Sendable {
    package var id: String
    package var exampleHash: String
    /// The gating checks' hashes by name.
    package var checks: [String: String]
    package var prompt: String?
    package var promptHash: String?
    package var target: String
    package var paramsHash: String
    /// In the order of acceptance.
    package var batches: [BaselineBatch]
    package var output: String?
    /// Why its trials may not be compared with any more, until the example is accepted anew.
    package var staleReason: String?

    package init(
        id: String, exampleHash: String, checks: [String: String], prompt: String?, promptHash: String?, target: String,
        paramsHash: String, batches: [BaselineBatch], output: String?
    ) {
        self.id = id
        self.exampleHash = exampleHash
        self.checks = checks
        self.prompt = prompt
        self.promptHash = promptHash
        self.target = target
        self.paramsHash = paramsHash
        self.batches = batches
        self.output = output
    }

    /// Trials whose number was fixed in advance: the only ones the aggregate test may use (GATE.md 1.11).
    package var planned: TrialCount { TrialCount.sum(of: batches.filter { $0.kind == .planned }) }
    /// The scores of the planned trials, where they were kept; in no order that means anything.
    package var scores: [Double] { batches.flatMap { $0.kind == .planned ? $0.scores ?? [] : [] } }
    /// Planned and control trials together.
    package var all: TrialCount { TrialCount.sum(of: batches) }

    /// Whether trials of the other record belong to the same thing: then they are pooled, else they replace.
    package func hasSameFingerprint(as other: BaselineRecord) -> Bool {
        staleReason == nil && other.staleReason == nil && exampleHash == other.exampleHash && checks == other.checks && promptHash == other.promptHash
            && target == other.target && paramsHash == other.paramsHash
    }
}

/// Trials accepted together.
package struct BaselineBatch: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable { case planned, control }

    package var id: String
    /// The run that was accepted, where it is recorded: its answers can be judged anew.
    package var run: String?
    /// The day of acceptance, `2026-11-20`.
    package var date: String
    package var commit: String?
    package var kind: Kind
    package var passes: Int
    package var trials: Int
    /// Passes by gating check.
    package var passesByCheck: [String: Int]
    /// One score a trial, in 0...1, of a suite with graded checks; `nil` where all there is to know is passed or failed.
    package var scores: [Double]?

    package init(
        id: String, run: String? = nil, date: String, commit: String?, kind: Kind, passes: Int, trials: Int,
        passesByCheck: [String: Int], scores: [Double]? = nil
    ) {
        self.id = id
        self.run = run
        self.date = date
        self.commit = commit
        self.kind = kind
        self.passes = passes
        self.trials = trials
        self.passesByCheck = passesByCheck
        self.scores = scores
    }
}

/// Passes out of scored trials.
package struct TrialCount: Hashable, Sendable, Codable, CustomStringConvertible {
    package var passes: Int
    package var trials: Int

    package init(passes: Int = 0, trials: Int = 0) {
        self.passes = passes
        self.trials = trials
    }

    static func sum(of batches: [BaselineBatch]) -> TrialCount {
        batches.reduce(into: TrialCount()) {
            $0.passes += $1.passes
            $0.trials += $1.trials
        }
    }

    /// `nil` without a trial.
    package var rate: Double? { trials > 0 ? Double(passes) / Double(trials) : nil }

    /// The majority; a tie is failed, no trial is neither.
    package var state: TrialState? { trials == 0 ? nil : passes * 2 > trials ? .passed : .failed }

    package var description: String { "\(passes)/\(trials)" }
}
