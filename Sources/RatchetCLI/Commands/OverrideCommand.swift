import ArgumentParser
import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetJSON
import RatchetReports
import RatchetRunner
import RatchetStore

/// `ratchet override`
struct OverrideCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "override", abstract: "Permit regressions on record, and look after those permissions.",
        subcommands: [Add.self, List.self, Check.self, Prune.self, Log.self])

    struct Add: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "add",
            abstract: "Permit what a recorded run broke.",
            discussion: "Writes the same files as ratchet run --allow-regression, bound to what that run saw.")

        @OptionGroup var project: ProjectOptions
        @Argument(help: "A run's id, an unambiguous beginning of one, or latest.") var run: String
        @Argument(help: "Example ids, or SUITE:pass_rate, SUITE:policy, SUITE:slice:TAG.") var names: [String]
        @Option(help: "accept (the new behaviour is right), tolerate (a known loss), or quarantine (runs, does not gate).")
        var kind: Override.Kind = .tolerate
        @Option(help: ArgumentHelp("Why; at least 20 characters.", valueName: "text")) var reason: String
        @Option(help: ArgumentHelp("The last day it holds, as 2026-12-31; 30 days by default, 90 at most.", valueName: "day"))
        var expires: String?

        func validate() throws {
            if let problem = OverrideReason.problem(with: reason) { throw ValidationError("--reason: \(problem).") }
            if let expires, CalendarDay(expires) == nil { throw ValidationError("--expires: write the day as 2026-12-31.") }
            if kind == .accept, expires != nil { throw ValidationError("--expires: accept holds until the next baseline.") }
        }

        func run(_ context: Context) async throws -> ExitCode {
            var opened = try OpenedProject.open(context, directory: project.directory)
            if let expires, let last = CalendarDay(expires), let today = CalendarDay(context.today) {
                guard (0...Override.longestLife).contains(last.number - today.number) else {
                    throw DiagnosticsError([
                        Diagnostic(
                            "--expires: an override holds for \(Override.longestLife) days at most, and not until a day that is past",
                            exitCode: .usage)
                    ])
                }
            }
            let runs = RecordedRuns(folder: opened.folder, store: try opened.openStore())
            let report = try runs.report(run)
            let plan = opened.plan(asIn: report.header)
            try opened.requireValid()
            var writer = OverrideWriter(
                context: context, folder: opened.folder,
                permission: .init(names: names, reason: reason, kind: kind, expires: expires))
            for decision in report.decision.suites {
                let hashes = try BindingHashes(plan, decision.suite.suite, ran: runs.store.exampleHashes(run: report.header.id, suite: decision.suite.suite))
                for override in try writer.write(for: decision, hashes: hashes.of) { context.output("wrote \(override.file)\n") }
            }
            guard writer.unused.isEmpty else {
                let names = writer.unused.map { TerminalText.plain($0, limit: 60) }.joined(separator: ", ")
                context.error("nothing in \(report.header.id) needs a permission for: \(names)\n")
                return .usage
            }
            return .passed
        }
    }

    struct List: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Every override, and how long it holds.")

        @OptionGroup var project: ProjectOptions
        @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

        func run(_ context: Context) async throws -> ExitCode {
            let opened = try OpenedProject.open(context, directory: project.directory, suites: [])
            let (overrides, problems) = OverrideFile(opened.folder).readAll()
            let listing = OverrideListing(overrides, today: context.today)
            switch format {
            case .human: context.output(listing.text)
            case .json: context.output(listing.json.serialized(.compact) + "\n")
            }
            guard problems.isEmpty else { throw ProjectProblems(folder: opened.folder, problems) }
            return .passed
        }
    }

    struct Check: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Find overrides that are expired, malformed, unapproved, or too many.")

        @OptionGroup var project: ProjectOptions

        func run(_ context: Context) async throws -> ExitCode {
            var opened = try OpenedProject.open(context, directory: project.directory)
            let plan = opened.plan(RunSelection())
            let base = try BaseProject.open(nil, for: opened).base
            let overrides = OverrideApproval(folder: opened.folder, base: base?.commit).approved(
                opened.overrides(base: base), plan: plan)
            let listing = OverrideListing(overrides, today: context.today)
            opened.add(listing.problems(policies: opened.project.suites.map { ($0.name, $0.policy) }))
            try opened.requireValid()
            context.output("\(count(overrides.count, "override")), none with a problem\n")
            return .passed
        }
    }

    struct Prune: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "prune", abstract: "Remove overrides that have expired.")

        @OptionGroup var project: ProjectOptions
        @Flag(help: "Only say what would be removed.") var dryRun = false

        func run(_ context: Context) async throws -> ExitCode {
            let opened = try OpenedProject.open(context, directory: project.directory, suites: [])
            let expired = OverrideListing(OverrideFile(opened.folder).readAll().overrides, today: context.today).expired
            for override in expired {
                if !dryRun { try FileSystem.remove(opened.folder.path(override.file)) }
                context.output("\(dryRun ? "would remove" : "removed") \(override.file), expired on \(override.expires ?? "")\n")
            }
            if expired.isEmpty { context.output("no override has expired\n") }
            return .passed
        }
    }

    struct Log: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "log", abstract: "Who permitted what, when and why, by the history that git keeps.")

        @OptionGroup var project: ProjectOptions

        func run(_ context: Context) async throws -> ExitCode {
            let opened = try OpenedProject.open(context, directory: project.directory, suites: [])
            guard let history = OverrideHistory(folder: opened.folder) else {
                throw DiagnosticsError([
                    Diagnostic("git keeps no history of this project", help: "is it in a repository, with a commit?", exitCode: .usage)
                ])
            }
            context.output(history.text)
            return .passed
        }
    }
}

extension Override.Kind: ExpressibleByArgument {}
