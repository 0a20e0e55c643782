import Foundation
import RatchetCore
import RatchetGate
import RatchetJSON
import SampleRuns
import TestSupport
import Testing

@testable import RatchetReports

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Text that tries to be more than text, where a model, an example or a backend can put it.
enum HostileText {
    static let own = [
        "\u{1B}[2J\u{1B}]0;owned\u{7}", "\u{9B}31mred", "a\u{202E}gpj.exe", "tag\u{E0041}\u{E0042}",
        "zero\u{200B}width",
        "\0nul", "line\rover\r\nnext\u{2028}sep", "</system-out><failure/>]]>", "\u{FFFE}\u{FFFF}", "a\"b'c<d>&amp;",
        "````\n```\nend\n<script>alert(1)</script>", "`", "` `` ```", "   ",
        "@everyone see #1 and https://evil.example",
        "::error file=x::boom", "  ::set-output name=x::y", "##[error]boom", "##vso[task.complete result=Failed;]",
        "-rf", "--reason x", "$(reboot) `id`; '\"", "[x](javascript:alert(1)) ![](http://evil.example/p.png)",
        String(repeating: "\u{301}", count: 20_000), String(repeating: "漢", count: 3000), "👩‍👩‍👧‍👦 🏴", "<!-- x -->",
        "| a | b |",
    ]

    /// Each text with a report that holds it: our own in every place, those of the list each in one.
    static var cases: [(text: String, report: RunReport)] {
        all.enumerated().flatMap { place, text -> [(text: String, report: RunReport)] in
            let reports = runs(text)
            return (place < own.count ? reports : [reports[place % reports.count]]).map { (text, $0.report) }
        }
    }

    static let all: [String] = {
        guard let url = SharedData.url("conformance/naughty-strings/blns.json"),
            let data = try? Data(contentsOf: url), let list = try? JSONValue(parsing: Array(data)).arrayValue
        else { return own }
        return own + list.compactMap(\.stringValue)
    }()

    /// Runs with the text as id, output, reason, error, note, target, prompt and override.
    static func runs(_ text: String) -> [SampleRun] {
        let example = { (state: TrialState) in
            SampleExample(
                id: text, now: [state], mustPass: .always, output: text, reason: text, error: text)
        }
        return [
            SampleRun(
                target: "recorded/\(text)", examples: [example(.failed)], missing: ["gone \(text)"], notes: [text]),
            SampleRun(prompt: text, basis: .noBaseline(name: nil), examples: [example(.failed)]),
            SampleRun(examples: [example(.errored)]),
            SampleRun(examples: [example(.unscored)], circumstances: [.interrupted]),
            SampleRun(examples: [example(.failed)], overrides: [(.examples([text]), text, expires: text)]),
        ]
    }
}

@Suite("Hostile text stays text")
struct HostileTextTests {
    @Test("A workflow command is one line of its own, and every line is one of ours")
    func github() throws {
        for (text, report) in HostileText.cases {
            for line in try ReportForm.github.text(report).split(separator: "\n") {
                #expect(line.hasPrefix("::error ") || line.hasPrefix("::warning ") || line.hasPrefix("::notice "), "\(text.debugDescription)")
                // Properties end at the first `::`, and none of a text may come before.
                let properties = line.dropFirst(2).prefix { $0 != ":" }
                #expect(properties.contains("title=") && !properties.contains("\r"), "\(line)")
            }
        }
    }

    @Test("Code quality and SARIF stay JSON, with one entry a finding")
    func findings() throws {
        for (text, report) in HostileText.cases {
            let count = try ReportFinding.all(of: report).count
            let entries = try JSONValue(parsing: ReportForm.gitlab.text(report)).arrayValue
            #expect(entries?.count == count, "\(text.debugDescription)")
            let sarif = try JSONValue(parsing: ReportForm.sarif.text(report))
            #expect(sarif["runs"]?.arrayValue?.first?["results"]?.arrayValue?.count == count, "\(text.debugDescription)")
        }
    }

    @Test("No cell of the table is a formula, and rows have as many cells as the head")
    func table() throws {
        for (text, report) in HostileText.cases + [("=1+1", HostileText.runs("=1+1")[0].report), ("@SUM(A1)", HostileText.runs("@SUM(A1)")[0].report)] {
            let rows = Self.cells(try ReportForm.csv.text(report))
            for row in rows {
                #expect(row.count == rows[0].count, "\(text.debugDescription)")
                for cell in row where Double(cell) == nil {
                    #expect(!["=", "+", "-", "@", "\t", "\r"].contains(cell.unicodeScalars.first.map(String.init) ?? ""), "\(cell.debugDescription)")
                }
            }
        }
    }

