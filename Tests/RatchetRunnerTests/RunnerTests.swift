import Foundation
import RatchetBackends
import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetStore
import Synchronization
import TestSupport
import Testing

@testable import RatchetRunner

/// A run of a one-suite project against a server on loopback, with the real store; only waiting is not real.
private struct Bench {
    let store: Store
    let plan: RunPlan
    let header: RunHeader
    let backends: [String: ConfiguredBackend]
    let interruption = Interruption()
    let waits = Gathered<Double>()
    let endings = Gathered<String>()

    final class Gathered<Value: Sendable>: Sendable {
        private let values = Mutex<[Value]>([])
        var all: [Value] { values.withLock { $0 } }
        func add(_ value: Value) { values.withLock { $0.append(value) } }
    }

    /// - Parameter program: what a check's program does; by default the check is that the answer contains a yes.
    init(
        url: String, examples: Int, trials: Int = 1, store: Store? = nil, program: CheckResources.ProgramRunner? = nil
    ) throws {
        self.store = try store ?? Store.inMemory()
        var configuration = BackendConfiguration(
            name: "api", kind: .openai(baseURL: url), source: SourceReference(file: "ratchet.yaml"))
        configuration.maximumAttempts = 3
        var suite = Suite(
            name: "s", prompt: nil, target: nil, params: [:], policy: GatePolicy(), examples: [],
            source: SourceReference(file: "suite.yaml"))
        for index in 0..<examples {
            var example = Example(
                suite: "s", id: "e\(index)", input: .string("q\(index)"), source: SourceReference(file: "e.jsonl"))
            example.checks = [
                CheckSpecification(
                    type: program == nil ? "contains" : "command", name: "check", options: "yes",
                    source: SourceReference(file: "e.jsonl"))
            ]
            suite.examples.append(example)
        }
        let project = Project(
            configuration: Configuration(backends: ["api": configuration]), prompts: [:], suites: [suite], rubrics: [:])
        let resources = CheckResources(
            loadFile: { _, _ in .null }, loadText: { _, _ in "" }, locateFile: { path, _ in path },
            renderRubric: { _, _ in [] },
            programs: .init(
                find: { $0 }, isExecutable: { _ in true }, hash: { $0 },
                run: program ?? { _ in ProgramResult(end: .cancelled) }))
        var planner = RunPlanner(project: project, compiler: CheckCompiler(resources))
        var selection = RunSelection()
        selection.target = Target("api/m")
        selection.trials = trials
        plan = planner.plan(selection)
        let (backend, _) = BackendFactory(
            environment: [:], transport: try CurlTransport(), folder: ProjectFolder(root: "/"), now: { 1_000_000 }
        ).make(configuration)
        backends = backend.map { ["api": $0] } ?? [:]
        header = RunHeader(
            id: "run-\(UUID().uuidString)", started: 1_000_000, version: "test", commit: nil,
            planKey: plan.key(baseline: ""), seed: 1, isPartial: false, suites: plan.suites.map(\.run))
        try self.store.begin(header)
    }

    var clock: RunClock {
        // Waiting takes no time, and the clock that never jumps is as far on as was waited.
        RunClock(now: { 1_000_000 }, monotonic: { [waits] in waits.all.reduce(0, +) }, sleep: { [waits] in waits.add($0) })
    }

    func execute(
        concurrency: Int = 4, finished: [TrialKey: TrialRecord] = [:], spending: SpendingLimits = SpendingLimits(),
        dollarsPerMillion: Double? = nil,
        onEvent: @escaping @Sendable (RunExecutor.Event) -> Void = { _ in }
    ) async throws -> [TrialRecord] {
        var options = Caller.Options(concurrency: concurrency, usesCache: true, cacheMaximumAge: 86_400)
        options.budget = RunBudget(spending)
        if let price = dollarsPerMillion.flatMap({ TokenPrice(dollarsPerMillion: $0) }) {
            let source = SourceReference(file: "prices.yaml")
            options.prices.add("m-1", [.init(from: "0001-01-01", rates: .init(input: price, output: price), source: source)])
        }
        var observers = Caller.Observers()
        observers.onEnd = { [interruption, endings] code, words in
            endings.add(words)
            interruption.request(code)
        }
        let caller = Caller(
            backends: backends, store: store, clock: clock, options: options, interruption: interruption, observers: observers)
        let executor = RunExecutor(
            plan: plan, run: header.id, caller: caller, store: store, clock: clock, interruption: interruption,
            onEvent: onEvent)
        var list = PlannedTrials(plan)
        try await executor.execute(&list, finished: finished)
        var records: [TrialRecord] = []
        try store.forEachTrial(run: header.id, suite: "s") { records.append($0) }
        return records
    }
}

