import RatchetCore
import RatchetGate
import RatchetJSON

/// One example of a recorded run in full, for a terminal: what was asked, what was answered before and now, each trial with each
/// check's work, and how to have it again.
package struct ExampleReport: Sendable {
    package var color: Bool
    package var width: Int

    package init(color: Bool, width: Int) {
        self.color = color
        self.width = width
    }

    package func text(_ example: ExampleTrials, in suite: SuiteDecision, of report: RunReport) throws -> String {
        let decision = example.decision
        let background = report.background.example(suite.suite.suite, decision.id)
        let accepted = try report.background.acceptedOutput(suite.suite.suite, decision.id)
        let telling = telling(example)
        var sections = [head(decision, suite, report, tags: background?.tags ?? [])]
        if let background { sections.append(section("input", block(background.input))) }
        if let expected = background?.expected { sections.append(section("expected", block(expected))) }
        if let messages = example.trials.first?.request.messages, !messages.isEmpty {
            sections.append(section("what the model was sent", messages.map(message).joined(separator: "\n")))
        }
        if let accepted, let now = telling?.request.output {
            let isSame = accepted.unicodeScalars.elementsEqual(now.unicodeScalars)
            let text = isSame ? "  to the letter as accepted" : TextDifference(from: accepted, to: now).terminal(color: color)
            sections.append(section("accepted output -> \(telling?.key.draw.description ?? "now")", text))
        }
        var earlier: [String: String] = [:]
        for trial in example.trials {
            sections.append(self.trial(trial, shownAs: trial.request.output.flatMap { earlier[$0] }))
            if let output = trial.request.output, earlier[output] == nil { earlier[output] = trial.key.draw.description }
        }
        sections.append(section("again", commands(decision, suite, report).map { "  " + $0 }.joined(separator: "\n")))
        return sections.joined(separator: "\n\n") + "\n"
    }

    /// The same on less space: what changed, and the trial that says most.
    package func brief(_ example: ExampleTrials, in suite: SuiteDecision, of report: RunReport) throws -> String {
        let decision = example.decision
        let background = report.background.example(suite.suite.suite, decision.id)
        var sections = [head(decision, suite, report, tags: background?.tags ?? [])]
        if let background { sections.append(section("input", block(background.input))) }
        let telling = telling(example)
        let accepted = try report.background.acceptedOutput(suite.suite.suite, decision.id)
        if let accepted, let now = telling?.request.output {
            sections.append(section("accepted output -> \(telling?.key.draw.description ?? "now")", TextDifference(from: accepted, to: now).terminal(color: color)))
        }
        if let telling { sections.append(trial(telling, shownAs: accepted == nil ? nil : "the difference above", isBrief: true)) }
        return sections.joined(separator: "\n\n") + "\n"
    }

    /// The first trial that came out as the example did.
    private func telling(_ example: ExampleTrials) -> TrialRecord? {
        let own = example.trials.filter { $0.key.draw.role == .run }
        return own.first { $0.state == example.decision.state } ?? own.first
    }

    private func head(_ decision: ExampleDecision, _ suite: SuiteDecision, _ report: RunReport, tags: [String]) -> String {
        let name = TerminalText.plain("\(suite.suite.suite)/\(decision.id)", limit: 200)
        var lines = [bold(name), "  " + ([decision.change, decision.verdictWithRules] + decision.evidenceWords).joined(separator: ", ")]
        if let note = decision.note { lines.append("  " + TerminalText.plain(note, limit: 300)) }
        if let file = decision.override { lines.append("  permitted by " + TerminalText.plain(file, limit: 200)) }
        let (file, line) = report.background.place(suite.suite.suite, decision.id)
        lines.append("  " + TerminalText.plain("\(file):\(line)", limit: 200))
        if !tags.isEmpty { lines.append("  tags " + tags.map { TerminalText.plain($0, limit: 60) }.joined(separator: ", ")) }
        let what = [suite.suite.target, suite.suite.prompt].compactMap { $0 }.joined(separator: " with ")
        lines.append("  run \(report.header.id) on " + TerminalText.plain(what, limit: 200))
        return lines.joined(separator: "\n")
    }

    private func trial(_ trial: TrialRecord, shownAs earlier: String?, isBrief: Bool = false) -> String {
        let request = trial.request
        var facts = [
            request.latency.map { Wording.duration($0) }, request.timeToFirstToken.map { "first token after \(Wording.duration($0))" },
            request.usage.map { "\($0.inputTokens.map(Wording.grouped) ?? "?") tokens in, \($0.outputTokens.map(Wording.grouped) ?? "?") out" },
            request.cost.map(Wording.dollars), request.isCached ? "from the cache" : nil,
            request.finishReason.map { "finish reason \(TerminalText.plain($0, limit: 40))" },
        ].compactMap { $0 }
        if request.attempts.count > 1 { facts.append(Wording.count(request.attempts.count, "attempt")) }
        let title = "\(trial.key.draw): \(trial.state.rawValue)" + (facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))")
        // What did not pass is what one looks for.
        let passed = trial.checks.filter { $0.state == .passed }
        var lines = trial.checks.filter { $0.state != .passed }.map(check)
        if isBrief, !passed.isEmpty { lines.append("  \(Wording.count(passed.count, "other check")) passed") } else { lines += passed.map(check) }
        if let error = request.error { lines.insert("  no answer: " + TerminalText.plain(error, limit: 600), at: 0) }
        for attempt in request.attempts where request.attempts.count > 1 {
            let words = [attempt.status.map { "HTTP \($0)" }, attempt.problem ?? "answered", "after waiting \(Wording.duration(attempt.waited))"]
            lines.append("  attempt: " + TerminalText.plain(words.compactMap { $0 }.joined(separator: ", "), limit: 300))
        }
        for judged in trial.judgeRequests {
            let price = judged.cost.map { ", " + Wording.dollars($0) } ?? ""
            lines.append("  judge \(TerminalText.plain(judged.prompt ?? "", limit: 60)) (\(TerminalText.plain(judged.target, limit: 80))\(price)):")
            lines.append(indented(TerminalText.block(judged.output ?? judged.error ?? "")))
        }
        if let earlier {
            lines.append("  output: see \(earlier)")
        } else if let output = request.output {
            lines.append("  output:")
            lines.append(indented(TerminalText.block(output.isEmpty ? "(empty)" : output)))
        }
        for call in request.toolCalls { lines.append("  tool call " + TerminalText.plain(call.json.serialized(.compact), limit: 1000)) }
        return section(title, lines.joined(separator: "\n"))
    }

    private func check(_ check: CheckResult) -> String {
        let facts = [check.score.map { Wording.fixed($0, 2) }, check.gating ? nil : "does not gate", check.failureKind?.summary].compactMap { $0 }
        let name = TerminalText.plain(check.name, limit: 60) + (check.type == check.name ? "" : " (\(TerminalText.plain(check.type, limit: 40)))")
        let tone = check.state == .passed ? "32" : check.state == .failed ? "31" : "33"
        let state = check.state.rawValue.replacing("_", with: " ")
        return "  \(color ? "\u{1B}[\(tone)m\(state)\u{1B}[0m" : state)  \(name)\(facts.isEmpty ? "" : " [\(facts.joined(separator: ", "))]"): "
            + TerminalText.plain(check.reason, limit: 600)
    }

    private func commands(_ decision: ExampleDecision, _ suite: SuiteDecision, _ report: RunReport) -> [String] {
        let id = ShellWord.quoted(decision.id)
        let prompt = suite.suite.prompt.map { " --prompt \(ShellWord.quoted($0))" } ?? ""
        let run = "ratchet run \(suite.suite.suite) --only \(id)\(prompt) --target \(ShellWord.quoted(suite.suite.target))"
        let explain = "ratchet regrade \(report.header.id) --explain \(ShellWord.quoted("\(suite.suite.suite)/\(decision.id)"))"
        return [run, explain]
    }

    private func message(_ message: Message) -> String {
        "  \(message.role.rawValue):\n" + indented(TerminalText.block(message.content))
    }

    private func block(_ value: JSONValue) -> String { TerminalText.block(value.stringValue ?? value.serialized(.pretty)) }

    private func indented(_ block: String) -> String { block.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n") }

    private func section(_ title: String, _ body: String) -> String { bold(title) + (body.isEmpty ? "" : "\n" + body) }

    private func bold(_ text: String) -> String { color ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
}
