import RatchetCore
import Testing

@testable import RatchetGate

@Suite("The gate's decision")
struct DecisionTests {
    @Test("an unchanged suite passes, and says what it would have seen")
    func unchanged() {
        let decision = SuiteFixture(100).decide { _, _ in .passed }
        #expect(decision.exitCodes == [])
        #expect(decision.failedRules == [])
        #expect(decision.aggregate?.pairs == 100)
        #expect(decision.aggregate?.wouldHaveSeen != nil)
        #expect(decision.lost == [] && decision.won == [])
        #expect(decision.counts.passed == 100)
    }

    @Test("a fallen pass rate fails the aggregate rule, and the flips are named as unconfirmed")
    func aggregate() {
        let decision = SuiteFixture(100).decide { id, number in number > 1 ? nil : id.hasSuffix("1") ? .failed : .passed }
        #expect(decision.failedRules == [.aggregate])
        #expect(decision.exitCodes == [.regressed])
        #expect(decision.lost.count == 10)
        #expect(decision.ids(.unconfirmed) == decision.lost)
    }

    @Test("one flip in a hundred is noise: it is shown, and does not fail")
    func oneFlip() {
        let decision = SuiteFixture(100).decide { id, number in id == "e5" && number == 1 ? .failed : .passed }
        #expect(decision.lost == ["e5"])
        #expect(decision.exitCodes == [])
    }

    @Test("losses and gains that cancel do not fail the aggregate rule")
    func cancelling() {
        var suite = SuiteFixture(50)
        for index in 0..<50 { suite.add("f\(index)", record: TrialCount(passes: 0, trials: 5)) }
        let decision = suite.decide { id, _ in
            let isTouched = (Int(id.dropFirst()) ?? 0) < 10
            return id.hasPrefix("e") == isTouched ? .failed : .passed
        }
        #expect(decision.lost.count == 10)
        #expect(!decision.failedRules.contains(.aggregate))
    }

    @Test("a drop below min_drop is no fall of the pass rate however certain")
    func smallDrop() {
        var suite = SuiteFixture(1000, record: TrialCount(passes: 50, trials: 50))
        suite.policy.minimumDrop = 0.05
        let decision = suite.decide { id, number in number > 1 ? nil : id.hasSuffix("33") ? .failed : .passed }
        #expect((decision.aggregate?.p ?? 1) < 0.002)
        #expect(decision.failedRules == [])
    }

    @Test("strict: one lost example fails, for the suite or a tag")
    func strict() {
        var suite = SuiteFixture(30)
        suite.add("t", record: TrialCount(passes: 1, trials: 1), tags: ["critical"])
        suite.policy.slices = ["critical": .strict]
        #expect(suite.decide { id, _ in id == "t" ? .failed : .passed }.failedRules == [.strict])
        #expect(suite.decide { id, number in number > 1 ? nil : id == "e1" ? .failed : .passed }.failedRules == [])
        suite.policy.kind = .strict
        let decision = suite.decide { id, number in number > 1 ? nil : id == "e1" ? .failed : .passed }
        #expect(decision.failedRules == [.strict])
        #expect(decision.ids(.regressed) == ["e1"])
    }

    @Test("a new example must pass, unless it is known to fail")
    func new() {
        var suite = SuiteFixture(20)
        suite.add("fresh")
        #expect(suite.decide { id, _ in id == "fresh" ? .failed : .passed }.failedRules == [.new])
        #expect(suite.decide { _, _ in .passed }.failedRules == [])
        suite.examples[20].knownFailing = "no refunds yet"
        #expect(suite.decide { id, _ in id == "fresh" ? .failed : .passed }.failedRules == [])
        #expect(suite.decide { _, _ in .passed }.fixed == ["fresh"])
    }

    @Test("an example that is gone is lost coverage")
    func missing() {
        var suite = SuiteFixture(20)
        suite.records["gone"] = TrialCount(passes: 5, trials: 5)
        let decision = suite.decide { _, _ in .passed }
        #expect(decision.failedRules == [.missing])
        #expect(decision.missing == ["gone"])
    }

    @Test("a changed check makes an example incomparable, not regressed; its record's pass must still be shown")
    func incomparable() {
        var suite = SuiteFixture(20)
        suite.changedChecks = ["e3"]
        let passing = suite.decide { _, _ in .passed }
        #expect(passing.ids(.incomparable) == ["e3"] && passing.exitCodes == [])
        let failing = suite.decide { id, _ in id == "e3" ? .failed : .passed }
        #expect(failing.ids(.incomparable) == ["e3"] && failing.lost == [])
        #expect(failing.failedRules == [.new])
    }

