import RatchetBackends
import RatchetCore
import RatchetFiles
import RatchetJSON
import RatchetOperations
import RatchetReports
import RatchetRunner
import RatchetStore

/// Adding an example: refuse what is there already or should not be in a repository, write it, run it once.
struct ExampleAdding {
    let context: Context
    let opened: OpenedProject
    let suite: String
    private(set) var draft: ExampleDraft
    let allowsSensitive: Bool
    let runs: Bool

    init(
        context: Context, opened: OpenedProject, suite: String, draft: ExampleDraft, allowsSensitive: Bool, runs: Bool
    ) {
        self.context = context
        self.opened = opened
        self.suite = suite
        self.draft = draft
        self.allowsSensitive = allowsSensitive
        self.runs = runs
    }

    mutating func add() async throws -> ExitCode {
        guard let existing = opened.project.suites.first(where: { $0.name == suite }) else {
            throw DiagnosticsError([Diagnostic("there is no suite \"\(suite)\"", exitCode: .usage)])
        }
        try refuseDuplicate(in: existing)
        try refuseSensitive()
        var reopened = try OpenedProject.open(
            context, directory: opened.folder.root, adding: NewExample(suite: suite, row: draft.json))
        var selection = RunSelection()
        selection.suites = [suite]
        selection.only = [draft.id]
        let plan = reopened.plan(selection)
        let problems = reopened.diagnostics.filter { $0.severity == .error }
        if !problems.isEmpty { throw ProjectProblems(folder: opened.folder, problems) }
        let path = try ExampleFile.add(suite: suite, example: draft.json, in: opened.folder)
        context.output("wrote \(path)\n")
        let state = runs ? try await runOnce(plan, &reopened) : nil
        context.output(advice(after: state))
        return .passed
    }

    private func refuseDuplicate(in suite: Suite) throws {
        let input = draft.content["input"]?.serialized(.canonical)
        for example in suite.examples {
            if example.id == draft.id {
                throw refused("the suite \(suite.name) already has an example \"\(example.id)\"", at: example.source)
            }
            if example.input.serialized(.canonical) == input {
                throw refused("the example \"\(example.id)\" already has this input", at: example.source)
            }
        }
    }

    private mutating func refuseSensitive() throws {
        let findings = SensitiveText.findings(in: draft.json)
        guard !findings.isEmpty else { return }
        let warnings = findings.map {
            Diagnostic(.warning, "\($0.kind.rawValue) at \($0.pointer): \(TerminalText.plain($0.excerpt, limit: 60))")
        }
        if allowsSensitive {
            for warning in warnings { context.error("warning: \(warning.message)\n") }
            draft.hideInputInID()
            return
        }
        throw DiagnosticsError(
            warnings + [
                Diagnostic(
                    "the example looks as if it held secrets or personal data; nothing was written",
                    help: "replace them, or add --allow-sensitive")
            ])
    }

    /// Runs the example once, for its author to see; `nil` when it could not be run.
    private func runOnce(_ plan: RunPlan, _ reopened: inout OpenedProject) async throws -> TrialState? {
        let backends = reopened.backends(for: plan.targets)
        try reopened.requireValid()
        if let missing = backends.values.compactMap(\.missingCredential).first {
            context.output("not run: \(missing)\n")
            return nil
        }
        let store = try reopened.openStore()
        let session = RunSession(
            context: context, opened: reopened, plan: plan, store: store, backends: backends, baselines: [:],
            overrides: [],
            options: .init(baselineName: nil, isUngated: true, concurrency: 1, isTry: true),
            progress: Progress(context: context, isQuiet: true))
        let outcome = try await session.execute()
        let conclusion = RunConclusion(session: session, outcome: outcome, permission: nil)
        try conclusion.keep(try conclusion.decide())
        guard let trial = try store.exampleTrials(run: outcome.header.id, suite: suite, example: draft.id).first else {
            return nil
        }
        context.output(TrialText.describe(trial))
        return trial.state
    }

    private func advice(after state: TrialState?) -> String {
        let again = "ratchet run \(suite) --only \(ShellWord.quoted(draft.id)) --baseline none"
        if draft.content["known_failing"] != nil {
            if state == .passed { return "it passes already: it needs no --known-failing\nnext: commit the file\n" }
            return "known to fail: the gate will tell when it passes\nnext: commit the file\n"
        }
        switch state {
        case .failed:
            return """
                it fails: the gate stays red until it is fixed, or the example is marked with --known-failing REASON
                next: mend the prompt, then \(again)

                """
        case .passed: return "it passes already: is the check strict enough?\nnext: commit the file\n"
        case .errored, .unscored, nil: return "next: \(again)\n"
        }
    }

    private func refused(_ message: String, at source: SourceReference) -> ProjectProblems {
        ProjectProblems(folder: opened.folder, [Diagnostic(at: source, message)])
    }
}
