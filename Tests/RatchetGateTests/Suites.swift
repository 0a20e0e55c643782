import RatchetCore

@testable import RatchetGate

/// Small suites and their records, for the gate's tests.
struct SuiteFixture {
    var records: [String: TrialCount] = [:]
    var examples: [Example] = []
    var policy = GatePolicy()
    var trials = 1
    var basis = GateBasis.baseline(name: nil)
    var overrides: [Override] = []
    var suiteCount = 1
    var effort = GateEffort.normal
    var isDeterministic = true
    var stopsEarly = true
    var stopsWhenDecided = false
    var controllable: Set<String> = []
    var seed: UInt64 = 7
    /// Examples whose checks changed since the record.
    var changedChecks: Set<String> = []
    var staleRecords: Set<String> = []

    static let checks = ["says-it": "sha256:check"]

    /// Examples `e0`, `e1`, … with the same record.
    init(_ count: Int, record: TrialCount? = TrialCount(passes: 5, trials: 5)) {
        for index in 0..<count { add("e\(index)", record: record) }
    }

    mutating func add(
        _ id: String, record: TrialCount? = nil, mustPass: Example.MustPass = .no, tags: [String] = [],
        knownFailing: String? = nil
    ) {
        var example = Example(suite: "s", id: id, input: .string(id), source: SourceReference(file: "s.jsonl"))
        example.mustPass = mustPass
        example.tags = tags
        example.knownFailing = knownFailing
        examples.append(example)
        records[id] = record
    }

    var run: RunSuite {
        RunSuite(
            suite: "s", target: "recorded/m", prompt: "p@1.0.0", promptHash: "sha256:p", paramsHash: "sha256:none",
            trials: trials, exampleCount: examples.count, isDeterministic: isDeterministic)
    }

    var baseline: Baseline {
        Baseline(
            suite: "s",
            records: records.map { id, count in
                var record = BaselineRecord(
                    id: id, exampleHash: examples.first { $0.id == id }?.hash ?? "sha256:gone",
                    checks: changedChecks.contains(id) ? ["says-it": "sha256:before"] : Self.checks, prompt: "p@1.0.0",
                    promptHash: "sha256:p", target: "recorded/m", paramsHash: "sha256:none",
                    batches: [
                        BaselineBatch(
                            id: "b-1", date: "2026-11-01", commit: nil, kind: .planned, passes: count.passes,
                            trials: count.trials, passesByCheck: [:])
                    ], output: nil)
                if staleRecords.contains(id) { record.staleReason = "both sides of a merge changed it" }
                return record
            })
    }

    var gate: SuiteGate {
        var input = GateInput(
            suite: run, examples: examples.map { ($0, Self.checks) }, knownIDs: Set(examples.map(\.id)),
            baseline: basis.isCompared ? baseline : nil, basis: basis, policy: policy, suiteCount: suiteCount,
            overrides: overrides, seed: seed)
        input.effort = effort
        input.stopsEarly = stopsEarly
        input.stopsWhenDecided = stopsWhenDecided
        input.controllable = controllable
        return SuiteGate(input)
    }

    /// Converses with the gate until it has decided.
    ///
    /// - Parameters:
    ///   - control: What comes of a trial of the accepted version.
    ///   - answer: What comes of a trial, by example and number; `nil` when there is no further recording.
    func converse(
        control: (String, Int) -> TrialState? = { _, _ in .passed }, _ answer: (String, Int) -> TrialState?
    ) -> (gate: SuiteGate, asked: [TrialKey]) {
        var gate = gate
        var asked: [TrialKey] = []
        while true {
            let keys = gate.nextTrials()
            if keys.isEmpty { return (gate, asked) }
            for key in keys where gate.wants(key) {
                asked.append(key)
                let answers = key.draw.role == .control ? control : answer
                gate.report(outcome(key, answers(key.example, key.draw.number)))
            }
        }
    }

    func decide(
        isCI: Bool = false, today: String = "2026-11-22",
        control: (String, Int) -> TrialState? = { _, _ in .passed }, _ answer: (String, Int) -> TrialState?
    ) -> SuiteDecision {
        converse(control: control, answer).gate.decide(DecisionConditions(today: today, isCI: isCI))
    }

    private func outcome(_ key: TrialKey, _ state: TrialState?) -> TrialOutcome {
        guard let state else { return TrialOutcome(key: key, result: .unavailable) }
        let check: [String: CheckState] = state.isScored ? ["says-it": state == .passed ? .passed : .failed] : [:]
        return TrialOutcome(key: key, result: .state(state), checks: check)
    }
}
