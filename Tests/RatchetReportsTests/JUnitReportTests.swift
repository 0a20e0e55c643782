import Foundation
import RatchetCore
import RatchetGate
import SampleRuns
import TestSupport
import Testing

@testable import RatchetReports

@Suite("The JUnit report")
struct JUnitReportTests {
    private func kinds(_ run: SampleRun) -> [String: String] {
        let decision = run.decided
        return Dictionary(
            decision.examples.map { ($0.id, JUnitResult($0, in: decision).element ?? "passed") },
            uniquingKeysWith: { first, _ in first })
    }

    @Test("What fails the gate is a failure, an outage an error, what is no news skipped")
    func outcomes() {
        let failed = kinds(.failed)
        #expect(failed["critical"] == "failure")
        #expect(failed["brand-new"] == "failure")
        #expect(failed["refund-late-1"] == "failure", "the pass rate fell because of it")
        #expect(failed["edited"] == "skipped")
        #expect(failed["judged"] == "error")
        let passed = kinds(.passed)
        #expect(passed["steady-1"] == "passed")
        #expect(passed["flaky-1"] == "skipped", "lost once without proof")
        #expect(passed["still-bad"] == "skipped", "fails as in the baseline")
        #expect(kinds(.outage)["other"] == "error")
        #expect(kinds(.override)["tone-1"] == "skipped")
        #expect(kinds(.noBaseline)["second"] == "failure")
        #expect(kinds(.noBaseline)["third"] == "skipped")
        #expect(kinds(.notGated)["second"] == "skipped")
    }

    @Test("A pass rate that fell without a lost example is a failed case of its own")
    func aggregateAlone() throws {
        var run = SampleRun(trials: 3, examples: [])
        run.examples = (1...60).map { SampleExample(id: "e\($0)", now: [.passed, .passed, .failed]) }
        let report = run.report
        try #require(report.decision.suites[0].failedRules == [.aggregate])
        let xml = try ReportForm.junit.text(report)
        #expect(xml.contains("tests=\"61\" failures=\"1\""))
        #expect(xml.contains("<testcase name=\"pass_rate\""))
    }

    private static let xmllint = URL(fileURLWithPath: "/usr/bin/xmllint")

    @Test(
        "Both schemas accept it",
        .enabled(if: FileManager.default.isExecutableFile(atPath: xmllint.path), "xmllint (libxml2-utils) is not here"),
        arguments: SampleRun.all.keys.sorted(), ["jenkins-junit-10.xsd", "windyroad-JUnit.xsd"])
    func schemas(_ name: String, _ schema: String) throws {
        guard let schema = SharedData.url("conformance/junit-xml/\(schema)") else { return }
        let report = try #require(SampleRun.all[name]).report
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).xml")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(ReportForm.junit.text(report).utf8).write(to: file)
        let process = Process()
        process.executableURL = Self.xmllint
        process.arguments = ["--noout", "--schema", schema.path, file.path]
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(String(decoding: said, as: UTF8.self))")
    }
}
