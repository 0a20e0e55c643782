import Foundation
import RatchetCore
import RatchetFiles
import RatchetReports

/// The report files a command asks for. They are tried before the first call is paid for, and written whole.
struct ReportFiles {
    private let requests: [ReportRequest]
    /// Where the answers go, as a recording.
    let recording: String?
    private let context: Context

    private var isEmpty: Bool { requests.isEmpty }
    /// Whether one of them shows earlier runs.
    var tellHistory: Bool { requests.contains { $0.kind == .html } }

    /// - Throws: `cannot-write` for every file that cannot be written.
    init(_ requests: [ReportRequest], recording: String? = nil, _ context: Context) throws {
        self.requests = requests.map { $0.path == "-" ? $0 : ReportRequest($0.kind, context.absolute($0.path)) }
        self.recording = recording.map(context.absolute)
        self.context = context
        try Self.requireWritable(self.requests.map(\.path).filter { $0 != "-" } + (self.recording.map { [$0] } ?? []))
    }

    /// - Throws: `cannot-write` for every file that cannot be written.
    static func requireWritable(_ paths: [String]) throws {
        let problems = paths.compactMap { path -> Diagnostic? in
            let folder = (path as NSString).deletingLastPathComponent
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            if exists, isFolder.boolValue { return Diagnostic("\(path) is a folder", exitCode: .cannotWrite) }
            return FileManager.default.isWritableFile(atPath: exists ? path : folder)
                ? nil : Diagnostic("\(path) cannot be written", exitCode: .cannotWrite)
        }
        if !problems.isEmpty { throw DiagnosticsError(problems) }
    }

    /// Writes them with what the project knows beside the run. One that could not be written is said, and is a code that holds.
    func write(_ report: inout RunReport, _ background: ProjectBackground, baselines: [String: Baseline]? = nil) {
        guard !isEmpty else { return }
        report.background = background.of(report, baselines: baselines, hasHistory: tellHistory)
        guard let problem = write(report) else { return }
        context.error("error: \(problem)\n")
        report.decision = report.decision.adding(.cannotWrite)
    }

    /// Writes them all, piece by piece; what went wrong, in words, when something did.
    func write(_ report: RunReport) -> String? {
        var problems: [String] = []
        for request in requests {
            do {
                if request.path == "-" {
                    try render(report, request.kind, to: stream(request.kind))
                } else {
                    try AtomicFile.write(to: request.path) { write in try render(report, request.kind, to: write) }
                }
            } catch {
                problems.append("the report \(request.path) could not be written: \(error)")
            }
        }
        return problems.isEmpty ? nil : problems.joined(separator: "; ")
    }

    /// Says in each of them that there was no run.
    func write(_ skipped: SkippedReport) throws {
        for request in requests {
            let text =
                switch request.kind {
                case .html: skipped.html
                case .md, .summary: skipped.markdown
                case .junit: skipped.junit
                case .json: skipped.json
                case .csv: ""
                case .github: skipped.github
                case .gitlab: "[]\n"
                case .sarif: skipped.sarif
                case .text: skipped.terminal
                }
            if request.path == "-" { stream(request.kind)(text) } else { try AtomicFile.write(text, to: request.path) }
        }
    }

    /// Workflow commands are read from both streams, and standard output may be JSON.
    private func stream(_ kind: ReportKind) -> @Sendable (String) -> Void {
        if kind == .github { return context.error }
        return context.output
    }

    private func render(_ report: RunReport, _ kind: ReportKind, to write: (String) throws -> Void) throws {
        switch kind {
        case .html: try HTMLReport.render(report, to: write)
        case .md: try MarkdownReport.render(report, isCI: context.isCI, to: write)
        case .summary: try MarkdownReport.render(report, isCI: context.isCI, limit: MarkdownReport.pageLimit, to: write)
        case .junit: try JUnitReport.render(report, to: write)
        case .json: try JSONReport.render(report, to: write)
        case .csv: try CSVReport.render(report, to: write)
        case .github: try GitHubReport.render(report, to: write)
        case .gitlab: try GitLabReport.render(report, to: write)
        case .sarif: try SARIFReport.render(report, to: write)
        case .text: try TerminalReport(color: false, width: 100, isCI: context.isCI).render(report, to: write)
        }
    }
}
