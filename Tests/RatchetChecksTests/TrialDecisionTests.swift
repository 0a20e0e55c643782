import RatchetCore
import Testing

@testable import RatchetChecks

@Suite("From checks to a trial's state")
struct TrialDecisionTests {
    static func vote(_ state: CheckState, _ score: Double? = nil, weight: Double = 1) -> TrialDecision.Vote {
        let implied: Double? = state == .passed ? 1 : state == .failed ? 0 : nil
        return TrialDecision.Vote(outcome: CheckOutcome(state: state, score: score ?? implied, reason: ""), weight: weight)
    }

    @Test("Without pass_when: one failure fails, else one undecided leaves it unscored, nothing checked never passes", arguments: [
        ([.passed, .passed], TrialState.passed), ([.passed, .failed], .failed), ([.errored, .failed, .unscored], .failed),
        ([.passed, .errored], .unscored), ([.passed, .unscored], .unscored), ([.passed, .notApplicable], .passed),
        ([.failed, .notApplicable], .failed), ([.notApplicable], .unscored), ([], .unscored),
    ] as [([CheckState], TrialState)])
    func plain(_ states: [CheckState], _ state: TrialState) {
        #expect(TrialDecision(states.map { Self.vote($0) }, passWhen: nil).state == state)
    }

    @Test("pass_when: the weighted mean decides; what is undecided counts only when the verdict hangs on it")
    func byScore() {
        func state(_ votes: [TrialDecision.Vote], _ least: Double) -> TrialState {
            TrialDecision(votes, passWhen: PassRule(score: least)).state
        }
        #expect(state([Self.vote(.passed), Self.vote(.failed)], 0.5) == .passed)
        #expect(state([Self.vote(.passed), Self.vote(.failed)], 0.51) == .failed)
        #expect(state([Self.vote(.passed, weight: 3), Self.vote(.failed)], 0.75) == .passed)
        #expect(state([Self.vote(.passed), Self.vote(.passed), Self.vote(.failed)], 2.0 / 3) == .passed)
        #expect(state([Self.vote(.passed, weight: 4), Self.vote(.errored)], 0.8) == .passed)
        #expect(state([Self.vote(.failed, weight: 4), Self.vote(.unscored)], 0.8) == .failed)
        #expect(state([Self.vote(.passed), Self.vote(.unscored)], 0.8) == .unscored)
        #expect(state([Self.vote(.passed, weight: 0), Self.vote(.notApplicable)], 0.5) == .unscored)
        #expect(state([Self.vote(.notApplicable)], 0) == .unscored)
    }

    @Test("The reason shows the mean score")
    func reasons() async throws {
        let verdict = try await Checking.trial(
            [#"{"contains": "a"}"#, #"{"contains": "z", "name": "z"}"#, #"{"contains": "y", "name": "y"}"#], Output(text: "a"),
            passWhen: 0.5)
        #expect(verdict.state == .failed)
        #expect(verdict.reason == "mean score 0.333, wanted at least 0.5")
    }
}
