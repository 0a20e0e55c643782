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

/// What a run without its keys comes to.
enum WithoutCredentials: String, ExpressibleByArgument, CaseIterable { case fail, skip }

/// How a run's exit code is said.
enum ExitStyle: String, ExpressibleByArgument, CaseIterable { case plain, bisect }

extension Target: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension PromptReference: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

/// `--report kind=path`; workflow commands need no file.
struct ReportRequest: ExpressibleByArgument {
    var kind: ReportKind
    /// `-` for standard output, or, of workflow commands, standard error.
    var path: String

    init(_ kind: ReportKind, _ path: String) {
        self.kind = kind
        self.path = path
    }

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard let kind = parts.first.flatMap(ReportKind.init(rawValue:)) else { return nil }
        if parts.count == 1, kind == .github { self.init(kind, "-") } else if parts.count == 2 { self.init(kind, parts[1]) } else { return nil }
    }
}

/// The forms of a report that can be written to a file.
enum ReportKind: String, CaseIterable {
    case html, md, summary, junit, json, csv, github, gitlab, sarif, text

    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
