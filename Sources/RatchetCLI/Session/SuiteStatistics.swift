import RatchetCore
import RatchetJSON
import RatchetReports

/// What a suite covers, and what its examples did in recorded runs.
struct SuiteStatistics {
    private let suite: Suite
    /// By tag and by check type, how many examples have it; most first.
    private let tags: [(name: String, count: Int)]
    private let checkTypes: [(name: String, count: Int)]
    /// Bytes of the inputs, ascending.
    private let lengths: [Int]
    /// Examples that were run at least three times and never failed, that passed and failed, and that never passed.
    private let neverFailed: [String]
    private let flaky: [(id: String, count: TrialCount)]
    private let neverPassed: [String]
    private let known: Int

    private static let shown = 10
    private static let fewestTrials = 3

    init(_ suite: Suite, history: (String) -> [TrialCount]) {
        self.suite = suite
        tags = Self.counted(suite.examples.flatMap { $0.tags.isEmpty ? ["(none)"] : Array(Set($0.tags)) })
        checkTypes = Self.counted(suite.examples.flatMap { Set($0.checks.flatMap(Self.types)) })
        lengths = suite.examples.map { ($0.input.stringValue ?? $0.input.serialized(.compact)).utf8.count }.sorted()
        var sums: [(id: String, count: TrialCount)] = []
        for example in suite.examples {
            let count = history(example.id).reduce(into: TrialCount()) {
                $0.passes += $1.passes
                $0.trials += $1.trials
            }
            if count.trials > 0 { sums.append((example.id, count)) }
        }
        known = sums.count
        neverFailed = sums.filter { $0.count.trials >= Self.fewestTrials && $0.count.passes == $0.count.trials }.map(\.id)
        neverPassed = sums.filter { $0.count.trials >= Self.fewestTrials && $0.count.passes == 0 }.map(\.id)
        flaky = sums.filter { $0.count.passes > 0 && $0.count.passes < $0.count.trials }
            .sorted { abs(($0.count.rate ?? 0) - 0.5) < abs(($1.count.rate ?? 0) - 0.5) }
    }

    private static func types(_ check: CheckSpecification) -> [String] { [check.type] + check.children.flatMap(types) }

    private static func counted(_ names: [String]) -> [(name: String, count: Int)] {
        names.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }.map { (name: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }

    private var groups: Int { Set(suite.examples.compactMap(\.group)).count }
    private var median: Int { lengths.isEmpty ? 0 : lengths[lengths.count / 2] }

    var text: String {
        let mustPass = suite.examples.filter { $0.mustPass != .no }.count
        let failing = suite.examples.filter { $0.knownFailing != nil }.count
        let without = suite.examples.filter { $0.checks.isEmpty }.count
        var text = "\(suite.name): \(count(suite.examples.count, "example")), \(mustPass) must pass, \(failing) known to fail"
        text += groups > 0 ? ", \(count(groups, "group"))\n" : "\n"
        text += "inputs of \(lengths.first ?? 0) to \(lengths.last ?? 0) bytes, half of them under \(median)\n"
        if without > 0 { text += "warning: \(count(without, "example")) without a check\n" }
        text += table("tags", tags) + table("checks", checkTypes)
        guard known > 0 else { return text + "\nno recorded run of it yet: what flakes is known after a few\n" }
        text += "\nin recorded runs: \(neverFailed.count) never failed, \(flaky.count) passed and failed, \(neverPassed.count) never passed, "
        text += "\(suite.examples.count - known) not run\n"
        for (id, trials) in flaky.prefix(Self.shown) { text += "  flaky         \(trials.description.padding(to: 9))\(TerminalText.plain(id, limit: 100))\n" }
        for id in neverPassed.prefix(Self.shown) { text += "  never passed           \(TerminalText.plain(id, limit: 100))\n" }
        return text
    }

    private func table(_ title: String, _ rows: [(name: String, count: Int)]) -> String {
        let shown = rows.prefix(20).map { row in
            let share = Wording.fixed(Double(row.count) / Double(max(suite.examples.count, 1)) * 100, 0) + " %"
            return ["  " + TerminalText.plain(row.name, limit: 40), String(row.count), share]
        }
        return "\n\(title)\n" + TextTable.text(shown) + (rows.count > 20 ? "  and \(rows.count - 20) more\n" : "")
    }

    var json: JSONValue {
        let counts = { (rows: [(name: String, count: Int)]) -> JSONValue in .object(JSONObject(rows.map { ($0.name, .int($0.count)) })) }
        return [
            "format": "ratchet.suite-stats/1", "suite": .string(suite.name), "examples": .int(suite.examples.count), "groups": .int(groups),
            "must_pass": .int(suite.examples.filter { $0.mustPass != .no }.count),
            "known_failing": .int(suite.examples.filter { $0.knownFailing != nil }.count), "tags": counts(tags), "checks": counts(checkTypes),
            "input_bytes": ["least": .int(lengths.first ?? 0), "median": .int(median), "most": .int(lengths.last ?? 0)],
            "run": .int(known), "never_failed": .strings(neverFailed), "never_passed": .strings(neverPassed),
            "flaky": .array(flaky.map { ["id": .string($0.id), "trials": .string($0.count.description)] }),
        ]
    }
}
