import RatchetCore
import RatchetGate

/// What a report shows of one example's trials: why it is as it is, and how the output began.
struct ExampleDigest: Sendable {
    /// A check that did not pass, with what it found.
    struct Finding: Sendable {
        var check: String
        var reason: String
        var failureKind: FailureKind?
    }

    /// The gating checks that failed in the trial that is shown.
    var findings: [Finding]
    /// The beginning of that trial's output; `nil` without an answer.
    var output: String?
    /// The backend's words where it gave no answer.
    var error: String?

    /// Reads the trial that says most: of the states that count, the first failed one, else the first without answer or
    /// verdict, else the first.
    init(_ trials: [TrialRecord]) {
        let own = trials.filter { $0.key.draw.role == .run }
        let trial =
            [TrialState.failed, .errored, .unscored].lazy
            .compactMap { state in own.first { $0.state == state } }.first ?? own.first ?? trials.first
        let telling: CheckState =
            switch trial?.state {
            case .unscored: .unscored
            case .errored: .errored
            default: .failed
            }
        findings = (trial?.checks ?? []).filter { $0.gating && $0.state == telling }
            .map { Finding(check: $0.name, reason: $0.reason, failureKind: $0.failureKind) }
        output = trial?.request.output
        error = trial?.request.error
    }

    /// Why the answer nearly passed, when it did: every check that failed says that it was met but for a trifle.
    var failureKind: FailureKind? {
        findings.allSatisfy { $0.failureKind != nil } ? findings.first?.failureKind : nil
    }

    /// What went wrong, in one line.
    var cause: String? {
        if let error { return error }
        return findings.first.map { $0.reason.isEmpty ? $0.check : "\($0.check): \($0.reason)" }
    }
}

/// The digests of the examples a report wants to show, gathered in one pass over a suite, and what failed how often.
struct SuiteDigests {
    /// Digests of the wanted examples by id.
    private(set) var digests: [String: ExampleDigest] = [:]
    /// How many lost examples fail which check, most first.
    private(set) var lostByCheck: [(name: String, count: Int)] = []
    /// How many failing examples nearly passed, by what they lacked, most first: one cause, and not a thousand failures.
    private(set) var failingByKind: [(kind: FailureKind, count: Int)] = []
    /// What the backends said, with the examples it concerns.
    private(set) var outages: [Outage] = []

    struct Outage {
        var words: String
        var count: Int
        var firstIDs: [String]
    }

    private static let maximumOutages = 5
    private static let idsOfOutage = 3

    /// Examples count as failing when they were lost or break a rule; where nothing is compared, when they failed.
    ///
    /// - Parameter wanted: The ids whose digests are kept. Without one, and without failing and errored examples, no
    ///   trial is read at all.
    init(_ suite: SuiteDecision, groups: SuiteGroups, report: RunReport, wanted: Set<String>) throws {
        let lost = Set(groups.lost.map(\.id))
        let errored = Set(groups.errored.map(\.id))
        let isCompared = suite.basis == .baseline || suite.basis == .run
        let failing = lost.union(
            isCompared ? groups.broken.map(\.id) : suite.examples.filter { $0.state == .failed }.map(\.id))
        let read = wanted.union(failing).union(errored)
        guard !read.isEmpty else { return }
        var checks: [String: Int] = [:]
        var kinds: [FailureKind: Int] = [:]
        var words: [String: Outage] = [:]
        try report.forEachExample(suite.suite.suite, read) { example in
            let id = example.decision.id
            let digest = ExampleDigest(example.trials)
            if wanted.contains(id) { digests[id] = digest }
            if lost.contains(id) { for finding in digest.findings { checks[finding.check, default: 0] += 1 } }
            if failing.contains(id), let kind = digest.failureKind { kinds[kind, default: 0] += 1 }
            guard errored.contains(id) else { return }
            let said = digest.cause ?? "no answer"
            let isNew = words[said] == nil && words.count >= Self.maximumOutages
            let key = isNew ? "other reasons" : said
            words[key, default: Outage(words: key, count: 0, firstIDs: [])].count += 1
            if words[key].map({ $0.firstIDs.count < Self.idsOfOutage }) == true { words[key]?.firstIDs.append(id) }
        }
        lostByCheck = checks.map { (name: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        failingByKind = kinds.map { (kind: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.kind.rawValue) < ($0.count, $1.kind.rawValue) }
        outages = words.values.sorted { ($1.count, $0.words) < ($0.count, $1.words) }
    }
}
