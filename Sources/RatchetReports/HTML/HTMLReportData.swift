import RatchetCore
import RatchetGate
import RatchetJSON

/// What the page's script is given: short keys, for a page holds thousands of examples.
struct HTMLReportData {
    let report: RunReport
    let verdict: VerdictWording

    /// Bytes of outputs beyond which those of examples that pass as they did are left out, and characters of one text.
    private static let outputBudget = 64_000_000
    private static let longestText = 50_000
    private static let namedValues = 2_000

    // MARK: The run

    var head: JSONValue {
        let started = UniversalTime(secondsSince1970: report.header.started)
        let tone: String =
            switch verdict.tone {
            case .good: "good"
            case .bad: "bad"
            case .open: "open"
            }
        return [
            "run": .string(report.header.id), "version": .string(report.header.version), "commit": .optional(report.header.commit),
            "started": .string("\(started.day) \(started.clock) UTC"), "command": .optional(report.command),
            "headline": .string(verdict.headline), "tone": .string(tone),
            "exit": .string("\(report.decision.exit.rawValue) \(report.decision.exit.name)"),
            "reasons": .array(verdict.reasons.map(reason)), "notes": .strings(report.notes),
            "next": .array(NextStep.after(report, isCI: false).map { ["purpose": .string($0.purpose), "command": .string($0.command)] }),
            "suites": .array(report.decision.suites.map(suite)),
        ]
    }

    private func reason(_ reason: VerdictWording.Reason) -> JSONValue {
        [
            "words": .string([reason.suite, reason.name, reason.words].compactMap { $0 }.joined(separator: ": ")),
            "ids": .strings(reason.ids), "further": .int(reason.further),
        ]
    }

    private func suite(_ suite: SuiteDecision) -> JSONValue {
        let name = suite.suite.suite
        let summary = SuiteSummary(suite: suite, metrics: report.metrics[name])
        return [
            "suite": .string(name), "target": .string(suite.suite.target), "prompt": .optional(suite.suite.prompt),
            "heading": .optional(summary.heading), "size": .string(summary.size), "basis": .optional(summary.basis),
            "counts": .string(summary.counts), "passRate": .string(summary.passRate),
            "facts": .strings(
                summary.slices + summary.metricLines + summary.effort + [summary.hidden, summary.sight].compactMap { $0 } + summary.judges),
            "usage": .array(summary.usage.map { [.string($0.label), .string($0.words)] }),
            "differences": .array(
                suite.differences.map { [.string($0.kind.rawValue), .string($0.before), .string($0.now)] }),
            "overrides": .array(suite.overrides.map(override)),
            "weakenings": .array(
                (suite.weakenings ?? []).prefix(200).map { [.string($0.kind.rawValue), .optional($0.example), .string($0.detail), .optional($0.override)] }),
            "missing": .strings(SuiteGroups(suite).missing),
            "rates": .array(rates(suite)), "judges": .array((suite.judges ?? []).map(judge)),
            "latencies": Self.values(report.metrics[name]?.latencies), "latenciesBefore": Self.values(report.background.metricsBefore[name]?.latencies),
            "history": .array((report.background.history[name] ?? []).map(past) + (suite.passRate.map { [now(suite, $0.value)] } ?? [])),
        ]
    }

    private func override(_ use: OverrideUse) -> JSONValue {
        [
            "file": .string(use.file), "status": .string(use.status.rawValue), "reason": .string(use.reason),
            "expires": .optional(use.expires), "detail": .string(use.detail),
        ]
    }

    /// How the pass rate of the suite and of its slices changed, each with its interval.
    private func rates(_ suite: SuiteDecision) -> [JSONValue] {
        let all = suite.aggregate.map { ("all", true, $0) }
        return ([all].compactMap { $0 } + (suite.slices ?? []).map { ($0.tag, $0.isGating, $0.aggregate) }).map { name, isGating, result in
            [
                "name": .string(name), "gating": .bool(isGating), "failed": .bool(result.hasFailed), "delta": .double(result.delta.value),
                "deltaLow": .double(result.delta.low), "deltaHigh": .double(result.delta.high),
            ]
        }
    }

