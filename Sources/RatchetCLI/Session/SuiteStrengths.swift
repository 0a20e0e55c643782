import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetJSON
import RatchetReports
import RatchetRunner

/// What each suite can see, in words and as JSON.
struct SuiteStrengths {
    let suite: PlannedSuite
    /// `nil` without a baseline.
    let strength: SuiteStrength?
    /// US dollars a call, where the accepted run knew it.
    let price: Double?

    static func read(_ opened: inout OpenedProject, suites: [String], baseline: String?) throws -> [SuiteStrengths] {
        var selection = RunSelection()
        selection.suites = suites
        var plan = opened.plan(selection)
        var baselines: [String: Baseline] = [:]
        for suite in plan.suites { baselines[suite.run.suite] = opened.baseline(of: suite.run.suite, name: baseline) }
        try opened.requireValid()
        plan = AcceptedVersions.plan(plan, with: baselines, in: opened)
        return plan.suites.map { suite in
            let metrics = BaselineFile(opened.folder).readMetrics(suite: suite.run.suite, name: baseline).metrics?["metrics"]
            let cost = metrics?["cost_usd"]?.doubleValue
            let calls = metrics?["calls"]?.doubleValue
            let price = cost.flatMap { cost in calls.map { cost / max($0, 1) } }
            return SuiteStrengths(
                suite: suite,
                strength: baselines[suite.run.suite].flatMap { baseline in
                    SuiteStrength(baseline.records, policy: suite.suite.policy) { suite.accepted[$0.id] != nil }
                }, price: price)
        }
    }

    private var name: String { suite.run.suite }
    private var noBaseline: String { "\(name): no baseline; ratchet run \(name), then ratchet baseline accept\n" }

    // MARK: Power

    /// A remedy: what it is, what the suite then sees, and what it costs.
    private struct Remedy {
        var key: String
        var words: String
        var drop: Double
        /// Calls paid once, and calls more a run.
        var once: Int
        var eachRun: Int
    }

    private func remedies(_ strength: SuiteStrength) -> [Remedy] {
        var found: [Remedy] = []
        let n = strength.examples
        for trials in [5, 10] where Double(trials) > strength.recordTrials + 0.5 {
            found.append(
                Remedy(
                    key: "record_\(trials)", words: "records of \(trials) trials", drop: strength.drop(recordTrials: Double(trials)),
                    once: Int((Double(n) * (Double(trials) - strength.recordTrials)).rounded(.up)), eachRun: 0))
        }
        if !strength.flaky.isEmpty {
            found.append(
                Remedy(
                    key: "flaky_3", words: "3 trials of the \(strength.flaky.count) flaky examples", drop: strength.drop(flakyTrials: 3),
                    once: 0, eachRun: 2 * strength.flaky.count))
        }
        found.append(
            Remedy(key: "trials_3", words: "3 trials of every example", drop: strength.drop(newTrials: 3), once: 0, eachRun: 2 * n))
        let perExample = Int(strength.recordTrials.rounded())
        found.append(
            Remedy(
                key: "examples_2", words: "twice as many examples", drop: strength.drop(examples: 2 * n), once: perExample * n, eachRun: n))
        // The most for the money first: what the noise falls by, over what ten runs cost.
        func worth(_ remedy: Remedy) -> Double {
            (strength.drop - remedy.drop) / Double(max(1, remedy.once + 10 * remedy.eachRun))
        }
        return found.filter { $0.drop < strength.drop }.sorted { worth($0) > worth($1) }
    }

    var powerText: String {
        guard let strength else { return noBaseline }
        var lines = [
            "\(name): \(count(strength.examples, "example")), records of \(fixed(strength.recordTrials, 1)) trials",
            "  one run sees: \(broken(strength)), and a drop of \(points(strength.drop)) points or more",
        ]
        if let needed = strength.requiredExamples(drop: 0.01) {
            lines.append("  for a drop of 1 point: \(grouped(needed)) examples of this kind")
        }
        let remedies = remedies(strength)
        if !remedies.isEmpty { lines.append("  what would help, the most for the money first (reckoned over ten runs)") }
        for remedy in remedies {
            lines.append("    \(points(remedy.drop)) points with \(remedy.words): \(cost(remedy))")
        }
        lines += alarms(strength)
        return lines.joined(separator: "\n") + "\n"
    }

    private func broken(_ strength: SuiteStrength) -> String {
        let seen = strength.brokenSeenWithControl
        let without = strength.brokenSeen < seen ? " (\(percent(strength.brokenSeen)) where the accepted version can't be asked)" : ""
        return (seen == 1 ? "any example that broke" : "\(percent(seen)) of the examples, had one of them broken") + without
    }

