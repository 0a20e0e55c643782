import RatchetCore
import RatchetJSON
import RatchetStore
import Testing

@Suite("Runs")
struct RunTests {
    let store: Store

    init() throws { store = try Store.inMemory() }

    @Test("every field of a header comes back, whatever its state")
    func headerRoundTrip() throws {
        var header = RunHeader(
            id: "r-1", started: 1_700_000_000.5, finished: nil, state: .running, version: "0.1.0", commit: "4c1d2e0",
            planKey: "sha256:plan", seed: .max, isPartial: true,
            suites: [
                RunSuite(
                    suite: "support", target: "openai/gpt-4o", prompt: "answer@1.0.0", promptHash: "sha256:a",
                    paramsHash: "sha256:b", trials: 5, exampleCount: 300, isDeterministic: false),
                Sample.suite("aardvark"),
            ])
        try store.begin(header)
        #expect(try store.run("r-1") == header)

        header.suites.removeFirst()
        header.commit = nil
        header.state = .interrupted
        header.finished = 1_700_000_009
        try store.update(header)
        #expect(try store.run("r-1") == header)
        #expect(try store.run("r") == nil)
    }

    @Test("an id is taken once")
    func duplicateID() throws {
        try store.begin(Sample.header())
        let error = #expect(throws: StoreError.self) { try store.begin(Sample.header()) }
        #expect(error?.kind == .duplicateRun)
    }

    @Test("a verdict is kept as it was, and finishing again without one keeps it")
    func verdict() throws {
        try store.begin(Sample.header())
        #expect(try store.verdict(run: "run-1") == nil)
        let verdict: JSONValue = ["exit": ["code": 100, "name": "regressed"], "suites": [], "nothing": .null]
        try store.finish(run: "run-1", state: .finished, finished: 5, verdict: verdict)
        try store.finish(run: "run-1", state: .finished, finished: 6)
        #expect(try store.verdict(run: "run-1") == verdict)
        #expect(try store.run("run-1")?.finished == 6)
        #expect(try store.runs(limit: 1).first?.exit == ["code": 100, "name": "regressed"])
    }

    @Test("the list is newest first, limited, and counts trials by state")
    func list() throws {
        for number in 1...3 { try store.begin(Sample.header("run-\(number)", started: Double(number))) }
        try store.record(
            [Sample.trial("a"), Sample.trial("b"), Sample.trial("c", state: .errored)], run: "run-3", cacheable: false)
        let runs = try store.runs(limit: 2)
        #expect(runs.map(\.header.id) == ["run-3", "run-2"])
        #expect(runs[0].trials == [.passed: 2, .errored: 1])
        #expect(runs[1].trials.isEmpty)
        #expect(runs[1].exit == nil)
    }

    @Test("a run is resumed by its plan, the newest that has not finished")
    func interrupted() throws {
        #expect(try store.interruptedRun(planKey: "plan") == nil)
        try store.begin(Sample.header("old", started: 1, state: .interrupted))
        try store.begin(Sample.header("new", started: 2))
        try store.begin(Sample.header("other", started: 3, planKey: "other plan"))
        #expect(try store.interruptedRun(planKey: "plan")?.id == "new")
        try store.finish(run: "new", state: .finished, finished: 4)
        #expect(try store.interruptedRun(planKey: "plan")?.id == "old")
        try store.finish(run: "old", state: .finished, finished: 4)
        #expect(try store.interruptedRun(planKey: "plan") == nil)
    }

    @Suite("Naming a run")
    struct Naming {
        let store: Store

        init() throws {
            store = try Store.inMemory()
            try store.begin(Sample.header("2026-a1", started: 1))
            try store.begin(Sample.header("2026-a12", started: 2))
            try store.begin(Sample.header("2026-b%_", started: 3))
        }

        @Test(
            "an id, or the start of just one id",
            arguments: [
                ("2026-a1", "2026-a1"), ("2026-a12", "2026-a12"), ("2026-b", "2026-b%_"), ("2026-b%", "2026-b%_"),
            ])
        func resolves(name: String, id: String) throws {
            #expect(try store.resolve(name) == id)
        }

        @Test("nothing else, and no wildcard", arguments: ["", "%", "2026-a%", "2026-A1", "2026-a123", "2026-a1\0"])
        func unknown(name: String) throws {
            let error = #expect(throws: StoreError.self) { try store.resolve(name) }
            #expect(error?.kind == .unknownRun)
        }

        @Test("an ambiguous start lists whom it could mean")
        func ambiguous() throws {
            let error = #expect(throws: StoreError.self) { try store.resolve("2026-a") }
            #expect(error?.kind == .ambiguousRun)
            #expect(error?.message == "2 runs begin with 2026-a: 2026-a12, 2026-a1")
        }

        @Test("latest is the newest finished run, or the newest while none has finished")
        func latest() throws {
            #expect(try store.resolve("latest") == "2026-b%_")
            try store.finish(run: "2026-a12", state: .finished, finished: 9)
            #expect(try store.resolve("latest") == "2026-a12")
        }

        @Test("latest of nothing is an error that says so")
        func latestOfNothing() throws {
            let error = try #require(throws: StoreError.self) { try Store.inMemory().resolve("latest") }
            #expect(error.message == "no run has been recorded yet")
        }
    }
}
