import RatchetCore

/// A planner some of whose trials have been run elsewhere: it is told of those at once, and only the others are asked for.
package struct TakenTrials<Planner: TrialPlanner>: TrialPlanner {
    package private(set) var planner: Planner
    private let taken: [TrialKey: TrialOutcome]

    package init(_ taken: [TrialKey: TrialOutcome], for planner: Planner) {
        self.planner = planner
        self.taken = taken
    }

    package mutating func nextTrials() -> [TrialKey] {
        while true {
            let wanted = planner.nextTrials()
            var open: [TrialKey] = []
            for key in wanted {
                if let outcome = taken[key] { planner.report(outcome) } else { open.append(key) }
            }
            // When all of an answer is there already, the planner may go on by it.
            if wanted.isEmpty || !open.isEmpty { return open }
        }
    }

    package func wants(_ key: TrialKey) -> Bool { planner.wants(key) }

    package mutating func report(_ outcome: TrialOutcome) { planner.report(outcome) }
}
