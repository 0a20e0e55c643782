import RatchetCore
import Testing

@testable import RatchetGate

@Suite("Confirming a suspect")
struct ConfirmationTests {
    private let conditions = DecisionConditions(today: "2026-11-26", isCI: false)

    @Test("an example that broke is asked again until it is certain, and no further")
    func broken() {
        let (gate, asked) = SuiteFixture(100).converse { id, _ in id == "e7" ? .failed : .passed }
        let decision = gate.decide(conditions)
        #expect(decision.failedRules == [.regression])
        #expect(decision.ids(.regressed) == ["e7"])
        // GATE.md 2.1: five trials of record and a hundred examples take six failures; stable neighbours, fewer.
        #expect((2...6).contains(asked.filter { $0.example == "e7" }.count))
        #expect(decision.examples[7].evidence?.wasConfirmed == true)
    }

    @Test("an example that failed once and passes again is as flaky as before, and the run passes")
    func flaky() {
        var suite = SuiteFixture(100)
        for place in 0..<20 { suite.add("f\(place)", record: TrialCount(passes: 3, trials: 5)) }
        let decision = suite.decide { id, number in id == "f3" && number < 3 ? .failed : .passed }
        #expect(decision.exitCodes == [])
        #expect(decision.ids(.flaky) == ["f3"])
    }

    @Test("a suspect has at most twelve trials, and twenty-four when the effort is thorough", arguments: GateEffort.allCases)
    func limit(effort: GateEffort) {
        var suite = SuiteFixture(0)
        suite.effort = effort
        for place in 0..<3000 { suite.add("e\(place)", record: TrialCount(passes: 1, trials: 1)) }
        // Alone, a record of one trial never makes an example certain.
        let (gate, asked) = suite.converse { id, _ in id == "e7" ? .failed : .passed }
        #expect(asked.filter { $0.example == "e7" }.count == (effort == .thorough ? 24 : 12))
        #expect(gate.decide(conditions).failedRules == [])
    }

    @Test("with trials of the accepted version a record of one trial is enough")
    func control() {
        var suite = SuiteFixture(300, record: TrialCount(passes: 1, trials: 1))
        suite.controllable = Set(suite.examples.map(\.id))
        let (gate, asked) = suite.converse { id, _ in id == "e7" ? .failed : .passed }
        let decision = gate.decide(conditions)
        #expect(decision.failedRules == [.regression])
        #expect(asked.contains { $0.draw.role == .control && $0.example == "e7" })
        #expect(decision.examples[7].evidence?.control?.passes == decision.examples[7].evidence?.control?.trials)
    }

    @Test("records of ten trials need no trials of the accepted version")
    func longRecords() {
        var suite = SuiteFixture(300, record: TrialCount(passes: 10, trials: 10))
        suite.controllable = Set(suite.examples.map(\.id))
        // A flaky-looking suspect that is cleared: nothing is about to fail, so nothing is probed either.
        let asked = suite.converse { id, number in id == "e7" && number == 1 ? .failed : .passed }.asked
        #expect(!asked.contains { $0.draw.role == .control })
    }

    @Test("three half-broken examples fail together though none alone is certain")
    func pooled() {
        var suite = SuiteFixture(1000)
        suite.effort = .quick
        let halves = Set((0..<3).map { "e\($0)" })
        let decision = suite.decide { id, number in halves.contains(id) && number % 3 != 0 ? .failed : .passed }
        #expect(decision.failedRules == [.pooled])
    }

    @Test("a recording without further trials leaves suspects unconfirmed")
    func exhausted() {
        let decision = SuiteFixture(100).decide { id, number in number > 1 ? nil : id == "e7" ? .failed : .passed }
        #expect(decision.ids(.unconfirmed) == ["e7"])
        #expect(decision.exitCodes == [])
        #expect(decision.brokenSeen == 0)
    }

    @Test("an echo is never asked again")
    func echo() {
        var input = SuiteFixture(100).gate.input
        input.canRepeat = false
        var gate = SuiteGate(input)
        #expect(gate.nextTrials().count == 100)
        for place in 0..<100 {
            gate.report(TrialOutcome(key: TrialKey(suite: "s", example: "e\(place)", draw: Draw(.run, 1)), result: .state(.failed)))
        }
        #expect(gate.nextTrials().isEmpty)
    }

    @Test("strict and must-pass examples are decided by their own rules, not asked again by this one")
    func otherRules() {
        var suite = SuiteFixture(100)
        suite.add("s", record: TrialCount(passes: 5, trials: 5), tags: ["critical"])
        suite.policy.slices = ["critical": .strict]
        suite.effort = .quick
        let (gate, asked) = suite.converse { id, _ in id == "s" ? .failed : .passed }
        #expect(asked.filter { $0.example == "s" }.count == 1)
        #expect(gate.decide(conditions).failedRules == [.strict])
    }
}

