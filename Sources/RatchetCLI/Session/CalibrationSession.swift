import RatchetBackends
import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetJSON
import RatchetOperations
import RatchetReports
import RatchetStore

/// Measuring a judge against people's labels.
struct CalibrationSession {
    struct Options {
        /// Takes the judge's verdicts from this member of the rows' `judges`.
        var recorded: String?
        /// A run that the labelled answers were drawn from.
        var run: String?
        /// Error rates measured elsewhere: good answers passed, bad answers failed.
        var imported: (good: TrialCount, bad: TrialCount)?
        var concurrency: Int?
        var usesCache = true
    }

    let context: Context
    private(set) var opened: OpenedProject
    let rubric: Rubric
    let options: Options

    init(context: Context, opened: OpenedProject, rubric: Rubric, options: Options) {
        self.context = context
        self.opened = opened
        self.rubric = rubric
        self.options = options
    }

    mutating func calibrate(labels name: String, format: OutputFormat) async throws -> RatchetCore.ExitCode {
        var labels = try readLabels(name)
        let (header, store) = try options.run.map(recordedRun) ?? (nil, nil)
        try opened.requireValid()
        if let answered = try await judgeMissing(&labels.items, store: store), answered != .passed { return answered }

        let population = try population(header, store, labels)
        let calibration = JudgeCalibrating.calibrate(
            labels.items, rubric: rubric, population: population, date: context.today)
        let imported = options.imported.flatMap {
            JudgeCalibrating.truePassRate(judged: calibration.judged, good: $0.good, bad: $0.bad)
        }
        let (path, note) = try keep(calibration)
        let unusable = labels.items.count { !$0.people.isEmpty && $0.judge == nil }
        switch format {
        case .human:
            var lines = CalibrationText(calibration: calibration, rubric: rubric, labels: name, imported: imported).lines
            if unusable > 0 { lines.append("\(count(unusable, "labelled answer")) left out: the judge gave no usable verdict") }
            context.output((lines + [note]).joined(separator: "\n") + "\n")
        case .json:
            var object = calibration.json.objectValue ?? [:]
            object["enough_labels"] = .bool(calibration.hasEnoughLabels)
            object["no_verdict"] = .int(unusable)
            object["imported_true_pass_rate"] = imported?.json ?? .null
            object["stored"] = .optional(path)
            object["summary"] = .string(JudgeWording.figures(calibration))
            context.output(JSONValue.object(object).serialized(.compact) + "\n")
        }
        return calibration.counts.total == 0 ? .nothingToRun : .passed
    }

    /// The rows of a file of labels that have a verdict of the judge, recorded or asked for.
    ///
    /// - Returns: Beside them the code of what went wrong while asking, which has been said.
    mutating func judgedItems(_ name: String) async throws -> ([LabelledItem], RatchetCore.ExitCode) {
        var labels = try readLabels(name, mustBeLabelled: false)
        try opened.requireValid()
        let answered = try await judgeMissing(&labels.items, onlyLabelled: false, store: nil)
        return (labels.items.filter { $0.judge != nil }, answered ?? .passed)
    }

    private mutating func readLabels(_ name: String, mustBeLabelled: Bool = true) throws -> JudgeLabels {
        let problems = Problems()
        let labels = JudgeLabels.read(
            context.absolute(name), in: opened.folder, rubric: rubric, recorded: options.recorded, problems)
        opened.add(problems.diagnostics)
        if !problems.hasErrors, mustBeLabelled {
            if labels.items.allSatisfy(\.people.isEmpty) {
                opened.add([Diagnostic("no row of \(name) has a label", help: "write \"label\": \"\(rubric.scale.verdicts.first?.name ?? "")\"")])
            }
            if let recorded = options.recorded, labels.items.allSatisfy({ $0.judge == nil }) {
                opened.add([Diagnostic("no row of \(name) has a verdict of the recorded judge \"\(recorded)\"", exitCode: .usage)])
            }
        }
        return labels
    }

    private func recordedRun(_ name: String) throws -> (RunHeader?, Store?) {
        let store = try opened.openStore()
        return (try RecordedRuns(folder: opened.folder, store: store).header(name), store)
    }

    // MARK: The judge

    /// Asks the judge about labelled answers whose verdict is not recorded; `nil` when there are none.
    private mutating func judgeMissing(
        _ items: inout [LabelledItem], onlyLabelled: Bool = true, store opened: Store?
    ) async throws -> RatchetCore.ExitCode? {
        let places = items.indices.filter {
            items[$0].judge == nil && !items[$0].isUnjudgeable && !(onlyLabelled && items[$0].people.isEmpty)
        }
        guard !places.isEmpty else { return nil }
        let backends = self.opened.backends(for: [rubric.judge])
        try self.opened.requireValid()
        try OpenedProject.requireCredentials(backends)
        let store = try opened ?? self.opened.openStore()
        let session = JudgeSession(
            self.opened, rubric: rubric, store: store, backends: backends, concurrency: options.concurrency,
            usesCache: options.usesCache)
        let watch = session.watchingSignals()
        defer { withExtendedLifetime(watch) {} }
        if context.isErrorTerminal { context.error("asking \(rubric.judge) about \(count(places.count, "answer"))\n") }
        let findings = try await session.findings(on: places.map { items[$0].judged })
        for (place, finding) in zip(places, findings) { items[place].take(finding) }
        let errors = findings.map(\.outcome).filter { $0.state == .errored }
        if let code = session.stopped {
            context.error("error: \(errors.first?.reason ?? "stopped"); what was answered is kept, the same command goes on\n")
            return code
        }
        // A few are left out; many would leave a choice that says little about the rest.
        guard Double(errors.count) <= 0.02 * Double(places.count) else {
            context.error(
                "error: \(errors.count) of \(count(places.count, "answer")) got no verdict, and nothing was stored: "
                    + "\(TerminalText.plain(errors.first?.reason ?? "", limit: 300))\n"
                    + "  what was answered is kept, the same command goes on\n")
            return .backendUnavailable
        }
        return .passed
    }

