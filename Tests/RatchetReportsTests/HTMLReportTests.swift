import Foundation
import RatchetCore
import RatchetGate
import RatchetJSON
import SampleRuns
import TestSupport
import Testing

@testable import RatchetReports

@Suite("The HTML report")
struct HTMLReportTests {
    /// The JSON of one of the page's data elements.
    private func data(_ page: String, _ id: String) throws -> JSONValue {
        let begin = try #require(page.range(of: "id=\"\(id)\">"))
        let end = try #require(page[begin.upperBound...].range(of: "</script>"))
        return try JSONValue(parsing: String(page[begin.upperBound..<end.lowerBound]))
    }

    @Test("The page holds every example, and loads nothing", arguments: SampleRun.all.keys.sorted())
    func whole(_ name: String) throws {
        let report = try #require(SampleRun.all[name]).report
        let page = try ReportForm.html.text(report)
        let examples = try #require(data(page, "examples").arrayValue)
        #expect(examples.compactMap { $0["id"]?.stringValue } == report.decision.suites.flatMap { $0.examples.map(\.id) })
        #expect(try data(page, "run")["headline"]?.stringValue == VerdictWording(report).headline)
        #expect(!page.contains("src=") && !page.contains("href=\"http") && page.contains("default-src 'none'"))
    }

    @Test("No text of others leaves the data it stands in")
    func hostile() throws {
        for (text, report) in HostileText.cases {
            let page = try ReportForm.html.text(report)
            // The shell has four elements with scripts in them; a text that ended one would make a fifth.
            #expect(page.components(separatedBy: "</script").count == 4, "\(text.debugDescription)")
            #expect(page.components(separatedBy: "<script").count == 4, "\(text.debugDescription)")
            let examples = try data(page, "examples")
            #expect(examples.arrayValue?.count == report.decision.suites[0].examples.count)
        }
    }

    @Test("base64 is that of RFC 4648", arguments: ["": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "foobar": "Zm9vYmFy"])
    func base64(_ text: String, _ wanted: String) {
        #expect(HTMLReport.base64(Array(text.utf8)) == wanted)
    }
}

/// The page as a person has it: in a real browser.
@Suite("The HTML report in Chromium", .serialized, .enabled(if: Browser.program != nil, "there is no Chromium here"))
struct HTMLReportBrowserTests {
    /// A page on disk.
    private final class Page {
        let url: URL

        init(_ report: RunReport) throws {
            url = FileManager.default.temporaryDirectory.appendingPathComponent("report-\(UUID().uuidString).html")
            try Data(ReportForm.html.text(report).utf8).write(to: url)
        }

        deinit { try? FileManager.default.removeItem(at: url) }
    }

    private static func count(_ browser: Browser, _ selector: String) throws -> Int {
        try browser.evaluate("document.querySelectorAll(\"\(selector)\").length") as? Int ?? -1
    }

    private static func text(_ browser: Browser, _ selector: String) throws -> String {
        try browser.evaluate("document.querySelector(\"\(selector)\")?.textContent ?? ''") as? String ?? ""
    }

