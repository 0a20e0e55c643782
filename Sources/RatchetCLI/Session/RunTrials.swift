import RatchetCore
import RatchetGate
import RatchetStore

/// A recorded run's trials, gathered by example as a baseline wants them.
enum RunTrials {
    /// Whether the number of such trials was fixed before any of them was run.
    ///
    /// - Parameter planned: The run's planned trials an example.
    static func isPlanned(_ draw: Draw, planned: Int) -> Bool {
        draw.role == .record || draw.role == .run && draw.number <= planned
    }

    /// The scored trials of a suite's examples: those of the run itself, and those bought for the record.
    ///
    /// Trials that were asked for because of what came before are left out: a record's number of trials must not depend
    /// on outcomes (GATE.md 1.11).
    static func accepted(store: Store, run: String, suite: RunSuite) throws -> [AcceptedExample] {
        var examples: [AcceptedExample] = []
        // Trials come example by example: one pass over a run of a hundred thousand.
        var together: [TrialRecord] = []
        try store.forEachTrial(run: run, suite: suite.suite) { trial in
            if let first = together.first, first.key.example != trial.key.example {
                if let example = accepted(together, of: suite) { examples.append(example) }
                together = []
            }
            together.append(trial)
        }
        if let example = accepted(together, of: suite) { examples.append(example) }
        return examples
    }

    /// What one example's trials come to; `nil` where none of them was planned.
    private static func accepted(_ trials: [TrialRecord], of suite: RunSuite) -> AcceptedExample? {
        // The run's own first: bought ones are numbered on from them.
        let planned = [Draw.Role.run, .record].flatMap { role in
            trials.filter { $0.key.draw.role == role && isPlanned($0.key.draw, planned: suite.trials) }
        }
        guard let first = planned.first else { return nil }
        var example = AcceptedExample(
            id: first.key.example, exampleHash: first.exampleHash, checks: [:], count: TrialCount(), passesByCheck: [:],
            output: first.request.output, traceIDs: [])
        for trial in planned { example.add(trial) }
        for trial in trials
        where trial.key.draw.role == .control && trial.request.target == suite.target && trial.request.promptHash == suite.promptHash {
            example.addControl(trial)
        }
        return example
    }
}

extension AcceptedExample {
    /// A trial of the accepted version, where that is the version of the run itself.
    mutating func addControl(_ trial: TrialRecord) {
        guard trial.state.isScored else { return }
        control.trials += 1
        if trial.state == .passed { control.passes += 1 }
        controlIDs.append(trial.request.traceID)
    }

    mutating func add(_ trial: TrialRecord) {
        guard trial.state.isScored else { return }
        count.trials += 1
        if trial.state == .passed { count.passes += 1 }
        traceIDs.append(trial.request.traceID)
        scores.append(MeanScore(trial.checks).value)
        for check in trial.checks where check.gating {
            checks[check.name] = check.hash
            passesByCheck[check.name, default: 0] += check.state == .passed ? 1 : 0
        }
    }
}
