import ArgumentParser
import RatchetCore
import RatchetFiles

// What `run` and `gate` have in common: a run that several machines share is decided with the options of one that is not.

/// What a run is held against, and how hard it is looked at.
struct DecidingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The branch or commit that this change is held against; none for the working tree's own files.", valueName: "ref"))
    var base: String?
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Permit these regressions, on record; SUITE:pass_rate for a fallen pass rate.", valueName: "id"))
    var allowRegression: [String] = []
    @Option(help: ArgumentHelp("Why they are permitted; at least 20 characters.", valueName: "text")) var reason: String?
    @Option(
        help: ArgumentHelp(
            "How hard to look: quick (one pass), normal, or thorough (three passes and more trials of suspects).",
            valueName: "effort"))
    var effort: GateEffort?
    @Flag(
        help: "Also ask for proof that the pass rate fell by no more than 2 points (gate.require.no_worse_than says otherwise).")
    var release = false

    func validate() throws {
        if !allowRegression.isEmpty {
            guard let reason else { throw ValidationError("--allow-regression needs --reason.") }
            if let problem = OverrideReason.problem(with: reason) { throw ValidationError("--reason: \(problem).") }
        }
        if allowRegression.isEmpty, reason != nil { throw ValidationError("--reason goes with --allow-regression.") }
    }

    var permission: RunConclusion.Permission? {
        allowRegression.isEmpty ? nil : .init(names: allowRegression, reason: reason ?? "")
    }
}

/// How models are called.
struct CallOptions: ParsableArguments {
    @Option(name: .customShort("j"), help: ArgumentHelp("Calls in flight at once.", valueName: "count"))
    var concurrency: Int?
    @Flag(name: .customLong("no-cache"), help: "Ask the model even where an answer is cached.") var noCache = false

    func validate() throws {
        if let concurrency, !(1...4096).contains(concurrency) { throw ValidationError("-j must be between 1 and 4096.") }
    }
}

/// Where the result goes.
struct ReportOptions: ParsableArguments {
    @Option(help: "What is printed on standard output.") var format: OutputFormat = .human
    @Option(
        help: ArgumentHelp(
            "Write a report; kinds: \(ReportKind.names). github alone prints workflow commands.", valueName: "kind=path"))
    var report: [ReportRequest] = []
    @Option(help: ArgumentHelp("Write the answers as a recording that a replay backend reads.", valueName: "file"))
    var record: String?

    func files(_ context: Context) throws -> ReportFiles {
        try ReportFiles(report, recording: record, context)
    }
}
