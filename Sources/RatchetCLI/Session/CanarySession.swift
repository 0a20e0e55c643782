import RatchetBackends
import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetJSON
import RatchetOperations
import RatchetReports
import RatchetRunner
import RatchetStore

/// The canaries of the judges that decide in a run.
struct CanaryWatch {
    let opened: OpenedProject
    let plan: RunPlan
    let store: Store
    let backends: [String: ConfiguredBackend]
    let canaries: [String: JudgeCanary]
    let concurrency: Int?
    let usesCache: Bool
    let budget: RunBudget
    let interruption: Interruption

    /// Asks each judge that a gating check asks about its canary again, within the policy's budget of calls.
    func results() async throws -> [String: JudgeStatus.Canary] {
        var results: [String: JudgeStatus.Canary] = [:]
        for (rubric, calls) in budgets.sorted(by: { $0.key < $1.key }) {
            guard let canary = canaries[rubric], let rubric = opened.project.rubrics[rubric] else { continue }
            let items = Array(canary.items.prefix(calls / rubric.callsPerVerdict))
            guard !items.isEmpty, !interruption.isRequested else { continue }
            results[rubric.id] = try await Self.ask(
                rubric, items, opened: opened, store: store, backends: backends, concurrency: concurrency,
                usesCache: usesCache, interruption: interruption, budget: budget
            ).result
        }
        return results
    }

    /// By rubric, the largest budget of the suites in which it gates.
    private var budgets: [String: Int] {
        var budgets: [String: Int] = [:]
        for suite in plan.suites where suite.suite.policy.canaryCalls > 0 {
            for status in JudgeStatuses.of(suite, in: opened.project, canaries: [:])
            where status.isGating && status.standing != .advisory {
                budgets[status.rubric] = max(budgets[status.rubric] ?? 0, suite.suite.policy.canaryCalls)
            }
        }
        return budgets
    }

    /// What the judge says today. An answer that it gave earlier on the same day (UTC) is today's.
    static func ask(
        _ rubric: Rubric, _ items: [LabelledItem], opened: OpenedProject, store: Store, backends: [String: ConfiguredBackend],
        concurrency: Int?, usesCache: Bool, interruption: Interruption, budget: RunBudget? = nil
    ) async throws -> (result: JudgeStatus.Canary, findings: [JudgeFinding]) {
        let today = opened.context.clock.now().truncatingRemainder(dividingBy: 86_400)
        let session = JudgeSession(
            opened, rubric: rubric, store: store, backends: backends, interruption: interruption, concurrency: concurrency,
            usesCache: usesCache, cacheMaximumAge: min(today, opened.project.configuration.cacheMaximumAge), budget: budget)
        let findings = try await session.findings(on: items.map(\.judged))
        let now = findings.map { $0.verdict == nil ? nil : $0.outcome.state == .passed }
        return (JudgeCanary.result(items, now: now), findings)
    }
}

/// `judge canary`: making a canary, and asking it.
struct CanarySession {
    let context: Context
    private(set) var opened: OpenedProject
    let rubric: Rubric
    var concurrency: Int?
    var usesCache = true

    static let usualSize = JudgeCanary.usualSize

    // MARK: Making

    /// - Parameter source: A file of labels, or a stored run.
    mutating func make(from source: String, size: Int) async throws -> RatchetCore.ExitCode {
        let isFile = FileSystem.kind(context.absolute(source)) == .file
        var (items, code) = isFile ? try await labelled(source) : (try recorded(source), .passed)
        guard code == .passed else { return code }
        guard !items.isEmpty else {
            context.error("error: \(TerminalText.plain(source, limit: 80)) holds no verdict of \(rubric.id), as it is now\n")
            return .nothingToRun
        }
        let scores = Dictionary(rubric.scale.verdicts.map { ($0.name, $0.score) }, uniquingKeysWith: { first, _ in first })
        let candidates = items.map { item in
            JudgeCalibrating.Candidate(
                passes: item.judge?.passes ?? false, time: 0, score: item.judge?.verdict.flatMap { scores[$0] })
        }
        let chosen = JudgeCanary.choose(
            size, of: candidates, threshold: rubric.threshold, seed: Digest.seed("\(rubric.hash) \(items.count)"))
        items = chosen.map { items[$0] }
        return try write(items)
    }

    private func write(_ items: [LabelledItem]) throws -> RatchetCore.ExitCode {
        let canary = JudgeCanary(rubric: rubric, date: context.today, items: items)
        try canary.write(writer: "ratchet \(Version.current)", in: opened.folder)
        let passes = items.count { $0.judge?.passes == true }
        let alarm = JudgeCanary.alarm(items.count)
        context.output(
            "wrote \(JudgeCanary.path(rubric.id)): \(count(passes, "answer")) that the judge passes, \(items.count - passes) that it fails\n"
                + (alarm > items.count
                    ? "these are too few to tell drift: \(JudgeCanary.usualSize) are usual\n"
                    : "drift: \(alarm) of \(items.count) verdicts changed when they are asked for again\n"))
        return .passed
    }

