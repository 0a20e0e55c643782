import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetJSON

/// Turns a project and a selection into a plan, finding every problem that would otherwise come up in the middle of
/// a paid run.
package struct RunPlanner {
    private let project: Project
    private let compiler: CheckCompiler
    package private(set) var diagnostics: [Diagnostic] = []

    package init(project: Project, compiler: CheckCompiler) {
        self.project = project
        self.compiler = compiler
    }

    package mutating func plan(_ selection: RunSelection) -> RunPlan {
        let suites = selectedSuites(selection)
        let known = Set(suites.flatMap { suite in suite.examples.flatMap { [$0.id, $0.reference] } })
        for id in selection.only where !known.contains(id) {
            usage("there is no example \"\(id)\" in the selected suites")
        }
        if let prompt = selection.prompt, !suites.contains(where: { $0.prompt?.id == prompt.id }) {
            usage("no selected suite uses the prompt \"\(prompt.id)\"")
        }
        let planned = suites.compactMap { plan($0, selection) }
        return RunPlan(suites: planned.filter { !$0.examples.isEmpty || !selection.isPartial }, isPartial: selection.isPartial)
    }

    private mutating func selectedSuites(_ selection: RunSelection) -> [Suite] {
        for name in selection.suites where !project.suites.contains(where: { $0.name == name }) {
            usage(
                "there is no suite \"\(name)\"",
                help: "suites here: " + project.suites.map(\.name).joined(separator: ", "))
        }
        return selection.suites.isEmpty
            ? project.suites : project.suites.filter { selection.suites.contains($0.name) }
    }

    private mutating func plan(_ suite: Suite, _ selection: RunSelection) -> PlannedSuite? {
        var reference = suite.prompt
        if let asked = selection.prompt, asked.id == suite.prompt?.id { reference = asked }
        var prompt: Prompt?
        if let reference {
            prompt = project.prompt(reference)
            guard prompt != nil else {
                // A suite's own prompt was looked for when the project was loaded.
                guard selection.prompt == reference else { return nil }
                let versions = (project.prompts[reference.id] ?? []).map(\.version)
                usage(
                    "there is no prompt \"\(reference)\"",
                    help: versions.isEmpty ? nil : "versions here: " + versions.joined(separator: ", "))
                return nil
            }
        }
        guard let target = target(suite, prompt: prompt, selection) else { return nil }
        let version = PlannedVersion(target: target, prompt: prompt, suiteParams: suite.params)
        // Loading has looked at the variables of the suite's own prompt.
        if let prompt, prompt.reference != suite.prompt.flatMap({ project.prompt($0)?.reference }) {
            var selected = suite
            selected.examples = suite.examples.filter { isSelected($0, selection) }
            diagnostics += PromptVariables.missing(in: selected, for: prompt)
        }
        var examples: [PlannedExample] = []
        for example in suite.examples where isSelected(example, selection) {
            let (checks, problems) = compiler.compile(example)
            diagnostics += problems
            if let checks {
                diagnostics += checks.dependentJudges(target: target, isSameServer: isSameServer)
                    .filter { reportedRubrics.insert($0).inserted }
                examples.append(PlannedExample(checks: checks))
            }
        }
        let run = RunSuite(
            suite: suite.name, target: target.description, prompt: prompt?.reference.description,
            promptHash: prompt?.hash, paramsHash: version.paramsHash,
            trials: selection.trials ?? project.configuration.defaults.trials, exampleCount: examples.count,
            isDeterministic: isDeterministic(target))
        return PlannedSuite(suite: suite, run: run, version: version, examples: examples)
    }

    private func isSelected(_ example: Example, _ selection: RunSelection) -> Bool {
        (selection.only.isEmpty || selection.only.contains(example.id) || selection.only.contains(example.reference))
            && (selection.tags.isEmpty || example.tags.contains(where: selection.tags.contains))
    }

    private mutating func target(_ suite: Suite, prompt: Prompt?, _ selection: RunSelection) -> Target? {
        guard let target = selection.target ?? suite.target ?? prompt?.model ?? project.configuration.defaults.target
        else {
            // Without a configuration there is no default either, and loading has said so.
            if project.isConfigured {
                diagnostics.append(
                    Diagnostic(
                        at: suite.source, "the suite \"\(suite.name)\" has no target",
                        help: "give --target backend/model, or set defaults.target in ratchet.yaml", exitCode: .badConfig))
            }
            return nil
        }
        guard project.configuration.backend(target.backend) != nil else {
            // Targets in files were looked at when the project was loaded.
            if target == selection.target {
                let names = project.configuration.backendNames.sorted()
                usage(
                    "the target \(target) names the backend \"\(target.backend)\", which ratchet.yaml does not have",
                    help: "backends here: " + names.joined(separator: ", "))
            }
            return nil
        }
        return target
    }

    private var reportedRubrics: Set<Diagnostic> = []

    private mutating func usage(_ message: String, help: String? = nil) {
        diagnostics.append(Diagnostic(message, help: help, exitCode: .usage))
    }

    private func isSameServer(_ one: String, _ other: String) -> Bool {
        guard let one = project.configuration.backend(one), let other = project.configuration.backend(other) else { return false }
        return one.kind == other.kind
    }

    private func isDeterministic(_ target: Target) -> Bool {
        project.configuration.backend(target.backend)?.isDeterministic ?? false
    }
}