    private func cost(_ remedy: Remedy) -> String {
        var words: [String] = []
        if remedy.once > 0 { words.append("\(grouped(remedy.once)) calls once\(money(remedy.once))") }
        if remedy.eachRun > 0 { words.append("\(grouped(remedy.eachRun)) calls more a run\(money(remedy.eachRun))") }
        return words.joined(separator: ", ")
    }

    private func money(_ calls: Int) -> String {
        price.map { " (\(fixed(Double(calls) * $0, 2)) US dollars)" } ?? ""
    }

    /// Flaky examples that must pass alarm by themselves.
    private func alarms(_ strength: SuiteStrength) -> [String] {
        strength.flaky.compactMap { flaky in
            guard suite.example(flaky.id)?.example.mustPass == .bestOfFive, let alarm = flaky.mustPassAlarm, alarm > 0.001 else { return nil }
            return "  \(TerminalText.plain(flaky.id, limit: 60)) must pass and is flaky itself (p = \(fixed(flaky.passProbability, 2))): "
                + "it will raise about one alarm in \(Int((1 / alarm).rounded())) runs"
        }
    }

    var powerJSON: JSONValue {
        guard let strength else { return ["suite": .string(name), "exists": false] }
        return [
            "suite": .string(name), "exists": true, "examples": .int(strength.examples),
            "record_trials": .double(strength.recordTrials), "within_variance": .double(strength.variance),
            "drop": .double(strength.drop), "broken_seen": .double(strength.brokenSeenWithControl),
            "broken_seen_without_control": .double(strength.brokenSeen),
            "examples_for_one_point": .int(strength.requiredExamples(drop: 0.01)), "flaky": .int(strength.flaky.count),
            "remedies": .array(
                remedies(strength).map {
                    [
                        "remedy": .string($0.key), "drop": .double($0.drop), "calls_once": .int($0.once), "calls_each_run": .int($0.eachRun),
                        "cost_usd_once": .double(price.map { [once = $0.once] in Double(once) * $0 }),
                    ]
                }),
        ]
    }

    // MARK: Flaky examples

    func flakyText(_ history: RunHistory, limit: Int) -> String {
        guard let strength else { return noBaseline }
        guard !strength.flaky.isEmpty else { return "\(name): no flaky example among \(strength.examples)\n" }
        var lines = [
            "\(name): \(count(strength.flaky.count, "flaky example")) of \(strength.examples); "
                + "with them a run sees a drop of \(points(strength.drop)) points, without them of \(points(strength.dropWithoutFlaky))"
        ]
        for flaky in strength.flaky.prefix(limit) {
            let runs = history.counts(name, flaky.id)
            let past = runs.isEmpty ? "" : "  runs " + runs.map(Self.mark).joined()
            let share = flaky.variance / max(strength.variance * Double(strength.examples), .leastNonzeroMagnitude)
            lines.append(
                "  \(TerminalText.plain(flaky.id, limit: 60))  \(flaky.record)  passes about \(percent(flaky.passProbability)), "
                    + "\(percent(share)) of the noise\(past)")
        }
        if strength.flaky.count > limit { lines.append("  and \(strength.flaky.count - limit) more: --limit \(strength.flaky.count)") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A run's trials of an example in one sign: all passed, none, or some.
    private static func mark(_ count: TrialCount) -> String {
        count.passes == count.trials ? "+" : count.passes == 0 ? "-" : "~"
    }

    func flakyJSON(_ history: RunHistory, limit: Int) -> JSONValue {
        guard let strength else { return ["suite": .string(name), "exists": false] }
        return [
            "suite": .string(name), "exists": true, "drop": .double(strength.drop),
            "drop_without_flaky": .double(strength.dropWithoutFlaky),
            "examples": .array(
                strength.flaky.prefix(limit).map { flaky in
                    [
                        "id": .string(flaky.id), "record": .string(flaky.record.description),
                        "pass_probability": .double(flaky.passProbability), "variance": .double(flaky.variance),
                        "runs": .strings(history.counts(name, flaky.id).map(\.description)),
                    ]
                }),
        ]
    }

    private func points(_ share: Double) -> String { share >= 1 ? "more than 100" : fixed(share * 100, 1) }
    private func percent(_ share: Double) -> String { fixed(share * 100, 0) + " %" }

    private func fixed(_ value: Double, _ decimals: Int) -> String {
        var scale = 1
        for _ in 0..<decimals { scale *= 10 }
        let whole = Int((value * Double(scale)).rounded())
        guard decimals > 0 else { return String(whole) }
        let rest = String(whole % scale)
        return "\(whole / scale)." + String(repeating: "0", count: decimals - rest.count) + rest
    }

    private func grouped(_ number: Int) -> String {
        String(String(number).reversed().enumerated().flatMap { $0 > 0 && $0 % 3 == 0 ? [",", $1] : [$1] }.reversed())
    }
}
