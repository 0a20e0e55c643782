import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetJSON
import RatchetReports
import RatchetStore

/// The findings that stopped a command before anything ran, whichever way they were thrown.
struct Refusal {
    private let context: Context
    private let folder: ProjectFolder
    private let diagnostics: [Diagnostic]

    /// `nil` for an error that is no finding, such as a request for help.
    init?(_ error: any Error, _ context: Context) {
        self.context = context
        var folder = ProjectFolder(root: context.workingDirectory)
        switch error {
        case let problems as ProjectProblems:
            folder = problems.folder
            diagnostics = problems.diagnostics
        case let problems as DiagnosticsError: diagnostics = problems.diagnostics
        case let error as StoreError: diagnostics = [error.diagnostic]
        default: return nil
        }
        self.folder = folder
    }

    /// Prints them all for a person, and gives the exit code that they ask for.
    func report() -> ExitCode { context.report(DiagnosticsError(diagnostics), folder: folder) }

    /// The shape of a run's report, without suites and with the findings.
    var json: String {
        let locator = DiagnosticLocator(folder)
        let code = context.exitCode(of: diagnostics.filter { $0.severity == .error })
        let findings = locator.sorted(diagnostics).map { diagnostic -> JSONValue in
            let place = locator.locate(diagnostic)
            return [
                "severity": .string(diagnostic.severity.rawValue), "file": .optional(place?.file), "line": .int(place?.line),
                "column": .int(place?.column), "message": .string(diagnostic.message), "help": .optional(diagnostic.help),
            ]
        }
        let object: JSONValue = [
            "format": .string(JSONReport.format), "run": .null,
            "exit": JSONReport.exit(RunDecision.refused(code)), "suites": [], "diagnostics": .array(findings),
        ]
        return object.serialized(.compact) + "\n"
    }
}

extension Context {
    /// Whoever reads JSON gets one object whatever happens; people read the same on standard error.
    func refusing(_ format: OutputFormat, _ body: () async throws -> ExitCode) async throws -> ExitCode {
        do {
            return try await body()
        } catch {
            if format == .json, let refusal = Refusal(error, self) { output(refusal.json) }
            throw error
        }
    }
}