@Suite("A provider that changed")
struct ProviderDriftTests {
    private func suite(_ count: Int) -> SuiteFixture {
        var suite = SuiteFixture(count)
        suite.isDeterministic = false
        suite.controllable = Set(suite.examples.map(\.id))
        return suite
    }

    @Test("when the accepted version fails too, the run is stale and not regressed", arguments: [3, 20, 100])
    func drift(broken: Int) {
        let fails: (String, Int) -> TrialState? = { id, _ in (Int(id.dropFirst()) ?? 0) < broken ? .failed : .passed }
        let decision = suite(100).decide(control: fails, fails)
        #expect(decision.exitCodes == [.stale])
        #expect(decision.drift?.isShown == true)
        #expect(decision.failedRules == [])
    }

    @Test("when the accepted version passes, the change is to blame", arguments: [1, 3, 20, 100])
    func change(broken: Int) {
        let decision = suite(100).decide { id, _ in (Int(id.dropFirst()) ?? 0) < broken ? .failed : .passed }
        #expect(decision.exitCodes == [.regressed])
        #expect(decision.drift?.isShown != true)
    }

    @Test("an example that only the change broke is named although the provider changed as well")
    func both() {
        let decision = suite(100).decide(
            control: { id, _ in (Int(id.dropFirst()) ?? 0) < 20 ? .failed : .passed },
            { id, _ in (Int(id.dropFirst()) ?? 0) < 22 ? .failed : .passed })
        #expect(decision.exitCodes.contains(.stale))
        #expect(decision.ids(.regressed) == ["e20", "e21"] || decision.earlyStop != nil)
    }
}

@Suite("Stopping early")
struct EarlyStopTests {
    private var suite: SuiteFixture {
        var suite = SuiteFixture(1000)
        suite.isDeterministic = false
        return suite
    }

    @Test("a run that has plainly failed ends after a few examples")
    func stops() {
        let (gate, asked) = suite.converse { _, _ in .failed }
        let decision = gate.decide(DecisionConditions(today: "2026-11-26", isCI: false))
        #expect(asked.count < 10)
        #expect(decision.failedRules == [.earlyStop])
        #expect(decision.earlyStop?.scheduled == 1000)
    }

    @Test("it is off where it is not wanted, where calls are free, and where the fall is permitted")
    func off() {
        var plain = suite
        plain.stopsEarly = false
        #expect(plain.converse { _, _ in .failed }.asked.count >= 1000)
        var free = suite
        free.isDeterministic = true
        #expect(free.converse { _, _ in .failed }.asked.count >= 1000)
    }

    @Test("a fall below min_drop never stops a run")
    func smallDrop() {
        var tolerant = suite
        tolerant.policy.minimumDrop = 0.5
        let (gate, _) = tolerant.converse { id, _ in (Int(id.dropFirst()) ?? 0) % 5 == 0 ? .failed : .passed }
        #expect(gate.earlyStop.hasStopped == false)
    }

    @Test("--until-decided: a big suite that holds ends at a quarter, its suspects are still asked again, and a small one runs whole")
    func untilDecided() {
        var big = SuiteFixture(2400)
        big.isDeterministic = false
        big.stopsWhenDecided = true
        let (gate, asked) = big.converse { id, number in id == "e5" && number == 1 ? .failed : .passed }
        let decision = gate.decide(DecisionConditions(today: "2026-11-26", isCI: false))
        #expect(decision.exitCodes == [])
        #expect(asked.count < 700)
        #expect(decision.earlyPass?.scheduled == 2400)
        var small = SuiteFixture(300)
        small.stopsWhenDecided = true
        #expect(small.converse { _, _ in .passed }.asked.count == 300)
        // One that falls is not decided for.
        let falling = big.converse { id, _ in (Int(id.dropFirst()) ?? 0) % 40 == 0 ? .failed : .passed }.gate
        #expect(falling.decide(DecisionConditions(today: "2026-11-26", isCI: false)).exitCodes == [.regressed])
    }

    @Test("only the contiguous prefix of the schedule counts: slow failures cannot stop a run by being late")
    func prefix() {
        var gate = suite.gate
        let keys = gate.nextTrials()
        // Everything but the first example of the schedule fails.
        for key in keys.dropFirst() { gate.report(TrialOutcome(key: key, result: .state(.failed))) }
        #expect(!gate.earlyStop.hasStopped)
        gate.report(TrialOutcome(key: keys[0], result: .state(.failed)))
        #expect(gate.earlyStop.hasStopped)
    }
}
