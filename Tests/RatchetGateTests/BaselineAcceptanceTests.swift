import RatchetCore
import Testing

@testable import RatchetGate

@Suite("Accepting a baseline")
struct BaselineAcceptanceTests {
    private func suite(deterministic: Bool = false, prompt: String = "sha256:p") -> RunSuite {
        RunSuite(
            suite: "s", target: "openai/m", prompt: "p@1.0.0", promptHash: prompt, paramsHash: "sha256:none", trials: 1,
            exampleCount: 1, isDeterministic: deterministic)
    }

    private func accepted(_ id: String, _ passes: Int, _ trials: Int, trace: String) -> AcceptedExample {
        AcceptedExample(
            id: id, exampleHash: "sha256:e", checks: ["c": "sha256:c"], count: TrialCount(passes: passes, trials: trials),
            passesByCheck: ["c": passes], output: "out", traceIDs: [trace])
    }

    private func accept(_ examples: [AcceptedExample], _ suite: RunSuite, into old: Baseline?) -> BaselineAcceptance.Result {
        BaselineAcceptance.accept(
            examples, of: suite, run: "run-1", into: old, name: nil, keptIDs: ["a", "b"], date: "2026-11-22", commit: nil)
    }

    @Test("the same fingerprint adds a batch; nothing is overwritten by a luckier run")
    func pools() {
        let first = accept([accepted("a", 0, 1, trace: "t1")], suite(), into: nil)
        let second = accept([accepted("a", 1, 1, trace: "t2")], suite(), into: first.baseline)
        #expect(second.added == 1)
        #expect(second.baseline.records[0].planned == TrialCount(passes: 1, trials: 2))
    }

    @Test("control trials of an unchanged version count for the example, once, and never for the pass rate")
    func control() {
        let first = accept([accepted("a", 5, 5, trace: "t1")], suite(), into: nil)
        var example = accepted("a", 1, 1, trace: "t2")
        example.control = TrialCount(passes: 2, trials: 3)
        example.controlIDs = ["c1", "c2", "c3"]
        let second = accept([example], suite(), into: first.baseline)
        #expect(second.baseline.records[0].planned == TrialCount(passes: 6, trials: 6))
        #expect(second.baseline.records[0].all == TrialCount(passes: 8, trials: 9))
        #expect(accept([example], suite(), into: second.baseline).baseline.records == second.baseline.records)
        // A changed prompt begins anew: the old version's trials say nothing of it.
        let changed = accept([example], suite(prompt: "sha256:q"), into: first.baseline)
        #expect(changed.baseline.records[0].all == TrialCount(passes: 1, trials: 1))
    }

    @Test("accepting the same trials again changes nothing")
    func idempotent() {
        let first = accept([accepted("a", 1, 1, trace: "t1")], suite(), into: nil)
        let again = accept([accepted("a", 1, 1, trace: "t1")], suite(), into: first.baseline)
        #expect(again.repeated == 1)
        #expect(again.baseline.records == first.baseline.records)
    }

    @Test("a changed prompt starts a new record")
    func restarts() {
        let first = accept([accepted("a", 5, 5, trace: "t1")], suite(), into: nil)
        let second = accept([accepted("a", 1, 1, trace: "t2")], suite(prompt: "sha256:q"), into: first.baseline)
        #expect(second.started == 1)
        #expect(second.baseline.records[0].planned == TrialCount(passes: 1, trials: 1))
    }

    @Test("what always answers the same is recorded once, with as many trials as there are")
    func deterministic() {
        let first = accept([accepted("a", 3, 5, trace: "t1")], suite(deterministic: true), into: nil)
        let second = accept([accepted("a", 1, 1, trace: "t2")], suite(deterministic: true), into: first.baseline)
        #expect(second.baseline.records[0].planned == TrialCount(passes: 3, trials: 5))
    }

    @Test("a record keeps fifty trials; the oldest batches leave")
    func cap() {
        var baseline: Baseline?
        for index in 0..<12 { baseline = accept([accepted("a", 5, 5, trace: "t\(index)")], suite(), into: baseline).baseline }
        #expect(baseline?.records[0].planned.trials == 50)
    }

    @Test("records of examples that are gone leave; the others stay in the order of their ids")
    func leaving() {
        let old = Baseline(suite: "s", records: accept([accepted("a", 1, 1, trace: "t1")], suite(), into: nil).baseline.records)
        let gone = BaselineRecord(
            id: "zz", exampleHash: "", checks: [:], prompt: nil, promptHash: nil, target: "", paramsHash: "", batches: [],
            output: nil)
        let result = accept([accepted("b", 1, 1, trace: "t2")], suite(), into: Baseline(suite: "s", records: old.records + [gone]))
        #expect(result.removed == 1)
        #expect(result.baseline.records.map(\.id) == ["a", "b"])
    }
}