/// The planned trials of every example, once.
private struct PlannedTrials: TrialPlanner {
    var rest: [TrialKey]

    init(_ plan: RunPlan) {
        rest = plan.suites.flatMap { suite in
            suite.examples.flatMap { example in
                (1...suite.run.trials).map {
                    TrialKey(suite: suite.run.suite, example: example.example.id, draw: Draw(.run, $0))
                }
            }
        }
    }

    mutating func nextTrials() -> [TrialKey] {
        defer { rest = [] }
        return rest
    }

    mutating func report(_: TrialOutcome) {}
}

private func completion(_ text: String) -> LoopbackServer.Reply {
    .json(
        #"{"model":"m-1","choices":[{"message":{"role":"assistant","content":"\#(text)"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":2}}"#
    )
}

@Suite("Running trials")
struct RunnerTests {
    @Test("every trial is answered, checked and recorded with what the log wants to know")
    func records() async throws {
        let server = try LoopbackServer { _ in completion("yes") }
        let records = try await Bench(url: server.url, examples: 30).execute()
        #expect(records.count == 30)
        #expect(records.allSatisfy { $0.state == .passed })
        let request = try #require(records.first?.request)
        #expect(request.usage == Usage(inputTokens: 7, outputTokens: 2))
        #expect(request.answeringModel == "m-1")
        #expect(request.latency != nil && request.timeToFirstToken == nil && request.cost == nil)
        #expect(request.attempts.count == 1)
        #expect(Set(records.map(\.request.traceID)).count == 30)
    }

    @Test("a stream gives the time to first token")
    func streams() async throws {
        let server = try LoopbackServer { _ in
            .eventStream([
                "data: {\"choices\":[{\"delta\":{\"content\":\"y\"}}]}\n\n",
                "data: {\"choices\":[{\"delta\":{\"content\":\"es\"},\"finish_reason\":\"stop\"}]}\n\n",
                "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}\n\ndata: [DONE]\n\n",
            ])
        }
        let records = try await Bench(url: server.url, examples: 1).execute()
        #expect(records[0].request.output == "yes")
        #expect(records[0].request.timeToFirstToken != nil)
        #expect(records[0].request.usage == Usage(inputTokens: 1, outputTokens: 1))
    }

