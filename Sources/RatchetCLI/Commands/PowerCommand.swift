import ArgumentParser
import RatchetCore
import RatchetGate
import RatchetJSON
import RatchetRunner

/// `ratchet power`
struct PowerCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "power",
        abstract: "What a suite can see, and what would help most for the money.",
        discussion: "Reads the baseline only; no call is made. A drop counts as seen when four runs in five see it.")

    @OptionGroup var project: ProjectOptions
    @Argument(help: "Suites; all of them by default.") var suites: [String] = []
    @Option(help: ArgumentHelp("A further baseline of the suite.", valueName: "name")) var baseline: String?
    @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

    func run(_ context: Context) async throws -> ExitCode {
        var opened = try OpenedProject.open(context, directory: project.directory)
        let reports = try SuiteStrengths.read(&opened, suites: suites, baseline: baseline)
        switch format {
        case .human: for report in reports { context.output(report.powerText) }
        case .json:
            let object: JSONObject = ["format": "ratchet.power/1", "suites": .array(reports.map(\.powerJSON))]
            context.output(JSONValue.object(object).serialized(.compact) + "\n")
        }
        return reports.isEmpty ? .nothingToRun : reports.contains { $0.strength == nil } ? .noBaseline : .passed
    }
}

/// `ratchet flaky`
struct FlakyCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "flaky",
        abstract: "The flakiest examples with their history, and what it costs to keep them.",
        discussion: "Reads the baseline and the runs recorded on this machine; no call is made.")

    @OptionGroup var project: ProjectOptions
    @Argument(help: "Suites; all of them by default.") var suites: [String] = []
    @Option(help: ArgumentHelp("A further baseline of the suite.", valueName: "name")) var baseline: String?
    @Option(help: "How many examples of a suite.") var limit = 20
    @Option(help: "How many runs of history.") var runs = 20
    @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

    func validate() throws {
        if limit < 1 || runs < 1 { throw ValidationError("--limit and --runs must be at least 1.") }
    }

    func run(_ context: Context) async throws -> ExitCode {
        var opened = try OpenedProject.open(context, directory: project.directory)
        let reports = try SuiteStrengths.read(&opened, suites: suites, baseline: baseline)
        let history = try RunHistory(store: opened.openStore(), limit: runs)
        switch format {
        case .human: for report in reports { context.output(report.flakyText(history, limit: limit)) }
        case .json:
            let rows = reports.map { $0.flakyJSON(history, limit: limit) }
            let object: JSONObject = ["format": "ratchet.flaky/1", "suites": .array(rows)]
            context.output(JSONValue.object(object).serialized(.compact) + "\n")
        }
        return reports.isEmpty ? .nothingToRun : reports.contains { $0.strength == nil } ? .noBaseline : .passed
    }
}
