import RatchetCore
import RatchetStatistics

/// What a suite can see with the records it has, and what would let it see more (GATE.md 1.9).
package struct SuiteStrength: Sendable {
    package let examples: Int
    /// Harmonic mean of the records' planned trials.
    package let recordTrials: Double
    /// The noise inside examples: the mean over them of p(1 - p).
    package let variance: Double
    /// The smallest drop of the pass rate, as a share, that a run sees four times in five with three passes at hand.
    package let drop: Double
    /// The share of passing examples that a run would find for certain, had one broken; without and with trials of the
    /// accepted version.
    package let brokenSeen: Double
    package let brokenSeenWithControl: Double
    /// Examples whose pass probability is likely neither 0 nor 1, the most costly first.
    package let flaky: [FlakyExample]
    private let minimumDrop: Double
    private let alpha: Double

    package static let power = 0.8
    /// Below this expected p(1 - p) an example counts as steady.
    private static let flakyVariance = 0.03

    /// `nil` without a record that has a trial.
    package init?(_ records: [BaselineRecord], policy: GatePolicy, control: (BaselineRecord) -> Bool = { _ in false }) {
        let tried = records.filter { $0.planned.trials > 0 }
        let counts = tried.compactMap(\.planned.passCount)
        let budget = FalseAlarmBudget(total: policy.falseAlarms)
        guard let prior = FlakinessPrior.fit(counts), let variance = prior.meanWithinVariance(of: counts),
            let trials = Sample.harmonicMean(counts.map { Double($0.trials) }), counts.count == tried.count
        else { return nil }
        examples = counts.count
        recordTrials = trials
        self.variance = variance
        minimumDrop = policy.minimumDrop
        alpha = budget.aggregate(pass: 1, isOnly: true)
        drop = Self.drop(variance: variance, examples: counts.count, record: trials, new: 1, alpha: alpha, least: minimumDrop)
        let evidence = TrialEvidence(records: tried.map(\.planned), budget: budget)
        let passing = tried.filter { $0.planned.state == .passed }
        func seen(_ added: (BaselineRecord) -> Int) -> Double {
            guard !passing.isEmpty else { return 0 }
            let broken = TrialCount(passes: 0, trials: policy.effort.trialLimit)
            let logE = evidence.logE(
                passing.map { record in
                    let more = added(record)
                    return (record.all + TrialCount(passes: more, trials: more), broken)
                })
            return Double(logE.count { $0 >= evidence.certain }) / Double(passing.count)
        }
        brokenSeen = seen { _ in 0 }
        brokenSeenWithControl = seen { control($0) ? max(0, SuiteGate.recordIsLongEnough - $0.all.trials) : 0 }
        flaky = zip(tried, counts).compactMap { record, count -> FlakyExample? in
            let p = prior.predictivePassProbability(given: count)
            let noise = prior.meanWithinVariance(of: [count]) ?? 0
            guard noise >= Self.flakyVariance, count.passes > 0, count.passes < count.trials || noise > 0.1 else { return nil }
            return FlakyExample(id: record.id, record: record.planned, passProbability: p, variance: noise)
        }.sorted { ($1.variance, $0.id) < ($0.variance, $1.id) }
    }

    /// The drop seen if the suite were another: more examples of the same kind, longer records, more trials a run.
    package func drop(examples: Int? = nil, recordTrials: Double? = nil, newTrials: Double = 1) -> Double {
        Self.drop(
            variance: variance, examples: examples ?? self.examples, record: recordTrials ?? self.recordTrials, new: newTrials,
            alpha: alpha, least: minimumDrop)
    }

    /// The drop seen if the flaky examples alone had so many trials a run.
    package func drop(flakyTrials: Int) -> Double {
        let noisy = flaky.reduce(0) { $0 + $1.variance }
        let rest = max(0, variance * Double(examples) - noisy)
        let sum = rest * (1 / recordTrials + 1) + noisy * (1 / recordTrials + 1 / Double(flakyTrials))
        // As one run of an even suite with the same noise.
        let even = sum / Double(examples) / (1 / recordTrials + 1)
        return Self.drop(variance: even, examples: examples, record: recordTrials, new: 1, alpha: alpha, least: minimumDrop)
    }

    /// The drop seen without the flaky examples, over the others.
    package var dropWithoutFlaky: Double {
        let noisy = flaky.reduce(0) { $0 + $1.variance }
        let steady = examples - flaky.count
        guard steady > 0 else { return 1 }
        return Self.drop(
            variance: max(0, variance * Double(examples) - noisy) / Double(steady), examples: steady, record: recordTrials, new: 1,
            alpha: alpha, least: minimumDrop)
    }

    /// How many examples of this kind see a drop; `nil` when that is more than anyone has.
    package func requiredExamples(drop: Double) -> Int? {
        Power(meanWithinVariance: variance, baselineTrials: recordTrials, newTrials: 1)?
            .requiredExamples(drop: drop, alpha: alpha, power: Self.power)
    }

    private static func drop(
        variance: Double, examples: Int, record: Double, new: Double, alpha: Double, least: Double
    ) -> Double {
        let power = Power(meanWithinVariance: variance, baselineTrials: record, newTrials: new)
        return max(power?.minimumDetectableDrop(examples: examples, alpha: alpha, power: Self.power) ?? 1, least)
    }
}

/// An example that sometimes passes and sometimes does not.
package struct FlakyExample: Hashable, Sendable {
    package var id: String
    package var record: TrialCount
    /// As the record and the rest of the suite make it likely.
    package var passProbability: Double
    /// Its expected p(1 - p): what it adds to the noise of the pass rate.
    package var variance: Double

    /// How often a best-of-five must-pass rule would fail a run by this example's flakiness alone.
    package var mustPassAlarm: Double? { MustPassAlarm.probability(passProbability: passProbability) }
}
