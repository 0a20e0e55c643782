import RatchetBackends
import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetJSON
import RatchetReports
import RatchetRunner
import RatchetStore

/// Today's checks and today's judges on the accepted answers: records become comparable again whose checks have changed,
/// or whose judge has drifted, without one call to the model that was accepted. A judge that has drifted has no other hash
/// than before, so judges are always asked anew, and never read from the cache.
///
/// The answers of all trials are in the store of the machine that accepted them. Elsewhere the record's own output stands
/// for them, as one trial.
struct BaselineRegrading {
    let context: Context
    var opened: OpenedProject
    /// Suites to regrade; empty for all.
    let suites: [String]
    let name: String?

    /// What came of one record.
    private struct Regraded: Sendable {
        var record: BaselineRecord
        /// Whether there was an answer with a verdict; else the record is as it was.
        var isDone: Bool
        /// Whether some of its trials are not recorded here, or got no verdict.
        var isReduced: Bool
    }

    mutating func regrade(concurrency: Int?) async throws -> ExitCode {
        var selection = RunSelection()
        selection.suites = suites
        let plan = opened.plan(selection)
        var baselines: [String: Baseline] = [:]
        for suite in plan.suites { baselines[suite.run.suite] = opened.baseline(of: suite.run.suite, name: name) }
        let backends = opened.backends(for: plan.judges)
        try opened.requireValid()
        try OpenedProject.requireCredentials(backends)
        if baselines.isEmpty {
            throw DiagnosticsError([
                Diagnostic("there is no baseline to regrade", help: "ratchet run, then ratchet baseline accept", exitCode: .noBaseline)
            ])
        }
        let store = try opened.openStore()
        let caller = Caller(
            backends: backends, store: store, clock: context.clock,
            options: opened.callerOptions(concurrency: concurrency, usesCache: false), interruption: Interruption())
        for suite in plan.suites {
            guard let baseline = baselines[suite.run.suite] else { continue }
            try await regrade(baseline, suite, store, caller)
        }
        return .passed
    }

    private func regrade(
        _ baseline: Baseline, _ suite: PlannedSuite, _ store: Store, _ caller: Caller
    ) async throws {
        let changed = baseline.records.filter { record in
            guard let planned = suite.example(record.id), planned.hash == record.exampleHash else { return false }
            return planned.checks.checkHashes != record.checks || !planned.checks.targets.isEmpty
        }
        guard !changed.isEmpty else {
            context.output("\(suite.run.suite): every record that fits its example has today's checks already\n")
            return
        }
        let name = suite.run.suite
        let all = try await caller.each(changed.compactMap { record in suite.example(record.id).map { (record, $0) } }) {
            try await Self.regrade($0, $1, name, store, caller)
        }
        let regraded = Dictionary(all.map { ($0.record.id, $0) }, uniquingKeysWith: { first, _ in first })
        let records = baseline.records.map { regraded[$0.id]?.record ?? $0 }
        let path = try BaselineFile(opened.folder).write(
            Baseline(suite: baseline.suite, name: baseline.name, records: records), writer: "ratchet \(Version.current)")
        context.output(summary(suite.run.suite, before: changed, Array(regraded.values), path: path))
    }

    private static func regrade(
        _ record: BaselineRecord, _ planned: PlannedExample, _ suite: String, _ store: Store, _ caller: Caller
    ) async throws -> Regraded {
        var batches: [BaselineBatch] = []
        for batch in record.batches {
            let trials = try trials(of: batch, record, suite, store)
            if let judged = await judged(trials, as: batch, planned, caller) { batches.append(judged) }
        }
        if batches.isEmpty, let output = record.output, var stand = record.batches.last {
            stand.id = "b-" + Digest.short(record.id + "\n" + output)
            stand.run = nil
            let answer = Response(output: Output(text: output))
            if let judged = await judged([answer], as: stand, planned, caller) { batches = [judged] }
        }
        guard !batches.isEmpty else { return Regraded(record: record, isDone: false, isReduced: false) }
        var result = record
        result.checks = planned.checks.checkHashes
        result.batches = batches
        return Regraded(record: result, isDone: true, isReduced: result.all.trials < record.all.trials)
    }

    /// The recorded answers that a batch was made of; none when the run is not recorded here.
    private static func trials(
        of batch: BaselineBatch, _ record: BaselineRecord, _ suite: String, _ store: Store
    ) throws -> [Response] {
        guard let run = batch.run, let header = try store.run(run),
            let planned = header.suites.first(where: { $0.suite == suite })?.trials
        else { return [] }
        let trials = try store.exampleTrials(run: run, suite: suite, example: record.id)
        return trials.filter { trial in
            RunTrials.isPlanned(trial.key.draw, planned: planned) && trial.state.isScored
                && trial.exampleHash == record.exampleHash
        }.compactMap(\.request.response)
    }

    /// `nil` when no answer got a verdict.
    private static func judged(
        _ answers: [Response], as batch: BaselineBatch, _ planned: PlannedExample, _ caller: Caller
    ) async -> BaselineBatch? {
        var result = batch
        (result.passes, result.trials, result.passesByCheck) = (0, 0, [:])
        var scores: [Double] = []
        for response in answers {
            let verdict = await planned.checks.evaluate(response, isReused: true, caller: caller)
            guard verdict.state.isScored else { continue }
            result.trials += 1
            if verdict.state == .passed { result.passes += 1 }
            if let score = MeanScore(verdict.results).value { scores.append(score) }
            for check in verdict.results where check.gating {
                result.passesByCheck[check.name, default: 0] += check.state == .passed ? 1 : 0
            }
        }
        // Kept where they were kept, and where the new judge grades.
        let isKept = batch.scores != nil || scores.contains { $0 > 0 && $0 < 1 }
        result.scores = isKept && scores.count == result.trials ? scores : nil
        return result.trials > 0 ? result : nil
    }

    private func summary(_ suite: String, before: [BaselineRecord], _ regraded: [Regraded], path: String) -> String {
        let done = regraded.filter(\.isDone)
        let reduced = done.count(where: \.isReduced)
        let old = Dictionary(before.map { ($0.id, $0.planned) }, uniquingKeysWith: { first, _ in first })
        let passedBefore = done.count { old[$0.record.id]?.state == .passed }
        let passedNow = done.count { $0.record.planned.state == .passed }
        var text = "\(suite): \(count(done.count, "record")) judged by today's checks, \(passedNow) passing (was \(passedBefore))\n"
        if reduced > 0 {
            text += "  \(count(reduced, "record")) with fewer trials than before: the answers of the others are not recorded here, or got no verdict\n"
        }
        if done.count < regraded.count {
            text += "  \(count(regraded.count - done.count, "record")) left as they were: there was no answer, or no verdict on it\n"
        }
        return text + (done.isEmpty ? "" : "wrote \(path): commit it\n")
    }
}
