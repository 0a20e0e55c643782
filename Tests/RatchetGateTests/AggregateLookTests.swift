import RatchetCore
import Testing

@testable import RatchetGate

@Suite("Passes over all examples, and slices")
struct AggregateLookTests {
    @Test("a clean first pass is the only one; a suspicious one is followed by others")
    func passes() {
        let clean = SuiteFixture(200).converse { _, _ in .passed }
        #expect(clean.gate.passes == 1)
        #expect(clean.asked.count == 200)
        var suite = SuiteFixture(0)
        for place in 0..<200 { suite.add("e\(place)", record: TrialCount(passes: 4, trials: 5)) }
        // 140 of 200 now: p is small, but not small enough at once.
        let worse = suite.converse { id, number in ((Int(id.dropFirst()) ?? 0) * 7 + number * 13) % 100 < 74 ? .passed : .failed }
        #expect(worse.gate.passes > 1)
        #expect(worse.gate.decide(DecisionConditions(today: "2026-11-26", isCI: false)).aggregate?.passes == worse.gate.passes)
    }

    @Test("effort: quick is one pass, thorough always three", arguments: [(GateEffort.quick, 1), (.thorough, 3)])
    func effort(effort: GateEffort, passes: Int) {
        var suite = SuiteFixture(60)
        suite.effort = effort
        #expect(suite.converse { id, number in id == "e3" && number == 1 ? .failed : .passed }.gate.passes == passes)
    }

    @Test("trials that confirmation asked for are taken by a further pass, and never weigh alone")
    func sharedDraws() {
        var suite = SuiteFixture(60)
        suite.effort = .thorough
        let (gate, asked) = suite.converse { id, number in id == "e3" && number == 1 ? .failed : .passed }
        #expect(Set(asked).count == asked.count)
        for example in suite.examples {
            #expect(gate.ledger(example.id).count(upTo: 3).trials == 3)
        }
    }

    private var sliced: SuiteFixture {
        var suite = SuiteFixture(0)
        for place in 0..<40 { suite.add("b\(place)", record: TrialCount(passes: 5, trials: 5), tags: ["billing"]) }
        for place in 0..<160 { suite.add("o\(place)", record: TrialCount(passes: 1, trials: 5), tags: ["other"]) }
        suite.policy.kind = .statistical
        return suite
    }

    /// Billing loses a quarter, the rest gains more than that.
    private func shifted(_ id: String, _ number: Int) -> TrialState? {
        let place = Int(id.dropFirst()) ?? 0
        if number > 1 { return nil }
        return id.hasPrefix("b") ? (place % 4 == 0 ? .failed : .passed) : (place % 2 == 0 ? .passed : .failed)
    }

    @Test("a slice that falls inside a rising mean is found and named, and gates when the policy says so")
    func slice() {
        var suite = sliced
        let shown = suite.decide(shifted)
        #expect((shown.aggregate?.delta.value ?? 0) > 0)
        #expect(shown.exitCodes == [])
        #expect(shown.slices?.first { $0.tag == "billing" }?.aggregate.hasFailed == true)
        #expect(shown.slices?.first { $0.tag == "other" }?.aggregate.hasFailed == false)
        suite.policy.slices = ["billing": .statistical]
        let gated = suite.decide(shifted)
        #expect(gated.failedRules == [.slice])
        #expect(gated.slices?.first?.tag == "billing")
    }

    @Test("the slices that gate share the budget with the pass rate")
    func holm() {
        var suite = sliced
        suite.policy.slices = ["billing": .statistical, "other": .statistical]
        let slices = suite.decide(shifted).slices ?? []
        let billing = slices.first { $0.tag == "billing" }
        #expect(billing?.aggregate.adjustedP == (billing?.aggregate.p ?? 0) * 3)
    }

    @Test("an override permits the fall of a slice, as far as was observed")
    func permittedSlice() {
        var suite = sliced
        suite.policy.slices = ["billing": .statistical]
        var override = Override(
            file: "overrides/o.yaml", suite: "s", scope: .slice("billing"), kind: .tolerate, reason: "a reason of twenty letters",
            expires: "2026-12-31", author: nil, created: nil, binding: .init(promptHash: "sha256:p"), observed: [:])
        override.observed = ["slice:billing": "1.0000 -> 0.7500"]
        suite.overrides = [override]
        let decision = suite.decide(shifted)
        #expect(decision.failedRules == [])
        #expect(decision.usedOverrides.count == 1)
        suite.overrides[0].observed = ["slice:billing": "1.0000 -> 0.9900"]
        #expect(suite.decide(shifted).failedRules == [.slice])
    }

    @Test("examples of one group fall as one: a whole conversation is one loss, not ten")
    func groups() {
        var suite = SuiteFixture(0)
        for place in 0..<60 {
            suite.add("e\(place)", record: TrialCount(passes: 1, trials: 1))
            suite.examples[place].group = place < 30 ? "conversation-\(place / 10)" : nil
        }
        let decision = suite.decide { id, number in number > 1 ? nil : (Int(id.dropFirst()) ?? 0) < 30 ? .failed : .passed }
        #expect(decision.failedRules == [])
        for place in suite.examples.indices { suite.examples[place].group = nil }
        #expect(
            suite.decide { id, number in number > 1 ? nil : (Int(id.dropFirst()) ?? 0) < 30 ? .failed : .passed }.failedRules
                == [.aggregate])
    }
}
