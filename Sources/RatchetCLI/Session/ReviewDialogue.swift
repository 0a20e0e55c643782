import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetReports

/// The flips of a run one by one, and what a person makes of them. A key is an answer; reasons and days are lines.
struct ReviewDialogue {
    let context: Context
    let folder: ProjectFolder
    let report: RunReport

    /// Something to decide: an example, or a suite's figure as a whole.
    struct Item: Sendable {
        var name: String
        var suite: SuiteDecision
        /// `nil` for what concerns the suite as a whole.
        var example: String?
        var observed: String
    }

    /// What is lost or breaks a rule, the surest first; then what concerns suites as wholes.
    static func items(_ report: RunReport) -> [Item] {
        report.decision.suites.flatMap { suite -> [Item] in
            let verdicts = Dictionary(suite.examples.map { ($0.id, $0.verdict) }, uniquingKeysWith: { first, _ in first })
            let examples = suite.permissible.surestFirst { verdicts[$0.id] }.map {
                Item(name: "\(suite.suite.suite)/\($0.id)", suite: suite, example: $0.id, observed: $0.observed)
            }
            return examples + suite.permissibleWholes.map {
                Item(name: "\(suite.suite.suite):\($0.name)", suite: suite, example: nil, observed: $0.observed.text)
            }
        }
    }

    /// Asks until everything is decided, or the person quits.
    ///
    /// - Returns: What was decided, and whether the person came to the end.
    func ask(_ items: [Item], _ state: ReviewState) throws -> (state: ReviewState, isDone: Bool) {
        var state = state
        var reason = state.decisions.last { $0.reason != nil }?.reason
        var position = 0
        while true {
            let decided = Set(state.decisions.map(\.name))
            guard let next = items.indices.first(where: { $0 >= position && !decided.contains(items[$0].name) }) else { return (state, true) }
            position = next
            let item = items[next]
            try show(item, next + 1, of: items.count)
            guard let answer = answer(to: item) else { return (state, false) }
            switch answer {
            case .undo:
                guard let last = state.decisions.popLast() else { context.output("nothing to undo\n"); continue }
                position = items.firstIndex { $0.name == last.name } ?? 0
                context.output("undone: \(last.action.rawValue) \(TerminalText.plain(last.name, limit: 120))\n")
            case .full:
                try showWhole(item)
                continue
            case .decide(let action):
                var decision = ReviewState.Decision(name: item.name, action: action)
                if action.kind != nil {
                    guard let given = askReason(reason) else { continue }
                    reason = given
                    decision.reason = given
                    if action != .accept {
                        guard let expires = askExpiry() else { continue }
                        decision.expires = expires.isEmpty ? nil : expires
                    }
                }
                state.decisions.append(decision)
            }
            try state.keep(folder, run: report.header.id)
        }
    }

    private enum Answer { case decide(ReviewState.Action), undo, full }

    private func answer(to item: Item) -> Answer? {
        while true {
            switch context.askKey("[a]ccept [t]olerate [x]quarantine [w]rong check [s]kip [u]ndo [f]ull [q]uit > ") {
            case nil, "q": return nil
            case "a": return .decide(.accept)
            case "t": return .decide(.tolerate)
            case "x": return .decide(.quarantine)
            case "w" where item.example != nil: return .decide(.doubt)
            case "s": return .decide(.skip)
            case "u": return .undo
            case "f": return .full
            case "w": context.output("that concerns no single check\n")
            default:
                context.output(
                    """
                    a  the new behaviour is right: holds until the next baseline
                    t  a known loss, for a while
                    x  runs and is reported, and does not gate, for a while
                    w  the check is wrong: noted, for ratchet regrade after it is mended
                    s  leave it as it is: it goes on failing the gate

                    """)
            }
        }
    }

    private func askReason(_ last: String?) -> String? {
        while true {
            context.error("why, in a sentence\(last.map { " (Enter: \(TerminalText.plain($0, limit: 60)))" } ?? "") > ")
            guard let line = context.readLine() else { return nil }
            let text = line.isEmpty ? last ?? "" : line
            guard let problem = OverrideReason.problem(with: text) else { return text }
            context.output("\(problem)\n")
            if line.isEmpty { return nil }
        }
    }

    /// Empty for the usual life.
    private func askExpiry() -> String? {
        while true {
            context.error("last day, as 2026-12-31 (Enter: in \(Override.defaultLife) days) > ")
            guard let line = context.readLine() else { return nil }
            if line.isEmpty { return "" }
            if let last = CalendarDay(line), let today = CalendarDay(context.today), (0...Override.longestLife).contains(last.number - today.number) { return line }
            context.output("a day within the next \(Override.longestLife), written as 2026-12-31\n")
        }
    }

    // MARK: What is shown

    private func show(_ item: Item, _ position: Int, of count: Int) throws {
        context.output("\n\(position) of \(count)\n")
        guard let id = item.example else {
            return context.output("\(TerminalText.plain(item.name, limit: 120))  \(item.observed)\n")
        }
        let writer = ExampleReport(color: context.usesColor, width: context.width)
        var isThere = false
        try report.forEachExample(item.suite.suite.suite, [id]) { example in
            isThere = true
            context.output(try writer.brief(example, in: item.suite, of: report))
        }
        if !isThere { context.output("\(TerminalText.plain(item.name, limit: 120))  \(item.observed)\n") }
    }

    private func showWhole(_ item: Item) throws {
        guard let id = item.example else { return }
        let writer = ExampleReport(color: context.usesColor, width: context.width)
        try report.forEachExample(item.suite.suite.suite, [id]) { context.output(try writer.text($0, in: item.suite, of: report)) }
    }

    /// What does the same where nobody can be asked.
    static func commands(_ items: [Item], run: String) -> String {
        let examples = items.filter { $0.example != nil }
        let shown = examples.prefix(20).map { item in "  ratchet show \(run) \(ShellWord.quoted(item.name))\n" }.joined()
        let names = items.prefix(3).map { ShellWord.quoted($0.name) }.joined(separator: " ") + (items.count > 3 ? " ID…" : "")
        return """
            look at each:
            \(shown)\(examples.count > 20 ? "  and \(examples.count - 20) more: ratchet report \(run)\n" : "")
            permit what is meant, on record:
              ratchet override add \(run) \(names) --kind accept|tolerate|quarantine --reason "why, in a sentence"

            take the run as the new baseline:
              ratchet baseline accept \(run)

            """
    }
}
