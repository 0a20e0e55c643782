import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetJSON
import RatchetRunner
import RatchetStore

/// What a baseline claims beyond what its reader can see, held against prompts, metrics and recorded runs.
struct BaselineVerification {
    let opened: OpenedProject
    let store: Store
    let baseline: Baseline
    private let file: String

    init(opened: OpenedProject, store: Store, baseline: Baseline) {
        self.opened = opened
        self.store = store
        self.baseline = baseline
        file = BaselineFile.path(suite: baseline.suite, name: baseline.name)
    }

    var summary: String {
        let trials = baseline.records.reduce(0) { $0 + $1.all.trials }
        let stale = baseline.records.count { $0.staleReason != nil }
        return "\(file): \(count(baseline.records.count, "record")), \(count(trials, "trial"))"
            + (stale > 0 ? ", \(stale) stale" : "") + ", as claimed"
    }

    func problems() throws -> [Diagnostic] {
        try orderProblems() + recordProblems() + promptProblems() + metricsProblems() + runProblems()
    }

    /// Lines of records, by id: the header is the first, and blank lines stand between.
    private var lines: [String: Int] {
        var found: [String: Int] = [:]
        guard let bytes = try? FileSystem.read(opened.folder.path(file)) else { return [:] }
        for (place, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if let id = (try? JSONValue(parsing: line))?["id"]?.stringValue { found[id] = place + 1 }
        }
        return found
    }

    private func problem(_ id: String, _ message: String, help: String? = nil) -> Diagnostic {
        let source = SourceReference(file: file, line: lines[id] ?? 1, column: 1)
        return Diagnostic(.error, at: source, message, help: help ?? "restore it from git, or accept anew", exitCode: .badInput)
    }

    private func orderProblems() -> [Diagnostic] {
        let byLine = lines.sorted { $0.value < $1.value }.map(\.key)
        guard let place = zip(byLine, byLine.dropFirst()).first(where: { $0 > $1 }) else { return [] }
        return [problem(place.1, "the records are not sorted by id: \(Quoted.text(place.1)) stands after \(Quoted.text(place.0))")]
    }

    private func recordProblems() -> [Diagnostic] {
        baseline.records.flatMap { record -> [Diagnostic] in
            var found: [Diagnostic] = []
            let ids = record.batches.map(\.id)
            if Set(ids).count != ids.count { found.append(problem(record.id, "a batch of \(Quoted.text(record.id)) is there twice")) }
            if record.all.trials > BaselineAcceptance.cap, record.batches.count > 1 {
                found.append(problem(record.id, "\(Quoted.text(record.id)) has \(record.all.trials) trials, \(BaselineAcceptance.cap) are kept"))
            }
            if let batch = record.batches.first(where: { $0.date > opened.context.today }) {
                found.append(problem(record.id, "\(Quoted.text(record.id)) was accepted on \(batch.date), which is yet to come"))
            }
            let hashes = [record.exampleHash, record.paramsHash] + [record.promptHash].compactMap { $0 } + record.checks.values
            if let hash = hashes.first(where: { !$0.hasPrefix("sha256:") }) {
                found.append(problem(record.id, "\(Quoted.text(hash)) is no hash"))
            }
            return found
        }
    }

    /// Control trials need what was accepted.
    private func promptProblems() -> [Diagnostic] {
        var seen: Set<String> = []
        return baseline.records.compactMap { record in
            guard let hash = record.promptHash, seen.insert(hash).inserted,
                let reference = record.prompt.flatMap({ PromptReference($0) })
            else { return nil }
            if opened.project.prompts[reference.id]?.contains(where: { $0.hash == hash }) == true { return nil }
            let kept = BaselineFile(opened.folder).storedPrompt(reference, hash: hash)
            if kept.prompt?.hash == hash { return nil }
            let what = kept.prompt == nil ? "is not kept" : "is kept with another content"
            return problem(
                record.id, "the accepted prompt \(reference) (\(hash.prefix(19))…) \(what)",
                help: "restore \(BaselineFile.promptPath(hash: hash)) from git")
        }
    }

    private func metricsProblems() throws -> [Diagnostic] {
        let (metrics, diagnostics) = BaselineFile(opened.folder).readMetrics(suite: baseline.suite, name: baseline.name)
        guard let metrics, let suite = metrics["suite"]?.stringValue, suite != baseline.suite else { return diagnostics }
        let source = SourceReference(file: BaselineFile.metricsPath(suite: baseline.suite, name: baseline.name))
        return [Diagnostic(.error, at: source, "these are the metrics of the suite \(Quoted.text(suite))", exitCode: .badInput)]
    }

    /// Batches whose runs are recorded here: the trials must be those.
    private func runProblems() throws -> [Diagnostic] {
        var accepted: [String: [String: AcceptedExample]] = [:]
        var found: [Diagnostic] = []
        for record in baseline.records {
            for batch in record.batches where batch.kind == .planned {
                guard let run = batch.run else { continue }
                if accepted[run] == nil {
                    let suite = try? store.run(run)?.suites.first { $0.suite == baseline.suite }
                    let examples = try suite.map { try RunTrials.accepted(store: store, run: run, suite: $0) } ?? []
                    accepted[run] = Dictionary(examples.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
                }
                guard let example = accepted[run]?[record.id] else { continue }
                // Trials that were bought after a batch was accepted made another batch of it.
                let counts = example.traceIDs.indices.map { example.traceIDs[...$0] }
                guard counts.contains(where: { BaselineAcceptance.batchID($0) == batch.id }) else {
                    found.append(problem(record.id, "the batch \(batch.id) of \(Quoted.text(record.id)) is not of the run \(run)"))
                    continue
                }
                let isWhole = BaselineAcceptance.batchID(example.traceIDs[...]) == batch.id
                if isWhole, example.count != TrialCount(passes: batch.passes, trials: batch.trials) {
                    found.append(
                        problem(
                            record.id,
                            "\(Quoted.text(record.id)) claims \(batch.passes)/\(batch.trials), the run \(run) has \(example.count)"))
                }
            }
        }
        return found
    }
}
