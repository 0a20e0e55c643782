import ArgumentParser
import RatchetCore
import RatchetRunner

/// `ratchet check`: validates everything, and calls nothing.
struct CheckCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Validate the whole project: suites, prompts, rubrics, checks, baselines, overrides, recordings.")

    @OptionGroup var project: ProjectOptions

    func run(_ context: Context) async throws -> ExitCode {
        var opened = try OpenedProject.open(context, directory: project.directory)
        let plan = opened.plan(RunSelection())
        _ = opened.backends(for: plan.targets.union(opened.replayTargets))
        for suite in opened.project.suites {
            for name in opened.baselineNames(of: suite.name) { _ = opened.baseline(of: suite.name, name: name) }
        }
        opened.refuseOrphanedBaselines()
        _ = opened.canaries()
        _ = opened.overrides()
        opened.checkReleasedPrompts()
        try opened.requireValid()
        let examples = plan.suites.reduce(0) { $0 + $1.examples.count }
        let prompts = opened.project.prompts.values.reduce(0) { $0 + $1.count }
        context.output(
            "ok: \(count(plan.suites.count, "suite")), \(count(examples, "example")), "
                + "\(count(prompts, "prompt version")), \(count(opened.project.rubrics.count, "rubric"))\n")
        return examples == 0 ? .nothingToRun : .passed
    }
}

/// `1 suite`, `2 suites`
func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
