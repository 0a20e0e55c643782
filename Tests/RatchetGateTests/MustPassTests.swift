import RatchetCore
import Testing

@testable import RatchetGate

@Suite("Examples that must pass")
struct MustPassTests {
    private func suite(_ mustPass: Example.MustPass, record: TrialCount? = TrialCount(passes: 5, trials: 5)) -> SuiteFixture {
        var suite = SuiteFixture(20)
        suite.add("m", record: record, mustPass: mustPass)
        return suite
    }

    /// The states of the must-pass example's trials, in order; everything else passes.
    private func answers(_ states: [TrialState?]) -> (String, Int) -> TrialState? {
        { id, number in id == "m" ? (number <= states.count ? states[number - 1] : nil) : .passed }
    }

    @Test("a passing first trial asks for nothing more")
    func passes() {
        let (gate, asked) = suite(.bestOfFive).converse(answers([.passed]))
        #expect(asked.count == 21)
        #expect(gate.decide(DecisionConditions(today: "2026-11-22", isCI: false)).failedRules == [])
    }

    @Test(
        "best of five: three failures of five fail, and it stops as soon as that is settled",
        arguments: [
            ([TrialState.failed, .failed, .failed], 3, true),
            ([.failed, .passed, .passed, .passed], 4, false),
            ([.failed, .passed, .failed, .passed, .failed], 5, true),
            ([.failed, .passed, .failed, .passed, .passed], 5, false),
        ])
    func bestOfFive(states: [TrialState], trials: Int, fails: Bool) {
        let (gate, asked) = suite(.bestOfFive).converse(answers(states))
        #expect(asked.filter { $0.example == "m" }.count == trials)
        let decision = gate.decide(DecisionConditions(today: "2026-11-22", isCI: false))
        #expect(decision.failedRules == (fails ? [.mustPass] : []))
        #expect(decision.examples.last?.brokenRules.contains(.mustPass) == fails)
    }

    @Test("further trials never enter the aggregate test")
    func aggregateUntouched() {
        var suite = suite(.bestOfFive)
        suite.effort = .quick
        var plain = self.suite(.no)
        plain.effort = .quick
        let decision = suite.decide(answers([.failed, .passed, .passed, .passed]))
        #expect(decision.aggregate == plain.decide(answers([.failed])).aggregate)
    }

    @Test("a recording without further trials decides with what it has")
    func exhausted() {
        #expect(suite(.bestOfFive).decide(answers([.failed, nil])).failedRules == [.mustPass])
        #expect(suite(.bestOfFive).decide(answers([.failed, .passed, .passed, nil])).failedRules == [])
    }

    @Test("always: any failed trial fails, and nothing is asked again")
    func always() {
        var suite = suite(.always)
        suite.effort = .quick
        let (gate, asked) = suite.converse(answers([.failed, .passed, .passed]))
        #expect(asked.count == 21)
        #expect(gate.decide(DecisionConditions(today: "2026-11-22", isCI: false)).failedRules == [.mustPass])
    }

    @Test("trials without an answer leave it undecided, which is not green")
    func undecided() {
        let decision = suite(.bestOfFive).decide(answers([.failed, .passed, .errored, .errored, .errored]))
        #expect(decision.failedRules == [])
        #expect(decision.exitCodes == [.inconclusive])
    }
}
