import RatchetCore
import RatchetGate
import RatchetStatistics

/// One cell of a table: what is simulated, how often, and from which seed.
package struct SimulationCell: Sendable {
    package var examples: Int
    /// Trials an example of the baseline's record.
    package var record: Int
    package var mix: SimulatedSystem.Mix
    package var change: SimulatedSystem.Change
    package var effort: GateEffort = .normal
    /// Whether the accepted version can be run beside the suspects.
    package var hasControl: Bool
    /// Whether the provider changed instead: the accepted version answers like the new one.
    package var isDrift = false
    package var runs: Int
    package var seed: UInt64

    package init(
        examples: Int, record: Int, mix: SimulatedSystem.Mix, change: SimulatedSystem.Change, effort: GateEffort = .normal,
        hasControl: Bool, isDrift: Bool = false, runs: Int, seed: UInt64
    ) {
        self.examples = examples
        self.record = record
        self.mix = mix
        self.change = change
        self.effort = effort
        self.hasControl = hasControl
        self.isDrift = isDrift
        self.runs = runs
        self.seed = seed
    }
}

/// What a cell came to: raw counts.
package struct SimulationCount: Sendable {
    package var runs = 0
    /// Runs that exit with 100.
    package var regressed = 0
    /// Runs that exit with 102.
    package var stale = 0
    /// Runs that exit with anything but 0.
    package var notPassed = 0
    /// Trials of the version under test and of the accepted one.
    package var calls = 0
    package var rules: [GateRule: Int] = [:]

    package init() {}

    package func callsPerExample(_ examples: Int) -> Double {
        Double(calls) / Double(max(runs * examples, 1))
    }
}

/// Runs the gate itself, trial by trial, against systems whose truth is known.
package struct Simulation: Sendable {
    private let examples: [(example: Example, checks: [String: String])]
    private let hashes: [String]
    private static let checks = ["is-right": "sha256:check"]

    package init(examples count: Int) {
        examples = (0..<count).map { index in
            let id = "e\(index)"
            let example = Example(suite: "s", id: id, input: .string(id), source: SourceReference(file: "s.jsonl"))
            return (example, Self.checks)
        }
        hashes = examples.map(\.example.hash)
    }

    /// - Parameter range: The runs of the cell to make; each has a random stream of its own, so that any part of a cell
    ///   can be repeated.
    package func count(_ cell: SimulationCell, runs range: Range<Int>) -> SimulationCount {
        var count = SimulationCount()
        for run in range {
            var random = SeededGenerator(seed: Self.seed(cell.seed, run))
            let (decision, calls) = decide(cell, &random)
            let exit = RunDecision(suites: [decision]).exit
            count.runs += 1
            count.calls += calls
            if exit == .regressed { count.regressed += 1 }
            if exit == .stale { count.stale += 1 }
            if exit != .passed { count.notPassed += 1 }
            for rule in decision.failedRules { count.rules[rule, default: 0] += 1 }
        }
        return count
    }

    private static func seed(_ cell: UInt64, _ run: Int) -> UInt64 {
        var mixer = SplitMix64(seed: cell &+ UInt64(run) &* 0x9E37_79B9_7F4A_7C15)
        return mixer.next()
    }

    /// One run: a system, its record, and the conversation of gate and runner.
    package func decide(_ cell: SimulationCell, _ random: inout SeededGenerator) -> (SuiteDecision, calls: Int) {
        let system = SimulatedSystem(examples: cell.examples, mix: cell.mix, change: cell.change, random: &random)
        let records = system.before.indices.map { place in
            record(place, passes: passes(of: cell.record, at: system.before[place], &random), trials: cell.record)
        }
        let suite = RunSuite(
            suite: "s", target: "simulated/m", prompt: nil, promptHash: nil, paramsHash: "sha256:none", trials: 1,
            exampleCount: cell.examples, isDeterministic: false)
        var input = GateInput(
            suite: suite, examples: examples, knownIDs: nil, baseline: Baseline(suite: "s", records: records),
            basis: .baseline(name: nil), policy: GatePolicy(), suiteCount: 1, overrides: [], seed: random.next())
        input.effort = cell.effort
        if cell.hasControl { input.controllable = Set(examples.map(\.example.id)) }
        var gate = SuiteGate(input)
        var calls = 0
        while true {
            let keys = gate.nextTrials()
            if keys.isEmpty { break }
            for key in keys where gate.wants(key) {
                let place = Int(key.example.dropFirst()) ?? 0
                let isAfter = key.draw.role == .run || cell.isDrift
                let state: TrialState = random.nextUnit() < (isAfter ? system.after : system.before)[place] ? .passed : .failed
                calls += 1
                gate.report(
                    TrialOutcome(
                        key: key, result: .state(state), checks: ["is-right": state == .passed ? .passed : .failed]))
            }
        }
        return (gate.decide(DecisionConditions(today: "2026-11-26", isCI: true)), calls)
    }

    private func passes(of trials: Int, at probability: Double, _ random: inout SeededGenerator) -> Int {
        (0..<trials).reduce(0) { sum, _ in sum + (random.nextUnit() < probability ? 1 : 0) }
    }

    private func record(_ place: Int, passes: Int, trials: Int) -> BaselineRecord {
        BaselineRecord(
            id: examples[place].example.id, exampleHash: hashes[place], checks: Self.checks, prompt: nil, promptHash: nil,
            target: "simulated/m", paramsHash: "sha256:none",
            batches: [
                BaselineBatch(
                    id: "b-1", date: "2026-11-01", commit: nil, kind: .planned, passes: passes, trials: trials, passesByCheck: [:])
            ], output: nil)
    }
}