    /// RFC 4180, read as a spreadsheet does.
    private static func cells(_ text: String) -> [[String]] {
        var rows: [[String]] = [[]]
        var cell = String.UnicodeScalarView()
        var isQuoted = false
        var scalars = Array(text.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\"" where isQuoted && scalars.first == "\"": cell.append(scalars.removeFirst())
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                rows[rows.count - 1].append(String(cell))
                cell = .init()
            case "\r" where !isQuoted && scalars.first == "\n":
                scalars.removeFirst()
                rows[rows.count - 1].append(String(cell))
                cell = .init()
                rows.append([])
            default: cell.append(scalar)
            }
        }
        return rows.dropLast()
    }

    @Test("No control, escape, direction or CI command reaches a terminal")
    func terminal() throws {
        for (text, report) in HostileText.cases {
            let page = try ReportForm.terminal.text(report)
            let harmful = page.unicodeScalars.filter { scalar in
                let kind = scalar.properties.generalCategory
                let isJoiner = scalar == "\u{200C}" || scalar == "\u{200D}"
                return scalar != "\n" && (kind == .control || kind == .format && !isJoiner || kind == .lineSeparator)
            }
            #expect(harmful.isEmpty, "\(text.debugDescription)")
            for line in page.split(separator: "\n") {
                let start = line.drop { $0.isWhitespace }
                #expect(!start.hasPrefix("::") && !line.contains("##[") && !line.contains("##vso["), "\(line)")
            }
        }
    }

    @Test("JUnit XML is well formed, and ids come back as far as XML can carry them")
    func junit() throws {
        for (text, report) in HostileText.cases {
            let xml = try ReportForm.junit.text(report)
            let reader = NameReader()
            let parser = XMLParser(data: Data(xml.utf8))
            parser.delegate = reader
            #expect(parser.parse(), "\(text.debugDescription): \(String(describing: parser.parserError))")
            let carried = String(
                String.UnicodeScalarView(
                    text.unicodeScalars.map { scalar in
                        let isIllegal = scalar.value < 0x20 && !"\t\n\r".unicodeScalars.contains(scalar)
                        return isIllegal || scalar.value == 0xFFFE || scalar.value == 0xFFFF ? "\u{FFFD}" : scalar
                    }))
            #expect(reader.names.first.map { Array($0.utf8) } == Array(carried.utf8), "\(text.debugDescription)")
        }
    }

    @Test("JSON brings every text back byte for byte, on one line")
    func json() throws {
        for text in HostileText.all {
            let line = try ReportForm.json.text(HostileText.runs(text)[0].report)
            #expect(line.utf8.filter { $0 == UInt8(ascii: "\n") }.count == 1)
            let example = try JSONValue(parsing: line)["suites"]?.arrayValue?.first?["examples"]?.arrayValue?.first
            #expect(example?["id"] == .string(text))
            #expect(example?["trials"]?.arrayValue?.first?["output"] == .string(text))
        }
    }

    @Test("In Markdown it stays inside code spans and fences")
    func markdown() throws {
        for (text, report) in HostileText.cases {
            let bare = MarkdownReader.textOutsideCode(String(try ReportForm.markdown.text(report).dropFirst(MarkdownReport.marker.count)))
            #expect(
                !bare.contains("<") && !bare.contains("@") && !bare.contains("]("), "\(text.debugDescription): \(bare)")
            #expect(!bare.contains("`") && !bare.contains("http"), "\(bare)")
        }
    }

    @Test("A plain line keeps what is harmless, shows what is not, and is cut to its columns")
    func plain() {
        #expect(TerminalText.plain("Zoë 漢字 👍", limit: 40) == "Zoë 漢字 👍")
        #expect(TerminalText.plain("a\tb\nc\r\u{1B}[0m", limit: 40) == "a\\tb\\nc\\r\\x1b[0m")
        #expect(TerminalText.plain("\u{202E}x\u{9B}", limit: 40) == "\\u{202e}x\\x9b")
        #expect(TerminalText.plain("abcdef", limit: 6) == "abcdef")
        #expect(TerminalText.plain("abcdefg", limit: 6) == "abcde…")
        #expect(TerminalText.plain("漢字漢字", limit: 6) == "漢字…")
        #expect(TerminalText.plain("abc", limit: 0) == "…")
        #expect(TerminalText.plain("", limit: 5) == "")
        #expect(TerminalText.plain("std::vector ## Title", limit: 40) == "std::vector ## Title")
        #expect(TerminalText.plain("::error::x", limit: 40) == "\\::error::x")
        #expect(TerminalText.plain("##[group]x", limit: 40) == "#\\#[group]x")
    }

    @Test("A block indents every line, and says how many it left out")
    func block() {
        #expect(TerminalText.block("a\r\n\tb\n\nc\n") == "  a\n      b\n  \n  c")
        #expect(TerminalText.block("") == "  ")
        let long = TerminalText.block((1...100).map(String.init).joined(separator: "\n")).split(separator: "\n")
        #expect(long.count == 61)
        #expect(long.last == "  … and 40 further lines")
    }
}

/// The names of all test cases.
private final class NameReader: NSObject, XMLParserDelegate {
    var names: [String] = []

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        if name == "testcase" { names.append(attributes["name"] ?? "") }
    }
}

/// Enough of CommonMark to take fences (0.31, section 4.5) and code spans (6.1) out of a text.
private enum MarkdownReader {
    static func textOutsideCode(_ text: String) -> String {
        var outside: [String] = []
        var fence: Int?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let content = line.drop { $0 == " " }
            let ticks = content.prefix { $0 == "`" }.count
            if let open = fence {
                let isClosing =
                    ticks >= open && content.dropFirst(ticks).allSatisfy { $0 == " " }
                    && line.count - content.count <= 5
                if isClosing { fence = nil }
            } else if ticks >= 3, !content.dropFirst(ticks).contains("`") {
                fence = ticks
            } else {
                outside.append(withoutSpans(Array(line.unicodeScalars)))
            }
        }
        return outside.joined(separator: "\n")
    }

    private static func withoutSpans(_ scalars: [Unicode.Scalar]) -> String {
        var bare = String.UnicodeScalarView()
        var place = 0
        func run(at start: Int) -> Int { scalars[start...].prefix { $0 == "`" }.count }
        while place < scalars.count {
            let ticks = run(at: place)
            guard ticks > 0 else {
                bare.append(scalars[place])
                place += 1
                continue
            }
            var end = place + ticks
            while end < scalars.count {
                let closing = run(at: end)
                if closing == ticks { break }
                end += max(closing, 1)
            }
            if end < scalars.count {
                place = end + ticks
            } else {
                bare.append(contentsOf: scalars[place..<place + ticks])
                place += ticks
            }
        }
        return String(bare)
    }
}
