import ArgumentParser
import RatchetCore
import RatchetRunner

/// `ratchet baseline verify`
struct BaselineVerifyCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Hold what baselines claim against what is known.",
        discussion: """
            Reads the files with all their rules, and compares them with the kept prompts, with the accepted run's metrics, and with \
            the runs that are recorded on this machine. Exit 65 for a claim that does not hold.
            """)

    @OptionGroup var project: ProjectOptions
    @Argument(help: "Suites; all of them by default.") var suites: [String] = []

    func run(_ context: Context) async throws -> ExitCode {
        var opened = try OpenedProject.open(context, directory: project.directory)
        var selection = RunSelection()
        selection.suites = suites
        let plan = opened.plan(selection)
        var summaries: [String] = []
        for suite in plan.suites {
            for name in opened.baselineNames(of: suite.run.suite) {
                guard let baseline = opened.baseline(of: suite.run.suite, name: name) else { continue }
                let verification = try BaselineVerification(opened: opened, store: opened.openStore(), baseline: baseline)
                opened.add(try verification.problems())
                summaries.append(verification.summary)
            }
        }
        try opened.requireValid()
        for summary in summaries { context.output(summary + "\n") }
        if summaries.isEmpty { context.error("there is no baseline to verify\n") }
        return summaries.isEmpty ? .noBaseline : .passed
    }
}
