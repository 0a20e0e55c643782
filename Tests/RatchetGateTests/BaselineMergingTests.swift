import RatchetCore
import RatchetStatistics
import Testing

@testable import RatchetGate

@Suite("Merging baselines")
struct BaselineMergingTests {
    private func batch(_ id: String, _ passes: Int, of trials: Int = 5, date: String = "2026-11-01") -> BaselineBatch {
        BaselineBatch(id: id, date: date, commit: nil, kind: .planned, passes: passes, trials: trials, passesByCheck: [:])
    }

    private func record(_ id: String, prompt: String = "p1", _ batches: [BaselineBatch]) -> BaselineRecord {
        BaselineRecord(
            id: id, exampleHash: "sha256:e", checks: [:], prompt: "p", promptHash: prompt, target: "a/b", paramsHash: "sha256:q",
            batches: batches, output: nil)
    }

    private func baseline(_ records: BaselineRecord...) -> Baseline { Baseline(suite: "s", records: records) }

    @Test("trials that both sides added are united, each batch once")
    func union() {
        let old = record("a", [batch("b1", 5)])
        let ours = record("a", [batch("b1", 5), batch("b2", 4, date: "2026-11-03")])
        let theirs = record("a", [batch("b1", 5), batch("b3", 3, date: "2026-11-02")])
        let result = BaselineMerging.merge(base: baseline(old), ours: baseline(ours), theirs: baseline(theirs))
        #expect(result.baseline.records.first?.batches.map(\.id) == ["b1", "b3", "b2"])
        #expect(result.united == ["a"])
        #expect(result.stale == [])
    }

    @Test("a record that both sides began anew is stale, and asks as much as the better side did")
    func bothChanged() {
        let old = record("a", [batch("b1", 5)])
        let better = record("a", prompt: "p2", [batch("b2", 5)])
        let worse = record("a", prompt: "p3", [batch("b3", 0)])
        let result = BaselineMerging.merge(base: baseline(old), ours: baseline(worse), theirs: baseline(better))
        #expect(result.stale == ["a"])
        #expect(result.baseline.records.first?.staleReason != nil)
        #expect(result.baseline.records.first?.planned.state == .passed)
    }

    @Test("removed on one side and measured anew on the other: stale, not gone")
    func removedAndChanged() {
        let old = record("a", [batch("b1", 5)])
        let result = BaselineMerging.merge(
            base: baseline(old), ours: baseline(), theirs: baseline(record("a", prompt: "p2", [batch("b2", 5)])))
        #expect(result.stale == ["a"])
        let untouched = BaselineMerging.merge(base: baseline(old), ours: baseline(), theirs: baseline(old))
        #expect(untouched.baseline.records.isEmpty)
    }

    @Test("different trials under one id are nobody's honest batch")
    func edited() {
        let old = record("a", [batch("b1", 3)])
        let result = BaselineMerging.merge(
            base: baseline(old), ours: baseline(record("a", [batch("b1", 5)])), theirs: baseline(record("a", [batch("b1", 0)])))
        #expect(result.stale == ["a"])
    }

    @Test("a record keeps fifty trials, and what one side let go stays gone")
    func cap() {
        let old = record("a", (0..<9).map { batch("b\($0)", 5, date: "2026-10-0\($0 + 1)") })
        let ours = record("a", Array(old.batches.dropFirst()) + [batch("x", 5, date: "2026-11-01")])
        let theirs = record("a", old.batches + [batch("y", 5, date: "2026-11-02")])
        let merged = BaselineMerging.merge(base: baseline(old), ours: baseline(ours), theirs: baseline(theirs)).baseline.records[0]
        #expect(merged.all.trials <= 50)
        #expect(!merged.batches.contains { $0.id == "b0" })
        #expect(merged.batches.contains { $0.id == "x" } && merged.batches.contains { $0.id == "y" })
    }

    @Test("an example whose record is stale has to pass again")
    func staleHasToPass() {
        var suite = SuiteFixture(20)
        suite.staleRecords = ["e3"]
        #expect(suite.decide { id, _ in id == "e3" ? .failed : .passed }.failedRules == [.new])
        #expect(suite.decide { _, _ in .passed }.exitCodes == [])
    }

    // MARK: Laws

    private func random(_ generator: inout SeededGenerator) -> (base: Baseline, ours: Baseline, theirs: Baseline) {
        func any(_ id: String, _ side: String) -> BaselineRecord {
            let batches = (0...Int(generator.next(below: 3))).map { place in
                let trials = 1 + Int(generator.next(below: 20))
                return batch(
                    "\(side)\(generator.next(below: 3))\(place)", Int(generator.next(below: UInt64(trials + 1))), of: trials,
                    date: "2026-11-0\(1 + generator.next(below: 9))")
            }
            return record(id, prompt: "p\(generator.next(below: 2))", batches)
        }
        func changed(_ record: BaselineRecord, _ side: String) -> BaselineRecord? {
            switch generator.next(below: 5) {
            case 0: return nil
            case 1: return any(record.id, side)
            case 2:
                var more = record
                more.batches.append(batch("\(side)new", 3, date: "2026-11-10"))
                return more
            default: return record
            }
        }
        let base = (0..<12).map { any("r\($0)", "b") }
        let ours = base.compactMap { changed($0, "o") } + [any("mine", "o")]
        let theirs = base.compactMap { changed($0, "t") } + (generator.next(below: 2) == 0 ? [any("mine", "t")] : [])
        return (Baseline(suite: "s", records: base), Baseline(suite: "s", records: ours), Baseline(suite: "s", records: theirs))
    }

    @Test("commutative, idempotent, and a side that changed nothing yields the other", arguments: UInt64(1)...60)
    func laws(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let (base, ours, theirs) = random(&generator)
        let merged = BaselineMerging.merge(base: base, ours: ours, theirs: theirs)
        let swapped = BaselineMerging.merge(base: base, ours: theirs, theirs: ours)
        #expect(merged.baseline.records == swapped.baseline.records)
        #expect(BaselineMerging.merge(base: base, ours: ours, theirs: ours).baseline.records == ours.records)
        #expect(BaselineMerging.merge(base: base, ours: base, theirs: theirs).baseline.records == theirs.records)
        #expect(BaselineMerging.merge(base: base, ours: ours, theirs: base).baseline.records == ours.records)
        // A loss is never hidden: what passed on one side and was changed by the other still asks to be answered for.
        for record in merged.baseline.records where record.staleReason == nil {
            let sides = [ours, theirs].compactMap { side in side.records.first { $0.id == record.id } }
            let old = base.records.first { $0.id == record.id }
            if sides.count == 2, sides[0] != old, sides[1] != old, sides[0] != sides[1] {
                #expect(sides[0].hasSameFingerprint(as: sides[1]))
            }
        }
    }
}
