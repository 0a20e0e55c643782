import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetJSON
import RatchetReports
import RatchetStore

/// A run that was refused before anything ran, as JSON: the shape of a run's report, without suites and with the findings.
struct Refused {
    private let context: Context
    private let folder: ProjectFolder
    private let diagnostics: [Diagnostic]

    /// `nil` for an error that is no finding, such as a request for help.
    init?(_ error: any Error, _ context: Context) {
        self.context = context
        switch error {
        case let problems as ProjectProblems:
            folder = problems.folder
            diagnostics = problems.diagnostics
        case let problems as DiagnosticsError:
            folder = ProjectFolder(root: context.workingDirectory)
            diagnostics = problems.diagnostics
        case let error as StoreError:
            folder = ProjectFolder(root: context.workingDirectory)
            diagnostics = [error.diagnostic]
        default: return nil
        }
    }

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
