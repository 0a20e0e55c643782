import RatchetCore
import RatchetJSON
import RatchetStore
import Testing

@Suite("Trials")
struct TrialTests {
    let store: Store

    init() throws {
        store = try Store.inMemory()
        try store.begin(Sample.header())
    }

    private func only(_ example: String, suite: String = "support") throws -> TrialRecord {
        let trials = try store.exampleTrials(run: "run-1", suite: suite, example: example)
        #expect(trials.count == 1)
        return try #require(trials.first)
    }

    @Test("every field comes back")
    func roundTrip() throws {
        let unscored = CheckResult(
            name: "tone", type: "judge", state: .unscored, score: nil, gating: false, weight: 0.5, reason: "",
            hash: "sha256:t")
        let trial = TrialRecord(
            key: TrialKey(suite: "support", example: "refund", draw: Draw(.control, 13)), state: .unscored,
            exampleHash: "sha256:e", request: Sample.fullRequest(), checks: [Sample.check(), unscored],
            judgeRequests: [Sample.fullRequest(kind: .judge, trace: "j1"), Sample.request(kind: .judge, output: nil)],
            finished: 1_700_000_002.75)
        try store.record([trial], run: "run-1", cacheable: true)
        let stored = try only("refund")
        #expect(stored.key == trial.key)
        #expect(stored.state == .unscored)
        #expect(stored.exampleHash == trial.exampleHash)
        #expect(stored.request == trial.request)
        #expect(stored.checks == trial.checks)
        #expect(stored.judgeRequests == trial.judgeRequests)
        #expect(stored.finished == trial.finished)
        #expect(stored.request.params["temperature"]?.numberValue?.literal == "0.70")
    }

    @Test("unknown stays unknown, and nothing stays nothing")
    func nullIsNotZero() throws {
        let zeros = Sample.request(
            output: "", usage: Usage(inputTokens: 0, outputTokens: nil), latency: 0, timeToFirstToken: 0, cost: 0)
        var unscored = Sample.check()
        unscored.score = nil
        var zero = Sample.check("zero")
        zero.score = 0
        try store.record(
            [
                Sample.trial("unknown", request: Sample.request(output: nil), checks: [unscored]),
                Sample.trial("zero", request: zeros, checks: [zero]),
            ], run: "run-1", cacheable: false)
        let unknown = try only("unknown")
        #expect(unknown.request.output == nil)
        #expect(unknown.request.usage == nil)
        #expect(unknown.request.latency == nil)
        #expect(unknown.request.cost == nil)
        #expect(unknown.request.feedback == nil)
        #expect(unknown.checks[0].score == nil)
        #expect(try only("zero").request == zeros)
        #expect(try only("zero").checks[0].score == 0)
    }

    @Test("a number that is none is recorded as unknown")
    func notANumber() throws {
        let request = Sample.request(latency: .nan, cost: .nan)
        try store.record([Sample.trial("a", request: request)], run: "run-1", cacheable: false)
        #expect(try only("a").request.latency == nil)
        #expect(try only("a").request.cost == nil)
    }

    @Test(
        "prompts are told apart from their versions",
        arguments: [nil, "answer", "answer@1.0.0", "answer@", "a@b@c", ""])
    func promptReference(prompt: String?) throws {
        var request = Sample.request()
        request.prompt = prompt
        try store.record([Sample.trial("a", request: request)], run: "run-1", cacheable: false)
        #expect(try only("a").request.prompt == prompt)
    }

    @Test(
        "hostile texts come back byte for byte in every place that holds a text",
        arguments: [
            "a\0b", "\0", "\0\0", "'; DROP TABLE trial; --", "\u{FEFF}bom", "e\u{301}", "\u{E9}", "👩‍👩‍👧‍👦", "\u{202E}right",
            "\u{FFFD}", "\r\n\t", "%s%n", "\u{10FFFF}", "\\u0000", "{\"a\":", " ",
            String(repeating: "长", count: 100_000),
        ])
    func hostileText(text: String) throws {
        var request = Sample.fullRequest()
        request.output = text
        request.finishReason = text
        request.error = text
        request.prompt = text
        request.params = [text: .string(text)]
        request.messages = [Message(role: .user, content: text), Message(role: .tool, content: text)]
        request.contextIDs = [text]
        request.toolCalls = [ToolCall(id: text, name: text, arguments: .string(text), result: .string(text))]
        request.feedback = .string(text)
        request.attempts = [Attempt(status: nil, duration: 1, waited: 0, problem: text)]
        var check = Sample.check(text)
        check.reason = text
        let trial = Sample.trial(text, suite: text, request: request, checks: [check], judges: [request])
        try store.record([trial], run: "run-1", cacheable: true)

        var stored: [TrialRecord] = []
        try store.forEachTrial(run: "run-1") { stored.append($0) }
        let first = try #require(stored.first)
        #expect(stored.count == 1)
        #expect(bytes(first.key.example) == bytes(text))
        #expect(bytes(first.key.suite) == bytes(text))
        #expect(bytes(first.checks.first?.name) == bytes(text))
        #expect(bytes(first.checks.first?.reason) == bytes(text))
        for found in [first.request] + first.judgeRequests {
            #expect(bytes(found.output) == bytes(text))
            #expect(bytes(found.finishReason) == bytes(text))
            #expect(bytes(found.error) == bytes(text))
            #expect(bytes(found.prompt) == bytes(text))
            #expect(found.params.keys.map { bytes($0) } == [bytes(text)])
            #expect(found.messages.map { bytes($0.content) } == [bytes(text), bytes(text)])
            #expect(found.contextIDs.map { bytes($0) } == [bytes(text)])
            #expect(bytes(found.toolCalls.first?.arguments.stringValue) == bytes(text))
            #expect(bytes(found.feedback?.stringValue) == bytes(text))
            #expect(bytes(found.attempts.first?.problem) == bytes(text))
        }
        let cached = try store.cachedResponse(fingerprint: request.fingerprint, notBefore: 0)
        #expect(bytes(cached?.response.output.text) == bytes(text))
        #expect(try store.exampleTrials(run: "run-1", suite: text, example: text).count == 1)
        #expect(try store.exampleTrials(run: "run-1", suite: text, example: text + "\0").isEmpty)
    }

