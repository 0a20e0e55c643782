import Foundation
import RatchetJSON
import TestSupport
import Testing

/// Prices, estimates and budgets, on the built program with a real server.
@Suite("Money and time")
struct MoneyTests {
    private static func project(_ url: String, count: Int = 40, prices: String? = "m: {input: 1000, output: 2000}") throws -> Workspace {
        let examples = (0..<count).map { #"{"id":"e\#($0)","input":"question \#($0)","checks":[{"contains":"yes"}]}"# }
        let workspace = try Workspace(
            examples: examples, suite: "target: api/m\n",
            configuration: "version: 1\nbackends:\n  api: {kind: openai, base_url: \"\(url)\", stream: false}\n")
        if let prices { try workspace.write("prices.yaml", "version: 1\nmodels:\n  \(prices)\n") }
        return workspace
    }

    private static func server() throws -> LoopbackServer {
        try LoopbackServer { _ in
            .json(
                #"{"model":"m","choices":[{"message":{"role":"assistant","content":"yes"},"finish_reason":"stop"}],"usage":{"prompt_tokens":6,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":4}}}"#
            )
        }
    }

    @Test("every call has its price, a cached answer's is told apart, and what was spent is the rest")
    func costs() throws {
        let server = try Self.server()
        let workspace = try Self.project(server.url)
        let first = try workspace.ratchet("run", "--format", "json").json
        // 6 × 0.001 + 2 × 0.002 dollars a call.
        #expect(first["suites.0.metrics.cost_usd"]?.doubleValue == 0.4)
        #expect(first["suites.0.metrics.spent_usd"]?.doubleValue == 0.4)
        #expect(first["suites.0.metrics.cached_tokens"] == 160)
        let again = try workspace.ratchet("run", "--format", "json").json
        #expect(again["suites.0.metrics.cached_cost_usd"]?.doubleValue == 0.4)
        #expect(again["suites.0.metrics.spent_usd"] == 0)
        #expect(server.requests.count == 40)
    }

    @Test("--max-calls ends the run with 75 and everything it has; the same command goes on, and no call is made twice")
    func maxCalls() throws {
        let server = try Self.server()
        let workspace = try Self.project(server.url)
        let first = try workspace.ratchet("run", "--max-calls", "15", "--format", "json")
        #expect(first.code == 75)
        #expect(server.requests.count == 15)
        #expect(try first.json["notes"]?.texts.contains("the 15 calls of --max-calls are used up") == true)
        let second = try workspace.ratchet("run", "--max-calls", "15")
        #expect(second.code == 75)
        #expect(second.words.contains("the same command goes on") || second.words.contains("resume"))
        let last = try workspace.ratchet("run", "--max-calls", "15", "--format", "json")
        #expect(last.code == 66)
        #expect(try last.json["suites.0.counts.passed"] == 40)
        #expect(server.requests.count == 40)
        #expect(Set(server.requests.map { String(decoding: $0.body, as: UTF8.self) }).count == 40)
    }

    @Test("--max-cost is never overrun by more than the calls in flight")
    func maxCost() throws {
        let server = try Self.server()
        let workspace = try Self.project(server.url)
        let run = try workspace.ratchet("run", "--max-cost", "0.105", "-j", "1", "--format", "json")
        #expect(run.code == 75)
        #expect(server.requests.count == 10)
        #expect(try run.json["suites.0.metrics.spent_usd"]?.doubleValue == 0.1)
    }

    @Test("--max-cost is refused where a model has no price, before anything is sent")
    func unpriced() throws {
        let server = try Self.server()
        let workspace = try Self.project(server.url, prices: nil)
        let run = try workspace.ratchet("run", "--max-cost", "1")
        #expect(run.code == 64)
        #expect(run.error.contains("api/m has no price") && run.error.contains("prices.yaml"))
        #expect(server.requests.isEmpty)
        #expect(try workspace.ratchet("run").words.contains("unpriced"))
        #expect(try workspace.ratchet("prices", "check").code == 65)
    }

    @Test("--time-limit ends the run with 75, and the calls that were answered are kept")
    func timeLimit() throws {
        let server = try LoopbackServer { _ in .text("busy", status: 429, headers: ["Retry-After": "60"]) }
        let workspace = try Self.project(server.url, count: 5)
        let run = try workspace.ratchet("run", "--time-limit", "1s")
        #expect(run.code == 75)
        #expect(run.words.contains("the time of --time-limit is over"))
    }

    @Test("--estimate says calls, tokens and money, sends nothing, and knows what is cached and what was accepted")
    func estimate() throws {
        let server = try Self.server()
        let workspace = try Self.project(server.url)
        let before = try workspace.ratchet("run", "--estimate", "--format", "json").json
        #expect(before["suites.0.calls"] == 40)
        #expect(before["suites.0.usual_calls"] == 52)
        #expect(before["suites.0.assumptions"]?.arrayValue?.isEmpty == false)
        #expect(before["suites.0.time_s"] == .null)
        #expect(server.requests.isEmpty)
        try workspace.ratchet("run")
        #expect(try workspace.ratchet("run", "--estimate").words.contains("40 at hand"))
        #expect(try workspace.ratchet("baseline", "accept").code == 0)
        let after = try workspace.ratchet("run", "--estimate", "--no-cache", "--format", "json").json
        #expect(after["suites.0.input_tokens"] == 240)
        #expect(after["suites.0.cost_usd"]?.doubleValue == 0.4)
        #expect(after["suites.0.time_s"] != .null)
        #expect(server.requests.count == 40)
    }

    @Test("a price list that is wrong is refused with its places, all at once")
    func badPrices() throws {
        let workspace = try Self.project("http://127.0.0.1:9")
        try workspace.write(
            "prices.yaml",
            """
            version: 1
            models:
              a: {input: 1}
              b:
                - {input: 1, output: 2}
                - {from: yesterday, input: 1, output: 2, outptu: 3}
              c: {input: -1, output: 0.1234567}
            aliases: {d: nothing}

            """)
        let check = try workspace.ratchet("check")
        #expect(check.code == 65)
        for words in [
            "prices.yaml:3:6", "missing key \"output\"", "missing key \"from\"", "\"yesterday\" is not a day", "unknown key \"outptu\"",
            "a number from 0", "at most six decimals", "an alias names a model that has a price",
        ] {
            #expect(check.error.contains(words), "\(words)")
        }
    }

    @Test("prices list shows today's, by every name, and says what is unpriced")
    func list() throws {
        let workspace = try Self.project("http://127.0.0.1:9")
        let listed = try workspace.ratchet("prices", "list", "m", "gpt-4o-2024-08-06", "nobody", "--format", "json")
        #expect(listed.code == 65)
        let models = try listed.json["models"]?.arrayValue ?? []
        #expect(models.map { $0["priced"]?.boolValue } == [true, true, false])
        #expect(models.first?["input"]?.doubleValue == 1000)
        #expect(models.dropFirst().first?["as"] == "gpt-4o")
        #expect(try workspace.ratchet("prices").output.contains("claude-sonnet-4-5"))
    }
}
