import RatchetCore

/// What the gate says of one example.
package enum ExampleVerdict: String, Codable, Sendable, CaseIterable {
    /// As it was, pass or fail.
    case unchanged
    /// Failed in the record, passes now.
    case won
    /// Lost, and a rule that decides on single examples says so.
    case regressed
    /// Lost, and more likely than not worse than it was.
    case probable
    /// Lost once, and as flaky as before.
    case flaky
    /// Lost in this run; whether it is worse or merely flaky was not asked.
    case unconfirmed
    case new
    case incomparable
    /// Lost, with a person's permission.
    case overridden
    /// No answer, or no usable verdict.
    case undecided

    /// The verdicts on losses, the surest first.
    package static let surestFirst: [ExampleVerdict] = [.regressed, .probable, .unconfirmed, .flaky]
}

extension Sequence {
    /// Losses by how sure they are, the surest first and those that are none last; among equals their order stays.
    package func surestFirst(_ verdict: (Element) -> ExampleVerdict?) -> [Element] {
        let surest = ExampleVerdict.surestFirst
        let ranked = enumerated().map { place, element in (rank: verdict(element).flatMap(surest.firstIndex) ?? surest.count, place: place, element: element) }
        return ranked.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }.map(\.element)
    }
}

/// One example of a decided run.
package struct ExampleDecision: Hashable, Codable, Sendable {
    package var id: String
    package var state: TrialState
    package var verdict: ExampleVerdict
    /// The record's planned trials; `nil` without a comparable record.
    package var before: TrialCount?
    /// This run's scored trials, further ones included.
    package var now: TrialCount
    /// The rules this example breaks: `must_pass`, `strict`, `new`.
    package var brokenRules: [GateRule]
    /// What its trials say of it alone; `nil` without a comparable record, or without a failed trial.
    package var evidence: ExampleEvidence? = nil
    /// Why it is incomparable, known to fail, or the like; for a person.
    package var note: String?
    /// The override file that permits it.
    package var override: String?
    package var isLost: Bool
    package var isWon: Bool
    package var isKnownFailing: Bool
}

/// The evidence that one example got worse (GATE.md 2.2).
package struct ExampleEvidence: Hashable, Codable, Sendable {
    /// ln e: the evidence against "it was always as flaky as this".
    package var logE: Double
    /// This run's trials of the accepted version; `nil` when there were none.
    package var control: TrialCount?
    /// Whether it was asked again because of what its planned trials showed.
    package var wasConfirmed: Bool

    package init(logE: Double, control: TrialCount?, wasConfirmed: Bool) {
        self.logE = logE
        self.control = control
        self.wasConfirmed = wasConfirmed
    }
}

/// The rules that can fail a run.
package enum GateRule: String, Codable, Sendable, CaseIterable {
    /// Single examples are certainly worse than their records.
    case regression
    /// Examples are worse than their records together, though no single one is certainly so.
    case pooled
    /// The pass rate fell, significantly and by enough.
    case aggregate
    /// A slice that the policy names fell, significantly and by enough.
    case slice
    /// The pass rate fell so plainly that the run was stopped.
    case earlyStop = "early_stop"
    case mustPass = "must_pass"
    case strict
    /// A new or changed example fails.
    case new
    /// A recorded example is gone.
    case missing
    /// A metric is beyond what the policy allows.
    case metric
    /// The change lowers what guards it.
    case weakened

    package var explanation: String {
        switch self {
        case .regression: "examples are worse than their record, for certain"
        case .pooled: "several examples together are worse than their records, though none alone for certain"
        case .aggregate: "the pass rate fell, by more than chance explains"
        case .slice: "the pass rate of a slice fell, by more than chance explains"
        case .earlyStop: "the pass rate fell so plainly that the run was stopped early"
        case .mustPass: "an example that must pass fails"
        case .strict: "an example was lost under the strict policy"
        case .new: "a new example fails (fix it, or mark it known_failing)"
        case .missing: "a recorded example is gone from the suite"
        case .metric: "a metric is beyond what the policy allows"
        case .weakened: "the change lowers what guards it"
        }
    }
}

