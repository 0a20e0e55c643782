import RatchetCore
import RatchetJSON
import Testing

@testable import RatchetFiles

@Suite("Labels of people")
struct LabelFileTests {
    static func hash(_ digit: Character) -> String { "sha256:" + String(repeating: digit, count: 64) }

    static func label(
        _ example: String = "e1", rater: String = "Ann", _ verdict: HumanLabel.Verdict = .pass, output: Character = "1",
        note: String? = nil
    ) -> HumanLabel {
        HumanLabel(
            subject: .init(check: "tone", exampleHash: hash("a"), outputHash: hash(output)), example: example,
            verdict: verdict, rater: rater, date: "2026-11-21", note: note)
    }

    @Test("What is written is read, sorted, a label a line and a blank line between; a later label takes its place")
    func roundTrip() throws {
        let project = try TemporaryProject()
        let file = LabelFile(project.folder)
        #expect(file.read(suite: "s").labels.isEmpty)
        try file.add([Self.label("e2", .score(0.25)), Self.label("e1", rater: "Bob", .fail, note: "too \"curt\"\nreally")], suite: "s")
        try file.add([Self.label("e1")], suite: "s")
        try file.add([Self.label("e2", .pass)], suite: "s")
        let (labels, diagnostics) = file.read(suite: "s")
        #expect(diagnostics.isEmpty)
        #expect(labels == [Self.label("e1"), Self.label("e1", rater: "Bob", .fail, note: "too \"curt\"\nreally"), Self.label("e2", .pass)])
        let lines = try project.read("suites/s/labels.jsonl").split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 6 && lines[1].isEmpty && lines[3].isEmpty && lines[5].isEmpty)
    }

    static let good = label().json.serialized()

    @Test("Each bad line is told with its place", arguments: [
        (#"{"id":"e1","input":"q","checks":["human"]}"#, "suites/s/labels.jsonl:1:1", "an example in labels.jsonl"),
        (good.replacing("\"pass\"", with: "\"good\""), "suites/s/labels.jsonl:1:", "must be \"pass\" or \"fail\", not \"good\""),
        (good.replacing("\"verdict\":\"pass\"", with: "\"score\":2"), "suites/s/labels.jsonl:1:", "a number from 0 to 1"),
        (good.replacing("\"verdict\":\"pass\"", with: "\"score\":1,\"verdict\":\"pass\""), "suites/s/labels.jsonl:1:", "not both"),
        (good.replacing("\"verdict\":\"pass\",", with: ""), "suites/s/labels.jsonl:1:1", "missing key \"verdict\""),
        (good.replacing("2026-11-21", with: "2026-13-21"), "suites/s/labels.jsonl:1:", "is not a day"),
        (good.replacing(hash("1"), with: "sha256:12"), "suites/s/labels.jsonl:1:", "is no hash"),
        (good.replacing("\"rater\"", with: "\"ratr\""), "suites/s/labels.jsonl:1:", "unknown key \"ratr\""),
        (good + "\n" + good, "suites/s/labels.jsonl:2:1", "\"Ann\" has judged this output twice"),
        ("<<<<<<< ours", "suites/s/labels.jsonl:1:1", ""),
    ])
    func bad(_ text: String, _ place: String, _ message: String) throws {
        let project = try TemporaryProject()
        try project.write(text + "\n", "suites/s/labels.jsonl")
        let diagnostics = LabelFile(project.folder).read(suite: "s").diagnostics
        let locator = DiagnosticLocator(project.folder)
        let shown = diagnostics.map(locator.describe)
        #expect(shown.contains { $0.hasPrefix(place) && (message.isEmpty || $0.contains(message)) }, "\(shown)")
        #expect(throws: DiagnosticsError.self) { try LabelFile(project.folder).add([Self.label("e9")], suite: "s") }
        #expect(try project.read("suites/s/labels.jsonl") == text + "\n")
    }

    @Test("A suite's labels are no examples, and are loaded with it")
    func loaded() throws {
        let project = try TemporaryProject()
        try project.write("version: 1\nbackends: {}\n", "ratchet.yaml")
        try project.write("checks: [human]\n", "suites/s/suite.yaml")
        try project.write(#"{"id":"e1","input":"q"}"# + "\n", "suites/s/examples.jsonl")
        try LabelFile(project.folder).add([Self.label()], suite: "s")
        let loaded = ProjectLoader.load(project.folder, checkTypes: ["human"])
        #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics)")
        #expect(loaded.project.suites.first?.examples.map(\.id) == ["e1"])
        #expect(loaded.project.suites.first?.labels == [Self.label()])
        try project.write("{}\n", "suites/s/labels.jsonl")
        #expect(ProjectLoader.load(project.folder, checkTypes: ["human"]).hasErrors)
    }
}