    private mutating func labelled(_ file: String) async throws -> ([LabelledItem], RatchetCore.ExitCode) {
        var calibration = CalibrationSession(
            context: context, opened: opened, rubric: rubric, options: .init(concurrency: concurrency, usesCache: usesCache))
        return try await calibration.judgedItems(file)
    }

    private mutating func recorded(_ name: String) throws -> [LabelledItem] {
        let store = try opened.openStore()
        let header = try RecordedRuns(folder: opened.folder, store: store).header(name)
        try opened.requireValid()
        var seen: Set<String> = []
        let outputs = try JudgedOutputs(opened: opened, store: store, rubric: rubric).of(header)
        return outputs.filter { seen.insert($0.key).inserted }.map { output in
            LabelledItem(
                subject: output.subject, input: output.item.input, expected: output.item.expected,
                contexts: output.item.contexts, metadata: output.item.metadata, judge: output.grade(on: rubric.scale),
                source: SourceReference(file: "run \(header.id)"))
        }
    }

    // MARK: Asking

    /// - Parameter renews: Keeps today's verdicts as the known ones.
    mutating func ask(renews: Bool, format: OutputFormat) async throws -> RatchetCore.ExitCode {
        guard FileSystem.kind(opened.folder.path(JudgeCanary.path(rubric.id))) != nil else {
            throw DiagnosticsError([
                Diagnostic(
                    "rubric \(rubric.id) has no canary yet",
                    help: "make one with: ratchet judge canary \(rubric.id) --from RUN (or a file of labels)", exitCode: .usage)
            ])
        }
        let problems = Problems()
        let canary = JudgeCanary.read(rubric, in: opened.folder, problems)
        if let canary, !canary.isOf(rubric), !renews {
            problems.error(
                "this canary is outdated: the rubric or its judge was changed since",
                at: SourceReference(file: JudgeCanary.path(rubric.id)),
                help: "keep its answers with today's verdicts: ratchet judge canary \(rubric.id) --renew")
        }
        opened.add(problems.diagnostics)
        let backends = opened.backends(for: [rubric.judge])
        try opened.requireValid()
        try OpenedProject.requireCredentials(backends)
        guard let canary else { return .badInput }
        let interruption = Interruption()
        let watch = context.onSignal { interruption.request($0) }
        defer { withExtendedLifetime(watch) {} }
        let (result, findings) = try await CanaryWatch.ask(
            rubric, canary.items, opened: opened, store: try opened.openStore(), backends: backends, concurrency: concurrency,
            usesCache: usesCache, interruption: interruption)
        if let code = interruption.code { return code }
        if result.judged * 2 < canary.items.count {
            let reason = findings.map(\.outcome).first { $0.state == .errored || $0.state == .unscored }?.reason ?? ""
            context.error(
                "error: \(result.unanswered) of \(canary.items.count) answers got no verdict: \(TerminalText.plain(reason, limit: 300))\n")
            return .backendUnavailable
        }
        if renews { return try write(renewed(canary.items, findings)) }
        report(result, canary, findings, format)
        return result.hasDrifted ? .inconclusive : .passed
    }

    /// The items with today's verdicts; one without a verdict leaves.
    private func renewed(_ items: [LabelledItem], _ findings: [JudgeFinding]) -> [LabelledItem] {
        zip(items, findings).compactMap { item, finding in
            guard finding.verdict != nil else { return nil }
            var item = item
            item.take(finding)
            return item
        }
    }

    private func report(
        _ result: JudgeStatus.Canary, _ canary: JudgeCanary, _ findings: [JudgeFinding], _ format: OutputFormat
    ) {
        if format == .json {
            var object = result.json.objectValue ?? [:]
            object["rubric"] = .string(rubric.id)
            object["judge"] = .string(canary.judge)
            object["date"] = .string(canary.date)
            context.output(JSONValue.object(object).serialized(.compact) + "\n")
            return
        }
        let status = JudgeStatus(
            rubric: rubric.id, name: rubric.name, judge: canary.judge, standing: .mayGate, calibration: nil, isGating: false,
            canary: result)
        var text = JudgeWording(status).lines.map { $0 + "\n" }.joined()
        for (item, finding) in zip(canary.items, findings) {
            guard finding.verdict != nil, let before = item.judge?.passes, before != (finding.outcome.state == .passed) else { continue }
            let input = TerminalText.plain(item.input.stringValue ?? item.input.serialized(.compact), limit: 70)
            text += "  \(before ? "passed" : "failed") -> \(before ? "failed" : "passed")  \(input)\n"
        }
        context.output(text + "verdicts of \(canary.date)\n")
    }
}
