import RatchetCore
import RatchetJSON

/// Reads the lines of a baseline.
struct BaselineRecordReader {
    static let conflictHelp = "run: ratchet baseline merge"
    private static let headerKeys = ["format", "suite", "written_by", "on_conflict"]
    private static let keys = [
        "id", "example", "checks", "prompt", "prompt_hash", "target", "params", "batches", "output", "stale",
    ]
    private static let batchKeys = ["id", "run", "date", "commit", "kind", "passes", "trials", "by_check", "scores"]

    let suite: String
    let problems: Problems

    func checkHeader(_ row: JSONValue, at source: SourceReference) {
        guard row.objectValue?["format"]?.stringValue == Baseline.format else {
            let found = row.objectValue?["format"]?.stringValue.map { ", not \(Quoted.text($0))" } ?? ""
            problems.error(
                "the first line must be the header of the format \(Quoted.text(Baseline.format))\(found)", at: source,
                help: "restore the file from git, or remove it and accept anew")
            return
        }
        guard let reader = ObjectReader(row, at: source, as: "the header", keys: Self.headerKeys, problems),
            reader.require("suite"), let written = reader.text("suite"), written != suite
        else { return }
        reader.error("suite", "this is the baseline of the suite \(Quoted.text(written)), not of \(Quoted.text(suite))")
    }

    func read(_ row: JSONValue, at source: SourceReference) -> BaselineRecord? {
        guard let reader = ObjectReader(row, at: source, as: "a record", keys: Self.keys, problems) else { return nil }
        let isWhole = ["id", "example", "checks", "target", "params", "batches"].map { reader.require($0) }
        guard !isWhole.contains(false), let id = reader.identifier("id"), let example = reader.text("example"),
            let target = reader.text("target"), let params = reader.text("params"), let list = reader.list("batches")
        else { return nil }
        let batches = list.enumerated().compactMap { batch($1, at: reader.place("batches").appending($0)) }
        guard !batches.isEmpty else {
            if list.isEmpty { reader.error("batches", "a record needs at least one batch") }
            return nil
        }
        var record = BaselineRecord(
            id: id, exampleHash: example, checks: hashes(reader), prompt: reader.text("prompt"),
            promptHash: reader.text("prompt_hash"), target: target, paramsHash: params, batches: batches,
            output: reader.string("output"))
        record.staleReason = reader.text("stale")
        return record
    }

    private func hashes(_ reader: ObjectReader) -> [String: String] {
        var hashes: [String: String] = [:]
        for (name, value) in reader.object("checks")?.members ?? [] {
            if let hash = value.stringValue {
                hashes[name] = hash
            } else {
                problems.error(
                    "a check's hash must be a string, not \(value.kind)", at: reader.place("checks").appending(name))
            }
        }
        return hashes
    }

    private func batch(_ value: JSONValue, at source: SourceReference) -> BaselineBatch? {
        guard let reader = ObjectReader(value, at: source, as: "a batch", keys: Self.batchKeys, problems) else {
            return nil
        }
        let isWhole = ["id", "date", "kind", "passes", "trials"].map { reader.require($0) }
        guard !isWhole.contains(false), let id = reader.text("id"), let date = reader.text("date"),
            let kind: BaselineBatch.Kind = kind(reader), let trials = reader.integer("trials", in: 1...1_000_000),
            let passes = reader.integer("passes", in: 0...trials)
        else { return nil }
        if CalendarDay(date) == nil {
            reader.error("date", "\(Quoted.text(date)) is not a day", help: "write it as 2026-11-20")
        }
        var byCheck: [String: Int] = [:]
        for (name, value) in reader.object("by_check")?.members ?? [] {
            if let count = value.intValue, (0...trials).contains(count) {
                byCheck[name] = count
            } else {
                problems.error(
                    "the passes of a check must be a whole number from 0 to \(trials)",
                    at: reader.place("by_check").appending(name))
            }
        }
        return BaselineBatch(
            id: id, run: reader.text("run"), date: date, commit: reader.text("commit"), kind: kind, passes: passes, trials: trials,
            passesByCheck: byCheck, scores: scores(reader, trials: trials))
    }

    private func scores(_ reader: ObjectReader, trials: Int) -> [Double]? {
        guard let list = reader.list("scores") else { return nil }
        let scores = list.compactMap { $0.doubleValue.flatMap { (0...1).contains($0) ? $0 : nil } }
        guard scores.count == list.count, scores.count == trials else {
            reader.error("scores", "\"scores\" must be \(trials) numbers from 0 to 1, one a trial")
            return nil
        }
        return scores
    }

    private func kind(_ reader: ObjectReader) -> BaselineBatch.Kind? {
        guard let text = reader.text("kind") else { return nil }
        if let kind = BaselineBatch.Kind(rawValue: text) { return kind }
        reader.error("kind", "\"kind\" must be \"planned\" or \"control\", not \(Quoted.text(text))")
        return nil
    }
}
