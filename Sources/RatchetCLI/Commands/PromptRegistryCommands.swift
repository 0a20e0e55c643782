import ArgumentParser
import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetJSON
import RatchetReports

/// `ratchet prompt promote`
struct PromptPromoteCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote", abstract: "Point a label at a prompt version that has passed the gate.",
        discussion: """
            Refused with 100 unless every suite that tests the prompt has a recorded run that passed, of exactly this content and the suite's \
            target, against its baseline. --force --reason does without, on record. The version is released: its file must not change any more. \
            Writes prompts/labels.yaml, prompts/released.lock and prompts/history.jsonl, to be committed.
            """)

    @OptionGroup var project: ProjectOptions
    @Argument(help: "The version, as id@version.") var prompt: PromptReference
    @Option(help: "production, canary, or a label of your own.") var to: String
    @Option(help: "Of canary: the share of keys that get it, in percent.") var percent: Double?
    @Flag(help: "Without a passing run.") var force = false
    @Option(help: ArgumentHelp("Why without; at least 20 characters.", valueName: "text")) var reason: String?

    func validate() throws {
        if !Name.isValid(to) { throw ValidationError("A label is made of \(Name.rule).") }
        if (to == PromptLabels.canary) != (percent != nil) { throw ValidationError("--percent goes with --to canary, and that needs it.") }
        if let percent, !(percent > 0 && percent <= 100) { throw ValidationError("--percent must be above 0, and at most 100.") }
        if force != (reason != nil) { throw ValidationError("--force and --reason go together.") }
        if let reason, let problem = OverrideReason.problem(with: reason) { throw ValidationError("--reason: \(problem).") }
        if prompt.version == nil { throw ValidationError("Name the version: id@version.") }
    }

    func run(_ context: Context) async throws -> ExitCode {
        let registry = try PromptRegistry(context, project)
        let found = try PromptCommand.find(prompt, registry.opened)
        let store = try registry.opened.openStore()
        let (evidence, lacking) = try PromotionEvidence(project: registry.opened.project, store: store).find(found)
        if evidence.isEmpty || !lacking.isEmpty, !force {
            let suites = lacking.isEmpty ? "no suite tests \(found.id)" : "no passing run of \(found.reference) against the baseline of: \(lacking.joined(separator: ", "))"
            let help = lacking.isEmpty ? "name it as the prompt of a suite" : "ratchet run \(lacking.joined(separator: " ")) --prompt \(found.reference)"
            throw DiagnosticsError([Diagnostic("\(found.reference) is not promoted: \(suites)", help: "\(help), or --force --reason TEXT", exitCode: .regressed)])
        }
        for line in try registry.move(found.id, label: to, to: .init(version: found.version, percent: percent), releasing: found, evidence: evidence, reason: reason) {
            context.output(line + "\n")
        }
        return .passed
    }
}

/// `ratchet prompt rollback`
struct PromptRollbackCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Move a label back to where it was before, at once.",
        discussion: "Needs no run: what was there before had its evidence. A canary that was the first is taken away.")

    @OptionGroup var project: ProjectOptions
    @Argument(help: "The prompt's id.") var id: String
    @Option(help: "The label.") var label = PromptLabels.production
    @Option(help: ArgumentHelp("Why, for the history.", valueName: "text")) var reason: String?

    func run(_ context: Context) async throws -> ExitCode {
        let registry = try PromptRegistry(context, project)
        guard let current = registry.labels.prompts[id]?[label] else {
            throw DiagnosticsError([Diagnostic("\(Quoted.text(id)) has no label \(label)", exitCode: .usage)])
        }
        // The latest move to what is there now says where it was before; a rollback of a rollback goes further back.
        let before = registry.history.last { $0.prompt == id && $0.label == label && $0.to == current.version && $0.from != current.version }?.from
        if before == nil, label == PromptLabels.production {
            throw DiagnosticsError([Diagnostic("nothing is known of what \(id) had before \(current.version)", help: "name it: ratchet prompt promote", exitCode: .usage)])
        }
        let target = before.map { PromptLabels.Assignment(version: $0, percent: label == PromptLabels.canary ? current.percent : nil) }
        for line in try registry.move(id, label: label, to: target, releasing: nil, evidence: [], reason: reason ?? "rollback") { context.output(line + "\n") }
        return .passed
    }
}

