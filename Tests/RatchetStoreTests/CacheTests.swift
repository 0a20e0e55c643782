import RatchetCore
import RatchetStore
import Testing

@Suite("Response cache")
struct CacheTests {
    let store: Store

    init() throws {
        store = try Store.inMemory()
        try store.begin(Sample.header())
        try store.begin(Sample.header("run-2"))
    }

    private func record(
        _ request: RequestRecord, run: String = "run-1", cacheable: Bool = true, judges: [RequestRecord] = [],
        judgesCacheable: Bool? = nil
    ) throws {
        let trial = Sample.trial("a", request: request, judges: judges)
        try store.record([trial], run: run, cacheable: cacheable, judgesCacheable: judgesCacheable)
    }

    private func trace(_ fingerprint: String = "f", notBefore: Double = 0) throws -> String? {
        try store.cachedResponse(fingerprint: fingerprint, notBefore: notBefore)?.traceID
    }

    @Test("an answer comes back whole, with its own id and time")
    func roundTrip() throws {
        let request = Sample.fullRequest()
        try record(request)
        let cached = try #require(try store.cachedResponse(fingerprint: request.fingerprint, notBefore: request.time))
        #expect(cached.traceID == request.traceID)
        #expect(cached.time == request.time)
        #expect(
            cached.response.output == Output(text: "On its way.", toolCalls: request.toolCalls, finishReason: "stop"))
        #expect(cached.response.model == "model-0613")
        #expect(cached.response.usage == request.usage)
        #expect(cached.response.latency == 310.5)
        #expect(cached.response.timeToFirstToken == 40.25)
        #expect(cached.response.cost == 0.000123)
    }

    @Test("only answers that may be kept are kept")
    func whatIsKept() throws {
        try record(Sample.request("no answer", output: nil))
        try record(Sample.request("from the cache", isCached: true))
        try record(Sample.request("not cacheable"), cacheable: false)
        try record(Sample.request("empty", output: ""))
        #expect(try trace("no answer") == nil)
        #expect(try trace("from the cache") == nil)
        #expect(try trace("not cacheable") == nil)
        #expect(try trace("empty") == "trace")
    }

    @Test("judges' answers are kept like the trial's, or as is said of them")
    func judges() throws {
        try record(Sample.request("t1"), judges: [Sample.request("j1", kind: .judge)])
        try record(Sample.request("t2"), cacheable: false, judges: [Sample.request("j2", kind: .judge)])
        try record(
            Sample.request("t3"), cacheable: false, judges: [Sample.request("j3", kind: .judge)], judgesCacheable: true)
        #expect(try trace("j1") == "trace")
        #expect(try trace("j2") == nil)
        #expect(try trace("t3") == nil)
        #expect(try trace("j3") == "trace")
    }

    @Test("an answer that is too old is none, and pruning forgets it")
    func age() throws {
        try record(Sample.request(time: 100))
        #expect(try trace(notBefore: 100) == "trace")
        #expect(try trace(notBefore: 100.5) == nil)
        try store.pruneCache(before: 100)
        #expect(try trace() == "trace")
        try store.pruneCache(before: 100.5)
        #expect(try trace() == nil)
        #expect(try store.outcomes(run: "run-1").count == 1)
    }

    @Test("a newer generation replaces an older one, never the other way round")
    func newest() throws {
        try record(Sample.request(trace: "second", time: 200))
        try record(Sample.request(trace: "first", time: 100))
        #expect(try trace() == "second")
        try record(Sample.request(trace: "third", time: 300))
        #expect(try trace() == "third")
    }

    @Test("what a baseline was made of is never fresh evidence again")
    func retirement() throws {
        let judge = Sample.request("judge", kind: .judge, trace: "vote")
        try record(Sample.request(trace: "accepted", time: 100), judges: [judge])
        try store.retireFromCache(run: "run-1")
        #expect(try trace() == nil)
        #expect(try trace("judge") == "vote")

        // Recording the same generation again, as a resumed run or a regrade does, does not bring it back.
        try record(Sample.request(trace: "accepted", time: 100))
        #expect(try trace() == nil)

        // A generation of its own does, whatever the clock says.
        try record(Sample.request(trace: "fresh", time: 50), run: "run-2")
        #expect(try trace() == "fresh")
    }

    @Test("a run that was answered from the cache retires the generations it was given")
    func retirementOfCachedAnswers() throws {
        try record(Sample.request(trace: "generated"))
        try record(Sample.request(trace: "generated", isCached: true), run: "run-2")
        try store.retireFromCache(run: "run-2")
        #expect(try trace() == nil)
    }

    @Test("another run's own generation survives the retirement of this one's")
    func retirementOfOthers() throws {
        try record(Sample.request(trace: "mine", time: 100))
        try record(Sample.request(trace: "theirs", time: 200), run: "run-2")
        try store.retireFromCache(run: "run-1")
        #expect(try trace() == "theirs")
    }
}
