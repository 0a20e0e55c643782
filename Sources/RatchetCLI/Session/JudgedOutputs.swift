import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetJSON
import RatchetOperations
import RatchetStore

/// An output of a stored run with what a rubric's judge said of it then.
struct JudgedOutput {
    var suite: String
    var example: String
    var item: JudgedItem
    var passes: Bool
    /// In 0...1.
    var score: Double?
    /// Seconds since 1970 at which the output was generated.
    var time: Double

    /// The same as a row of labels has it.
    var subject: LabelledItem.Subject {
        switch item.subject {
        case .output(let text): .output(text)
        case .pair(let text, let other): .pair(first: text, second: other)
        }
    }

    /// The verdict by its score; no more than passed or failed where several verdicts have that score.
    func grade(on scale: Rubric.Scale) -> Grade {
        let named = scale.verdicts.filter { verdict in score.map { abs(verdict.score - $0) < 1e-9 } ?? false }
        return Grade(verdict: named.count == 1 ? named[0].name : nil, passes: passes)
    }

    var key: String {
        LabelledItem.key(subject, input: item.input, expected: item.expected, contexts: item.contexts)
    }
}

/// The judged outputs of a run.
struct JudgedOutputs {
    let opened: OpenedProject
    let store: Store
    let rubric: Rubric

    /// In the order of the run's examples. Outputs of examples and checks that were changed since are left out: what the
    /// judge saw of them can't be shown again.
    func of(_ header: RunHeader) throws -> [JudgedOutput] {
        var resources = CheckResources(folder: opened.folder, project: opened.project, context: opened.context)
        // What is measured is the judge, whatever its verdicts may decide.
        resources.advisoryRubrics = []
        let compiler = CheckCompiler(resources)
        var found: [JudgedOutput] = []
        for run in header.suites {
            guard let suite = opened.project.suites.first(where: { $0.name == run.suite }) else { continue }
            var opened = opened
            let baseline = opened.baseline(of: suite.name, name: nil)
            let outputs = Dictionary(
                (baseline?.records ?? []).map { ("\($0.id) \($0.exampleHash)", $0.output) },
                uniquingKeysWith: { first, _ in first })
            for example in suite.examples where example.checks.contains(where: { $0.rubricID == rubric.id }) {
                guard let checks = compiler.compile(example).checks else { continue }
                let hash = example.hash
                for trial in try store.exampleTrials(run: header.id, suite: suite.name, example: example.id) {
                    guard trial.exampleHash == hash, trial.key.draw.role != .control else { continue }
                    let baselineOutput = outputs["\(example.id) \(hash)"] ?? nil
                    if let output = judged(trial, by: checks, baselineOutput) { found.append(output) }
                }
            }
        }
        return found
    }

    private func judged(_ trial: TrialRecord, by checks: CompiledChecks, _ baselineOutput: String?) -> JudgedOutput? {
        guard let response = trial.request.response,
            let judgement = checks.judgement(by: rubric.id, of: response, baselineOutput: baselineOutput),
            let result = trial.checks.first(where: { $0.name == judgement.check }), result.hash == judgement.hash,
            result.state == .passed || result.state == .failed
        else { return nil }
        // By the rubric's own threshold, which a check may replace by another.
        let passes = result.score.map { $0 + 1e-9 >= rubric.threshold } ?? (result.state == .passed)
        return JudgedOutput(
            suite: trial.key.suite, example: trial.key.example, item: judgement.item, passes: passes, score: result.score,
            time: trial.request.time)
    }
}

extension JudgedOutput {
    /// A row for a person to label: as `judge calibrate --labels` reads it.
    func row(verdict: String?, drawnFrom population: TrialCount, run: String) -> JSONValue {
        var row: JSONObject = [
            "id": .string("\(suite)/\(example) \(key.suffix(8))"), "input": item.input,
        ]
        switch item.subject {
        case .output(let text): row["output"] = .string(text)
        case .pair(let text, let other):
            row["first"] = .string(text)
            row["second"] = .string(other)
        }
        row["expected"] = item.expected
        if !item.contexts.isEmpty { row["contexts"] = .array(item.contexts) }
        if !item.metadata.isEmpty { row["metadata"] = .object(item.metadata) }
        row["label"] = .null
        row["judge"] = .optional(verdict)
        row["drawn_from"] = [
            "run": .string(run), "passes": .int(population.passes), "judged": .int(population.trials),
        ]
        return .object(row)
    }
}