/// `ratchet prompt history`
struct PromptHistoryCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Who moved which label, when, why, and on what evidence; the newest first.")

    @OptionGroup var project: ProjectOptions
    @Argument(help: "The prompt's id; all of them by default.") var id: String?
    @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

    func run(_ context: Context) async throws -> ExitCode {
        let registry = try PromptRegistry(context, project)
        let moves = registry.history.filter { id == nil || $0.prompt == id }.reversed()
        switch format {
        case .json:
            context.output(JSONValue.object(["format": "ratchet.prompt-history/1", "moves": .array(moves.map(\.json))]).serialized(.compact) + "\n")
        case .human:
            if moves.isEmpty { context.output("no label was moved yet\n") }
            for move in moves { context.output(Self.text(move)) }
        }
        return .passed
    }

    private static func text(_ move: PromptMove) -> String {
        let percent = move.percent.map { " (\(JSONNumber($0).literal) %)" } ?? ""
        var text = TerminalText.plain("\(move.time)  \(move.prompt)  \(move.label): \(move.from ?? "nothing") -> \(move.to ?? "nothing")\(percent)", limit: 160) + "\n"
        if let by = move.by { text += "  by " + TerminalText.plain(by, limit: 120) + "\n" }
        if let reason = move.reason { text += "  " + TerminalText.plain(reason, limit: 300) + "\n" }
        for found in move.evidence {
            let rate = found["pass_rate"]?.doubleValue.map { ", pass rate \(Wording.fixed($0 * 100, 1)) %" } ?? ""
            let overrides = found["overrides"]?.arrayValue?.count ?? 0
            let words = "run \(found["run"]?.stringValue ?? "?") of \(found["suite"]?.stringValue ?? "?") on \(found["target"]?.stringValue ?? "?") passed\(rate)"
            text += "  " + TerminalText.plain(words, limit: 200) + (overrides > 0 ? ", with \(count(overrides, "override"))" : "") + "\n"
        }
        return text
    }
}

/// `ratchet prompt resolve`
struct PromptResolveCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Which version a label points to, for a user.",
        discussion: """
            With --key, users in the canary's share get its version, the same user always the same. docs/prompts.md says how an application \
            reads prompts/labels.yaml by itself.
            """)

    @OptionGroup var project: ProjectOptions
    @Argument(help: "The prompt's id.") var id: String
    @Option(help: "The label.") var label = PromptLabels.production
    @Option(help: ArgumentHelp("A user or a conversation.", valueName: "text")) var key: String?
    @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

    func run(_ context: Context) async throws -> ExitCode {
        let registry = try PromptRegistry(context, project)
        guard let (given, version) = registry.labels.resolve(id, label: label, key: key) else {
            throw DiagnosticsError([Diagnostic("\(Quoted.text(id)) has no label \(label)", help: "ratchet prompt promote \(id)@VERSION --to \(label)", exitCode: .usage)])
        }
        let prompt = try PromptCommand.find(PromptReference(id: id, version: version), registry.opened)
        switch format {
        case .human: context.output("\(prompt.reference)\n")
        case .json:
            let object: JSONValue = [
                "format": "ratchet.prompt/1", "prompt": .string(prompt.reference.description), "label": .string(given), "hash": .string(prompt.hash),
                "file": .string(prompt.source.file), "content": .string(prompt.content),
            ]
            context.output(object.serialized(.compact) + "\n")
        }
        return .passed
    }
}

/// What the registry's commands begin with: labels, released versions and history, and the way to move a label.
private struct PromptRegistry {
    let context: Context
    let opened: OpenedProject
    let labels: PromptLabels
    private let released: ReleasedPrompts
    let history: [PromptMove]

    init(_ context: Context, _ project: ProjectOptions) throws {
        self.context = context
        opened = try PromptCommand.open(context, project)
        let problems = Problems()
        labels = PromptLabels.read(opened.folder, problems)
        released = ReleasedPrompts.read(opened.folder, problems)
        history = PromptMove.read(opened.folder, problems)
        if problems.hasErrors { throw ProjectProblems(folder: opened.folder, problems.diagnostics) }
    }

    /// - Parameter prompt: The version that is released by it.
    /// - Returns: What was done, line by line.
    func move(
        _ id: String, label: String, to target: PromptLabels.Assignment?, releasing prompt: Prompt?, evidence: [JSONValue], reason: String?
    ) throws -> [String] {
        let folder = opened.folder
        // Two that move labels at once: the second waits, and reads what the first has written.
        let lock = try FileLock.acquire(folder.path(".ratchet/locks/prompts.lock"))
        defer { withExtendedLifetime(lock) {} }
        let problems = Problems()
        var labels = PromptLabels.read(folder, problems)
        var released = ReleasedPrompts.read(folder, problems)
        if problems.hasErrors { throw ProjectProblems(folder: folder, problems.diagnostics) }
        if let prompt {
            let name = prompt.reference.description
            if let hash = released.hashes[name], hash != prompt.hash { throw ProjectProblems(folder: folder, released.problems(opened.project.prompts)) }
            released.hashes[name] = prompt.hash
        }
        let from = labels.prompts[id]?[label]
        labels.prompts[id, default: [:]][label] = target
        // A canary that has become production is none any more.
        let hasArrived = label == PromptLabels.production && labels.prompts[id]?[PromptLabels.canary]?.version == target?.version
        if hasArrived { labels.prompts[id]?[PromptLabels.canary] = nil }
        if labels.prompts[id]?.isEmpty == true { labels.prompts[id] = nil }
        try released.write(folder)
        try PromptMove(
            time: Context.timestamp(context.clock.now()), prompt: id, label: label, from: from?.version, to: target?.version, percent: target?.percent,
            by: Git(folder: folder.root).author, evidence: evidence, reason: reason
        ).record(folder)
        try labels.write(folder)
        let share = target?.percent.map { " for \(JSONNumber($0).literal) % of keys" } ?? ""
        var lines = ["\(id): \(label) \(from?.version ?? "nothing") -> \(target?.version ?? "nothing")\(share)"]
        if hasArrived { lines.append("its canary has become production, and is taken away") }
        return lines + ["commit prompts/ to put it in force"]
    }
}
