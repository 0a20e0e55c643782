import RatchetCore
import RatchetGate
import RatchetJSON
import RatchetReports

/// One example of a sample run: what was accepted, and what its trials come to.
package struct SampleExample: Sendable {
    package var id: String
    /// Passes of the recorded trials; `nil` for an example without a record.
    package var recorded: Int?
    package var recordedTrials: Int
    package var now: [TrialState]
    package var mustPass: Example.MustPass
    package var knownFailing: String?
    package var output: String
    package var failureKind: FailureKind?
    package var reason: String
    package var error: String
    package var isRecordGoneStale: Bool

    package init(
        id: String, recorded: Int? = 5, recordedTrials: Int = 5, now: [TrialState] = [.passed],
        mustPass: Example.MustPass = .no, knownFailing: String? = nil,
        output: String = "Your refund is on its way.\nKind regards", failureKind: FailureKind? = nil,
        reason: String = "wanted \"refund\" in the output",
        error: String = "HTTP 503 from http://127.0.0.1:8080/v1: overloaded, please try later",
        isRecordGoneStale: Bool = false
    ) {
        self.id = id
        self.recorded = recorded
        self.recordedTrials = recordedTrials
        self.now = now
        self.mustPass = mustPass
        self.knownFailing = knownFailing
        self.output = output
        self.failureKind = failureKind
        self.reason = reason
        self.error = error
        self.isRecordGoneStale = isRecordGoneStale
    }
}