    @Test(
        "passing trouble is retried, and the wait is never shorter than asked for",
        arguments: [LoopbackServer.Reply.text("loading", status: 503), .text("slow down", status: 429, headers: ["Retry-After": "7"]), .reset, .truncated("{")])
    func retries(trouble: LoopbackServer.Reply) async throws {
        let server = try LoopbackServer(replies: [trouble, completion("yes")])
        let bench = try Bench(url: server.url, examples: 1)
        let records = try await bench.execute()
        #expect(records[0].state == .passed)
        #expect(records[0].request.attempts.count == 2)
        #expect(records[0].request.attempts[0].problem != nil)
        #expect(bench.waits.all.count == 1)
        if records[0].request.attempts[0].status == 429 { #expect(bench.waits.all[0] >= 7) }
    }

    @Test("a server that loads its model is waited for, longer than a call has attempts")
    func loading() async throws {
        let loading = LoopbackServer.Reply.json(#"{"error":{"message":"Loading model","code":503}}"#, status: 503)
        let server = try LoopbackServer(replies: Array(repeating: loading, count: 8) + [completion("yes")])
        let bench = try Bench(url: server.url, examples: 1)
        let records = try await bench.execute()
        #expect(records[0].state == .passed)
        #expect(records[0].request.attempts.count == 9)
    }

    @Test("the same error again and again ends the run with the server's words, and few calls are lost to it")
    func endless() async throws {
        let server = try LoopbackServer { _ in .json(#"{"error":{"message":"no such model: m"}}"#, status: 404) }
        let bench = try Bench(url: server.url, examples: 200)
        let records = try await bench.execute(concurrency: 1)
        #expect(bench.interruption.code == .backendUnavailable)
        #expect(records.count < 40)
        #expect(bench.endings.all == ["25 calls in a row failed alike, the last with: HTTP 404: no such model: m"])
    }

    @Test("an answer in between begins the count anew")
    func notEndless() async throws {
        let turn = Mutex(0)
        let server = try LoopbackServer { _ in
            let place = turn.withLock { turn in
                turn += 1
                return turn
            }
            return place.isMultiple(of: 20) ? completion("yes") : .json(#"{"error":{"message":"bad"}}"#, status: 400)
        }
        let bench = try Bench(url: server.url, examples: 100)
        #expect(try await bench.execute(concurrency: 1).count == 100)
        #expect(bench.interruption.code == nil)
    }

    @Test("retries stop where they would be a storm: no more than a fifth of the calls, beyond what a run has to begin with")
    func storm() async throws {
        let turn = Mutex(0)
        let server = try LoopbackServer { _ in
            let place = turn.withLock { turn in
                turn += 1
                return turn
            }
            // Every other call is in trouble, each time it is tried.
            return place.isMultiple(of: 3) ? completion("yes") : .json(#"{"error":{"message":"overloaded"}}"#, status: 500)
        }
        let records = try await Bench(url: server.url, examples: 300).execute(concurrency: 1)
        let retries = records.reduce(0) { $0 + $1.request.attempts.count - 1 }
        #expect(records.count == 300)
        #expect(retries <= 50 + 60)
        #expect(retries >= 50)
    }

    @Test("calls, money and the rest of the plan: a budget ends the run, and no call beyond it is sent")
    func budget() async throws {
        let server = try LoopbackServer { _ in completion("yes") }
        let bench = try Bench(url: server.url, examples: 100)
        let records = try await bench.execute(spending: SpendingLimits(calls: 17))
        #expect(bench.interruption.code == .budgetExhausted)
        #expect(server.requests.count == 17)
        #expect(records.count == 17)
        // 7 tokens in and 2 out at a dollar a thousand: 0.9 cents a call.
        let dear = try Bench(url: server.url, examples: 100)
        let paid = try await dear.execute(concurrency: 1, spending: SpendingLimits(cost: Money(dollars: 0.1)), dollarsPerMillion: 1000)
        #expect(dear.interruption.code == .budgetExhausted)
        #expect(paid.count == 11)
        #expect(paid.allSatisfy { $0.request.cost == 0.009 })
    }

    @Test("trouble that lasts is an outage with the server's words; a refusal is not tried again")
    func outage() async throws {
        let down = try LoopbackServer { _ in .json(#"{"error":{"message":"no worker is left"}}"#, status: 503) }
        let records = try await Bench(url: down.url, examples: 1).execute()
        #expect(records[0].state == .errored)
        #expect(records[0].request.attempts.count == 3)
        #expect(records[0].request.error?.contains("no worker is left") == true)

        let refusing = try LoopbackServer { _ in .json(#"{"error":{"message":"no such model"}}"#, status: 404) }
        let refused = try await Bench(url: refusing.url, examples: 1).execute()
        #expect(refused[0].state == .errored)
        #expect(refusing.requests.count == 1)
    }

    @Test("a scored failure is never retried")
    func failuresStand() async throws {
        let server = try LoopbackServer { _ in completion("no") }
        let records = try await Bench(url: server.url, examples: 3).execute()
        #expect(records.allSatisfy { $0.state == .failed })
        #expect(server.requests.count == 3)
    }

    @Test("a second run takes its answers from the cache, and keeps their trace ids")
    func cached() async throws {
        let server = try LoopbackServer { _ in completion("yes") }
        let store = try Store.inMemory()
        let first = try await Bench(url: server.url, examples: 5, store: store).execute()
        let second = try await Bench(url: server.url, examples: 5, store: store).execute()
        #expect(server.requests.count == 5)
        #expect(second.allSatisfy { $0.request.isCached })
        #expect(Set(first.map(\.request.traceID)) == Set(second.map(\.request.traceID)))
    }

    @Test("an accepted run's answers are no fresh evidence: the next run asks again")
    func retired() async throws {
        let server = try LoopbackServer { _ in completion("yes") }
        let store = try Store.inMemory()
        let bench = try Bench(url: server.url, examples: 5, store: store)
        _ = try await bench.execute()
        try store.retireFromCache(run: bench.header.id)
        _ = try await Bench(url: server.url, examples: 5, store: store).execute()
        #expect(server.requests.count == 10)
    }

    @Test("each trial is a generation of its own")
    func trials() async throws {
        let server = try LoopbackServer { _ in completion("yes") }
        let records = try await Bench(url: server.url, examples: 2, trials: 3).execute()
        #expect(records.count == 6)
        #expect(Set(records.map(\.request.fingerprint)).count == 6)
        #expect(server.requests.count == 6)
    }

    @Test("errors are never cached")
    func errorsAreNotCached() async throws {
        let server = try LoopbackServer(replies: [.text("bad", status: 400), completion("yes")])
        let store = try Store.inMemory()
        #expect(try await Bench(url: server.url, examples: 1, store: store).execute()[0].state == .errored)
        #expect(try await Bench(url: server.url, examples: 1, store: store).execute()[0].state == .passed)
    }

    @Test("an interruption starts nothing new, and what was finished is kept when the run is resumed")
    func resume() async throws {
        let server = try LoopbackServer { _ in completion("yes") }
        let bench = try Bench(url: server.url, examples: 40)
        let done = Mutex(0)
        let before = try await bench.execute(concurrency: 2) { event in
            guard case .finished = event else { return }
            if done.withLock({ $0 += 1; return $0 }) == 5 { bench.interruption.request(.interrupted) }
        }
        #expect((5..<40).contains(before.count))
        let asked = server.requests.count

        let finished = Dictionary(before.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        let rest = try Bench(url: server.url, examples: 40, store: bench.store)
        let after = try await rest.execute(finished: finished)
        #expect(server.requests.count == 40 || server.requests.count <= 40 + asked - before.count)
        #expect(after.count == 40 - before.count)
    }

    @Test("a program that was stopped with the run says nothing: its trial is checked anew, and its answer is not paid twice")
    func stoppedProgram() async throws {
        let server = try LoopbackServer { _ in completion("yes") }
        let hasStarted = Mutex(false)
        let bench = try Bench(url: server.url, examples: 1) { _ in
            hasStarted.withLock { $0 = true }
            while !Task.isCancelled { await Task.yield() }
            return ProgramResult(end: .cancelled)
        }
        let run = Task { try await bench.execute() }
        while !hasStarted.withLock({ $0 }) { await Task.yield() }
        bench.interruption.request(.interrupted)
        run.cancel()
        #expect(try await run.value.isEmpty)
        let again = try Bench(url: server.url, examples: 1, store: bench.store) { _ in
            ProgramResult(end: .exited(code: 0), output: Array(#"{"passed": true}"#.utf8))
        }
        #expect(try await again.execute().map(\.state) == [.passed])
        #expect(server.requests.count == 1)
    }

    @Test("no more calls are in flight than allowed")
    func concurrency() async throws {
        let flight = Mutex((now: 0, most: 0))
        let server = try LoopbackServer { _ in
            flight.withLock { $0.now += 1; $0.most = max($0.most, $0.now) }
            defer { flight.withLock { $0.now -= 1 } }
            return completion("yes")
        }
        _ = try await Bench(url: server.url, examples: 60).execute(concurrency: 3)
        #expect(flight.withLock { $0.most } <= 3)
    }
}
