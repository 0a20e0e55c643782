import ArgumentParser
import RatchetCore
import RatchetJSON

/// `ratchet man`
struct ManCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "man", abstract: "Print the manual page: ratchet man | man -l -")

    func run(_ context: Context) async throws -> ExitCode {
        guard let help = try? JSONValue(parsing: Root._dumpHelp()), let root = help["command"] else { return .internalError }
        context.output(ManualPage(root: root, version: Version.current).text)
        return .passed
    }
}

/// A manual page made of the definitions of commands and options, in the language of man(7).
struct ManualPage {
    let root: JSONValue
    let version: String

    var text: String {
        var lines = [".TH RATCHET 1 \"\" \"ratchet \(version)\" \"User Commands\"", ".SH NAME", "ratchet \\- " + Self.escaped(word(root, "abstract"))]
        lines += [".SH SYNOPSIS", ".B ratchet", ".I command", "[options]", ".SH DESCRIPTION"] + paragraphs(word(root, "discussion"))
        lines.append(".SH COMMANDS")
        for command in root["subcommands"]?.arrayValue ?? [] { lines += section(command, path: "ratchet") }
        lines.append(".SH EXIT STATUS")
        for code in ExitCode.allCases { lines += [".TP", ".B \(code.rawValue)", Self.escaped("\(code.name): \(code.meaning)")] }
        lines.append(".SH ENVIRONMENT")
        for (name, meaning) in HelpTopic.variables { lines += [".TP", ".B \(Self.escaped(name))", Self.escaped(meaning)] }
        return lines.joined(separator: "\n") + "\n"
    }

    private func section(_ command: JSONValue, path: String) -> [String] {
        let name = path + " " + word(command, "commandName")
        let children = (command["subcommands"]?.arrayValue ?? []).filter { word($0, "commandName") != "help" }
        guard children.isEmpty else { return children.flatMap { section($0, path: name) } }
        var lines = [".SS " + Self.escaped(name)] + paragraphs(word(command, "abstract")) + paragraphs(word(command, "discussion"))
        for argument in command["arguments"]?.arrayValue ?? [] where argument["shouldDisplay"] != false {
            let value = word(argument, "valueName")
            let names = (argument["names"]?.arrayValue ?? []).map { ($0["kind"] == "long" ? "--" : "-") + word($0, "name") }
            let takesValue = word(argument, "kind") == "option"
            let title = names.isEmpty ? "<\(value)>" : names.joined(separator: ", ") + (takesValue ? " <\(value)>" : "")
            lines += [".TP", ".B " + Self.escaped(title)] + [Self.escaped(word(argument, "abstract"))]
        }
        return lines
    }

    private func word(_ object: JSONValue, _ key: String) -> String { object[key]?.stringValue ?? "" }

    private func paragraphs(_ text: String) -> [String] { text.isEmpty ? [] : [".PP"] + text.split(separator: "\n").map { Self.escaped(String($0)) } }

    /// At least four digits, as groff names characters.
    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// A line that begins with a dot or an apostrophe would be a request, and a backslash an escape.
    static func escaped(_ text: String) -> String {
        let line = text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("\n", with: " ")
            .unicodeScalars.map { $0.isASCII ? String($0) : "\\[u\(Self.hexadecimal($0))]" }.joined()
        return line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
    }
}
