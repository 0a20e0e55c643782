import RatchetBackends
import RatchetCore
import RatchetFiles
import RatchetJSON
import RatchetReports
import RatchetRunner

/// What a run will take, before anything is sent (`--estimate`): calls, tokens, money and time of the first pass and of the
/// further trials that a run usually asks for. What is known comes from the accepted run's figures; what is not is assumed,
/// and said so.
struct RunEstimate {
    struct Line {
        var suite: String
        var target: String
        /// Calls of the first pass that are not at hand.
        var calls: Int
        var free: Int
        var judgeCalls: Int
        var inputTokens: Int
        var outputTokens: Int
        /// `nil` where the model has no price.
        var cost: Money?
        var judgeCost: Money?
        /// Seconds of the first pass; `nil` where no latency is known.
        var time: Double?
        var assumptions: [String]
    }

    /// Calls an example of a run that asks suspects again, measured over unchanged systems (docs/design/gate.md).
    static let usualCallsPerExample = 1.28
    /// Tokens of an answer where nothing is known.
    private static let assumedOutput = 256
    private static let assumedJudge = Usage(inputTokens: 800, outputTokens: 150)

    let lines: [Line]

    init(
        _ plan: RunPlan, backends: [String: ConfiguredBackend], folder: ProjectFolder, baselineName: String?, prices: PriceList, day: String,
        concurrency: Int?, isFree: (Request) -> Bool
    ) {
        lines = plan.suites.map { suite in
            let known = BaselineFile(folder).readMetrics(suite: suite.run.suite, name: baselineName).metrics?["metrics"]
            let reading = Reading(suite: suite, known: known, prices: prices, day: day)
            let requests = suite.examples.lazy.flatMap { planned in
                (1...suite.run.trials).map { suite.request(planned.example, draw: Draw(.run, $0)) }
            }
            var calls = 0
            var free = 0
            var characters = 0
            for request in requests {
                let expected = suite.expected(of: request)
                if isFree(request) {
                    free += expected.replies
                } else {
                    calls += expected.replies
                    characters += expected.bytes
                }
            }
            let limits = backends[suite.target.backend]?.configuration.limits
            return reading.line(calls: calls, free: free, characters: characters, limits: limits, concurrency: concurrency)
        }
    }

    /// The first pass, and what usually comes after it.
    private static func usual(_ calls: Int) -> Int { Int((Double(calls) * usualCallsPerExample).rounded(.up)) }

    private struct Reading {
        let suite: PlannedSuite
        let known: JSONValue?
        let prices: PriceList
        let day: String

        private func perCall(_ key: String) -> Double? {
            guard let known, let calls = known["calls"]?.doubleValue, calls > 0 else { return nil }
            return known[key]?.doubleValue.map { $0 / calls }
        }

        func line(calls: Int, free: Int, characters: Int, limits: BackendConfiguration.Limits?, concurrency: Int?) -> Line {
            var assumptions: [String] = []
            let input = perCall("input_tokens").map { $0 * Double(calls) } ?? {
                if calls > 0 { assumptions.append("four characters a token of input") }
                return Double(characters) / 4
            }()
            let output = perCall("output_tokens").map { $0 * Double(calls) } ?? {
                if calls > 0 { assumptions.append("\(RunEstimate.assumedOutput) tokens an answer") }
                return Double(calls * RunEstimate.assumedOutput)
            }()
            let usage = Usage(inputTokens: Int(input.rounded()), outputTokens: Int(output.rounded()))
            let judged = suite.examples.reduce(0) { $0 + $1.checks.judgeCalls } * suite.run.trials
            let judgeCalls = calls + free == 0 ? 0 : judged * calls / max(calls + free, 1)
            return Line(
                suite: suite.run.suite, target: suite.run.target, calls: calls, free: free, judgeCalls: judgeCalls,
                inputTokens: usage.inputTokens ?? 0, outputTokens: usage.outputTokens ?? 0,
                cost: calls == 0 ? .zero : prices.cost(suite.target.model, usage, on: day),
                judgeCost: judgeCost(judgeCalls, &assumptions),
                time: time(calls, limits, concurrency, tokens: input + output, &assumptions), assumptions: assumptions)
        }

        private func judgeCost(_ calls: Int, _ assumptions: inout [String]) -> Money? {
            guard calls > 0 else { return .zero }
            if let spent = known?["judge_cost_usd"]?.doubleValue, let judged = known?["judge_calls"]?.doubleValue, judged > 0 {
                return Money(dollars: spent / judged * Double(calls))
            }
            let judges = Set(suite.examples.flatMap { $0.checks.targets })
            let costs = judges.map { prices.cost($0.model, RunEstimate.assumedJudge, on: day) }
            guard !costs.contains(nil), let dearest = costs.compactMap({ $0 }).max() else { return nil }
            assumptions.append("800 tokens in and 150 out a judgement")
            return Money(picodollars: dearest.picodollars * Int64(calls))
        }

