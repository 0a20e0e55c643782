import RatchetCore
import RatchetStatistics

/// Two versions side by side: every example so many times each, all calls in random order, so that whatever changes at
/// the provider meanwhile changes for both. The version under test has the draws `run/k`, the other `control/k`.
package struct InterleavedTrials: TrialPlanner {
    private var rest: [TrialKey]
    /// In the order in which they came in.
    package private(set) var outcomes: [TrialOutcome] = []

    package init(_ plan: RunPlan, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        rest = random.shuffled(
            plan.suites.flatMap { suite in
                suite.examples.flatMap { planned in
                    (1...max(suite.run.trials, 1)).flatMap { number in
                        [Draw(.run, number), Draw(.control, number)].map {
                            TrialKey(suite: suite.run.suite, example: planned.example.id, draw: $0)
                        }
                    }
                }
            })
    }

    package mutating func nextTrials() -> [TrialKey] {
        defer { rest = [] }
        return rest
    }

    package mutating func report(_ outcome: TrialOutcome) { outcomes.append(outcome) }
}
