import ArgumentParser
import RatchetCore
import RatchetFiles
import RatchetJSON
import RatchetReports

/// `ratchet prompt`
struct PromptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompt", abstract: "Prompt versions: list, compare, begin one, promote, roll back.",
        subcommands: [
            List.self, Show.self, Diff.self, New.self, PromptPromoteCommand.self, PromptRollbackCommand.self, PromptHistoryCommand.self,
            PromptResolveCommand.self,
        ], defaultSubcommand: List.self)

    struct List: ContextCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "Every prompt version, and the suites that test it.")

        @OptionGroup var project: ProjectOptions
        @Option(help: "What is printed on standard output.") var format: OutputFormat = .human

        func run(_ context: Context) async throws -> ExitCode {
            let opened = try PromptCommand.open(context, project)
            let prompts = opened.project.prompts.sorted { $0.key < $1.key }.flatMap(\.value)
            let suites = { (prompt: Prompt) in
                opened.project.suites.filter { $0.prompt.flatMap(opened.project.prompt)?.hash == prompt.hash }.map(\.name)
            }
            switch format {
            case .human:
                if prompts.isEmpty { context.output("no prompts yet; begin one with: ratchet prompt new ID\n") }
                context.output(
                    TextTable.text(
                        prompts.map { prompt in
                            let tested = suites(prompt)
                            return [
                                prompt.reference.description, String(prompt.hash.dropFirst(7).prefix(12)),
                                tested.isEmpty ? "in no suite" : "in " + tested.joined(separator: ", "),
                                TerminalText.plain(prompt.description ?? "", limit: 80),
                            ]
                        }))
            case .json:
                let rows = prompts.map { prompt -> JSONValue in
                    [
                        "prompt": .string(prompt.reference.description), "hash": .string(prompt.hash), "file": .string(prompt.source.file),
                        "description": .optional(prompt.description), "suites": .strings(suites(prompt)),
                    ]
                }
                context.output(JSONValue.object(["format": "ratchet.prompts/1", "prompts": .array(rows)]).serialized(.compact) + "\n")
            }
            return .passed
        }
    }

    struct Show: ContextCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "A prompt version's file.")

        @OptionGroup var project: ProjectOptions
        @Argument(help: "id@version; without a version the highest.") var prompt: PromptReference

        func run(_ context: Context) async throws -> ExitCode {
            let opened = try PromptCommand.open(context, project)
            let found = try PromptCommand.find(prompt, opened)
            context.output("\(found.reference)  \(found.hash)  \(found.source.file)\n\n" + TerminalText.block(found.content) + "\n")
            return .passed
        }
    }

    struct Diff: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "diff", abstract: "Two prompt versions word by word.",
            discussion: "Exits 0 whether they differ or not. To see what a change does to answers: ratchet compare --prompt A --prompt B.")

        @OptionGroup var project: ProjectOptions
        @Argument(help: "The older one, as id@version.") var old: PromptReference
        @Argument(help: "The newer one.") var new: PromptReference

        func run(_ context: Context) async throws -> ExitCode {
            let opened = try PromptCommand.open(context, project)
            let (old, new) = (try PromptCommand.find(old, opened), try PromptCommand.find(new, opened))
            context.output("\(old.reference) -> \(new.reference)\n\n")
            guard old.hash != new.hash else {
                context.output("to the letter the same\n")
                return .passed
            }
            let difference = TextDifference(from: old.content, to: new.content)
            context.output(difference.terminal(color: context.usesColor, maximumLines: 10_000) + "\n")
            return .passed
        }
    }

    struct New: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "new", abstract: "Begin a prompt, or the next version of one: a copy of the highest.")

        @OptionGroup var project: ProjectOptions
        @Argument(help: "The prompt's id.") var id: String
        @Option(help: ArgumentHelp("Its version; by default the highest with its last number raised.", valueName: "version")) var version: String?

        func validate() throws {
            if !Name.isValid(id) { throw ValidationError("A prompt's id is made of \(Name.rule).") }
        }

        func run(_ context: Context) async throws -> ExitCode {
            let opened = try PromptCommand.open(context, project)
            let highest = opened.project.prompts[id]?.last
            let next = version ?? highest.map { Self.raised($0.version) } ?? "1.0.0"
            guard PromptReference("\(id)@\(next)") != nil, !next.contains("/") else {
                throw DiagnosticsError([Diagnostic("\(Quoted.text(next)) is not a version", help: "for example 1.1.0", exitCode: .usage)])
            }
            let path = "prompts/\(id)/\(next).md"
            let text = highest.map { prompt in
                prompt.content.split(separator: "\n", omittingEmptySubsequences: false)
                    .map { $0.hasPrefix("version:") ? "version: \(next)" : String($0) }.joined(separator: "\n")
            }
            do throws(FileSystem.Failure) {
                try AtomicFile.create(Array((text ?? Self.template(next)).utf8), at: opened.folder.path(path))
            } catch {
                throw DiagnosticsError([Diagnostic("\(path) could not be written: \(error)", exitCode: .cannotWrite)])
            }
            context.output("wrote \(path)\n\nnext: edit it, then ratchet run --prompt \(id)@\(next)\n")
            return .passed
        }

        private static func template(_ version: String) -> String { "---\nversion: \(version)\ndescription: What it is for\n---\nuser:\n{{question}}\n" }

        /// `1.2.9` as `1.2.10`; what has no number at its end gets one.
        private static func raised(_ version: String) -> String {
            let digits = String(version.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())
            guard let number = Int(digits), number < Int.max else { return version + ".1" }
            return version.dropLast(digits.count) + String(number + 1)
        }
    }

    static func open(_ context: Context, _ options: ProjectOptions) throws -> OpenedProject {
        var opened = try OpenedProject.open(context, directory: options.directory)
        try opened.requireValid()
        return opened
    }

    static func find(_ reference: PromptReference, _ opened: OpenedProject) throws -> Prompt {
        guard let found = opened.project.prompt(reference) else {
            let known = opened.project.prompts[reference.id]?.map(\.reference.description) ?? opened.project.prompts.keys.sorted()
            let help = known.isEmpty ? nil : "there are " + known.prefix(20).joined(separator: ", ")
            throw DiagnosticsError([Diagnostic("there is no prompt \(Quoted.text(reference.description))", help: help, exitCode: .usage)])
        }
        return found
    }
}
