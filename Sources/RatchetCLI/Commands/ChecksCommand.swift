import ArgumentParser
import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetJSON

/// `ratchet checks`
struct ChecksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checks", abstract: "What can be checked: list the checks, read about one, try one.",
        subcommands: [List.self, Show.self, Try.self], defaultSubcommand: List.self)

    struct List: ContextCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "All checks, by family.")

        @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

        func run(_ context: Context) async throws -> ExitCode {
            switch format {
            case .human: context.output(Self.human)
            case .json: context.output(Self.json.serialized(.compact) + "\n")
            }
            return .passed
        }

        /// All checks by family, an empty line between two.
        static var families: String {
            let width = (CheckRegistry.names.map(\.count).max() ?? 0) + 2
            return CheckRegistry.families.map { family, types in
                let lines = types.map { "  " + $0.type.padding(to: width) + $0.documentation.summary }
                return ([family.rawValue] + lines).joined(separator: "\n")
            }.joined(separator: "\n\n")
        }

        private static var human: String {
            families + "\n\nratchet checks show NAME says more; ratchet checks try CHECK < FILE tries one\n"
        }

        private static var json: JSONValue {
            let checks = CheckRegistry.types.map { type -> JSONValue in
                let documentation = type.documentation
                let options = documentation.options.map { option -> JSONValue in
                    ["name": .string(option.name), "value": .string(option.kind), "summary": .string(option.summary)]
                }
                return [
                    "type": .string(type.type), "family": .string(documentation.family.rawValue),
                    "summary": .string(documentation.summary), "options": .array(options),
                    "short_form": .optional(documentation.shortForm),
                ]
            }
            return ["format": "ratchet.checks/1", "checks": .array(checks)]
        }
    }

    struct Show: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "What one check wants: its options, and examples.")

        @Argument(help: "The check's type.") var name: String

        func run(_ context: Context) async throws -> ExitCode {
            guard let type = CheckRegistry.check(named: name) else {
                throw DiagnosticsError([
                    Diagnostic(
                        "there is no check \(Quoted.text(name))",
                        help: Suggestion.help(for: name, among: CheckRegistry.names.sorted(), saying: "checks")
                            ?? "ratchet checks lists them",
                        exitCode: .usage)
                ])
            }
            context.output(CheckReference.section(type))
            return .passed
        }
    }

    struct Try: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "try", abstract: "Hold the output on standard input against one check.",
            discussion: """
                Exits 0 when the check passes, 100 when it fails, and 101 when nobody can say. Files and rubrics that the \
                check names are the project's, where there is one. For example: \
                ratchet checks try '{"regex": "order #\\\\d+"}' < output.txt
                """)

        @OptionGroup var project: ProjectOptions
        @Argument(help: ArgumentHelp("The check, as suites write it.", valueName: "check")) var check: String
        @Option(help: ArgumentHelp("What is wanted: a text, or JSON.", valueName: "json")) var expected: String?
        @Option(help: ArgumentHelp("The example's input: a text, or JSON.", valueName: "json")) var input: String?
        @Flag(help: "Standard input is a JSON object with output, tool_calls, finish_reason, usage and times, as in a recording.")
        var recorded = false
        @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

        func run(_ context: Context) async throws -> ExitCode {
            let hasProject = project.directory != nil || ProjectFolder.find(from: context.workingDirectory) != nil
            let trying = CheckTrying(
                context: context, opened: hasProject ? try OpenedProject.open(context, directory: project.directory) : nil,
                check: check, expected: expected.map(Self.value), input: input.map(Self.value) ?? "")
            let result = try await trying.result(of: try response(context))
            context.output(CheckResultText.text(result, format))
            switch result.state {
            case .passed: return .passed
            case .failed: return .regressed
            case .errored, .unscored, .notApplicable: return .inconclusive
            }
        }

        private func response(_ context: Context) throws -> Response {
            let bytes = context.standardInput()
            guard recorded else { return Response(output: Output(text: String(decoding: bytes, as: UTF8.self))) }
            let (response, problems) = Recording.response(inLine: bytes)
            guard let response else { throw DiagnosticsError(problems) }
            return response
        }

        /// JSON where it is JSON, else the text as it is.
        private static func value(_ text: String) -> JSONValue { (try? JSONValue(parsing: text)) ?? .string(text) }
    }
}
