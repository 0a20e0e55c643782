import RatchetCore
import Testing

@testable import RatchetChecks

@Suite("all_of, any_of, none_of")
struct GroupCheckTests {
    static let slow = #"{"regex": "(a+)+$"}"#
    static let hostile = String(repeating: "a", count: 60) + "b"

    @Test("The truth table, with checks that cannot be decided", arguments: [
        (#"{"all_of": [{"contains": "a"}, {"contains": "b"}]}"#, CheckState.passed),
        (#"{"all_of": [{"contains": "a"}, {"contains": "z"}]}"#, .failed),
        (#"{"all_of": [{"contains": "a"}, SLOW]}"#, .errored), (#"{"all_of": [{"contains": "z"}, SLOW]}"#, .failed),
        (#"{"all_of": [{"contains": "z"}, SLOW], "threshold": 0.5}"#, .errored),
        (#"{"all_of": [{"contains": "a"}, {"contains": "z"}], "threshold": 0.5}"#, .passed),
        (#"{"all_of": [{"contains": "a", "weight": 1}, {"contains": "z", "weight": 3}], "threshold": 0.5}"#, .failed),
        (#"{"any_of": [{"contains": "z"}, {"contains": "b"}]}"#, .passed),
        (#"{"any_of": [{"contains": "z"}, {"contains": "y"}]}"#, .failed),
        (#"{"any_of": [{"contains": "b"}, SLOW]}"#, .passed), (#"{"any_of": [{"contains": "z"}, SLOW]}"#, .errored),
        (#"{"none_of": [{"contains": "z"}, {"contains": "y"}]}"#, .passed),
        (#"{"none_of": [{"contains": "z"}, {"contains": "b"}]}"#, .failed),
        (#"{"none_of": [{"contains": "b"}, SLOW]}"#, .failed), (#"{"none_of": [{"contains": "z"}, SLOW]}"#, .errored),
        (#"{"none_of": [{"contains": "z"}], "not": true}"#, .failed),
        (#"{"all_of": [{"contains": "z", "not": true}, {"any_of": [{"none_of": [{"contains": "z"}]}]}]}"#, .passed),
        (#"{"any_of": [SLOW, SLOW], "not": true}"#, .errored),
    ])
    func truth(_ check: String, _ state: CheckState) async throws {
        let result = try await Checking.result(
            check.split(separator: "SLOW", omittingEmptySubsequences: false).joined(separator: Self.slow), Self.hostile)
        #expect(result.state == state, "\(result.reason)")
    }

    @Test("The reason names the nested checks and theirs")
    func reasons() async throws {
        let check = #"{"all_of": [{"contains": "a"}, {"contains": "z", "name": "says-z"}, {"length": {"words": 2}}]}"#
        let result = try await Checking.result(check, "a")
        #expect(result.reason == #"2 of 3 checks failed: says-z: no "z" in "a"; length: 1 word, wanted exactly 2: "a""#)
        #expect(result.score == 1.0 / 3)
    }
}
