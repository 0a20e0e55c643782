import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetRunner
import RatchetStore

/// Today's checks on the answers of a recorded run: which examples can be judged anew, and the plan to do it.
struct Regrading {
    let store: Store
    let parent: RunHeader
    /// Suites to regrade; empty for all of the run.
    let suites: [String]

    /// The run's examples with the checks they have today. The suites keep what they were run with: target, prompt and
    /// parameters are the recorded ones.
    ///
    /// - Returns: Beside the plan what a reader must know of it.
    func plan(_ opened: inout OpenedProject) throws -> (run: RunPlan, notes: [String]) {
        var plan = RunPlan(suites: [], isPartial: parent.isPartial)
        var notes: [String] = []
        for recorded in try recordedSuites(in: opened.project) {
            guard let planned = opened.plan(selection(recorded, in: opened.project)).suites.first else { continue }
            let hashes = try store.exampleHashes(run: parent.id, suite: recorded.suite)
            let known = planned.examples.filter { hashes[$0.example.id] != nil }
            let usable = try known.filter { try isSameQuestion($0, recordedHash: hashes[$0.example.id], planned, recorded) }
            plan.suites.append(planned.keeping(usable, as: recorded))
            notes += remarks(recorded, known: known.count, usable: usable.count, recordedCount: hashes.count)
        }
        return (plan, notes)
    }

    private func recordedSuites(in project: Project) throws -> [RunSuite] {
        for name in suites where !parent.suites.contains(where: { $0.suite == name }) {
            throw DiagnosticsError([
                Diagnostic(
                    "the run \(parent.id) has no suite \(Quoted.text(name))",
                    help: "its suites: " + parent.suites.map(\.suite).joined(separator: ", "), exitCode: .usage)
            ])
        }
        let wanted = parent.suites.filter { suites.isEmpty || suites.contains($0.suite) }
        let gone = wanted.filter { suite in !project.suites.contains { $0.name == suite.suite } }.map(\.suite)
        guard gone.isEmpty else {
            throw DiagnosticsError([
                Diagnostic("the project has no suite \(gone.joined(separator: ", ")) any more", exitCode: .usage)
            ])
        }
        return wanted
    }

    /// What was run may have been renamed or removed since: then the answers are there all the same.
    private func selection(_ recorded: RunSuite, in project: Project) -> RunSelection {
        var selection = RunSelection()
        selection.suites = [recorded.suite]
        if let target = Target(recorded.target), project.configuration.backend(target.backend) != nil {
            selection.target = target
        }
        if let reference = recorded.prompt.flatMap({ PromptReference($0) }), project.prompt(reference) != nil {
            selection.prompt = reference
        }
        selection.trials = recorded.trials
        return selection
    }

    /// Whether the recorded answer is one to today's example: a changed `expected` is judged anew, a changed question
    /// wants a new answer. Where the prompt itself has changed since nobody can tell, and the answer is taken.
    private func isSameQuestion(
        _ planned: PlannedExample, recordedHash: String?, _ suite: PlannedSuite, _ recorded: RunSuite
    ) throws -> Bool {
        guard planned.hash != recordedHash, suite.prompt?.hash == recorded.promptHash else { return true }
        let trials = try store.exampleTrials(run: parent.id, suite: recorded.suite, example: planned.example.id)
        guard let trial = trials.first(where: { $0.key.draw.role == .run }) else { return true }
        return suite.isQuestion(of: trial.request, planned.example)
    }

    private func remarks(_ suite: RunSuite, known: Int, usable: Int, recordedCount: Int) -> [String] {
        var remarks: [String] = []
        if usable < known {
            remarks.append(
                "\(suite.suite): \(count(known - usable, "example")) not regraded: the question has changed since, run again")
        }
        if known < recordedCount {
            remarks.append("\(suite.suite): \(count(recordedCount - known, "recorded example")) not in the suite any more")
        }
        return remarks
    }
}

/// Each check's work on one example of a recorded run, beside what it said then.
struct RegradeExplanation {
    let store: Store
    let parent: RunHeader
    let plan: RunPlan
    let caller: Caller

    func explain(_ name: String) async throws -> String {
        let found = plan.suites.compactMap { suite in
            suite.examples.first { $0.example.id == name || $0.example.reference == name }.map { (suite, $0) }
        }
        guard found.count == 1, let (suite, planned) = found.first else {
            let words = found.isEmpty ? "there is no example" : "several suites have an example"
            throw DiagnosticsError([
                Diagnostic("\(words) \(Quoted.text(name)) in what can be regraded", exitCode: .usage)
            ])
        }
        let answers = RecordedAnswers(store: store, run: parent.id)
        let trials = try store.exampleTrials(run: parent.id, suite: suite.run.suite, example: planned.example.id)
        var text = "\(planned.example.reference)  of \(parent.id)\n"
        for trial in trials where trial.key.draw.role == .run {
            let answer = try answers.answer(trial.key, of: planned, in: suite)
            guard case .success(let response) = answer.result else {
                text += TrialText.describe(trial)
                continue
            }
            let verdict = await planned.checks.evaluate(
                response, isReused: answer.isReused, baselineOutput: planned.baselineOutput,
                standing: answer.standingVerdicts, caller: caller)
            text += TrialText.explain(trial, verdict)
        }
        return text
    }
}
