import ArgumentParser
import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetReports

/// `ratchet review`
struct ReviewCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Go through what a run lost, one by one, and say what becomes of it.",
        discussion: """
            Shows each flip with its outputs, checks and the judge's words; accepts it, tolerates it for a while, quarantines it, or notes its \
            check as wrong. Override files, and the baseline when the run is taken as it, are written at the end, after asking; a review \
            that is cut off goes on where it was. Without a terminal it prints the commands that do the same, and exits 64.
            """)

    @OptionGroup var project: ProjectOptions
    @Argument(help: "A run's id, an unambiguous beginning of one, or latest.") var run = "latest"

    func run(_ context: Context) async throws -> ExitCode {
        var opened = try OpenedProject.open(context, directory: project.directory)
        let runs = RecordedRuns(folder: opened.folder, store: try opened.openStore(), project: opened.project)
        let report = try runs.report(run)
        let id = report.header.id
        let items = ReviewDialogue.items(report)
        guard !items.isEmpty else {
            context.output("the run \(id) has lost nothing that needs a decision\n")
            return .passed
        }
        guard context.isInputTerminal, context.isOutputTerminal else {
            context.error("a review needs a terminal; without one:\n\n" + ReviewDialogue.commands(items, run: id))
            return .usage
        }
        var state = ReviewState.read(opened.folder, run: id)
        if !state.decisions.isEmpty { context.output("going on: \(count(state.decisions.count, "decision")) kept from before\n") }
        let isDone: Bool
        (state, isDone) = try ReviewDialogue(context: context, folder: opened.folder, report: report).ask(items, state)
        guard isDone else {
            context.output("\nkept: \(count(state.decisions.count, "decision")) of \(items.count); go on with: ratchet review \(id)\n")
            return .interrupted
        }
        let plan = opened.plan(asIn: report.header)
        let accepting = try BaselineAccepting(id, of: runs, in: &opened)
        return try await finish(state, report, accepting) { suite in
            try BindingHashes(plan, suite, ran: runs.store.exampleHashes(run: id, suite: suite))
        }
    }

    /// Says what was decided, and writes it when the person agrees.
    private func finish(
        _ state: ReviewState, _ report: RunReport, _ accepting: BaselineAccepting, hashes: (String) throws -> BindingHashes
    ) async throws -> ExitCode {
        let context = accepting.context
        let folder = accepting.opened.folder
        let id = report.header.id
        context.output("\n")
        for permission in state.permissions {
            context.output("\(permission.kind.rawValue) \(permission.names.count): \(TerminalText.plain(permission.reason, limit: 100))\n")
        }
        let skipped = state.decisions.filter { $0.action == .skip }.count
        if skipped > 0 { context.output("left as they are: \(skipped)\n") }
        if !state.permissions.isEmpty {
            // All that may be refused comes before anything is written.
            let bindings = try report.decision.suites.map { ($0, try hashes($0.suite.suite)) }
            // What is left open or in doubt would become the baseline's as well: then there is no such key.
            let isSettled = skipped == 0 && state.doubted.isEmpty
            let question = "write this? [y]es \(isSettled ? "[b] and as the baseline " : "")[n]ot yet [r] forget it all > "
            switch context.askKey(question) {
            case "y": break
            case "b" where isSettled:
                let code = try await accepting.accept()
                guard code == .passed else { return code }
            case "r":
                try ReviewState().keep(folder, run: id)
                context.output("nothing was written; begin again with: ratchet review \(id)\n")
                return .passed
            default:
                context.output("nothing was written; what was decided is kept: ratchet review \(id)\n")
                return .passed
            }
            for permission in state.permissions {
                var writer = OverrideWriter(context: context, folder: folder, permission: permission)
                for (decision, binding) in bindings {
                    for override in try writer.write(for: decision, hashes: binding.of) { context.output("wrote \(override.file)\n") }
                }
            }
        }
        for name in state.doubted {
            context.output("check in doubt: mend it, then ratchet regrade \(id) --explain \(ShellWord.quoted(name))\n")
        }
        // Doubts stay on record until the next review of this run.
        try ReviewState(decisions: state.decisions.filter { $0.action == .doubt }).keep(folder, run: id)
        return .passed
    }
}
