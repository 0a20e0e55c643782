import ArgumentParser
import RatchetCore

/// Options that every command about a project has.
struct ProjectOptions: ParsableArguments {
    @Option(name: .customLong("project"), help: ArgumentHelp("The project's folder.", valueName: "dir"))
    var directory: String?
}

/// How results are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case human, json
}

extension GateEffort: ExpressibleByArgument {}

/// How a run's exit code is said.
enum ExitStyle: String, ExpressibleByArgument, CaseIterable { case plain, bisect }

extension Target: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension PromptReference: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

/// `--report kind=path`
struct ReportRequest: ExpressibleByArgument {
    var kind: ReportKind
    var path: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let kind = ReportKind(rawValue: parts[0]), !parts[1].isEmpty else { return nil }
        self.kind = kind
        path = parts[1]
    }
}

enum ReportKind: String, CaseIterable {
    case json, text, md, junit
}