/// How many examples are in which state.
package struct StateCounts: Hashable, Codable, Sendable {
    package var examples = 0
    package var passed = 0
    package var failed = 0
    package var errored = 0
    package var unscored = 0

    package var scored: Int { passed + failed }

    package init() {}
    package init(_ states: some Sequence<TrialState>) {
        for state in states {
            examples += 1
            switch state {
            case .passed: passed += 1
            case .failed: failed += 1
            case .errored: errored += 1
            case .unscored: unscored += 1
            }
        }
    }
}

/// A share with its interval.
package struct Interval: Hashable, Codable, Sendable {
    package var value: Double
    package var low: Double
    package var high: Double
    /// The two-sided confidence level.
    package var level: Double
}

/// The change of a pass rate against the record, and what the test says of it.
package struct AggregateResult: Hashable, Codable, Sendable {
    /// Mean over the pairs of (new pass rate − recorded pass rate); a share, negative for a drop.
    package var delta: Interval
    /// The mid-p of the within-example permutation test, one-sided for a drop (GATE.md 1.3).
    package var p: Double
    /// The one-sided p of the robust t test on the same differences; `nil` when they do not vary.
    package var robustP: Double?
    /// The level the adjusted p was held against.
    package var alpha: Double
    package var pairs: Int
    /// The smallest true drop this comparison would have seen four times in five; `nil` when nothing varies.
    package var wouldHaveSeen: Double?
    /// Whether the drop is borne out by the robust test, and at least the policy's least drop.
    package var isBigEnough: Bool? = nil
    /// The p as it weighs among the others that are tested beside it; `nil` in decisions of earlier versions.
    package var adjustedP: Double? = nil
    /// The passes over all examples behind it.
    package var passes: Int? = nil
    /// In a slice or pass rate that does not gate: whether it fell by more than chance explains.
    package var hasFailed = false

    mutating func settle(adjustedP: Double, alpha: Double) {
        self.adjustedP = adjustedP
        self.alpha = alpha
        hasFailed = adjustedP <= alpha && isBigEnough == true
    }
}

/// The pass rate of the examples with one tag.
package struct SliceResult: Hashable, Codable, Sendable {
    package var tag: String
    /// Whether the policy names it, so that its fall fails the run.
    package var isGating: Bool
    package var aggregate: AggregateResult
    /// The override file that permits its fall.
    package var override: String? = nil
}

/// What came of asking suspects again, over the whole suite.
package struct ConfirmationResult: Hashable, Codable, Sendable {
    /// Examples that were asked again.
    package var suspects: Int
    /// Trials of the version under test, and of the accepted one, that this took.
    package var trials: Int
    package var controls: Int
    /// ln e from which a single example is certain.
    package var certain: Double
    /// ln G of all examples together; `nil` where the records say too little to pool.
    package var pooledLogE: Double?
    /// ln G from which they are certain together.
    package var pooledCertain: Double
}

/// Trials of the accepted version, which failed as well: what answers has changed, and not by this change.
package struct ProviderDrift: Hashable, Codable, Sendable {
    package var examples: Int
    package var control: TrialCount
    /// ln of the evidence against "the accepted version answers as it did".
    package var logE: Double
    /// Whether drift is what the run comes to: a fall that may be the provider's is not held against the change.
    package var isShown: Bool
}

/// Where a first pass was stopped.
package struct EarlyStopResult: Hashable, Codable, Sendable {
    /// Examples of the schedule that were looked at, of all.
    package var looked: Int
    package var scheduled: Int
    package var logE: Double
}

/// What is different between the accepted run and this one.
package struct Difference: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable { case prompt, model, parameters, checks }
    package var kind: Kind
    package var before: String
    package var now: String
}

/// What came of one override file in this run.
package struct OverrideUse: Hashable, Codable, Sendable {
    package enum Status: String, Codable, Sendable {
        case used, unused, expired
        case outOfScope = "out-of-scope"
        case malformed
    }

    package var file: String
    package var suite: String
    package var status: Status
    package var reason: String
    package var expires: String?
    /// What it permitted, or why it did not.
    package var detail: String

    package init(file: String, suite: String, status: Status, reason: String, expires: String?, detail: String) {
        self.file = file
        self.suite = suite
        self.status = status
        self.reason = reason
        self.expires = expires
        self.detail = detail
    }
}

