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
        var places: [String: Int] = [:]
        // The run's own trials first: bought ones are numbered on from them.
        for role in [Draw.Role.run, .record, .control] {
            try store.forEachTrial(run: run, suite: suite.suite) { trial in
                let draw = trial.key.draw
                if role == .control, draw.role == .control, let place = places[trial.key.example] {
                    if trial.request.target == suite.target, trial.request.promptHash == suite.promptHash {
                        examples[place].addControl(trial)
                    }
                    return
                }
                guard draw.role == role, isPlanned(draw, planned: suite.trials) else { return }
                let place = places[trial.key.example] ?? examples.count
                if place == examples.count {
                    places[trial.key.example] = place
                    examples.append(
                        AcceptedExample(
                            id: trial.key.example, exampleHash: trial.exampleHash, checks: [:], count: TrialCount(),
                            passesByCheck: [:], output: trial.request.output, traceIDs: []))
                }
                examples[place].add(trial)
            }
        }
        return examples
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