    @Test("texts that look equal and are not stay two examples and two messages")
    func canonicallyEquivalent() throws {
        for text in ["e\u{301}", "\u{E9}"] {
            let request = Sample.request(messages: [Message(role: .user, content: text)])
            try store.record([Sample.trial(text, request: request)], run: "run-1", cacheable: false)
        }
        for text in ["e\u{301}", "\u{E9}"] {
            #expect(try bytes(only(text).request.messages.first?.content) == bytes(text))
        }
    }

    @Test("recording a trial again replaces it, its scores and its requests")
    func replaces() throws {
        let judge = Sample.request("j", kind: .judge)
        try store.record(
            [Sample.trial("a", state: .errored, request: Sample.fullRequest(), judges: [judge, judge])], run: "run-1",
            cacheable: false)
        try store.record(
            [Sample.trial("a", checks: [Sample.check("other")], judges: [judge])], run: "run-1", cacheable: false)
        let trial = try only("a")
        #expect(trial.state == .passed)
        #expect(trial.request == Sample.request())
        #expect(trial.checks.map(\.name) == ["other"])
        #expect(trial.judgeRequests.count == 1)
        let metrics = try store.metrics(run: "run-1")
        #expect(metrics.calls == 1)
        #expect(metrics.judgeCalls == 1)
    }

    @Test("a batch is recorded whole or not at all")
    func allOrNone() throws {
        var impossible = Sample.trial("b")
        impossible.checks[0].weight = .nan
        #expect(throws: StoreError.self) {
            try store.record([Sample.trial("a"), impossible], run: "run-1", cacheable: true)
        }
        #expect(try store.outcomes(run: "run-1").isEmpty)
        #expect(try store.cachedResponse(fingerprint: "f", notBefore: 0) == nil)
    }

    @Test("a run that was never begun takes no trials")
    func unknownRun() throws {
        let error = #expect(throws: StoreError.self) {
            try store.record([Sample.trial("a")], run: "no", cacheable: false)
        }
        #expect(error?.kind == .unknownRun)
    }

    @Test("outcomes are what the records say of themselves, in order")
    func outcomes() throws {
        let trials = [
            Sample.trial("b", draw: Draw(.run, 1)),
            Sample.trial("a", draw: Draw(.run, 10), checks: [Sample.check("x"), Sample.check("x", .failed)]),
            Sample.trial(
                "a", draw: Draw(.run, 2), state: .failed, checks: [Sample.check("y", .failed), Sample.check("z")]),
            Sample.trial("a", draw: Draw(.control, 1), state: .errored, checks: []),
            Sample.trial("a", suite: "first", checks: [Sample.check("quiet", .failed, gating: false)]),
        ]
        try store.record(trials, run: "run-1", cacheable: false)
        let outcomes = try store.outcomes(run: "run-1")
        #expect(outcomes == [trials[4], trials[3], trials[2], trials[1], trials[0]].map(\.outcome))
        #expect(try store.exampleHashes(run: "run-1", suite: "support") == ["a": "sha256:e", "b": "sha256:e"])
    }

    @Test("walking sees every trial once, in order, over many pages, and may use the store meanwhile")
    func walk() throws {
        var header = Sample.header("walk")
        header.suites = [Sample.suite("zebra"), Sample.suite("ant")]
        try store.begin(header)
        let examples = (0..<300).map { "example-\($0)" }
        var trials: [TrialRecord] = []
        for suite in ["ant", "unlisted", "zebra"] {
            for example in examples {
                trials.append(Sample.trial(example, suite: suite, draw: Draw(.run, 10)))
                trials.append(Sample.trial(example, suite: suite, draw: Draw(.run, 9)))
            }
        }
        try store.record(trials.shuffled(), run: "walk", cacheable: false)

        var seen: [TrialKey] = []
        try store.forEachTrial(run: "walk") { trial in
            seen.append(trial.key)
            #expect(trial.checks.count == 1)
            if seen.count % 500 == 0 { try store.record([trial], run: "walk", cacheable: false) }
        }
        let wanted = ["zebra", "ant", "unlisted"].flatMap { suite in
            examples.sorted().flatMap { example in
                [9, 10].map { TrialKey(suite: suite, example: example, draw: Draw(.run, $0)) }
            }
        }
        #expect(seen == wanted)

        seen = []
        try store.forEachTrial(run: "walk", suite: "ant", examples: ["example-7", "missing", "example-3"]) {
            seen.append($0.key)
        }
        #expect(seen.map(\.example) == ["example-7", "example-7", "example-3", "example-3"])
    }

    @Test("an error in the middle of a walk ends it")
    func walkStops() throws {
        struct Enough: Error {}
        try store.record((0..<10).map { Sample.trial("\($0)") }, run: "run-1", cacheable: false)
        var count = 0
        #expect(throws: Enough.self) {
            try store.forEachTrial(run: "run-1") { _ in
                count += 1
                if count == 3 { throw Enough() }
            }
        }
        #expect(count == 3)
    }
}
