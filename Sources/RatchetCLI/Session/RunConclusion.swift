import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetReports
import RatchetStore

/// From an executed run to a decided and recorded one.
struct RunConclusion {
    /// `--allow-regression … --reason …`
    struct Permission {
        /// Example ids, bare or as `suite/id`, and `suite:pass_rate`.
        var names: [String]
        var reason: String
        var kind = Override.Kind.tolerate
        /// The last day it holds; `nil` for the usual life.
        var expires: String?
    }

    let session: RunSession
    let outcome: RunSession.Outcome
    let permission: Permission?

    private var context: Context { session.context }
    private var folder: ProjectFolder { session.opened.folder }

    /// Decides, writes the files that were asked for, keeps the decision, and shows it.
    func conclude(_ format: OutputFormat, files: ReportFiles) throws -> ExitCode {
        var report = try decide()
        if let path = files.recording {
            do {
                try RecordingExport.write(run: outcome.header, store: session.store, to: path)
            } catch {
                context.error("error: the recording could not be written: \(error)\n")
                report.decision = report.decision.adding(.cannotWrite)
            }
        }
        files.write(
            &report, ProjectBackground(project: session.opened.project, folder: folder, store: session.store), baselines: session.baselines)
        try keep(report)
        try context.show(report, format)
        return report.decision.exit
    }

    /// The run's report. Permissions from the command line are written as override files where there is something to
    /// permit, and then weigh like any other.
    func decide() throws -> RunReport {
        let conditions = DecisionConditions(today: context.today, isCI: context.isCI, metrics: try metrics())
        var suites = outcome.gate.suites.map { $0.decide(conditions) }
        var notes = outcome.notes
        var circumstances = outcome.circumstances
        if let permission {
            var writer = OverrideWriter(context: context, folder: folder, permission: permission)
            let written = try outcome.gate.suites.map { gate in
                try writer.write(for: gate.decide(conditions), hashes: gate.bindingHashes)
            }
            suites = zip(outcome.gate.suites, written).map { gate, overrides in
                gate.adding(overrides).decide(conditions)
            }
            notes += written.joined().map { "wrote \($0.file)" }
            for name in session.options.removedSuites {
                guard let file = try writer.write(removed: name) else { continue }
                notes.append("wrote \(file)")
                if let place = circumstances.firstIndex(of: .regressed) { circumstances.remove(at: place) }
            }
            for name in writer.unused {
                notes.append("--allow-regression \(name): nothing here needs it")
                if context.isCI { circumstances.append(.overrideProblem) }
            }
        }
        if let note = session.options.basisNote, !session.options.isUngated { notes.append(note) }
        var report = try Self.report(
            header: outcome.header, decision: RunDecision(suites: suites, circumstances: circumstances), notes: notes,
            store: session.store)
        report.command = context.command
        return report
    }

    /// What is known of the metrics of suites whose policy bounds them.
    private func metrics() throws -> [String: MetricEvidence] {
        let readings = MetricReadings(store: session.store, folder: folder)
        var found: [String: MetricEvidence] = [:]
        for suite in session.plan.suites where !suite.suite.policy.metrics.isEmpty || session.options.comparedWith != nil {
            let name = suite.run.suite
            if session.options.comparedWith != nil {
                found[name] = try readings.interleaved(outcome.header, suite: suite.run)
                continue
            }
            found[name] = try readings.evidence(
                outcome.header, suite: suite.run, baseline: session.baselines[name], budgets: suite.suite.policy.metrics)
        }
        return found
    }

    /// Marks the run as finished, with its decision, so that its reports can be made again.
    func keep(_ report: RunReport) throws {
        let isCut = !outcome.circumstances.isEmpty
        try session.store.finish(
            run: outcome.header.id, state: isCut ? .interrupted : .finished, finished: context.clock.now(),
            verdict: try StoredDecision(report).json)
    }

    static func report(
        header: RunHeader, decision: RunDecision, notes: [String], store: Store
    ) throws -> RunReport {
        var metrics: [String: RunMetrics] = [:]
        for suite in header.suites { metrics[suite.suite] = try store.metrics(run: header.id, suite: suite.suite) }
        var report = RunReport(header: header, decision: decision, metrics: metrics, notes: notes) { suite, ids, body in
            guard let examples = decision.suites.first(where: { $0.suite.suite == suite })?.examples else { return }
            for example in examples where ids?.contains(example.id) ?? true {
                let trials = try store.exampleTrials(run: header.id, suite: suite, example: example.id)
                try body(ExampleTrials(decision: example, trials: trials))
            }
        }
        report.concurrency = try store.concurrencyChanges(run: header.id)
        return report
    }
}