    @Test("Counters and search filter, the address keeps what is shown, keys walk, and nothing complains")
    func use() throws {
        let run = try #require(SampleRun.all["failed"])
        let page = try Page(run.report)
        let browser = try Browser()
        try browser.open(page.url.absoluteString)
        #expect(try Self.text(browser, "h1").contains("FAILED"))
        let all = run.decided.examples.count + run.decided.missing.count
        #expect(try Self.text(browser, "[role=status]") == "\(all) examples")

        // A counter filters, and the address says so.
        try browser.evaluate("document.querySelector('.counters button[data-group=won], .counters button').click()")
        let filtered = try Self.count(browser, ".row")
        #expect(filtered > 0 && filtered < all)
        #expect(try (browser.evaluate("location.hash") as? String)?.contains("q=s%3A") == true)

        // So does the search, by token, with a minus for what is not wanted.
        try browser.evaluate("(() => { const i = document.querySelector('input'); i.value = 'id:critical'; i.dispatchEvent(new Event('input')); })()")
        #expect(try Self.count(browser, ".row") == 1)
        try browser.evaluate("(() => { const i = document.querySelector('input'); i.value = '-id:critical'; i.dispatchEvent(new Event('input')); })()")
        #expect(try Self.text(browser, "[role=status]") == "\(all - 1) of \(all)")
        try browser.evaluate("document.querySelector('.rows').focus()")
        try browser.press("Escape")
        #expect(try Self.text(browser, "[role=status]") == "\(all) examples")

        // Keys: the first, the next, closed again.
        try browser.press("j")
        let first = try Self.text(browser, ".pane h2")
        try browser.press("j")
        let second = try Self.text(browser, ".pane h2")
        #expect(!first.isEmpty && !second.isEmpty && first != second)
        let address = try browser.evaluate("location.href") as? String ?? ""
        try browser.press("Escape")
        #expect(try Self.count(browser, ".pane") == 0)
        try browser.press("/")
        #expect(try browser.evaluate("document.activeElement.tagName") as? String == "INPUT")

        // Sorting: by name both ways.
        try browser.evaluate("document.querySelectorAll('.head button')[1].click()")
        let ascending = try Self.text(browser, ".row [role=cell]:nth-child(2)")
        try browser.evaluate("document.querySelectorAll('.head button')[1].click()")
        #expect(try Self.text(browser, ".row [role=cell]:nth-child(2)") != ascending)
        #expect(browser.complaints.isEmpty, "\(browser.complaints)")

        // A link shows what its sender saw.
        try browser.open(address)
        #expect(try Self.text(browser, ".pane h2") == second)
        #expect(try browser.print().starts(with: Data("%PDF".utf8)))
        #expect(browser.complaints.isEmpty, "\(browser.complaints)")
    }

    @Test("What an output says is text, whatever it looks like")
    func hostile() throws {
        let attacks = [
            "<script>document.title='owned'</script>", "<img src=x onerror=\"document.title='owned'\">", "</script><script>document.title='owned'</script>",
            "<svg onload=document.title='owned'>", "javascript:document.title='owned'", "<iframe src=\"https://evil.example\"></iframe>",
            "<!--<script>", "<a href=\"javascript:alert(1)\">x</a>", "\u{2028}';document.title='owned'//", "${document.title='owned'}",
            "<style>*{display:none}</style>", "<meta http-equiv=refresh content=\"0;url=https://evil.example\">",
        ]
        let examples = attacks.map { SampleExample(id: $0, now: [.failed], mustPass: .always, output: $0, reason: $0) }
        let page = try Page(SampleRun(examples: examples, notes: attacks).report)
        let browser = try Browser()
        try browser.open(page.url.absoluteString)
        for _ in attacks {
            try browser.press("j")
            let shown = try Self.text(browser, ".pane pre")
            #expect(attacks.contains(shown))
        }
        #expect(try browser.evaluate("document.title") as? String == "Ratchet: FAILED, run 20261122-7f3a")
        for element in ["main script", "main iframe", "main img", "main style", "main meta", "main a[href^=javascript]"] {
            #expect(try Self.count(browser, element) == 0, "\(element)")
        }
        #expect(browser.complaints.isEmpty, "\(browser.complaints)")
    }

    @Test("Two thousand examples are there, of which only those in sight are drawn")
    func large() throws {
        let output = String(repeating: "A sentence of an answer. ", count: 80)
        let examples = (0..<2000).map { SampleExample(id: "e\($0)", now: [$0 % 9 == 0 ? .failed : .passed], output: output + "\($0)") }
        let page = try Page(SampleRun(examples: examples).report)
        let browser = try Browser()
        try browser.open(page.url.absoluteString)
        #expect(try Self.text(browser, "[role=status]") == "2,000 examples")
        #expect(try Self.count(browser, ".row") < 200)
        try browser.evaluate("(() => { const r = document.querySelector('.rows'); r.scrollTop = r.scrollHeight; r.dispatchEvent(new Event('scroll')); })()")
        try browser.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        #expect(try Self.count(browser, ".row") > 0)
        #expect(browser.complaints.isEmpty, "\(browser.complaints)")
    }
}