        private func time(
            _ calls: Int, _ limits: BackendConfiguration.Limits?, _ concurrency: Int?, tokens: Double, _ assumptions: inout [String]
        ) -> Double? {
            guard calls > 0 else { return 0 }
            let byRate = limits?.requestsPerMinute.map { Double(calls) / $0 * 60 }
            let byTokens = limits?.tokensPerMinute.map { tokens / $0 * 60 }
            let byLatency = known?["latency_ms"]?["p50"]?.doubleValue.map { latency -> Double in
                if concurrency == nil { assumptions.append("\(AdaptiveConcurrency.usual) calls at once") }
                return Double(calls) * latency / 1000 / Double(concurrency ?? AdaptiveConcurrency.usual)
            }
            return [byRate, byTokens, byLatency].compactMap { $0 }.max()
        }
    }

    // MARK: Words

    func text(_ format: OutputFormat) -> String {
        switch format {
        case .human: human
        case .json: json.serialized(.compact) + "\n"
        }
    }

    private var human: String {
        var text = ""
        for line in lines {
            text += "\(line.suite)  \(line.target)\n"
            let free = line.free > 0 ? "; \(line.free) at hand" : ""
            text += "  calls   \(grouped(line.calls)) in the first pass, about \(grouped(Self.usual(line.calls))) with suspects asked again\(free)\n"
            if line.judgeCalls > 0 { text += "  judges  up to \(grouped(line.judgeCalls)) calls\(money(line.judgeCost).map { ", about \($0)" } ?? ", unpriced")\n" }
            text += "  tokens  about \(grouped(line.inputTokens)) in, \(grouped(line.outputTokens)) out\n"
            text += "  cost    \(money(line.cost).map { "about \($0)" } ?? "unpriced: no price for this model (ratchet prices list)")\n"
            text += "  time    \(line.time.map { "about \(duration($0))" } ?? "unknown: no run of this suite was accepted yet")\n"
            if !line.assumptions.isEmpty { text += "  assumed \(line.assumptions.joined(separator: ", "))\n" }
        }
        let costs = lines.flatMap { [$0.cost, $0.judgeCost] }
        if costs.contains(nil) {
            text += "the whole is unpriced; nothing was sent\n"
        } else {
            text += "\(money(costs.compactMap { $0 }.reduce(.zero, +)) ?? "$0") for the first pass of all; nothing was sent\n"
        }
        return text
    }

    private var json: JSONValue {
        [
            "format": "ratchet.estimate/1",
            "suites": .array(
                lines.map { line in
                    [
                        "suite": .string(line.suite), "target": .string(line.target), "calls": .int(line.calls), "free": .int(line.free),
                        "usual_calls": .int(Self.usual(line.calls)), "judge_calls": .int(line.judgeCalls),
                        "input_tokens": .int(line.inputTokens), "output_tokens": .int(line.outputTokens),
                        "cost_usd": .double(line.cost?.dollars), "judge_cost_usd": .double(line.judgeCost?.dollars),
                        "time_s": .double(line.time), "assumptions": .array(line.assumptions.map { .string($0) }),
                    ]
                }),
        ]
    }

    private func money(_ amount: Money?) -> String? { amount.map { Wording.dollars($0.dollars) } }

    private func grouped(_ number: Int) -> String { Wording.grouped(number) }

    private func duration(_ seconds: Double) -> String {
        seconds < 90 ? "\(Int(seconds.rounded(.up))) s" : seconds < 5400 ? "\(Int((seconds / 60).rounded())) min" : "\(Wording.fixed(seconds / 3600, 1)) h"
    }
}

extension RunPreparation {
    /// What the prepared run will take.
    func estimate(_ calls: CallOptions) throws -> RunEstimate {
        let configuration = opened.project.configuration
        let caller = Caller(
            backends: backends, store: try opened.openStore(), clock: opened.context.clock,
            options: opened.callerOptions(concurrency: calls.concurrency, usesCache: !calls.noCache), interruption: Interruption())
        return RunEstimate(
            plan, backends: backends, folder: opened.folder, baselineName: isUngated ? nil : baselineName, prices: configuration.prices,
            day: opened.context.today, concurrency: calls.concurrency ?? configuration.defaults.concurrency, isFree: { caller.isFree($0) })
    }
}
