import RatchetCore
import RatchetGate
import SampleRuns
import Testing

@testable import RatchetReports

@Suite("Words and figures")
struct WordingTests {
    @Test(
        "Shares never round to all or nothing",
        arguments: [
            (0.7576, "75.8 %"), (1, "100.0 %"), (0.99996, ">99.9 %"), (0, "0.0 %"), (0.0001, "<0.1 %"),
        ])
    func percent(_ share: Double, _ text: String) { #expect(Wording.percent(share) == text) }

    @Test(
        "Points carry their sign",
        arguments: [
            (-0.051, "-5.1"), (0.005, "+0.5"), (0, "0.0"), (-0.0001, "0.0"), (0.0001, "0.0"), (1, "+100.0"),
        ])
    func points(_ share: Double, _ text: String) { #expect(Wording.signedPoints(share) == text) }

    @Test(
        "Money shows cents, and two digits below",
        arguments: [
            (0.614, "$0.61"), (0, "$0.00"), (0.0042, "$0.0042"), (0.00001234, "$0.000012"), (12345.678, "$12,345.68"),
        ])
    func dollars(_ amount: Double, _ text: String) { #expect(Wording.dollars(amount) == text) }

    @Test(
        "Times take the unit that fits",
        arguments: [
            (0.42, "0.4 ms"), (310.4, "310 ms"), (999.6, "1.0 s"), (1234, "1.2 s"), (125_000, "2 min 5 s"),
            (.infinity, "unknown"),
        ])
    func durations(_ milliseconds: Double, _ text: String) { #expect(Wording.duration(milliseconds) == text) }

    @Test(
        "Moments are days and clock times of the calendar",
        arguments: [
            (0, "1970-01-01", "00:00:00"), (951_827_696, "2000-02-29", "12:34:56"),
            (1_795_341_600, "2026-11-22", "10:00:00"),
            (4_107_542_399, "2100-02-28", "23:59:59"), (Double.nan, "1970-01-01", "00:00:00"),
        ])
    func moments(_ seconds: Double, _ day: String, _ clock: String) {
        let moment = UniversalTime(secondsSince1970: seconds)
        #expect(moment.day == day)
        #expect(moment.clock == clock)
    }

    @Test("Every exit code has a headline of its own kind", arguments: ExitCode.allCases)
    func headlines(_ code: ExitCode) {
        let headline = VerdictWording.headline(code)
        #expect(headline == headline.uppercased() && !headline.isEmpty && !headline.contains("-"))
    }

    @Test(
        "A word for the shell is one word",
        arguments: [
            ("refund-late", "refund-late"), ("a b", "'a b'"), ("it's", #"'it'\''s'"#), ("$(x)", "'$(x)'"), ("", "ID"),
            ("a\nb", "ID"), ("\u{202E}x", "ID"),
        ])
    func shell(_ word: String, _ quoted: String) { #expect(ShellWord.quoted(word) == quoted) }
}

@Suite("Verdict and next steps")
struct VerdictTests {
    private func page(_ report: RunReport, isCI: Bool = false) throws -> String {
        var text = ""
        try TerminalReport(color: false, width: 80, isCI: isCI).render(report) { text += $0 }
        return text
    }

    @Test("Every code that holds is said")
    func allCodes() throws {
        var run = SampleRun.failed
        run.circumstances = [.cannotWrite]
        let text = try page(run.report)
        #expect(text.contains("\nFAILED  aggregate: the pass rate fell, by more than chance explains\n"))
        #expect(text.contains("also cannot-write: an asked-for report could not be written"))
        run.circumstances = [.interrupted]
        let interrupted = try page(run.report)
        #expect(interrupted.contains("\nINTERRUPTED  stopped by Ctrl-C"))
        #expect(interrupted.contains("also must_pass: an example that must pass fails: critical"))
    }

    @Test(
        "The verdict comes after all details, and only the next steps after it", arguments: SampleRun.all.keys.sorted())
    func order(_ name: String) throws {
        let text = try page(#require(SampleRun.all[name]).report)
        let blocks = text.split(separator: "\n\n").map(String.init)
        let verdict = try #require(blocks.lastIndex { !$0.hasPrefix("next\n") })
        #expect(verdict >= blocks.count - 2)
        #expect(blocks[verdict].first?.isUppercase == true)
    }

    @Test("A failure offers to look and to permit exactly what fails")
    func failing() {
        let steps = NextStep.after(SampleRun.failed.report, isCI: false).map(\.command)
        #expect(steps[0] == "ratchet report 20261122-7f3a")
        #expect(
            steps[1] == "ratchet run support --prompt support-answer@2.0.0 --allow-regression critical brand-new "
                + "cancelled-order support:pass_rate --reason \"…\"")
    }

    @Test("Accepting is offered only for a complete run, and in CI after a run of one's own")
    func accepting() {
        let complete = NextStep.after(SampleRun.noBaseline.report, isCI: false).map(\.command)
        #expect(complete == ["ratchet baseline accept 20261122-7f3a"])
        let inCI = NextStep.after(SampleRun.noBaseline.report, isCI: true).map(\.command)
        #expect(inCI == ["ratchet run support", "ratchet baseline accept latest"])
        var incomplete = SampleRun.noBaseline
        incomplete.examples.append(SampleExample(id: "judged", recorded: nil, now: [.unscored]))
        let commands = NextStep.after(incomplete.report, isCI: false).map(\.command)
        #expect(!commands.contains { $0.contains("baseline accept") })
    }

    @Test("A comparison of two runs is worse or no worse, and offers no permission")
    func comparison() throws {
        var run = SampleRun.failed
        run.basis = .run("20261121-aaaa")
        let text = try page(run.report)
        #expect(text.contains("\nWORSE  "))
        #expect(text.contains("compared with run 20261121-aaaa"))
        #expect(!text.contains("--allow-regression") && !text.contains("baseline accept"))
        var same = SampleRun.interrupted
        same.circumstances = []
        same.basis = .run("20261121-aaaa")
        #expect(try page(same.report).contains("\nNO WORSE  "))
    }

    @Test("A partial selection that passes says so")
    func partial() throws {
        var run = SampleRun.passed
        run.isPartial = true
        #expect(try page(run.report).contains("\nPASSED (PARTIAL SELECTION)"))
    }

    @Test("A passing run without lost or failing examples reads no trial")
    func readsNothing() throws {
        var report = SampleRun.passed.report
        report.decision = RunDecision(suites: [SampleRun(examples: SampleRun.steady(3)).decided])
        report.forEachExample = { _, _, _ in Issue.record("trials were read") }
        _ = try page(report)
    }

    @Test("Colour adds escape sequences and nothing else", arguments: SampleRun.all.keys.sorted())
    func color(_ name: String) throws {
        let report = try #require(SampleRun.all[name]).report
        var coloured = ""
        try TerminalReport(color: true, width: 80, isCI: false).render(report) { coloured += $0 }
        #expect(coloured.contains("\u{1B}["))
        let stripped = coloured.split(separator: "\u{1B}", omittingEmptySubsequences: false).enumerated()
            .map { $0 == 0 ? $1 : $1.drop { $0 != "m" }.dropFirst() }.joined()
        #expect(stripped == (try page(report)))
    }

    @Test("Lines are no wider than the page, but for commands", arguments: SampleRun.all.keys.sorted(), [60, 80, 120])
    func width(_ name: String, _ width: Int) throws {
        var text = ""
        let report = try #require(SampleRun.all[name]).report
        try TerminalReport(color: false, width: width, isCI: false).render(report) { text += $0 }
        for line in text.split(separator: "\n") where !line.contains("ratchet r") && !line.contains("ratchet b") {
            #expect(line.count <= width, "\(line)")
        }
    }
}
