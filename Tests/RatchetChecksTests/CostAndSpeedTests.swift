import RatchetCore
import RatchetJSON
import Testing

@testable import RatchetChecks

@Suite("Cost and speed")
struct CostAndSpeedTests {
    static let response = Response(
        output: Output(text: "Yes."), usage: Usage(inputTokens: 700, outputTokens: 150), latency: 1500, timeToFirstToken: 250,
        cost: 0.0002)

    @Test("Limits hold including their bound, in each unit that can be written", arguments: [
        (#"{"latency": 1500}"#, CheckState.passed, "the answer took 1.5 s, wanted at most 1.5 s"),
        (#"{"latency": {"max": 1499.9}}"#, .failed, "the answer took 1500 ms, wanted at most 1499.9 ms"),
        (#"{"latency": "1.5s"}"#, .passed, ""), (#"{"latency": "1499ms"}"#, .failed, ""), (#"{"latency": "1m"}"#, .passed, ""),
        (#"{"ttft": "250ms"}"#, .passed, "the first token took 250 ms"), (#"{"ttft": {"max": 200}}"#, .failed, ""),
        (#"{"cost": 0.0002}"#, .passed, "the answer cost $0.0002, wanted at most $0.0002"), (#"{"cost": {"max": 0.00019}}"#, .failed, ""),
        (#"{"tokens": 850}"#, .passed, "850 tokens in all, wanted at most 850"), (#"{"tokens": 849}"#, .failed, ""),
        (#"{"tokens": {"output": 150}}"#, .passed, ""), (#"{"tokens": {"output": {"min": 151}}}"#, .failed, "150 output tokens, wanted at least 151"),
        (#"{"tokens": {"input": {"max": 600}, "max": 9000}}"#, .failed, "700 input tokens, wanted at most 600"),
        (#"{"tokens": {"min": 851, "max": 900}}"#, .failed, "wanted 851 to 900"),
        (#"{"latency": "1s", "not": true}"#, .passed, ""),
    ])
    func limits(_ check: String, _ state: CheckState, _ reason: String) async throws {
        let result = try await Checking.result(check, Self.response)
        #expect(result.state == state, "\(result.reason)")
        #expect(reason.isEmpty || result.reason.contains(reason), "\(result.reason)")
    }

    @Test("A cached or recorded answer says nothing of today's time and cost, but its tokens are facts", arguments: [
        (#"{"latency": 1}"#, CheckState.notApplicable), (#"{"ttft": 1}"#, .notApplicable), (#"{"cost": 0}"#, .notApplicable),
        (#"{"tokens": 1}"#, .failed), (#"{"latency": 1, "not": true}"#, .notApplicable),
    ])
    func reused(_ check: String, _ state: CheckState) async throws {
        #expect(try await Checking.result(check, Self.response, isReused: true).state == state)
    }

    @Test("What is not known is not applicable, with its reason, and never 0", arguments: [
        #"{"latency": 1}"#, #"{"ttft": 1}"#, #"{"cost": 0}"#, #"{"tokens": 0}"#, #"{"tokens": {"input": 0}}"#,
    ])
    func unknown(_ check: String) async throws {
        let result = try await Checking.result(check, Response(output: Output(text: "x")))
        #expect(result.state == .notApplicable && result.score == nil)
        #expect(!result.reason.isEmpty)
    }

    @Test("A limit that is known to be missed fails whatever else is unknown")
    func half() async throws {
        let half = Response(output: Output(text: "x"), usage: Usage(inputTokens: nil, outputTokens: 9))
        #expect(try await Checking.result(#"{"tokens": {"output": 8, "max": 100}}"#, half).state == .failed)
        let other = try await Checking.result(#"{"tokens": {"output": 9, "max": 100}}"#, half)
        #expect(other.state == .notApplicable && other.reason.contains("did not report tokens in all"))
    }

    @Test("Limits that are none are found before the first call", arguments: [
        (#""latency""#, "needs a `max`"), (#"{"latency": "4"}"#, "wants a time above 0"), (#"{"latency": -1}"#, "wants a time above 0"),
        (#"{"latency": {"max": "fast"}}"#, "wants a time above 0, found \"fast\""), (#"{"ttft": {"mx": 1}}"#, "has no option `mx`"),
        (#"{"cost": -1}"#, "can never hold"), (#"{"cost": "1$"}"#, "wants a number"), (#""cost""#, "needs a `max`"),
        (#""tokens""#, "needs a limit"), (#"{"tokens": {"max": 1.5}}"#, "wants a whole number"),
        (#"{"tokens": {"max": 1, "min": 2}}"#, "can never hold"), (#"{"tokens": {"total": 5, "max": 4}}"#, "limits of the total"),
        (#"{"tokens": {"input": -5}}"#, "wants a whole number"),
    ])
    func findings(_ check: String, _ finding: String) throws {
        let findings = try Writing.findings([check])
        #expect(findings.contains { $0.contains(finding) }, "\(findings)")
    }
}
