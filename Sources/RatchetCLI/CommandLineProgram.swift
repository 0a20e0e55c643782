import ArgumentParser
import Foundation
import RatchetCore
import RatchetFiles

/// The program: parses the arguments, runs the command they name, and turns whatever came of it into an exit code.
public enum CommandLineProgram {
    public static func run() async -> Int32 {
        // A reader that went away is noticed by the write that fails, and is no reason to die without a word.
        signal(SIGPIPE, SIG_IGN)
        do {
            var context = try Context.standard()
            context.arguments = Array(CommandLine.arguments.dropFirst())
            let code = await run(context.arguments, in: context)
            guard let failure = context.outputFailure.value else { return code }
            context.error("error: standard output could not be written: \(String(cString: strerror(failure)))\n")
            return code == ExitCode.passed.rawValue ? ExitCode.cannotWrite.rawValue : code
        } catch {
            FileHandle.standardError.write(Data("error: \(error)\n".utf8))
            return ExitCode.internalError.rawValue
        }
    }

    /// - Parameter arguments: Without the program's name.
    static func run(_ arguments: [String], in context: Context) async -> Int32 {
        do {
            var command = try Root.parseAsRoot(arguments)
            if let command = command as? any ContextCommand {
                let code = try await command.run(context)
                return (command as? RunCommand)?.exitStyle == .bisect ? code.forBisect : code.rawValue
            }
            // A request for help, or a group of commands without one of them: the parser's own.
            if var group = command as? any AsyncParsableCommand {
                try await group.run()
            } else {
                try command.run()
            }
            return ExitCode.passed.rawValue
        } catch let failure as FileSystem.Failure {
            context.error("error: \(failure)\n")
            return ExitCode.cannotWrite.rawValue
        } catch {
            guard let refusal = Refusal(error, context) else { return exit(for: error, in: context) }
            let code = refusal.report()
            // A commit whose project is invalid says nothing of the example that is looked for.
            return arguments.contains("--exit-style=bisect") || arguments.contains("bisect") && arguments.contains("--exit-style")
                ? code.forBisect : code.rawValue
        }
    }

    /// Usage errors and requests for help or the version, in the argument parser's own words.
    private static func exit(for error: any Error, in context: Context) -> Int32 {
        let code = Root.exitCode(for: error)
        let message = Root.fullMessage(for: error)
        if code == .success {
            context.output(message + "\n")
        } else {
            context.error(message + "\n")
        }
        return code == .failure ? RatchetCore.ExitCode.internalError.rawValue : code.rawValue
    }
}

/// A command of Ratchet: its only way to the outside is the context.
protocol ContextCommand: AsyncParsableCommand {
    func run(_ context: Context) async throws -> RatchetCore.ExitCode
}

/// `ratchet` itself.
struct Root: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ratchet",
        abstract: "A regression gate for LLM applications: quality may only go up.",
        discussion: """
            Runs suites of examples against a model, checks every answer, compares with the accepted baseline, and exits \
            100 when a change regresses.

            Begin with: ratchet init, ratchet run, ratchet baseline accept.
            """,
        version: Version.current,
        subcommands: [
            InitCommand.self, CheckCommand.self, RunCommand.self, GateCommand.self, BaselineCommand.self, OverrideCommand.self, CompareCommand.self,
            BisectCommand.self, SuiteCommand.self, RunsCommand.self, ShowCommand.self, ReportCommand.self, ReviewCommand.self, RegradeCommand.self, PowerCommand.self, PricesCommand.self, BatchesCommand.self,
            FlakyCommand.self, ChecksCommand.self,
            JudgeCommand.self, PromptCommand.self, ConfigCommand.self, DoctorCommand.self, SchemaCommand.self, CompletionsCommand.self, ManCommand.self, HelpCommand.self,
        ])
}
