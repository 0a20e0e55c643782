import RatchetCore
import RatchetJSON
import Testing

@testable import RatchetChecks

@Suite("People's verdicts")
struct HumanCheckTests {
    private func labels(_ verdicts: [(String, HumanLabel.Verdict, String?)], check: String = "human", text: String = "out") throws -> [HumanLabel] {
        let subject = HumanLabel.Subject(
            check: check, exampleHash: try Writing.example([]).hash, outputHash: Digest.sha256(text))
        return verdicts.map { HumanLabel(subject: subject, example: "refund-1", verdict: $0.1, rater: $0.0, date: "2026-11-21", note: $0.2) }
    }

    @Test("The majority of people decides; the score is the mean; who disagreed is shown", arguments: [
        (#"{"human": "Good?"}"#, [], CheckState.unscored, nil, "nobody has looked at this output yet"),
        (#"{"human": "Good?"}"#, [("Ann", .pass, nil)], .passed, 1, "passed by Ann"),
        (#"{"human": "Good?"}"#, [("Ann", .fail, "too curt")], .failed, 0, #"failed by Ann: "too curt""#),
        (#""human""#, [("Ann", .pass, nil), ("Bob", .pass, nil), ("Cy", .fail, "rude")], .passed, 2.0 / 3, #"passed by 2 of 3 people; not so Cy: "rude""#),
        (#""human""#, [("Ann", .fail, nil), ("Bob", .fail, nil)], .failed, 0, "failed by 2 of 2 people: Ann and Bob"),
        (#""human""#, [("Ann", .pass, nil), ("Bob", .fail, nil)], .unscored, nil, "2 people are even: Ann and Bob"),
        (#""human""#, [("Ann", .score(0.5), nil)], .passed, 0.5, "passed by Ann (0.5)"),
        (#""human""#, [("Ann", .score(0.4), nil)], .failed, 0.4, ""),
        (#"{"human": null, "threshold": 0.5}"#, [("Ann", .pass, nil), ("Bob", .fail, nil)], .passed, 0.5, ""),
        (#"{"human": null, "threshold": 0.7}"#, [("Ann", .pass, nil), ("Bob", .score(0.3), nil)], .failed, 0.65, ""),
        (#"{"human": {"raters": 2}}"#, [("Ann", .pass, nil)], .unscored, nil, "1 of 2 people have looked"),
        (#"{"human": "Rude?", "not": true}"#, [("Ann", .pass, nil)], .failed, 0, ""),
    ] as [(String, [(String, HumanLabel.Verdict, String?)], CheckState, Double?, String)])
    func majority(_ check: String, _ verdicts: [(String, HumanLabel.Verdict, String?)], _ state: CheckState, _ score: Double?, _ reason: String) async throws {
        let resources = Writing.resources(labels: try labels(verdicts))
        let result = try await Checking.result(check, Output(text: "out"), resources: resources)
        #expect(result.state == state, "\(result.reason)")
        #expect(result.score.map { abs($0 - (score ?? -1)) < 1e-12 } ?? (score == nil))
        #expect(reason.isEmpty || result.reason.contains(reason), "\(result.reason)")
    }

    @Test("A label is of one check, one example and one text, and of nothing else")
    func binding() async throws {
        let resources = Writing.resources(labels: try labels([("Ann", .pass, nil)], check: "tone"))
        func state(_ check: String, _ text: String = "out", expected: JSONValue? = nil) async throws -> CheckState {
            try await Checking.result(check, Output(text: text), expected: expected, resources: resources).state
        }
        #expect(try await state(#"{"human": null, "name": "tone"}"#) == .passed)
        #expect(try await state(#"{"human": null, "name": "taste"}"#) == .unscored)
        #expect(try await state(#"{"human": null, "name": "tone"}"#, "out!") == .unscored)
        #expect(try await state(#"{"human": null, "name": "tone"}"#, expected: "other") == .unscored)
        #expect(try await state(#"{"human": null, "name": "tone", "of": "$.a"}"#, #"{"a": "out"}"#) == .passed)
        // Both are written alike but for the name, and compiled once.
        let verdict = try await Checking.trial(
            [#"{"human": null, "name": "tone"}"#, #"{"human": null, "name": "taste"}"#], Output(text: "out"), resources: resources)
        #expect(verdict.results.map(\.state) == [.passed, .unscored])
    }

    @Test("What waits for a look: nested checks too, and the selected text")
    func reviews() throws {
        let checks = [
            #"{"human": "Kind?", "name": "tone", "of": "$.a"}"#, #"{"any_of": [{"human": "Right?", "name": "inner"}, "is_json"]}"#,
            #"{"human": null, "name": "late"}"#, #"{"human": null, "name": "gone", "of": "$.b"}"#,
        ]
        let example = try Writing.example(checks)
        let compiled = try #require(CheckCompiler(Writing.resources(labels: [])).compile(example).checks)
        let response = Response(output: Output(text: #"{"a": "out"}"#))
        let reviews = compiled.humanReviews(of: response) { $0 != "late" }
        #expect(reviews.map(\.subject.check) == ["tone", "inner"])
        #expect(reviews.map(\.text) == ["out", #"{"a": "out"}"#])
        #expect(reviews.map(\.question) == ["Kind?", "Right?"])
        #expect(reviews[0].subject.outputHash == Digest.sha256("out"))
    }

    @Test("Options that cannot be meant are found before the first call", arguments: [
        (#"{"human": {"raters": 0}}"#, "wants a whole number from 1 to 100"), (#"{"human": 5}"#, "wants a text"), (#"{"human": {"rater": 1}}"#, "no option `rater`"),
    ])
    func findings(_ check: String, _ finding: String) throws {
        let findings = try Writing.findings([check])
        #expect(findings.contains { $0.contains(finding) }, "\(findings)")
    }
}
