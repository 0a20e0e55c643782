import ArgumentParser
import RatchetCore
import RatchetFiles

/// `ratchet judge`
struct JudgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "judge", abstract: "Measure judges against people, watch them, and take rubrics.",
        subcommands: [Calibrate.self, Canary.self, List.self, Rubrics.self, Add.self])

    struct Calibrate: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "calibrate",
            abstract: "Compare a judge with people's labels: may it gate?",
            discussion: """
                Labels are JSONL rows with the input, the output and a label. Rows that hold the judge's verdict cost \
                nothing; about the others the judge is asked. The result is stored beside the rubric, and shown in every \
                report that uses the judge. With --next nothing is measured: it prints answers of a stored run for a person \
                to label.
                """)

        @OptionGroup var project: ProjectOptions
        @Argument(help: "The rubric.") var rubric: String
        @Option(help: ArgumentHelp("The labels, as JSONL.", valueName: "file")) var labels: String?
        @Option(help: ArgumentHelp("Take the verdicts from this member of the rows' judges.", valueName: "name"))
        var recorded: String?
        @Option(help: ArgumentHelp("The stored run that the labelled answers were drawn from.", valueName: "run"))
        var from: String?
        @Option(help: ArgumentHelp("Print so many answers to label next.", valueName: "count")) var next: Int?
        @Option(help: ArgumentHelp("Of other answers: good ones that the judge passed, 180/200.", valueName: "k/n"))
        var sensitivity: Share?
        @Option(help: ArgumentHelp("Of other answers: bad ones that the judge failed, 140/200.", valueName: "k/n"))
        var specificity: Share?
        @Option(name: .customShort("j"), help: ArgumentHelp("Calls in flight at once.", valueName: "count"))
        var concurrency: Int?
        @Flag(name: .customLong("no-cache"), help: "Ask the judge even where an answer is cached.") var noCache = false
        @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

        func validate() throws {
            if let concurrency, !(1...4096).contains(concurrency) { throw ValidationError("-j must be between 1 and 4096.") }
            if let next, !(1...10_000).contains(next) { throw ValidationError("--next must be between 1 and 10000.") }
            if next == nil, labels == nil { throw ValidationError("Give --labels FILE, or --next COUNT for answers to label.") }
            if next != nil, recorded != nil || sensitivity != nil || format == .json {
                throw ValidationError("--next goes with --labels and --from alone.")
            }
            if (sensitivity == nil) != (specificity == nil) {
                throw ValidationError("--sensitivity and --specificity go together.")
            }
        }

        func run(_ context: Context) async throws -> RatchetCore.ExitCode {
            let opened = try OpenedProject.open(context, directory: project.directory)
            var session = CalibrationSession(
                context: context, opened: opened, rubric: try opened.rubric(rubric),
                options: .init(
                    recorded: recorded, run: from,
                    imported: sensitivity.flatMap { good in specificity.map { (good.count, $0.count) } },
                    concurrency: concurrency, usesCache: !noCache))
            if let next { return try session.printNext(next, labels: labels) }
            return try await session.calibrate(labels: labels ?? "", format: format)
        }
    }

    struct Canary: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "canary",
            abstract: "Ask a judge again about answers whose verdicts are known: has it drifted?",
            discussion: """
                With --from a canary is made of judged answers, and kept beside the rubric. Every run that lets the judge \
                decide then asks it about them again, within the policy's budget of calls. Without --from it is asked now: \
                exit 101 when the judge has drifted.
                """)

        @OptionGroup var project: ProjectOptions
        @Argument(help: "The rubric.") var rubric: String
        @Option(help: ArgumentHelp("Make it of a stored run, or of a file of labels.", valueName: "run|file")) var from: String?
        @Option(help: "How many answers it holds, half of them passed.") var size: Int?
        @Flag(help: "Keep today's verdicts as the known ones.") var renew = false
        @Option(name: .customShort("j"), help: ArgumentHelp("Calls in flight at once.", valueName: "count"))
        var concurrency: Int?
        @Flag(name: .customLong("no-cache"), help: "Ask the judge even where an answer of today is cached.") var noCache = false
        @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

        func validate() throws {
            if let concurrency, !(1...4096).contains(concurrency) { throw ValidationError("-j must be between 1 and 4096.") }
            if let size, !(2...10_000).contains(size) { throw ValidationError("--size must be between 2 and 10000.") }
            if size != nil, from == nil { throw ValidationError("--size goes with --from.") }
            if renew, from != nil { throw ValidationError("Give one of --from and --renew.") }
        }

        func run(_ context: Context) async throws -> RatchetCore.ExitCode {
            let opened = try OpenedProject.open(context, directory: project.directory)
            var session = CanarySession(
                context: context, opened: opened, rubric: try opened.rubric(rubric), concurrency: concurrency,
                usesCache: !noCache)
            if let from { return try await session.make(from: from, size: size ?? CanarySession.usualSize) }
            return try await session.ask(renews: renew, format: format)
        }
    }

    struct List: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the project's judges, and what is known of them.")

        @OptionGroup var project: ProjectOptions
        @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

        func run(_ context: Context) async throws -> RatchetCore.ExitCode {
            var opened = try OpenedProject.open(context, directory: project.directory)
            try opened.requireValid()
            context.output(JudgeListing(opened).text(format))
            return .passed
        }
    }

    struct Rubrics: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "rubrics", abstract: "List the rubrics that come with ratchet, or print one.")

        @Argument(help: "The rubric to print.") var name: String?

        func run(_ context: Context) async throws -> RatchetCore.ExitCode {
            guard let name else {
                context.output(BuiltInRubrics.list + "\ntake one with: ratchet judge add NAME --judge backend/model\n")
                return .passed
            }
            context.output(try BuiltInRubrics.named(name).text)
            return .passed
        }
    }

    struct Add: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Copy a rubric that comes with ratchet into the project.")

        @OptionGroup var project: ProjectOptions
        @Argument(help: "The rubric; ratchet judge rubrics lists them.") var name: String
        @Option(help: ArgumentHelp("The model that judges.", valueName: "backend/model")) var judge: Target
        @Option(name: .customLong("as"), help: ArgumentHelp("Another name for it.", valueName: "name")) var newName: String?

        func validate() throws {
            if let newName, !Name.isValid(newName) { throw ValidationError("A rubric's name is made of \(Name.rule).") }
        }

        func run(_ context: Context) async throws -> RatchetCore.ExitCode {
            let opened = try OpenedProject.open(context, directory: project.directory, suites: [])
            return try BuiltInRubrics.named(name).add(to: opened, as: newName ?? name, judge: judge)
        }
    }
}

/// `180/200`
struct Share: ExpressibleByArgument {
    let count: TrialCount

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let passes = parts[0], let trials = parts[1], trials > 0, trials <= 1_000_000_000,
            (0...trials).contains(passes)
        else { return nil }
        count = TrialCount(passes: passes, trials: trials)
    }
}
