import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetJSON
import RatchetReports
import RatchetStore

/// Outputs of a run that `human` checks ask people about, and the labels that they give them.
struct Labelling {
    let context: Context
    let opened: OpenedProject
    let store: Store
    let header: RunHeader
    /// The suites to look at, by name.
    let suites: [String]
    /// Only this check.
    let check: String?
    let rater: String
    /// Whether outputs that others have judged are asked about too.
    let again: Bool

    /// A text that people are asked about.
    struct Item {
        var suite: String
        var example: Example
        var review: HumanReview

        /// As `--set` names it: with the beginning of the output's hash where the id alone would not do.
        func name(_ isAmbiguous: Bool) -> String {
            isAmbiguous ? "\(example.id)#\(review.subject.outputHash.dropFirst("sha256:".count).prefix(12))" : example.id
        }
    }

    /// All texts that were looked at or are to be, each once, and how many examples have changed since the run.
    func items() throws -> (items: [Item], changed: Int) {
        var items: [Item] = []
        var seen: Set<HumanLabel.Subject> = []
        var changed: Set<String> = []
        let compiler = opened.compiler
        for name in suites {
            guard let suite = opened.project.suites.first(where: { $0.name == name }) else { continue }
            let examples = Dictionary(suite.examples.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            var compiled: [String: CompiledChecks] = [:]
            for example in suite.examples where Self.mentionsPeople(example.checks) {
                compiled[example.id] = compiler.compile(example).checks
            }
            try store.forEachTrial(run: header.id, suite: name) { trial in
                guard let example = examples[trial.key.example], let checks = compiled[example.id],
                    let response = trial.request.response
                else { return }
                guard trial.exampleHash == example.hash else {
                    changed.insert(example.reference)
                    return
                }
                let skipped = Set(trial.checks.filter { $0.state == .notApplicable }.map(\.name))
                for review in checks.humanReviews(of: response, where: { !skipped.contains($0) })
                where check == nil || review.subject.check == check {
                    if seen.insert(review.subject).inserted {
                        items.append(Item(suite: name, example: example, review: review))
                    }
                }
            }
        }
        return (items, changed.count)
    }

    /// Whether an example has a check that asks people, nested ones included.
    private static func mentionsPeople(_ checks: [CheckSpecification]) -> Bool {
        checks.contains { $0.type == HumanCheck.type || mentionsPeople($0.children) }
    }

    /// What this rater is asked: what is undecided, and with `again` all that the rater has not judged.
    func waiting(_ items: [Item]) -> [Item] {
        items.filter { item in
            !item.review.labels.contains { $0.rater == rater } && (again || !item.review.isDecided)
        }
    }

    /// Those texts of one example that have to be told apart.
    static func isAmbiguous(_ item: Item, among items: [Item]) -> Bool {
        items.contains {
            $0.suite == item.suite && $0.example.id == item.example.id && $0.review.subject.check == item.review.subject.check
                && $0.review.subject.outputHash != item.review.subject.outputHash
        }
    }

    func label(_ item: Item, _ verdict: HumanLabel.Verdict, note: String?) -> HumanLabel {
        HumanLabel(
            subject: item.review.subject, example: item.example.id, verdict: verdict, rater: rater, date: context.today,
            note: note)
    }
}

// MARK: - Labels given on the command line

/// `--set ID=pass`
struct LabelRequest: Hashable, Sendable {
    /// An example's id, `suite/id`, or either with `#` and the beginning of the output's hash.
    var name: String
    var verdict: HumanLabel.Verdict

    init?(_ text: String) {
        guard let separator = text.lastIndex(of: "="), separator > text.startIndex,
            let verdict = HumanLabel.Verdict(word: String(text[text.index(after: separator)...]))
        else { return nil }
        name = String(text[..<separator])
        self.verdict = verdict
    }

    fileprivate func names(_ item: Labelling.Item) -> Bool {
        let ids = [item.example.id, item.example.reference]
        if ids.contains(name) { return true }
        guard let hash = name.lastIndex(of: "#") else { return false }
        let digits = name[name.index(after: hash)...]
        return !digits.isEmpty && ids.contains(String(name[..<hash]))
            && item.review.subject.outputHash.dropFirst("sha256:".count).hasPrefix(digits)
    }
}

extension HumanLabel.Verdict {
    /// `pass`, `fail`, or a score from 0 to 1.
    init?(word: String) {
        switch word.lowercased() {
        case "pass", "p": self = .pass
        case "fail", "f": self = .fail
        default:
            guard let score = Double(word), (0...1).contains(score) else { return nil }
            self = .score(score)
        }
    }
}

extension Labelling {
    /// The labels that were asked for, or everything that is wrong with what was asked.
    func labels(_ requests: [LabelRequest], note: String?, among items: [Item]) throws -> [(suite: String, label: HumanLabel)] {
        var problems: [Diagnostic] = []
        var labels: [(suite: String, label: HumanLabel)] = []
        for request in requests {
            let named = items.filter(request.names)
            if named.count == 1 {
                labels.append((named[0].suite, label(named[0], request.verdict, note: note)))
            } else if named.isEmpty {
                problems.append(Diagnostic(
                    "--set: no output of \"\(TerminalText.plain(request.name, limit: 80))\" in the run \(header.id) is one that people are asked about",
                    help: "see what there is: ratchet suite label --run \(header.id)", exitCode: .usage))
            } else {
                let names = named.map { "\($0.name(Self.isAmbiguous($0, among: items))) (check \($0.review.subject.check))" }
                problems.append(Diagnostic(
                    "--set: \"\(TerminalText.plain(request.name, limit: 80))\" names \(named.count) outputs: \(TerminalText.plain(names.joined(separator: ", "), limit: 300))",
                    help: "name one of them, and its check with --check", exitCode: .usage))
            }
        }
        if !problems.isEmpty { throw DiagnosticsError(problems) }
        return labels
    }

    /// Keeps labels, and says what comes next.
    func keep(_ labels: [(suite: String, label: HumanLabel)]) throws {
        for (suite, group) in Dictionary(grouping: labels, by: \.suite).sorted(by: { $0.key < $1.key }) {
            let path = try LabelFile(opened.folder).add(group.map(\.label), suite: suite)
            context.output("\(count(group.count, "label")) written to \(path)\n")
        }
    }

    /// After the last label.
    func conclude(stillWaiting: Int) {
        if stillWaiting > 0 { context.output("\(count(stillWaiting, "output")) still waiting\n") }
        context.output("next: commit the labels, then score the run with them, without a call: ratchet regrade \(header.id)\n")
    }
}
