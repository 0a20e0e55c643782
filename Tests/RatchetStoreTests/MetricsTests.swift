import RatchetCore
import RatchetStore
import Testing

@Suite("Metrics of a run")
struct MetricsTests {
    let store: Store

    init() throws {
        store = try Store.inMemory()
        try store.begin(Sample.header())
    }

    @Test("unknown figures are nil, not 0")
    func unknown() throws {
        #expect(try store.metrics(run: "run-1") == RunMetrics())
        let judge = Sample.request(kind: .judge)
        try store.record([Sample.trial("a", judges: [judge, judge])], run: "run-1", cacheable: false)
        var wanted = RunMetrics()
        wanted.calls = 1
        wanted.judgeCalls = 2
        wanted.unpricedCalls = 1
        #expect(try store.metrics(run: "run-1") == wanted)
    }

    @Test("sums are over what is known, latencies only of answers that were generated here")
    func sums() throws {
        let requests = [
            Sample.request(
                usage: Usage(inputTokens: 10, outputTokens: nil), latency: 30, timeToFirstToken: 3, cost: 0.5),
            Sample.request(usage: Usage(inputTokens: 5, outputTokens: 0), latency: 20, cost: 0),
            Sample.request(isCached: true, usage: Usage(inputTokens: 1, outputTokens: 2), latency: 10, cost: 0.25),
            Sample.request(output: nil, latency: 1),
        ]
        var trials = requests.enumerated().map { Sample.trial("\($0)", request: $1) }
        trials[0].judgeRequests = [Sample.request(kind: .judge, latency: 99, cost: 2)]
        trials.append(Sample.trial("other", suite: "other", request: Sample.request(latency: 5)))
        trials.append(Sample.trial("0", draw: Draw(.control, 1), request: Sample.request(latency: 7, cost: 9)))
        try store.record(trials, run: "run-1", cacheable: false)

        let metrics = try store.metrics(run: "run-1", suite: "support")
        #expect(metrics.calls == 4)
        #expect(metrics.cached == 1)
        #expect(metrics.judgeCalls == 1)
        #expect(metrics.inputTokens == 16)
        #expect(metrics.outputTokens == 2)
        #expect(metrics.costUSD == 0.75)
        #expect(metrics.unpricedCalls == 1)
        #expect(metrics.judgeCostUSD == 2)
        #expect(metrics.latencies == [20, 30])
        #expect(metrics.timesToFirstToken == [3])
        #expect(try store.metrics(run: "run-1").latencies == [5, 20, 30])
        #expect(try store.metrics(run: "run-1", suite: "support", roles: [.control]).costUSD == 9)
    }

    @Test("absurd counts of tokens are no error")
    func absurdCounts() throws {
        let request = Sample.request(usage: Usage(inputTokens: .max, outputTokens: -1))
        try store.record(
            [Sample.trial("a", request: request), Sample.trial("b", request: request)], run: "run-1", cacheable: false)
        #expect(try store.metrics(run: "run-1").inputTokens == .max)
        #expect(try store.metrics(run: "run-1").outputTokens == -2)
    }
}
