import Foundation
import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetJSON
import RatchetStore
import Testing

@testable import RatchetCLI

@Suite("Asking people for their verdicts")
struct LabelDialogueTests {
    private func ask(_ lines: [String], outputs: [String]) throws -> (labels: [HumanLabel], given: Int, written: String) {
        let workspace = try Workspace(examples: [#"{"id":"e1","input":"q","checks":["human"]}"#])
        let terminal = ScriptedTerminal(lines)
        let context = try terminal.context()
        let opened = try OpenedProject.open(context, directory: workspace.root.path)
        let example = opened.project.suites[0].examples[0]
        let items = outputs.map { text in
            let subject = HumanLabel.Subject(check: "human", exampleHash: example.hash, outputHash: Digest.sha256(text))
            return Labelling.Item(
                suite: "s", example: example,
                review: HumanReview(subject: subject, question: "Send?", text: text, raters: 1, labels: []))
        }
        let header = RunHeader(
            id: "r1", started: 0, version: "t", commit: nil, planKey: "", seed: 0, isPartial: false, suites: [])
        let labelling = Labelling(
            context: context, opened: opened, store: try Store.inMemory(), header: header, suites: ["s"], check: nil,
            rater: "Ann", again: false)
        let given = try LabelDialogue(labelling).ask(items)
        return (LabelFile(opened.folder).read(suite: "s").labels, given, terminal.written)
    }

    @Test("Keys and scores are verdicts, with a note behind them; what is none is asked again")
    func verdicts() throws {
        let (labels, given, written) = try ask(
            ["p", "what?", "", "f  too curt, really", "S", "0.5"], outputs: ["a", "b", "c", "d"])
        #expect(given == 3)
        let byHash = Dictionary(labels.map { ($0.subject.outputHash, $0) }, uniquingKeysWith: { first, _ in first })
        #expect(byHash[Digest.sha256("a")]?.verdict == .pass)
        #expect(byHash[Digest.sha256("b")]?.verdict == .fail)
        #expect(byHash[Digest.sha256("b")]?.note == "too curt, really")
        #expect(byHash[Digest.sha256("c")] == nil)
        #expect(byHash[Digest.sha256("d")]?.verdict == .score(0.5))
        #expect(labels.allSatisfy { $0.rater == "Ann" })
        #expect(written.contains("2 of 4") && written.contains("question: Send?"))
    }

    @Test("Quitting, or the end of input, keeps what was given", arguments: [["p", "q", "p"], ["p"]])
    func quit(_ lines: [String]) throws {
        let (labels, given, _) = try ask(lines, outputs: ["a", "b", "c"])
        #expect(labels.count == 1 && given == 1)
    }

    @Test("An output that would drive the terminal is shown harmless")
    func hostile() throws {
        let (_, _, written) = try ask(["q"], outputs: ["\u{1B}]0;x\u{07}\u{1B}[2Jhello"])
        #expect(written.contains("hello") && !written.contains("\u{1B}"))
    }
}