/// The decision on one suite.
package struct SuiteDecision: Hashable, Codable, Sendable {
    package enum Basis: String, Codable, Sendable {
        case baseline, run
        case noBaseline = "no-baseline"
        case ungated
    }

    package var suite: RunSuite
    package var basis: Basis
    /// The baseline's name or the other run's id, where one is named.
    package var basisName: String?
    package var failedRules: [GateRule]
    package var counts: StateCounts
    /// Every selected example, in the suite's order.
    package var examples: [ExampleDecision]
    /// Ids of records whose example is gone.
    package var missing: [String]
    /// Of those, the ones a person permitted.
    package var permittedMissing: [String]
    /// `nil` when nothing was scored.
    package var passRate: Interval?
    /// The recorded pass rate over the compared pairs.
    package var recordedPassRate: Double?
    package var recordedTrials: Int?
    /// The day of the newest accepted batch.
    package var recordedOn: String?
    package var aggregate: AggregateResult?
    /// The tags' pass rates, those that gate first; `nil` in decisions of earlier versions, as are the four that follow.
    package var slices: [SliceResult]? = nil
    package var confirmation: ConfirmationResult? = nil
    package var earlyStop: EarlyStopResult? = nil
    /// Where the first pass ended because a drop that matters was ruled out; its evidence is 0.
    package var earlyPass: EarlyStopResult? = nil
    package var drift: ProviderDrift? = nil
    package var weakenings: [Weakening]? = nil
    package var metrics: [MetricResult]? = nil
    package var effort: GateEffort? = nil
    /// The drop that had to be ruled out, and was not.
    package var unproven: Double? = nil
    /// The share of the compared, passing examples whose breaking would have been certain; `nil` without one.
    package var brokenSeen: Double? = nil
    /// The chance of a false alarm that the rules which were applied have used up, of the suite's budget.
    package var alphaSpent: Double? = nil
    package var alphaBudget: Double? = nil
    /// SHA-256 over the ids in the order of the first pass.
    package var order: String? = nil
    package var differences: [Difference]
    package var overrides: [OverrideUse]
    /// Known failures that pass now.
    package var fixed: [String]
    package var exitCodes: [ExitCode]
    package var policy: String
    package var seed: UInt64
    /// The judges that its checks ask; `nil` in decisions of earlier versions.
    package var judges: [JudgeStatus]? = nil

    package func ids(_ verdict: ExampleVerdict) -> [String] {
        examples.filter { $0.verdict == verdict }.map(\.id)
    }
    /// Whether a rule about the pass rate as a whole is broken, in whichever way it was seen.
    package var hasPassRateFallen: Bool { !Set(failedRules).isDisjoint(with: [.aggregate, .pooled, .earlyStop]) }
    package var lost: [String] { examples.filter(\.isLost).map(\.id) }
    package var won: [String] { examples.filter(\.isWon).map(\.id) }
    package var usedOverrides: [OverrideUse] { overrides.filter { $0.status == .used } }
}

/// The decision on a whole run: what is shown, and the exit code.
package struct RunDecision: Hashable, Codable, Sendable {
    package var suites: [SuiteDecision]
    /// Every code that holds, the winner first.
    package var all: [ExitCode]
    package var exit: ExitCode { all.first ?? .passed }

    /// The one function that decides what is shown and what the program exits with.
    ///
    /// - Parameter circumstances: Codes that hold for reasons outside the gate: an interruption, a refused key, a
    ///   report that could not be written.
    package init(suites: [SuiteDecision], circumstances: [ExitCode] = []) {
        self.suites = suites
        var holding = Set(suites.flatMap(\.exitCodes) + circumstances)
        if suites.allSatisfy({ $0.examples.isEmpty }), circumstances.isEmpty { holding.insert(.nothingToRun) }
        holding.remove(.passed)
        let rest = holding.subtracting(ExitCode.precedence).sorted { $0.rawValue < $1.rawValue }
        let ordered = rest + ExitCode.precedence.filter(holding.contains)
        all = ordered.isEmpty ? [.passed] : ordered
    }

    /// The decision on a run that was refused before anything ran.
    package static func refused(_ code: ExitCode) -> RunDecision {
        RunDecision(suites: [], circumstances: [code])
    }

    /// The same decision with one more code that holds.
    package func adding(_ code: ExitCode) -> RunDecision {
        RunDecision(suites: suites, circumstances: all.filter { $0 != .passed } + [code])
    }

    package var usedOverrides: [OverrideUse] { suites.flatMap(\.usedOverrides) }
}