    private func judge(_ judge: JudgeStatus) -> JSONValue {
        var object: JSONObject = [
            "name": .string(judge.name), "judge": .string(judge.judge), "standing": .string(judge.standing.rawValue.replacing("_", with: " ")),
            "gating": .bool(judge.isGating), "words": .string(JudgeWording(judge).lines.joined(separator: "; ")),
        ]
        if let counts = judge.calibration?.counts {
            object["counts"] = [.int(counts.bothPass), .int(counts.judgePasses), .int(counts.peoplePass), .int(counts.bothFail)]
        }
        if let informedness = judge.calibration?.informedness {
            object["informedness"] = [.double(informedness.value), .double(informedness.low), .double(informedness.high)]
        }
        if let canary = judge.canary {
            object["canary"] = .string("\(canary.flipped) of \(canary.judged) known verdicts changed\(canary.hasDrifted ? ": drifted" : "")")
        }
        return .object(object)
    }

    private func past(_ run: ReportBackground.PastRun) -> JSONValue {
        [
            "run": .string(run.id), "day": .string(UniversalTime(secondsSince1970: run.started).day), "rate": .double(run.passRate),
            "exit": .string(run.exit), "what": .string([run.target, run.prompt].compactMap { $0 }.joined(separator: ", ")),
        ]
    }

    private func now(_ suite: SuiteDecision, _ rate: Double) -> JSONValue {
        past(
            ReportBackground.PastRun(
                id: report.header.id, started: report.header.started, target: suite.suite.target, prompt: suite.suite.prompt, passRate: rate,
                exit: report.decision.exit.name))
    }

    /// At most so many of them, evenly from the smallest to the largest: enough for a picture.
    private static func values(_ sorted: [Double]?) -> JSONValue {
        guard let sorted, !sorted.isEmpty else { return .null }
        guard sorted.count > namedValues else { return .array(sorted.map(rounded)) }
        return .array((0..<namedValues).map { rounded(sorted[$0 * (sorted.count - 1) / (namedValues - 1)]) })
    }

    private static func rounded(_ value: Double) -> JSONValue { .double((value * 10).rounded() / 10) }

    // MARK: The examples

    func forEachExample(_ body: (JSONValue) throws -> Void) throws {
        var left = Self.outputBudget
        var systems = MessageTable()
        for (place, suite) in report.decision.suites.enumerated() {
            try report.forEachExample(suite.suite.suite, nil) { example in
                try body(self.example(example, suite, place, &left, &systems))
            }
        }
    }

    private func example(
        _ example: ExampleTrials, _ suite: SuiteDecision, _ place: Int, _ left: inout Int, _ systems: inout MessageTable
    ) throws -> JSONValue {
        let decision = example.decision
        let name = suite.suite.suite
        let own = example.trials.filter { $0.key.draw.role == .run }
        let background = report.background.example(name, decision.id)
        let (file, line) = report.background.place(name, decision.id)
        let scores = own.compactMap { MeanScore($0.checks).value }
        var object: JSONObject = [
            "s": .int(place), "id": .string(decision.id), "v": .string(decision.verdict.rawValue), "w": .string(decision.verdictWithRules),
            "st": .string(decision.state.rawValue), "c": .string(decision.change), "lost": .bool(decision.isLost),
            "f": .string("\(file):\(line)"),
        ]
        if !decision.brokenRules.isEmpty { object["r"] = .strings(decision.brokenRules.map(\.rawValue)) }
        object["d"] = Self.change(decision).map(JSONValue.double)
        object["note"] = decision.note.map(JSONValue.string)
        object["ov"] = decision.override.map(JSONValue.string)
        if !decision.evidenceWords.isEmpty { object["ev"] = .strings(decision.evidenceWords) }
        if let tags = background?.tags, !tags.isEmpty { object["tags"] = .strings(tags) }
        if !scores.isEmpty { object["sc"] = .double((scores.reduce(0, +) / Double(scores.count) * 1000).rounded() / 1000) }
        object["cost"] = Self.sum(example.trials.map(\.request.cost)).map(JSONValue.double)
        object["lat"] = Self.sum(own.filter { !$0.request.isCached }.map(\.request.latency)).map(Self.rounded)
        object["tok"] = Self.sum(own.map { $0.request.usage?.totalTokens.map(Double.init) }).map(JSONValue.double)
        let isTelling = decision.verdict != .unchanged || decision.state != .passed
        guard isTelling || left > 0 else {
            object["cut"] = true
            return .object(object)
        }
        object["in"] = background.map { .string(Self.cut(Self.text($0.input))) }
        object["ex"] = background?.expected.map { .string(Self.cut(Self.text($0))) }
        object["acc"] = try report.background.acceptedOutput(name, decision.id).map { .string(Self.cut($0)) }
        object["t"] = .array(example.trials.map { trial($0, &systems) })
        left -= example.trials.reduce(0) { $0 + ($1.request.output?.utf8.count ?? 0) + 500 }
        return .object(object)
    }

