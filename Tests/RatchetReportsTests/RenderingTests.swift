import RatchetGate
import RatchetReports
import SampleRuns
import TestSupport
import Testing

/// The forms of a report, by their file name's end.
enum ReportForm: String, CaseIterable, Sendable {
    case terminal = "txt"
    case markdown = "md"
    case junit = "xml"
    case json
    case github
    case gitlab
    case sarif
    case csv
    case html

    /// Those that are kept in whole: the page is looked at in a browser.
    static let golden = allCases.filter { $0 != .html }

    func text(_ report: RunReport) throws -> String {
        var text = ""
        switch self {
        case .terminal: try TerminalReport(color: false, width: 80, isCI: false).render(report) { text += $0 }
        case .markdown: try MarkdownReport.render(report) { text += $0 }
        case .junit: try JUnitReport.render(report) { text += $0 }
        case .json: try JSONReport.render(report) { text += $0 }
        case .github: try GitHubReport.render(report) { text += $0 }
        case .gitlab: try GitLabReport.render(report) { text += $0 }
        case .sarif: try SARIFReport.render(report) { text += $0 }
        case .csv: try CSVReport.render(report) { text += $0 }
        case .html: try HTMLReport.render(report) { text += $0 }
        }
        return text
    }
}

@Suite("Reports as they are read")
struct RenderingTests {
    @Test(
        "Each kind of run looks in each form as its golden file does",
        arguments: SampleRun.all.keys.sorted(), ReportForm.golden)
    func golden(_ name: String, _ form: ReportForm) throws {
        let report = try #require(SampleRun.all[name]).report
        try GoldenFile.expect(form.text(report), matches: "Tests/RatchetReportsTests/Golden/\(name).\(form.rawValue)")
    }
}

@Suite("The Markdown report's size")
struct MarkdownSizeTests {
    @Test("However much there is to tell, it stays within its limit, with the verdict, the next steps and a word on the rest", arguments: [4_000, 8_000, 60_000])
    func limit(_ limit: Int) throws {
        var run = SampleRun(examples: [])
        run.examples = (1...60).map {
            SampleExample(id: "e\($0)", now: [.failed], mustPass: .always, output: String(repeating: "```\n<b>\($0)</b>\n", count: 200))
        }
        var text = ""
        try MarkdownReport.render(run.report, limit: limit) { text += $0 }
        #expect(text.utf8.count <= limit)
        #expect(text.hasPrefix(MarkdownReport.marker) && text.contains("FAILED") && text.contains("### Next"))
        var whole = ""
        try MarkdownReport.render(run.report, limit: .max) { whole += $0 }
        #expect(text.contains("The rest is left out") == (whole.utf8.count > limit))
        // A fence that was opened is closed.
        let fences = text.split(separator: "\n").filter { $0.drop { $0 == " " }.hasPrefix("````") }
        #expect(fences.count.isMultiple(of: 2))
    }
}