    @Test("fewer than half comparable: stale, and the changed examples do not fail one by one")
    func stale() {
        var suite = SuiteFixture(20)
        suite.changedChecks = Set((0..<11).map { "e\($0)" })
        #expect(suite.decide { _, _ in .failed }.exitCodes.contains(.stale))
        let decision = suite.decide { id, _ in suite.changedChecks.contains(id) ? .failed : .passed }
        #expect(decision.exitCodes == [.stale])
    }

    @Test(
        "outages and unusable verdicts are inconclusive beyond the tolerance, and never a regression",
        arguments: [(TrialState.errored, ExitCode.backendUnavailable), (.unscored, .inconclusive)])
    func outage(state: TrialState, code: ExitCode) {
        let suite = SuiteFixture(100)
        #expect(suite.decide { id, _ in id == "e7" ? state : .passed }.exitCodes == [])
        let decision = suite.decide { id, _ in id.hasPrefix("e7") ? state : .passed }
        #expect(decision.exitCodes == [code])
        #expect(decision.lost == [])
        #expect(suite.decide { _, _ in state }.exitCodes.contains(code))
    }

    @Test("an errored must-pass example is never within the tolerance")
    func erroredMustPass() {
        var suite = SuiteFixture(200)
        suite.add("m", record: TrialCount(passes: 5, trials: 5), mustPass: .always)
        #expect(suite.decide { id, _ in id == "m" ? .errored : .passed }.exitCodes == [.backendUnavailable])
    }

    @Test("without a baseline nothing is compared; only must-pass examples decide")
    func noBaseline() {
        var suite = SuiteFixture(5, record: nil)
        suite.basis = .noBaseline(name: nil)
        #expect(suite.decide { _, _ in .failed }.exitCodes == [.noBaseline])
        suite.basis = .ungated
        #expect(suite.decide { _, _ in .failed }.exitCodes == [])
        suite.add("m", mustPass: .always)
        #expect(suite.decide { _, _ in .failed }.exitCodes == [.regressed])
    }

    @Test("nothing selected, or nothing checked, is never green")
    func nothing() {
        let empty = SuiteFixture(0).decide { _, _ in .passed }
        #expect(RunDecision(suites: [empty]).exit == .nothingToRun)
    }

    @Test("several suites share the false-alarm budget")
    func budget() {
        var suite = SuiteFixture(100)
        suite.suiteCount = 4
        #expect(suite.decide { _, _ in .passed }.aggregate?.alpha == 0.01 * 0.2 / 4)
    }

    @Test("of the codes that hold, the documented order decides")
    func precedence() {
        let fails = SuiteFixture(100).decide { id, _ in id.hasSuffix("1") ? .failed : .passed }
        let decision = RunDecision(suites: [fails], circumstances: [.cannotWrite, .interrupted])
        #expect(decision.all == [.interrupted, .regressed, .cannotWrite])
        #expect(RunDecision(suites: [fails], circumstances: [.noCredentials]).exit == .noCredentials)
    }

    @Test("the order in which trials are reported does not matter")
    func order() {
        let suite = SuiteFixture(60)
        let (gate, asked) = suite.converse { id, _ in id.hasSuffix("3") ? .failed : .passed }
        var reversed = suite.gate
        _ = reversed.nextTrials()
        for key in asked.reversed() {
            reversed.report(
                TrialOutcome(
                    key: key, result: .state(key.example.hasSuffix("3") ? .failed : .passed),
                    checks: ["says-it": key.example.hasSuffix("3") ? .failed : .passed]))
        }
        let conditions = DecisionConditions(today: "2026-11-22", isCI: false)
        #expect(gate.decide(conditions) == reversed.decide(conditions))
    }

    @Test("adding a passing example never turns pass into fail")
    func addingPassing() {
        for failures in 0..<12 {
            var suite = SuiteFixture(100)
            let answer: (String, Int) -> TrialState? = { id, _ in
                (Int(id.dropFirst()) ?? 1000) < failures ? .failed : .passed
            }
            let before = suite.decide(answer)
            suite.add("x1000", record: TrialCount(passes: 5, trials: 5))
            if before.exitCodes.isEmpty { #expect(suite.decide(answer).exitCodes.isEmpty) }
        }
    }
}
