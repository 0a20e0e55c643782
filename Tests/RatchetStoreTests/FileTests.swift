import Foundation
import RatchetCore
import RatchetJSON
import Testing

@testable import RatchetStore

@Suite("Runs in files of their own")
struct FileTests {
    private let folder: TemporaryFolder
    private let store: Store
    private var file: String { folder.path + "/part.ratchet" }

    init() throws {
        folder = try TemporaryFolder()
        store = try Store.inMemory()
        try store.begin(header)
        try store.record(
            (0..<600).map { Sample.trial("e\($0)", request: Sample.request(trace: "t\($0)", output: "answer \($0)")) }, run: "run-1",
            cacheable: true)
    }

    private var header: RunHeader {
        var selection = RunSelection()
        selection.target = Target("lab/a/b")
        selection.prompt = PromptReference("p@1")
        selection.only = ["e1"]
        var header = Sample.header()
        header.shard = Shard("2/3").map {
            ShardDescription(
                shard: $0, selection: selection, baseline: nil, baselineHashes: ["s": "sha256:b"], commit: "4c1d2e0", base: nil, planKey: "k")
        }
        header.suites = [Sample.suite("support")]
        return header
    }

    @Test("what a shard says of the whole comes back")
    func description() throws {
        #expect(try store.run("run-1") == header)
        var other = header
        other.shard = nil
        try store.update(other)
        #expect(try store.run("run-1")?.shard == nil)
    }

    @Test("a shard is never the latest run")
    func latest() throws {
        try store.begin(Sample.header("whole", started: 1))
        #expect(try store.resolve("latest") == "whole")
    }

    @Test("a run goes into one file, with no journal beside it, and comes back whole")
    func roundTrip() throws {
        try store.export(header, to: file)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["part.ratchet"])
        let other = try Store.inMemory()
        do {
            let read = try Store(path: file, access: .readOnly)
            let digest = try read.digest(run: "run-1")
            #expect(try read.run("run-1")?.shard?.digest == digest)
            #expect(try store.digest(run: "run-1") == digest)
            try other.begin(Sample.header("merged"))
            try other.takeTrials(of: "run-1", from: read, into: "merged")
        }
        #expect(try other.outcomes(run: "merged") == store.outcomes(run: "run-1"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["part.ratchet"])
        // Answers of another machine are no answers of this one.
        #expect(try other.cachedResponse(fingerprint: "f", notBefore: 0) == nil)
    }

    @Test("taking the same trials twice leaves them once")
    func takenTwice() throws {
        let other = try Store.inMemory()
        try other.begin(Sample.header("merged"))
        for _ in 1...2 { try other.takeTrials(of: "run-1", from: store, into: "merged") }
        #expect(try other.outcomes(run: "merged").count == 600)
    }

    @Test("a file that is there is replaced, and one that can't be leaves nothing behind")
    func replaced() throws {
        try "something else".write(toFile: file, atomically: true, encoding: .utf8)
        try store.export(header, to: file)
        #expect(try Store(path: file, access: .readOnly).run("run-1") != nil)
        try FileManager.default.createDirectory(atPath: folder.path + "/taken/full", withIntermediateDirectories: true)
        #expect(throws: StoreError.self) { try store.export(header, to: folder.path + "/taken") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["part.ratchet", "taken"])
    }

    @Test("the digest follows from what was answered and found, and not from when")
    func digest() throws {
        func digest(_ trial: TrialRecord) throws -> String {
            let store = try Store.inMemory()
            try store.begin(Sample.header())
            try store.record([trial], run: "run-1", cacheable: false)
            return try store.digest(run: "run-1")
        }
        var trial = Sample.trial("a")
        let first = try digest(trial)
        trial.finished += 100
        trial.request.time += 100
        #expect(try digest(trial) == first)
        var answered = trial
        answered.request.output = "another answer"
        var failed = trial
        failed.checks[0].state = .failed
        var dear = trial
        dear.request.cost = 0.5
        for other in [answered, failed, dear] { #expect(try digest(other) != first) }
    }
}
