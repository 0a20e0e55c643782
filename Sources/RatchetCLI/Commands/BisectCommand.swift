import ArgumentParser
import RatchetCore
import RatchetFiles
import RatchetRunner

/// `ratchet bisect`
struct BisectCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "bisect",
        abstract: "Find the commit that broke one example.",
        discussion: """
            Runs the example as it is now with the prompts, parameters and targets of commits between a good and a bad \
            one, each as often as it takes to be sure. The runs recorded here narrow the range first; without --good the newest recorded \
            run in which it passed gives the good commit.
            """)

    @OptionGroup var project: ProjectOptions
    @Argument(help: "The example, as id or suite/id.") var id: String
    @Option(help: ArgumentHelp("A commit where it passed.", valueName: "ref")) var good: String?
    @Option(help: ArgumentHelp("A commit where it fails.", valueName: "ref")) var bad = "HEAD"
    @Option(help: "Trials at one commit, at most.") var trials = 25
    @Option(help: ArgumentHelp("What to test, instead of each commit's own target.", valueName: "target")) var target: Target?

    func validate() throws {
        if !(3...1000).contains(trials) { throw ValidationError("--trials must be between 3 and 1000.") }
    }

    func run(_ context: Context) async throws -> ExitCode {
        var opened = try OpenedProject.open(context, directory: project.directory)
        var selection = RunSelection()
        selection.only = [id]
        let plan = opened.plan(selection)
        try opened.requireValid()
        guard let suite = plan.suites.first, plan.suites.count == 1, let example = suite.examples.first else {
            throw DiagnosticsError([
                Diagnostic("several suites have an example \"\(id)\"", help: "name it as suite/id", exitCode: .usage)
            ])
        }
        return try await Bisection(
            opened: opened, suite: suite, example: example, store: opened.openStore(), trials: trials, target: target
        ).run(good: good, bad: bad)
    }
}