    /// All that was judged: of the given run, or of the runs that the rows say they were drawn from.
    private func population(_ header: RunHeader?, _ store: Store?, _ labels: JudgeLabels) throws -> TrialCount? {
        if let header, let store {
            let outputs = try JudgedOutputs(opened: opened, store: store, rubric: rubric).of(header)
            guard !outputs.isEmpty else {
                throw DiagnosticsError([
                    Diagnostic("the run \(header.id) has no output that \(rubric.id), as it is now, has judged", exitCode: .usage)
                ])
            }
            return TrialCount(passes: outputs.count { $0.passes }, trials: outputs.count)
        }
        guard !labels.populations.isEmpty else { return nil }
        return labels.populations.values.reduce(into: TrialCount()) {
            $0.passes += $1.passes
            $0.trials += $1.trials
        }
    }

    /// Recorded verdicts of another judge say nothing about this one.
    private func keep(_ calibration: JudgeCalibration) throws -> (path: String?, note: String) {
        if let recorded = options.recorded, ![rubric.judge.description, rubric.judge.model].contains(recorded) {
            return (nil, "not stored: these are the verdicts of \(TerminalText.plain(recorded, limit: 80)), not of \(rubric.judge)")
        }
        guard calibration.counts.total > 0 else { return (nil, "not stored: there is no labelled answer with a verdict") }
        try CalibrationFile.write(calibration, writer: "ratchet \(Version.current)", in: opened.folder)
        let path = CalibrationFile.path(rubric.id)
        return (path, "wrote \(path)")
    }

    // MARK: What to label next

    /// Prints rows to be labelled, on standard output; a hint goes to standard error.
    mutating func printNext(_ wanted: Int, labels name: String?) throws -> RatchetCore.ExitCode {
        let known = try name.map { Set(try readKnown($0).items.filter { !$0.people.isEmpty }.map(\.key)) } ?? []
        let (header, store) = try recordedRun(options.run ?? "latest")
        try opened.requireValid()
        guard let header, let store else { return .nothingToRun }
        let outputs = try JudgedOutputs(opened: opened, store: store, rubric: rubric).of(header)
        let population = TrialCount(passes: outputs.count { $0.passes }, trials: outputs.count)
        var seen = known
        let fresh = outputs.filter { seen.insert($0.key).inserted }
        guard !fresh.isEmpty else {
            context.error("the run \(header.id) has no output judged by \(rubric.id), as it is now, that is not labelled\n")
            return .nothingToRun
        }
        let chosen = JudgeCalibrating.next(
            wanted, of: fresh.map { .init(passes: $0.passes, time: $0.time, score: $0.score) },
            seed: Digest.seed("\(header.id) \(rubric.hash) \(known.count)"))
        for place in chosen {
            let output = fresh[place]
            context.output(
                output.row(verdict: verdict(of: output), drawnFrom: population, run: header.id).serialized(.compact) + "\n")
        }
        let passes = chosen.count { fresh[$0].passes }
        context.error(
            "\(count(passes, "answer")) that the judge passes and \(chosen.count - passes) that it fails, of \(population.trials) judged\n"
                + "next: give each row a \"label\", add them to your labels, then ratchet judge calibrate \(rubric.id) --labels FILE\n")
        return .passed
    }

    /// A file of labels that does not exist yet holds none.
    private mutating func readKnown(_ name: String) throws -> JudgeLabels {
        let problems = Problems()
        guard FileSystem.kind(context.absolute(name)) != nil else { return JudgeLabels() }
        let labels = JudgeLabels.read(context.absolute(name), in: opened.folder, rubric: rubric, problems)
        opened.add(problems.diagnostics)
        return labels
    }

    private func verdict(of output: JudgedOutput) -> String {
        output.grade(on: rubric.scale).verdict ?? (output.passes ? "pass" : "fail")
    }
}

extension LabelledItem {
    /// As the judge is shown it.
    var judged: JudgedItem {
        let subject: JudgedItem.Subject =
            switch subject {
            case .output(let text): .output(text)
            case .pair(let first, let second): .pair(first, against: second)
            }
        return JudgedItem(subject, input: input, expected: expected, contexts: contexts, metadata: metadata)
    }

    mutating func take(_ finding: JudgeFinding) {
        guard let verdict = finding.verdict else { return }
        judge = Grade(verdict: verdict, passes: finding.outcome.state == .passed)
        orders = finding.orders
    }
}
