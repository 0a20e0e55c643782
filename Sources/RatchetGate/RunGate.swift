import RatchetCore

/// The whole command's gate: its suites side by side.
package struct RunGate: TrialPlanner {
    package private(set) var suites: [SuiteGate]

    package init(_ inputs: [GateInput]) { suites = inputs.map(SuiteGate.init) }

    /// Gates that have seen what there is.
    package init(decided suites: [SuiteGate]) { self.suites = suites }

    package mutating func nextTrials() -> [TrialKey] {
        suites.indices.flatMap { suites[$0].nextTrials() }
    }

    package func wants(_ key: TrialKey) -> Bool {
        suites.first { $0.input.suite.suite == key.suite }?.wants(key) ?? false
    }

    package mutating func report(_ outcome: TrialOutcome) {
        guard let place = suites.firstIndex(where: { $0.input.suite.suite == outcome.key.suite }) else { return }
        suites[place].report(outcome)
    }
}
