import RatchetCore
import RatchetJSON
import RatchetReports

/// Showing people what waits for them, and asking for their verdicts.
struct LabelDialogue {
    let labelling: Labelling
    private var context: Context { labelling.context }

    init(_ labelling: Labelling) { self.labelling = labelling }

    // MARK: On a terminal

    /// Asks about one text after the other; each label is kept before the next question.
    ///
    /// - Returns: how many labels were given.
    func ask(_ waiting: [Labelling.Item]) throws -> Int {
        var given = 0
        for (position, item) in waiting.enumerated() {
            context.output("\n\(position + 1) of \(waiting.count)  \(description(item))\n")
            switch answer() {
            case .label(let verdict, let note):
                try labelling.keep([(item.suite, labelling.label(item, verdict, note: note))])
                given += 1
            case .skip: continue
            case .quit: return given
            }
        }
        return given
    }

    private enum Answer {
        case label(HumanLabel.Verdict, note: String?)
        case skip, quit
    }

    private func answer() -> Answer {
        while true {
            context.error("[p]ass, [f]ail, a score from 0 to 1, [s]kip or [q]uit; a note may follow > ")
            guard let line = context.readLine() else { return .quit }
            let words = line.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(String.init)
            guard let word = words.first else { continue }
            switch word.lowercased() {
            case "s", "skip": return .skip
            case "q", "quit": return .quit
            default:
                guard let verdict = HumanLabel.Verdict(word: word) else { continue }
                return .label(verdict, note: words.count > 1 ? String(words[1].drop(while: \.isWhitespace)) : nil)
            }
        }
    }

    // MARK: Elsewhere

    /// What waits, each with the command that labels it.
    func list(_ waiting: [Labelling.Item], among items: [Labelling.Item]) {
        for item in waiting {
            let name = item.name(Labelling.isAmbiguous(item, among: items))
            context.output("\(description(item))\n  \(command(item, name))\n\n")
        }
        context.output("each takes pass, fail, or a score from 0 to 1, and --note TEXT\n")
    }

    private func command(_ item: Labelling.Item, _ name: String) -> String {
        let words = [
            "ratchet", "suite", "label", item.suite, "--run", labelling.header.id, "--check", item.review.subject.check,
            "--set", "\(name)=pass",
        ]
        // A word that cannot be typed again is shown as ID by `ShellWord`.
        return words.map(ShellWord.quoted).joined(separator: " ")
    }

    private func description(_ item: Labelling.Item) -> String {
        let review = item.review
        var lines = ["\(TerminalText.plain(item.example.reference, limit: 120))  check \(TerminalText.plain(review.subject.check, limit: 60))"]
        if let question = review.question { lines.append("  question: \(TerminalText.plain(question, limit: 500))") }
        lines.append("  input: \(TerminalText.plain(Self.text(item.example.input), limit: 500))")
        if let expected = item.example.expected { lines.append("  expected: \(TerminalText.plain(Self.text(expected), limit: 500))") }
        for label in review.labels {
            let note = label.note.map { ": \($0)" } ?? ""
            lines.append("  \(TerminalText.plain("\(label.rater) said \(Self.word(label.verdict))\(note)", limit: 300))")
        }
        return (lines + ["  output:", TerminalText.block(review.text)]).joined(separator: "\n")
    }

    private static func text(_ value: JSONValue) -> String { value.stringValue ?? value.serialized(.compact) }

    private static func word(_ verdict: HumanLabel.Verdict) -> String {
        switch verdict {
        case .pass: "pass"
        case .fail: "fail"
        case .score(let score): JSONNumber(score).literal
        }
    }

    /// The same for programs.
    func json(_ waiting: [Labelling.Item], among items: [Labelling.Item]) -> String {
        let rows = waiting.map { item -> JSONValue in
            let review = item.review
            return [
                "suite": .string(item.suite), "id": .string(item.example.id), "check": .string(review.subject.check),
                "set": .string(item.name(Labelling.isAmbiguous(item, among: items))), "question": .optional(review.question),
                "input": item.example.input, "expected": item.example.expected ?? .null, "output": .string(review.text),
                "output_hash": .string(review.subject.outputHash), "labels": .array(review.labels.map(\.json)),
            ]
        }
        let object: JSONValue = [
            "format": "ratchet.labels/1", "run": .string(labelling.header.id), "waiting": .array(rows),
        ]
        return object.serialized(.compact) + "\n"
    }
}
