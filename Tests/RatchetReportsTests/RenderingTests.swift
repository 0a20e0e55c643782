import RatchetGate
import RatchetReports
import SampleRuns
import TestSupport
import Testing

/// The four forms of a report, by their file name's end.
enum ReportForm: String, CaseIterable, Sendable {
    case terminal = "txt"
    case markdown = "md"
    case junit = "xml"
    case json

    func text(_ report: RunReport) throws -> String {
        var text = ""
        switch self {
        case .terminal: try TerminalReport(color: false, width: 80, isCI: false).render(report) { text += $0 }
        case .markdown: try MarkdownReport.render(report) { text += $0 }
        case .junit: try JUnitReport.render(report) { text += $0 }
        case .json: try JSONReport.render(report) { text += $0 }
        }
        return text
    }
}

@Suite("Reports as they are read")
struct RenderingTests {
    @Test(
        "Each kind of run looks in each form as its golden file does",
        arguments: SampleRun.all.keys.sorted(), ReportForm.allCases)
    func golden(_ name: String, _ form: ReportForm) throws {
        let report = try #require(SampleRun.all[name]).report
        try GoldenFile.expect(form.text(report), matches: "Tests/RatchetReportsTests/Golden/\(name).\(form.rawValue)")
    }
}
