import RatchetCore
import RatchetJSON

/// What files say about each other: prompts, rubrics and backends that are named must be there, and an example must
/// give what its prompt needs.
struct ProjectValidation {
    let project: Project
    let problems: Problems

    /// The targets of `ratchet.yaml` are problems of the configuration, the others of their own files.
    func checkTargets(knownBackends: [String], _ configurationProblems: Problems) {
        func check(_ target: Target?, at source: SourceReference, _ problems: Problems) {
            guard let target, target.backend != "echo", !knownBackends.contains(target.backend) else { return }
            problems.error(
                "there is no backend \(Quoted.text(target.backend)) in ratchet.yaml", at: source,
                help: Suggestion.help(for: target.backend, among: knownBackends + ["echo"], saying: "backends"))
        }
        let configuration = SourceReference(file: ProjectFolder.configurationFile, .value(document: 1, .root))
        check(
            project.configuration.defaults.target, at: configuration.appending("defaults").appending("target"),
            configurationProblems)
        for prompts in project.prompts.values.sorted(by: { $0.first?.id ?? "" < $1.first?.id ?? "" }) {
            for prompt in prompts { check(prompt.model, at: prompt.source.appending("model"), problems) }
        }
        for rubric in project.rubrics.values.sorted(by: { $0.id < $1.id }) {
            check(rubric.judge, at: rubric.source.appending("judge"), problems)
        }
        for suite in project.suites { check(suite.target, at: suite.source.appending("target"), problems) }
    }

    /// - Parameters:
    ///   - knownPrompts: ids that have a file. One that is there but broken was reported, and is not missing as well.
    ///   - knownRubrics: the same for rubrics.
    func checkReferences(knownPrompts: Set<String>, knownRubrics: Set<String>) {
        for suite in project.suites {
            checkPrompt(of: suite, knownPrompts)
            checkRubrics(of: suite, knownRubrics)
        }
    }

    private func checkPrompt(of suite: Suite, _ known: Set<String>) {
        guard let reference = suite.prompt else {
            // A user's own program or service takes any input.
            let target = suite.target ?? project.configuration.defaults.target
            if let target, project.configuration.backend(target.backend)?.wantsInput == true { return }
            for example in suite.examples where PromptRenderer.messages(ofInput: example.input) == nil {
                problems.error(
                    "without a prompt the input must be a string or a list of messages",
                    at: example.source.appending("input"),
                    help:
                        "write \"text\", [\"first turn\", \"second turn\"] or [{\"role\": \"user\", \"content\": \"text\"}], or name a prompt in suite.yaml"
                )
            }
            return
        }
        if let prompt = project.prompt(reference) {
            problems.add(PromptVariables.missing(in: suite, for: prompt))
            return
        }
        let versions = project.prompts[reference.id]?.map(\.version) ?? []
        guard versions.isEmpty || reference.version != nil else { return }
        if versions.isEmpty, known.contains(reference.id) { return }
        let place = suite.source.appending("prompt")
        if versions.isEmpty {
            problems.error(
                "there is no prompt \(Quoted.text(reference.id))", at: place,
                help: Suggestion.help(for: reference.id, among: project.prompts.keys.sorted(), saying: "prompts"))
        } else {
            problems.error(
                "the prompt \(Quoted.text(reference.id)) has no version \(Quoted.text(reference.version ?? ""))",
                at: place,
                help: "versions: " + versions.joined(separator: ", "))
        }
    }

    private func checkRubrics(of suite: Suite, _ known: Set<String>) {
        // A check of the suite is part of every example, and is reported once.
        var seen: Set<SourceReference> = []
        for example in suite.examples {
            for check in example.checks { checkRubric(of: check, known, &seen) }
        }
    }

    private func checkRubric(of check: CheckSpecification, _ known: Set<String>, _ seen: inout Set<SourceReference>) {
        for child in check.children { checkRubric(of: child, known, &seen) }
        guard let id = check.rubricID, !known.contains(id), seen.insert(check.source).inserted else { return }
        let isShort = check.options.stringValue != nil
        let place = check.source.appending(check.type)
        problems.error(
            "there is no rubric \(Quoted.text(id))", at: isShort ? place : place.appending("rubric"),
            help: Suggestion.help(for: id, among: known.sorted(), saying: "rubrics") ?? "write it to rubrics/\(id).md")
    }
}

/// Compares what a prompt needs with what examples give.
package enum PromptVariables {
    /// An error for each variable that the prompt needs and an example lacks; also for a prompt that is not the suite's
    /// own (`--prompt`).
    package static func missing(in suite: Suite, for prompt: Prompt) -> [Diagnostic] {
        guard let renderer = try? PromptRenderer(prompt.templates) else { return [] }
        return suite.examples.flatMap { example in
            renderer.missingVariables(PromptRenderer.variables(for: example)).map { missing in
                Diagnostic(
                    .error, at: example.source.appending("input"),
                    "the prompt \(Quoted.text(prompt.reference.description)) needs \(Quoted.text(missing.name.text)), "
                        + "which this example does not give",
                    help: help(missing, prompt))
            }
        }
    }

    private static func help(_ missing: PromptRenderer.MissingVariable, _ prompt: Prompt) -> String {
        let place = place(of: missing, in: prompt)
        let use = "it is used in \(prompt.source.file):\(place.line):\(place.column)"
        switch missing.name.path.first {
        case "expected": return "\(use); a prompt never sees the expected answer"
        case "output": return "\(use); only a rubric sees the output"
        default: return "add it to \"input\"; \(use)"
        }
    }

    private static func place(
        of missing: PromptRenderer.MissingVariable, in prompt: Prompt
    ) -> (line: Int, column: Int) {
        guard let matter = FrontMatter(prompt.content),
            let sections = try? MessageSplitter.split(matter.body, firstLine: matter.bodyLine),
            sections.indices.contains(missing.template)
        else { return (1, 1) }
        return (sections[missing.template].line + missing.name.line - 1, missing.name.column)
    }
}