    private func trial(_ trial: TrialRecord, _ systems: inout MessageTable) -> JSONValue {
        let request = trial.request
        var object: JSONObject = [
            "d": .string(trial.key.draw.description), "st": .string(trial.state.rawValue), "ch": .array(trial.checks.map(check)),
            "m": .array(request.messages.map { systems.entry($0, cut: Self.cut) }), "model": .string(request.answeringModel ?? request.target),
            "trace": .string(request.traceID),
        ]
        object["o"] = request.output.map { .string(Self.cut($0)) }
        if !request.toolCalls.isEmpty { object["tc"] = .string(Self.cut(JSONValue.array(request.toolCalls.map(\.json)).serialized(.pretty))) }
        object["fin"] = request.finishReason.map(JSONValue.string)
        object["e"] = request.error.map { .string(Self.cut($0)) }
        if request.isCached { object["cached"] = true }
        object["cost"] = request.cost.map(JSONValue.double)
        object["lat"] = request.latency.map(Self.rounded)
        object["ttft"] = request.timeToFirstToken.map(Self.rounded)
        object["tok"] = request.usage.map { [Self.number($0.inputTokens), Self.number($0.outputTokens)] }
        if request.attempts.count > 1 {
            object["at"] = .array(
                request.attempts.map { attempt in
                    .string(
                        [attempt.status.map { "HTTP \($0)" }, attempt.problem, "after \(Wording.duration(attempt.waited))"].compactMap { $0 }
                            .joined(separator: ", "))
                })
        }
        if !trial.judgeRequests.isEmpty {
            object["j"] = .array(
                trial.judgeRequests.map { judged in
                    [
                        "p": .optional(judged.prompt), "m": .string(judged.target), "o": .string(Self.cut(judged.output ?? judged.error ?? "")),
                        "cost": judged.cost.map(JSONValue.double) ?? .null,
                    ]
                })
        }
        return .object(object)
    }

    private func check(_ check: CheckResult) -> JSONValue {
        var object: JSONObject = ["n": .string(check.name), "st": .string(check.state.rawValue), "why": .string(Self.cut(check.reason))]
        if check.type != check.name { object["ty"] = .string(check.type) }
        object["sc"] = check.score.map { .double(($0 * 1000).rounded() / 1000) }
        if !check.gating { object["g"] = false }
        object["k"] = check.failureKind.map { .string($0.summary) }
        return .object(object)
    }

    /// How much the example's pass rate changed.
    private static func change(_ decision: ExampleDecision) -> Double? {
        guard let before = decision.before?.rate, let now = decision.now.rate else { return nil }
        return ((now - before) * 1000).rounded() / 1000
    }

    private static func sum(_ values: [Double?]) -> Double? {
        let known = values.compactMap { $0 }
        return known.isEmpty ? nil : known.reduce(0, +)
    }

    private static func number(_ value: Int?) -> JSONValue { value.map { .int($0) } ?? .null }

    private static func text(_ value: JSONValue) -> String { value.stringValue ?? value.serialized(.pretty) }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > longestText else { return text }
        return String(text.unicodeScalars.prefix(longestText)) + "\n… cut after \(Wording.grouped(longestText)) characters"
    }
}

/// Messages of which many requests have the same: each is written once, and named by its number after.
private struct MessageTable {
    private var numbers: [String: Int] = [:]

    mutating func entry(_ message: Message, cut: (String) -> String) -> JSONValue {
        let isShared = message.role == .system && message.content.utf8.count > 40
        if isShared, let number = numbers[message.content] { return .int(number) }
        var object: JSONObject = ["r": .string(message.role.rawValue), "c": .string(cut(message.content))]
        if !message.toolCalls.isEmpty { object["tc"] = .string(cut(JSONValue.array(message.toolCalls.map(\.json)).serialized(.pretty))) }
        if isShared {
            object["n"] = .int(numbers.count)
            numbers[message.content] = numbers.count
        }
        return .object(object)
    }
}
