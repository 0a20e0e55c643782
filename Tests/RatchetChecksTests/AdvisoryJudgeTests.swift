import RatchetCore
import RatchetJSON
import Testing

@testable import RatchetChecks

@Suite("A judge that may only advise")
struct AdvisoryJudgeTests {
    private func compile(_ checks: [String]) throws -> (checks: CompiledChecks?, findings: [String]) {
        var resources = Writing.resources()
        resources.advisoryRubrics = ["helpful"]
        let (compiled, diagnostics) = CheckCompiler(resources).compile(try Writing.example(checks))
        return (compiled, diagnostics.map(\.message))
    }

    @Test("gates nothing, alone or inside another check; the other checks gate as ever")
    func demoted() async throws {
        let (compiled, findings) = try compile([
            #"{"contains": "Friday"}"#, #"{"judge": "helpful"}"#,
            #"{"any_of": [{"judge": "helpful", "name": "inner"}, {"contains": "x"}]}"#,
        ])
        #expect(findings == [])
        let checks = try #require(compiled)
        #expect(Set(checks.checkHashes.keys) == ["contains"])
        let verdict = await checks.evaluate(
            Response(output: Output(text: "On Friday.")), caller: ScriptedJudge([JudgeTests.verdict("fail")]))
        #expect(verdict.state == .passed)
        #expect(verdict.results.map(\.gating) == [true, false, false])
        #expect(verdict.results[1].state == .failed)
    }

    @Test("an example that nothing else checks is an error before anything runs")
    func only() throws {
        let (compiled, findings) = try compile([#"{"judge": "helpful"}"#, #"{"contains": "x", "gating": false}"#])
        #expect(compiled == nil)
        #expect(findings == ["no check of example `refund-1` may gate: the judge of `helpful` agrees too little with people"])
    }
}
