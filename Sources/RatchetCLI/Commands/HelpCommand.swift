import ArgumentParser
import RatchetCore

/// `ratchet help [topic or command]`: a topic is meant where both have the name, for `ratchet suite --help` says the other.
struct HelpCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "help", abstract: "Help on a command, or on a topic: \(HelpTopic.allCases.map(\.rawValue).joined(separator: ", ")).")

    @Argument(help: "A command, or a topic.") var words: [String] = []

    func run(_ context: Context) async throws -> RatchetCore.ExitCode {
        if words.count == 1, let topic = HelpTopic(rawValue: words[0]) {
            context.output(topic.text)
            return .passed
        }
        var command: any ParsableCommand.Type = Root.self
        for word in words {
            guard let next = command.configuration.subcommands.first(where: { $0.configuration.commandName == word })
            else { throw ValidationError("There is no help on \"\(words.joined(separator: " "))\".") }
            command = next
        }
        throw CleanExit.helpRequest(command)
    }

    /// The table of exit codes, made from their definition.
    static var exitCodes: String {
        let rows = ExitCode.allCases.map { code in
            let number = String(code.rawValue)
            return String(repeating: " ", count: 4 - number.count) + number + "  "
                + code.name.padding(to: 20) + "  " + code.meaning
        }
        let order = ExitCode.precedence.map { String($0.rawValue) }.joined(separator: ", ")
        return """
            Exit codes of ratchet:

            \(rows.joined(separator: "\n"))

            64, 65, 77 and 78 stop before anything runs. After a run, the first of these that holds wins:
            \(order).
            The JSON output lists all that hold.

            """
    }
}

typealias ExitCode = RatchetCore.ExitCode

extension String {
    /// The text with blanks behind it, up to that many characters.
    func padding(to width: Int) -> String {
        count >= width ? self : self + String(repeating: " ", count: width - count)
    }
}
