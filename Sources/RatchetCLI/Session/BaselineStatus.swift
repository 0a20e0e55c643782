import RatchetCore
import RatchetGate
import RatchetJSON
import RatchetReports
import RatchetRunner

/// What a suite's baseline holds, held against the suite as it is now.
struct BaselineStatus {
    let suite: Suite
    let name: String?
    let baseline: Baseline?
    private let examples: [GatedExample]

    init(_ planned: PlannedSuite, name: String?, baseline: Baseline?) {
        suite = planned.suite
        self.name = name
        self.baseline = baseline
        let records = Dictionary(
            (baseline?.records ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        examples = planned.examples.map {
            GatedExample(
                $0.example, checks: $0.checks.checkHashes, record: records[$0.example.id], policy: planned.suite.policy)
        }
    }

    private var comparable: Int { examples.count(where: \.isComparable) }
    private var new: Int { examples.filter { $0.standing == .new }.count }
    private var incomparable: Int { examples.count - comparable - new }
    private var missing: Int {
        let ids = Set(suite.examples.map(\.id))
        return (baseline?.records ?? []).filter { !ids.contains($0.id) }.count
    }
    private var title: String { suite.name + (name.map { " (\($0))" } ?? "") }

    var text: String {
        guard let baseline else { return "\(title): no baseline; ratchet run \(suite.name), then ratchet baseline accept" }
        let planned = baseline.records.map(\.planned)
        let passing = planned.filter { $0.state == .passed }.count
        let trials = planned.map(\.trials).sorted()
        let dates = baseline.records.flatMap { $0.batches.map(\.date) }
        let subjects = Set(baseline.records.map { ($0.prompt.map { $0 + " on " } ?? "") + $0.target }).sorted()
        var lines = [
            "\(title): \(count(baseline.records.count, "record")), \(passing) passing, "
                + "\(count(trials.isEmpty ? 0 : trials[trials.count / 2], "trial")) each, accepted \(dates.max() ?? "never")",
            "  of \(subjects.joined(separator: ", "))",
        ]
        let changes = [(new, "new"), (incomparable, "changed since"), (missing, "gone")].filter { $0.0 > 0 }
        if !changes.isEmpty {
            lines.append(
                "  the suite now: \(comparable) comparable, "
                    + changes.map { "\($0.0) \($0.1)" }.joined(separator: ", "))
        }
        return lines.joined(separator: "\n")
    }

    var json: JSONValue {
        [
            "suite": .string(suite.name), "name": .optional(name), "exists": .bool(baseline != nil),
            "records": .int(baseline?.records.count), "comparable": .int(comparable), "new": .int(new),
            "incomparable": .int(incomparable), "missing": .int(missing),
        ]
    }

    static func text(_ record: BaselineRecord, isWhole: Bool) -> String {
        let line = "\(record.planned)  \(TerminalText.plain(record.id, limit: 100))"
        guard isWhole else { return line }
        let batches = record.batches.map { "  \($0.date)  \($0.kind.rawValue)  \($0.passes)/\($0.trials)  \($0.id)" }
        let checks = record.checks.keys.sorted().map { name in
            let passes = record.batches.reduce(0) { $0 + ($1.passesByCheck[name] ?? 0) }
            return "  \(TerminalText.plain(name, limit: 80)): \(passes)/\(record.planned.trials)"
        }
        let output = record.output.map { ["output of the first trial:", TerminalText.block($0)] } ?? []
        return
            ([line, "of \((record.prompt.map { $0 + " on " } ?? "") + record.target)", "batches:"] + batches + ["checks:"]
            + checks + output).joined(separator: "\n")
    }
}
