import RatchetCore
import RatchetJSON
import Testing

@testable import RatchetChecks

@Suite("Choice check")
struct ChoiceCheckTests {
    @Test("An option is found in prose by its label", arguments: [
        "B", "b", "B.", "(B)", "(b)", "b)", "**B**", "**B.**", "`B`", "\"B\"", "B) Paris", "B. Paris, the capital", "B: it is blue", "Option B",
        "option b", "Answer: B", "answer: b", "Answer: (B)", "**Answer:** B", "**Answer: B**", "The answer is B", "The answer is (B).",
        "The answer is b.", "The correct answer is option B.", "The correct option is **B**", "So the best answer would be B, as A dog is no cat.",
        #"\boxed{B}"#, #"$\boxed{\text{B}}$"#, #"The answer is $\boxed{B}$."#, #"The answer is \textbf{(B)}"#, "#### B", #"{"answer": "B"}"#,
        #"{"reason": "A is wrong", "answer": "b"}"#, "```json\n{\"choice\": \"B\"}\n```", "I choose B.", "I would go with (B) here.",
        "B is correct.", "Option B is the right answer, A is not.", "(B) is the most likely answer", "A is wrong because it is. B is right.",
        "B\n\nExplanation: A is wrong, and C too.", "**B**\n\nA would be too long.", "First A. Then C.\n\nB", "It has to be B.", "A bird can fly, so B.",
        "I think it is B.", "A) Paris\nB) London\nC) Rome\n\nAnswer: B", "A) Paris\nB) London\n\n**B**", "The answer is A? No, the answer is B.",
        "Antwort: B", "La réponse est B.", "答案是B", "答案：B", "The answer is: \n\nB", "A) no\n**B) yes**\nC) no",
        "The answer is **B)** London, not A.", "Final answer: B) London",
    ])
    func labels(_ text: String) async throws {
        let result = try await Checking.result(#"{"choice": "B"}"#, text)
        #expect(result.state == .passed, "\(result.reason)")
    }

    @Test("The article A and the pronoun I are no options", arguments: [
        "A bird has wings.", "It is a matter of taste.", "The answer is a matter of taste.", "Answer: A dog is an animal.",
        "I think so.", "The answer: I do not know.", "A", "a", "An apple", "A. ", "The answer is A because it is.",
    ])
    func articles(_ text: String) async throws {
        let result = try await Checking.result(#"{"choice": {"value": "A", "options": 9}}"#, text)
        let isChoice = ["A", "a", "A. ", "The answer is A because it is."].contains(text)
        #expect(result.state == (isChoice ? .passed : .failed), "\(result.reason)")
        if !isChoice { #expect(result.reason.hasPrefix("no option in"), "\(result.reason)") }
    }

    @Test("Several options and no statement are ambiguous", arguments: [
        ("It could be A, B or C.", "ambiguous: A, B and C are named"), ("A) Paris\nB) London", "ambiguous: A and B"),
        ("The answer is A or B.", #"ambiguous: A and B are stated in "answer is A or B""#), ("The answer is (A) and (B)", "ambiguous: A and B"),
        ("**A** or **B**", "ambiguous"), ("(A) is red, (B) is blue.", "ambiguous"), ("A, B", "ambiguous"), ("A B C", "ambiguous: A, B and C"),
    ])
    func ambiguous(_ text: String, _ reason: String) async throws {
        let result = try await Checking.result(#"{"choice": "B"}"#, text)
        #expect(result.state == .failed)
        #expect(result.reason.contains(reason), "\(result.reason)")
        #expect(result.failureKind == .severalOptions)
    }

    @Test("Another option, or none, fails", arguments: [
        ("C", "chose C, the whole answer, wanted B"), ("The answer is not B.", "no option"), ("The answer is C, not B.", "chose C"),
        ("A is wrong, and it is not B: C", "chose C"), ("not (B)", "no option"), ("", "no option"), ("None of them.", "no option"), ("ABC", "no option"), ("plan-B", "no option"), ("B'", "no option"),
        ("The answer is B. Wait, the answer is C.", "of several statements the last counts"),
    ])
    func others(_ text: String, _ reason: String) async throws {
        let result = try await Checking.result(#"{"choice": "B"}"#, text)
        #expect(result.state == .failed, "\(result.reason)")
        #expect(result.reason.contains(reason), "\(result.reason)")
    }

    @Test("Options with texts, words as labels, places", arguments: [
        Case(#"{"choice": {"options": {"A": "Paris", "B": "London"}}}"#, "London", .passed, expected: "B"),
        Case(#"{"choice": {"options": {"A": "Paris", "B": "London"}}}"#, "It is london, of course.", .passed, expected: "London"),
        Case(#"{"choice": {"options": {"A": "Paris", "B": "London"}}}"#, "The answer is London, though Paris is near.", .passed, expected: "B"),
        Case(#"{"choice": {"options": {"A": "Paris", "B": "London"}}}"#, "London or Paris", .failed, "ambiguous", expected: "B"),
        Case(#"{"choice": {"options": {"A": "New York", "B": "New York City"}}}"#, "I say New York City!", .passed, expected: "B"),
        Case(#"{"choice": {"options": {"A": "New York", "B": "New York City"}}}"#, "The answer is New York.", .passed, expected: "A"),
        Case(#"{"choice": {"options": {"A": "a + b", "B": "(a)"}}}"#, "The answer is a + b", .passed, expected: "A"),
        Case(#"{"choice": {"options": ["yes", "no"]}}"#, "Yes, it does.", .passed, expected: "yes"),
        Case(#"{"choice": {"options": ["yes", "no"]}}"#, "No. I know that yesterday was fine.", .passed, expected: "no"),
        Case(#"{"choice": {"options": ["true", "false"]}}"#, "The statement is false.", .passed, expected: false),
        Case(#"{"choice": {"options": ["positive", "negative", "neutral"]}}"#, "Sentiment: **Negative**", .passed, expected: "negative"),
        Case(#"{"choice": {"options": ["1", "2", "3"]}}"#, "Answer: 2", .passed, expected: 2),
        Case(#"{"choice": {"index_from": 0}}"#, "B", .passed, expected: 1),
        Case(#"{"choice": {"index_from": 1}}"#, "B", .passed, expected: 2),
        Case(#"{"choice": ["A", "B"]}"#, "B", .passed),
        Case(#"{"choice": {"value": "E", "options": 5}}"#, "E", .passed),
        Case(#"{"choice": "(b)"}"#, "B", .passed),
        Case(#"{"choice": "B", "of": "$.pick"}"#, #"{"pick": "b"}"#, .passed),
    ])
    func options(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("What cannot be an option is reported before the first call", arguments: [
        (#"{"choice": "E"}"#, "/checks/0/choice: `choice`: `value` must be one of the options, found \"E\""),
        (#"{"choice": 1}"#, "/checks/0/choice: `choice`: `value` must be one of the options, found 1"),
        (#"{"choice": {"value": "A", "options": 1}}"#, "/checks/0/choice/options: `choice`: `options` wants 2 to 26 letters, found 1"),
        (#"{"choice": {"value": "a", "options": ["a", "A"]}}"#, "/checks/0/choice/options: `choice`: `options` wants a number of letters, a list of 2 to 50 labels, or an object from labels to texts"),
        (#"{"choice": {"value": "A", "index_from": 2}}"#, "/checks/0/choice/index_from: `choice`: `index_from` wants 0 or 1"),
        (#"{"choice": {"value": 9223372036854775807, "index_from": 1}}"#, "/checks/0/choice/value: `choice`: `value` must be one of the options, found 9223372036854775807"),
    ])
    func problems(_ check: String, _ finding: String) throws { #expect(try Writing.findings([check]) == [finding]) }
}