/// A run made by the real gate from samples, with the trials it asked for.
package struct SampleRun: Sendable {
    package var suite: String
    package var target: String
    package var prompt: String
    package var recordedPrompt: String
    package var trials: Int
    package var basis: GateBasis
    package var policy: GatePolicy
    package var examples: [SampleExample]
    package var missing: [String]
    package var overrides: [(Override.Scope, String, expires: String?)]
    package var circumstances: [ExitCode]
    package var notes: [String]
    package var isPartial: Bool
    package var isCached: Bool
    package var costUSD: Double?
    package var stopsEarly = false
    /// Passes of the accepted version's trials, where it can be asked; every trial of an example has the same state.
    package var controls: TrialState?

    package init(
        suite: String = "support", target: String = "recorded/smollm2", prompt: String = "support-answer@2.0.0",
        recordedPrompt: String = "support-answer@1.0.0", trials: Int = 1, basis: GateBasis = .baseline(name: nil),
        policy: GatePolicy = GatePolicy(), examples: [SampleExample], missing: [String] = [],
        overrides: [(Override.Scope, String, expires: String?)] = [], circumstances: [ExitCode] = [],
        notes: [String] = ["baseline, policy and checks were read from the working tree"],
        isPartial: Bool = false, isCached: Bool = false, costUSD: Double? = nil
    ) {
        self.suite = suite
        self.target = target
        self.prompt = prompt
        self.recordedPrompt = recordedPrompt
        self.trials = trials
        self.basis = basis
        self.policy = policy
        self.examples = examples
        self.missing = missing
        self.overrides = overrides
        self.circumstances = circumstances
        self.notes = notes
        self.isPartial = isPartial
        self.isCached = isCached
        self.costUSD = costUSD
    }

    package var report: RunReport {
        let suites = [decided]
        var metrics = RunMetrics()
        let answered = examples.filter { $0.now.first?.isScored == true }.count
        metrics.calls = suites[0].examples.count
        metrics.inputTokens = answered * 45
        metrics.outputTokens = answered * 20
        metrics.costUSD = costUSD
        metrics.unpricedCalls = costUSD == nil ? metrics.calls : 0
        if !isCached { metrics.latencies = (0..<answered).map { 200 + 5 * Double($0) } }
        metrics.cached = isCached ? metrics.calls : 0
        let samples = Dictionary(examples.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let decisions = suites[0].examples
        let header = RunHeader(
            id: "20261122-7f3a", started: 1_795_341_600, version: "0.1.0", commit: "4c1d2e0", planKey: "k", seed: 7,
            isPartial: isPartial, suites: [runSuite])
        return RunReport(
            header: header, decision: RunDecision(suites: suites, circumstances: circumstances),
            metrics: [suite: metrics], notes: notes
        ) { [self] _, ids, body in
            for decision in decisions where ids?.contains(decision.id) ?? true {
                guard let sample = samples[decision.id] else { continue }
                let states = sample.now.prefix(max(decision.now.trials, trials))
                try body(
                    ExampleTrials(decision: decision, trials: states.enumerated().map { record(sample, $1, $0 + 1) }))
            }
        }
    }

    package var decided: SuiteDecision {
        var gate = SuiteGate(input)
        let states = Dictionary(examples.map { ($0.id, $0.now) }, uniquingKeysWith: { first, _ in first })
        while case let keys = gate.nextTrials(), !keys.isEmpty {
            for key in keys where gate.wants(key) {
                let now = key.draw.role == .control ? Array(repeating: controls ?? .errored, count: 10) : states[key.example] ?? []
                let result: TrialOutcome.Result =
                    key.draw.number <= now.count ? .state(now[key.draw.number - 1]) : .unavailable
                let state: CheckState = result == .state(.passed) ? .passed : .failed
                gate.report(TrialOutcome(key: key, result: result, checks: ["says-refund": state]))
            }
        }
        return gate.decide(DecisionConditions(today: "2026-11-22", isCI: false))
    }

    private var runSuite: RunSuite {
        RunSuite(
            suite: suite, target: target, prompt: prompt, promptHash: "sha256:\(prompt)", paramsHash: "sha256:params",
            trials: trials, exampleCount: examples.count, isDeterministic: false)
    }

    private var input: GateInput {
        let examples = examples.map(example)
        let baseline = Baseline(
            suite: suite,
            records: zip(self.examples, examples).compactMap { record($0, $1) } + missing.map { record(missing: $0) })
        let known = Dictionary(
            examples.map { ($0.id, GatedExample($0, checks: Self.checks, record: nil, policy: policy).bindingHash) },
            uniquingKeysWith: { first, _ in first })
        var input = GateInput(
            suite: runSuite, examples: examples.map { ($0, Self.checks) }, knownIDs: Set(examples.map(\.id)),
            baseline: basis.isCompared ? baseline : nil, basis: basis, policy: policy, suiteCount: 1,
            overrides: overrides.enumerated().map { place, override in
                Override(
                    file: "overrides/2026-11-21-shorter-\(place).yaml", suite: suite, scope: override.0,
                    kind: .tolerate, reason: override.1, expires: override.expires, author: nil, created: nil,
                    binding: .init(examples: known, promptHash: runSuite.promptHash, target: target),
                    observed: Dictionary(known.keys.map { ($0, "5/5 -> 0/1") }, uniquingKeysWith: { first, _ in first })
                )
            }, seed: 18_364_758_544_493_064_720)
        input.stopsEarly = stopsEarly
        if controls != nil { input.controllable = known.keys.reduce(into: []) { $0.insert($1) } }
        return input
    }

    private static let checks = ["says-refund": "sha256:check"]

    private func example(_ sample: SampleExample) -> Example {
        var example = Example(
            suite: suite, id: sample.id, input: .string(sample.id), source: SourceReference(file: "cases.jsonl"))
        example.checks = [
            CheckSpecification(
                type: "contains", name: "says-refund", options: "refund", source: SourceReference(file: "suite.yaml"))
        ]
        example.mustPass = sample.mustPass
        example.knownFailing = sample.knownFailing
        return example
    }

    private func record(_ sample: SampleExample, _ example: Example) -> BaselineRecord? {
        guard let passes = sample.recorded else { return nil }
        return record(
            example.id, exampleHash: sample.isRecordGoneStale ? "sha256:other" : example.hash,
            checks: Self.checks, passes: passes, trials: sample.recordedTrials)
    }

    private func record(missing id: String) -> BaselineRecord {
        record(id, exampleHash: "sha256:gone", checks: [:], passes: 5, trials: 5)
    }

    private func record(
        _ id: String, exampleHash: String, checks: [String: String], passes: Int, trials: Int
    ) -> BaselineRecord {
        BaselineRecord(
            id: id, exampleHash: exampleHash, checks: checks, prompt: recordedPrompt,
            promptHash: "sha256:\(recordedPrompt)", target: target, paramsHash: "sha256:params",
            batches: [
                BaselineBatch(
                    id: "b-1", date: "2026-11-20", commit: nil, kind: .planned, passes: passes, trials: trials,
                    passesByCheck: [:])
            ], output: nil)
    }

    private func record(_ sample: SampleExample, _ state: TrialState, _ number: Int) -> TrialRecord {
        let hasAnswer = state != .errored
        let request = RequestRecord(
            kind: .trial, traceID: "t-\(sample.id)-\(number)", time: 1_795_341_600, fingerprint: "f",
            contentFingerprint: "c", prompt: prompt, promptHash: nil, target: target, answeringModel: nil, params: [:],
            messages: [], contextIDs: [], toolCalls: [], output: hasAnswer ? sample.output : nil,
            finishReason: hasAnswer ? "stop" : nil, usage: nil, latency: hasAnswer ? 312.5 : nil, timeToFirstToken: nil,
            cost: nil, feedback: nil, isCached: isCached, attempts: [], error: hasAnswer ? nil : sample.error)
        let check: CheckState =
            switch state {
            case .passed: .passed
            case .failed: .failed
            case .errored: .errored
            case .unscored: .unscored
            }
        let result = CheckResult(
            name: "says-refund", type: "contains", state: check,
            score: check == .passed ? 1 : check == .failed ? 0 : nil,
            gating: true, weight: 1, reason: check == .passed ? "found" : sample.reason,
            failureKind: check == .failed ? sample.failureKind : nil, hash: "sha256:check")
        return TrialRecord(
            key: TrialKey(suite: suite, example: sample.id, draw: Draw(.run, number)), state: state,
            exampleHash: "sha256:e",
            request: request, checks: hasAnswer ? [result] : [], judgeRequests: [], finished: 1_795_341_601)
    }
}

extension SampleRun {
    /// The runs whose reports are kept as golden files.
    package static let all: [String: SampleRun] = [
        "passed": passed, "failed": failed, "no-baseline": noBaseline, "not-gated": notGated, "outage": outage,
        "override": override, "interrupted": interrupted, "confirmed": confirmed, "stopped": stopped, "drifted": drifted,
    ]

    package static func steady(_ count: Int) -> [SampleExample] { (1...count).map { SampleExample(id: "steady-\($0)") } }

    package static let passed = SampleRun(
        examples: steady(70) + [
            SampleExample(id: "flaky-1", recorded: 4, now: [.failed], output: "Your order has shipped."),
            SampleExample(id: "won-1", recorded: 0), SampleExample(id: "won-2", recorded: 1),
            SampleExample(id: "still-bad", recorded: 0, now: [.failed], output: ""),
            SampleExample(id: "known-bad", recorded: 0, knownFailing: "the model cannot count"),
            SampleExample(id: "fresh", recorded: nil),
        ], costUSD: 0.614)

    private static func often(_ id: String, recorded: Int = 5, _ states: [TrialState]) -> SampleExample {
        SampleExample(
            id: id, recorded: recorded, now: states + Array(repeating: states.last ?? .passed, count: 24), output: "Your order has shipped.")
    }

    private static let oftenSteady = (1...120).map { often("steady-\($0)", [.passed]) }

    /// Suspects that were asked again: one is broken, one as flaky as before.
    package static let confirmed = run(
        examples: oftenSteady + [often("refund-late", [.failed]), often("flaky-1", recorded: 4, [.failed, .passed])],
        controls: .passed)

    /// A model that answers nothing right any more.
    package static let stopped = run(
        examples: oftenSteady.map { often($0.id, [.failed]) }, controls: .passed, stopsEarly: true)

    /// The accepted version fails as well.
    package static let drifted = run(
        examples: oftenSteady.prefix(100) + (1...20).map { often("refund-\($0)", [.failed]) }, controls: .failed)

    private static func run(
        examples: [SampleExample], controls: TrialState, stopsEarly: Bool = false
    ) -> SampleRun {
        var run = SampleRun(target: "openai/gpt-4o-mini", examples: examples, costUSD: 0.04)
        run.controls = controls
        run.stopsEarly = stopsEarly
        return run
    }

    private static let late: [SampleExample] = (1...24).map { number in
        let output = number == 1 ? "\n  Your order is on its way, and this sentence is long enough to be cut off." : "No."
        let kind: FailureKind? = number.isMultiple(of: 2) ? .codeFence : nil
        return SampleExample(id: "refund-late-\(number)", now: [.failed], output: output, failureKind: kind)
    }

    package static let failed = SampleRun(
        examples: steady(30)
            + late + [
                SampleExample(
                    id: "critical", now: [.failed, .failed, .passed, .failed], mustPass: .bestOfFive,
                    output: "I can't help with that."),
                SampleExample(id: "brand-new", recorded: nil, now: [.failed, .failed], output: "Maybe."),
                SampleExample(id: "edited", recorded: 0, now: [.failed], isRecordGoneStale: true),
                SampleExample(
                    id: "judged", now: [.unscored], reason: "the judge's answer is no verdict: \"it depends\""),
            ], missing: ["cancelled-order"])

    package static let noBaseline = SampleRun(
        basis: .noBaseline(name: nil),
        examples: [
            SampleExample(id: "first", recorded: nil),
            SampleExample(id: "second", recorded: nil, now: [.failed], output: "Hello!"),
            SampleExample(id: "third", recorded: nil, now: [.failed], knownFailing: "needs the new parser"),
        ])

    package static let notGated = SampleRun(
        basis: .ungated,
        examples: [SampleExample(id: "first"), SampleExample(id: "second", now: [.failed], output: "Hello!")])

    package static let outage = SampleRun(
        examples: steady(20)
            + (1...9).map { SampleExample(id: "silent-\($0)", now: [.errored]) }
            + [SampleExample(id: "other", now: [.errored], error: "connection reset by peer")])

    package static let override = SampleRun(
        policy: GatePolicy(kind: .strict),
        examples: steady(12) + [
            SampleExample(id: "tone-1", now: [.failed], output: "ok"), SampleExample(id: "tone-2"),
        ],
        overrides: [
            (.examples(["tone-1"]), "Legal asked for the shorter text; see #412", expires: "2026-12-21"),
            (.examples(["tone-2"]), "The tone rubric follows in another change", expires: "2026-12-21"),
        ])

    package static let interrupted = SampleRun(
        recordedPrompt: "support-answer@2.0.0", examples: steady(6), circumstances: [.interrupted], isCached: true)
}
