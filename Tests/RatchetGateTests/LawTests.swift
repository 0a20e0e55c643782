import RatchetCore
import RatchetStatistics
import Testing

@testable import RatchetGate

/// Laws that hold for every suite, held against random ones. The seeds are fixed, and shown when one fails.
@Suite("Laws of the gate")
struct LawTests {
    private let conditions = DecisionConditions(today: "2026-11-26", isCI: false)

    /// A random suite with random records, tags, rules and true pass probabilities.
    private struct World {
        var suite: SuiteFixture
        var truth: [String: Double] = [:]
        private let seed: UInt64

        init(seed: UInt64) {
            self.seed = seed
            var random = SeededGenerator(seed: seed)
            suite = SuiteFixture(0)
            suite.isDeterministic = random.nextUnit() < 0.3
            suite.effort = [.quick, .normal, .thorough][Int(random.next(below: 3))]
            let count = 20 + Int(random.next(below: 60))
            let fall = random.nextUnit() < 0.5 ? 0 : random.nextUnit() * 0.3
            for place in 0..<count {
                let p = random.nextUnit() < 0.2 ? random.nextUnit() : 0.99
                let trials = 1 + Int(random.next(below: 6))
                let passes = (0..<trials).reduce(0) { sum, _ in sum + (random.nextUnit() < p ? 1 : 0) }
                let id = "e\(place)"
                suite.add(
                    id, record: random.nextUnit() < 0.95 ? TrialCount(passes: passes, trials: trials) : nil,
                    mustPass: random.nextUnit() < 0.03 ? .bestOfFive : .no,
                    tags: random.nextUnit() < 0.3 ? ["billing"] : [],
                    knownFailing: random.nextUnit() < 0.05 ? "known" : nil)
                truth[id] = random.nextUnit() < fall ? 0.1 : p
            }
            if random.nextUnit() < 0.5 { suite.policy.slices = ["billing": .statistical] }
        }

        /// The same trial always comes out alike, whoever asks and when.
        func answer(_ id: String, _ number: Int) -> TrialState? {
            var random = SeededGenerator(seed: seed ^ Digest.seed("\(id)/\(number)"))
            return random.nextUnit() < truth[id] ?? 1 ? .passed : .failed
        }

        var isFailing: Bool { !suite.decide { answer($0, $1) }.failedRules.isEmpty }
    }

    private func override(_ suite: SuiteFixture, _ ids: [String], _ kind: Override.Kind) -> Override {
        let hashes = suite.gate.bindingHashes(ids)
        return Override(
            file: "overrides/\(ids.joined(separator: "-")).yaml", suite: "s", scope: .examples(ids), kind: kind,
            reason: "a reason of twenty letters", expires: "2026-12-31", author: nil, created: nil,
            binding: .init(examples: hashes, promptHash: "sha256:p", target: "recorded/m"),
            observed: Dictionary(ids.map { ($0, "5/5 -> 0/5") }, uniquingKeysWith: { first, _ in first }))
    }

    @Test("removing an override never turns fail into pass", arguments: UInt64(1)...80)
    func overrides(seed: UInt64) {
        var world = World(seed: seed)
        var random = SeededGenerator(seed: seed &+ 1000)
        let kinds: [Override.Kind] = [.accept, .tolerate, .quarantine]
        let chosen = world.suite.examples.map(\.id).filter { _ in random.nextUnit() < 0.15 }
        let suite = world.suite
        let all = chosen.map { override(suite, [$0], kinds[Int(random.next(below: 3))]) }
        // What was run is the same: an override decides about trials, it does not choose them.
        let base = suite.converse(world.answer).gate
        for kept in [all.count, all.count / 2, 0] {
            let some = base.adding(Array(all.prefix(kept))).decide(conditions)
            if !some.failedRules.isEmpty {
                for fewer in 0..<kept {
                    #expect(!base.adding(Array(all.prefix(fewer))).decide(conditions).failedRules.isEmpty, "seed \(seed)")
                }
            }
        }
        world.suite.overrides = all
    }

    @Test("adding a passing example never turns pass into fail", arguments: UInt64(1)...80)
    func addingPassing(seed: UInt64) {
        var world = World(seed: seed)
        guard !world.isFailing else { return }
        world.suite.add("another")
        #expect(!world.isFailing, "seed \(seed)")
    }

    @Test("the order in which trials come in is irrelevant", arguments: UInt64(1)...50)
    func order(seed: UInt64) {
        var world = World(seed: seed)
        world.suite.stopsEarly = false
        let (gate, asked) = world.suite.converse(world.answer)
        var shuffled = world.suite.gate
        var random = SeededGenerator(seed: seed)
        var again: [TrialKey] = []
        while case let keys = shuffled.nextTrials(), !keys.isEmpty {
            again += keys
            for key in random.shuffled(keys) { shuffled.report(outcome(world, key)) }
        }
        #expect(again == asked)
        #expect(shuffled.decide(conditions) == gate.decide(conditions))
    }

    @Test("a run that was cut anywhere and resumed decides as one that was not", arguments: UInt64(1)...40)
    func resuming(seed: UInt64) {
        let world = World(seed: seed)
        let (gate, asked) = world.suite.converse(world.answer)
        // Resuming replays the conversation with what is recorded, and asks for the rest.
        var random = SeededGenerator(seed: seed)
        let recorded = Set(asked.prefix(Int(random.next(below: UInt64(asked.count + 1)))))
        var resumed = world.suite.gate
        var paid: [TrialKey] = []
        while case let keys = resumed.nextTrials(), !keys.isEmpty {
            for key in keys where recorded.contains(key) || resumed.wants(key) {
                if !recorded.contains(key) { paid.append(key) }
                resumed.report(outcome(world, key))
            }
        }
        #expect(paid.count + recorded.count == asked.count)
        #expect(resumed.decide(conditions) == gate.decide(conditions))
    }

    @Test("shards merged decide as the whole", arguments: UInt64(1)...40)
    func shards(seed: UInt64) {
        var world = World(seed: seed)
        world.suite.stopsEarly = false
        let whole = world.suite.converse(world.answer)
        // The first pass runs in the shards; the merging job goes on where they stopped.
        var merged = world.suite.gate
        let first = merged.nextTrials()
        for shard in 0..<3 {
            for key in first where Digest.seed(key.example) % 3 == UInt64(shard) { merged.report(outcome(world, key)) }
        }
        while case let keys = merged.nextTrials(), !keys.isEmpty {
            for key in keys { merged.report(outcome(world, key)) }
        }
        #expect(merged.decide(conditions) == whole.gate.decide(conditions))
    }

    private func outcome(_ world: World, _ key: TrialKey) -> TrialOutcome {
        let state: TrialState = key.draw.role == .control ? .passed : world.answer(key.example, key.draw.number) ?? .errored
        return TrialOutcome(
            key: key, result: .state(state), checks: ["says-it": state == .passed ? .passed : .failed])
    }
}
