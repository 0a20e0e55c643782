import RatchetCore
import Testing

@testable import RatchetGate

@Suite("A judge that has drifted")
struct JudgeDriftTests {
    private static let canary = JudgeStatus.Canary(judged: 50, flipped: 7, unanswered: 0, alarm: 5)
    private static let status = JudgeStatus(
        rubric: "helpful", name: "helpful@3", judge: "openai/gpt-4o", standing: .mayGate, calibration: nil, isGating: true,
        canary: canary)

    /// Ten accepted examples with the check `judged`, whose judge has drifted, and `says-it`.
    private func gate(arePartOfMean: Bool = false, mustPass: Example.MustPass = .no) -> SuiteGate {
        var suite = SuiteFixture(9)
        suite.add("e9", record: TrialCount(passes: 5, trials: 5), mustPass: mustPass)
        var input = suite.gate.input
        input.judges = [Self.status]
        input.drifts = Dictionary(
            uniqueKeysWithValues: suite.examples.map { ($0.id, DriftedChecks(names: ["judged"], arePartOfMean: arePartOfMean)) })
        return SuiteGate(input)
    }

    private func decide(
        _ gate: SuiteGate, _ checks: [String: CheckState], state: TrialState = .failed
    ) -> (decision: SuiteDecision, asked: Int) {
        var gate = gate
        var asked = 0
        while case let keys = gate.nextTrials(), !keys.isEmpty, asked < 100 {
            asked += keys.count
            for key in keys { gate.report(TrialOutcome(key: key, result: .state(state), checks: checks)) }
        }
        return (gate.decide(DecisionConditions(today: "2026-11-22", isCI: false)), asked)
    }

    @Test("its failures are inconclusive, and no regression")
    func failures() {
        let (decision, _) = decide(gate(), ["judged": .failed, "says-it": .passed])
        #expect(decision.exitCodes == [.inconclusive])
        #expect(decision.failedRules == [])
        #expect(decision.counts.unscored == 10)
        #expect(decision.examples.allSatisfy { $0.verdict == .undecided && $0.note == "its judge has drifted" })
        #expect(decision.judges == [Self.status])
    }

    @Test("its passes prove nothing either")
    func passes() {
        let (decision, _) = decide(gate(), ["judged": .passed, "says-it": .passed], state: .passed)
        #expect(decision.exitCodes == [.inconclusive])
        #expect(decision.counts.passed == 0)
    }

    @Test("what another check refuses is a failure all the same, unless all checks make one mean")
    func others() {
        let (decision, _) = decide(gate(), ["judged": .failed, "says-it": .failed])
        #expect(decision.exitCodes.contains(.regressed))
        #expect(decision.counts.failed == 10)
        let (mean, _) = decide(gate(arePartOfMean: true), ["judged": .failed, "says-it": .failed])
        #expect(mean.counts.unscored == 10)
    }

    @Test("a trial of which it was not asked counts as ever")
    func notAsked() {
        let (decision, _) = decide(gate(), ["judged": .notApplicable, "says-it": .passed], state: .passed)
        #expect(decision.counts.passed == 10)
        // The run as a whole stays inconclusive: it cannot speak for the baseline.
        #expect(decision.exitCodes == [.inconclusive])
    }

    @Test("no further trials are bought for what cannot be decided")
    func noFurther() {
        #expect(decide(gate(mustPass: .bestOfFive), ["judged": .failed, "says-it": .passed]).asked == 10)
    }
}
