import RatchetCore
import Testing

@testable import RatchetGate

@Suite("Overrides")
struct OverrideTests {
    private func override(
        _ suite: SuiteFixture, _ ids: [String], kind: Override.Kind = .tolerate, expires: String? = "2026-12-01",
        observed: String = "5/5 -> 0/1"
    ) -> Override {
        Override(
            file: "overrides/\(ids.joined()).yaml", suite: "s", scope: .examples(ids), kind: kind,
            reason: "the shorter text was asked for by legal", expires: expires, author: nil, created: "2026-11-20",
            binding: .init(
                examples: suite.gate.bindingHashes(ids), promptHash: "sha256:p", target: "recorded/m"),
            observed: Dictionary(uniqueKeysWithValues: ids.map { ($0, observed) }))
    }

    private var strict: SuiteFixture {
        var suite = SuiteFixture(20)
        suite.policy.kind = .strict
        return suite
    }

    private let losing: (String, Int) -> TrialState? = { id, _ in id == "e1" ? .failed : .passed }

    @Test("an override permits what it names, and the verdict says so")
    func permits() {
        var suite = strict
        suite.overrides = [override(suite, ["e1"])]
        let decision = suite.decide(losing)
        #expect(decision.failedRules == [])
        #expect(decision.ids(.overridden) == ["e1"])
        #expect(decision.lost == ["e1"])
        #expect(decision.usedOverrides.count == 1)
        #expect(decision.exitCodes == [])
    }

    @Test("an overridden example leaves the pairs of the aggregate test")
    func leavesPairs() {
        var suite = SuiteFixture(20)
        suite.overrides = [override(suite, ["e1"])]
        #expect(suite.decide(losing).aggregate?.pairs == 19)
    }

    @Test("expired: the regression counts again, and the override is a problem")
    func expired() {
        var suite = strict
        suite.overrides = [override(suite, ["e1"], expires: "2026-11-21")]
        #expect(Set(suite.decide(losing).exitCodes) == [.regressed, .overrideProblem])
        #expect(suite.decide(today: "2026-11-21", losing).exitCodes == [])
    }

    @Test("unused: a warning locally, an error in CI")
    func unused() {
        var suite = strict
        suite.overrides = [override(suite, ["e1"])]
        #expect(suite.decide { _, _ in .passed }.exitCodes == [])
        #expect(suite.decide(isCI: true) { _, _ in .passed }.exitCodes == [.overrideProblem])
    }

    @Test("bound to another content, prompt or target it permits nothing")
    func outOfScope() {
        var suite = strict
        let good = override(suite, ["e1"])
        var otherContent = good
        otherContent.binding.examples["e1"] = "sha256:other"
        var otherPrompt = good
        otherPrompt.binding.promptHash = "sha256:other"
        var otherTarget = good
        otherTarget.binding.target = "recorded/other"
        for bad in [otherContent, otherPrompt, otherTarget] {
            suite.overrides = [bad]
            let decision = suite.decide(losing)
            #expect(decision.failedRules == [.strict])
            #expect(decision.overrides.map(\.status) == [.outOfScope])
            #expect(decision.exitCodes.contains(.overrideProblem))
        }
    }

    @Test("it covers only as bad as was observed")
    func asBadAsObserved() {
        var suite = strict
        suite.trials = 9
        suite.overrides = [override(suite, ["e1"], observed: "9/9 -> 4/9")]
        #expect(suite.decide { id, number in id == "e1" && number > 4 ? .failed : .passed }.failedRules == [])
        #expect(suite.decide { id, _ in id == "e1" ? .failed : .passed }.failedRules == [.regression, .strict])
    }

    @Test("the aggregate's own override permits the fall that was observed, and no further one")
    func aggregate() {
        var suite = SuiteFixture(100)
        var override = override(suite, [])
        override.scope = .passRate
        override.observed = ["pass_rate": "1.0000 -> 0.9000"]
        suite.overrides = [override]
        #expect(suite.decide { id, number in number > 1 ? nil : id.hasSuffix("1") ? .failed : .passed }.failedRules == [])
        #expect(
            suite.decide { id, number in number > 1 ? nil : (Int(id.dropFirst()) ?? 0) < 40 ? .failed : .passed }.failedRules == [.aggregate])
    }

    @Test("quarantine: it runs and reports, and does not gate")
    func quarantine() {
        var suite = SuiteFixture(20)
        suite.add("m", record: TrialCount(passes: 5, trials: 5), mustPass: .always)
        suite.overrides = [override(suite, ["m"], kind: .quarantine)]
        let decision = suite.decide { id, _ in id == "m" ? .failed : .passed }
        #expect(decision.failedRules == [] && decision.exitCodes == [])
        #expect(decision.aggregate?.pairs == 20)
    }

    @Test("removing an override never turns fail into pass", arguments: 0..<12)
    func removing(losses: Int) {
        var suite = strict
        suite.add("fresh")
        let lost = (0..<losses).map { "e\($0)" }
        let answer: (String, Int) -> TrialState? = { id, _ in lost.contains(id) || id == "fresh" ? .failed : .passed }
        suite.overrides = lost.map { override(suite, [$0]) }
        let with = suite.decide(answer)
        for index in suite.overrides.indices {
            var fewer = suite
            fewer.overrides.remove(at: index)
            if !with.failedRules.isEmpty { #expect(!fewer.decide(answer).failedRules.isEmpty) }
        }
    }

    @Test("more active overrides than the policy allows are a problem")
    func tooMany() {
        var suite = strict
        suite.policy.maximumActiveOverrides = 1
        suite.overrides = [override(suite, ["e1"]), override(suite, ["e2"])]
        #expect(
            suite.decide { id, _ in ["e1", "e2"].contains(id) ? .failed : .passed }.exitCodes == [.overrideProblem])
    }
}
