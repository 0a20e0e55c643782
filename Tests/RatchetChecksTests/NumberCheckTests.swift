import Foundation
import RatchetCore
import RatchetJSON
import TestSupport
import Testing

@testable import RatchetChecks

@Suite("Number check")
struct NumberCheckTests {
    @Test("A number is read as people and models write it", arguments: [
        ("42", "42"), ("The total is 42.", "42"), ("1,234", "1234"), ("1,234.5", "1234.5"), ("12,345,678.90", "12345678.9"),
        ("1 234", "1234"), ("1\u{a0}234\u{a0}567", "1234567"), ("1\u{202f}234,5", "1234.5"), ("1 234.5", "1234.5"),
        ("1'234.50", "1234.5"), ("1’234’567", "1234567"), ("1_000_000", "1000000"), ("12,34,567", "1234567"),
        ("1.234.567", "1234567"), ("1.234,5", "1234.5"), ("$1,234.50", "1234.5"), ("-$5", "-5"), ("$-5", "-5"), ("€ 7.50", "7.5"),
        ("USD 12", "12"), ("US$12", "12"), ("CHF12.50", "12.5"), ("Rs.500", "500"), ("−3", "-3"), ("it is -3.5", "-3.5"),
        ("(-3)", "-3"), ("y=-3", "-3"), ("+7", "7"), ("5-3", "3"), ("pages 5–10", "10"), (".5", "0.5"), ("-.5", "-0.5"),
        ("1e3", "1000"), ("1.5E-3", "0.0015"), ("1.5×10³", "1500"), ("1.5 x 10^3", "1500"), (#"2 \times 10^{-3}"#, "0.002"),
        ("10^6", "1000000"), ("10⁻³", "0.001"), ("area 5 m²", "5"), ("3/4", "0.75"), ("1 3/4", "1.75"), ("½", "0.5"),
        ("2½ cups", "2.5"), (#"\frac{3}{4}"#, "0.75"), (#"2\frac{1}{2}"#, "2.5"), (#"-\frac{1}{4}"#, "-0.25"), ("-3/4", "-0.75"),
        ("2.5 million", "2500000"), ("50k", "50000"), ("3 billion people", "3000000000"), ("50%", "50"), ("50 percent", "50"),
        ("٤٢", "42"), ("１２３", "123"), ("४२", "42"), ("答案是42。", "42"), ("007", "7"), ("0.10", "0.1"), ("5kg", "5"), ("**42**", "42"),
        ("_42_", "42"), ("`42`", "42"), ("42nd", "42"), ("12:30", "30"), ("3x4=12", "12"), ("$12$", "12"), (#"\$12"#, "12"),
        ("100,000,000,000,000,000,001", "100000000000000000001"), ("~5", "5"), ("#5", "5"), ("1,2,3", "3"), ("5.", "5"), ("5,", "5"),
        ("2024-05-06", "6"), ("24/7/2024", "2024"), ("0,5", "5"), ("1,2345", "2345"),
    ])
    func reading(_ text: String, _ wanted: String) async throws {
        let result = try await Checking.result(#"{"number": {"value": \#(wanted), "which": "last"}}"#, text)
        #expect(result.state == .passed, "\(result.reason)")
    }

    @Test("Digits that are no number are passed over", arguments: [
        "H2O", "GPT-4", "version 1.2.3", "0x1F", "x2", "covid-19", "none", "", "Q3", "192.168.0.1", "five", "²", "A4",
    ])
    func noNumber(_ text: String) async throws {
        let result = try await Checking.result(#"{"number": {"min": -1e99}}"#, text)
        #expect(result.state == .failed)
        #expect(result.reason.hasPrefix("no number in"), "\(result.reason)")
    }

    @Test("The stated number counts, else the last", arguments: [
        Case(#""number""#, "First 3, then 4.\n#### 42", .passed, "after ####", expected: "42"),
        Case(#""number""#, "#### 42\nThat is 6 times 7.", .passed, expected: 42),
        Case(#""number""#, "#### Step 4\nSo 6 times 7 makes 42", .passed, "the last number", expected: 42),
        Case(#""number""#, #"So $\boxed{42}$ as 6·7."#, .passed, #"in \boxed{…}"#, expected: 42),
        Case(#""number""#, #"\boxed{\frac{3}{4}}, see page 7"#, .passed, expected: "3/4"),
        Case(#""number""#, "The answer is 42, which is 6 times 7.", .passed, "the words that announce", expected: 42),
        Case(#""number""#, "The final answer to the question of how many is **42**. Note 7.", .passed, expected: 42),
        Case(#""number""#, "Answer: $1,234.50 (for 3 people)", .passed, expected: "1234.5"),
        Case(#""number""#, "The answer is 3 + 4 = 7. There are 9 more.", .passed, expected: 7),
        Case(#""number""#, "The answer is x = 5 (since a = 3).", .passed, expected: 5),
        Case(#""number""#, "The answer:\n\n42\n\nThanks, 7", .passed, expected: 42),
        Case(#""number""#, #"{"answer": 42, "confidence": 0.9}"#, .passed, expected: 42),
        Case(#""number""#, "Die Antwort lautet 42, nicht 7", .passed, expected: 42),
        Case(#""number""#, "La réponse est 42 (voir page 7)", .passed, expected: 42),
        Case(#""number""#, "答案是42，不是7", .passed, expected: 42),
        Case(#""number""#, "The answer is 5. No: the answer is 6. See 9.", .passed, expected: 6),
        Case(#"{"number": {"which": "last"}}"#, "The answer is 42, or 7.", .failed, "the wanted number is in the answer", expected: 42),
        Case(#"{"number": {"which": "first"}}"#, "42, not 7", .passed, "the first number", expected: 42),
        Case(#""number""#, "He pays 7 and then 8.", .failed, #"the numbers in it are "7" and "8""#, expected: 42),
    ])
    func which(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("Tolerances, bounds, alternatives and patterns", arguments: [
        Case(#"{"number": {"value": 1, "tolerance": 0.1}}"#, "1.1", .passed),
        Case(#"{"number": {"value": 1, "tolerance": 0.1}}"#, "1.11", .failed, "wanted 1 ± 0.1"),
        Case(#"{"number": {"value": 200, "relative_tolerance": 0.01}}"#, "202", .passed),
        Case(#"{"number": {"value": 200, "relative_tolerance": 0.01}}"#, "197.9", .failed),
        Case(#"{"number": {"value": -200, "relative_tolerance": 0.01}}"#, "-202", .passed),
        Case(#"{"number": {"value": 0.1}}"#, "0.1000000000000000000001", .failed),
        Case(#"{"number": {"min": 1, "max": 5}}"#, "5", .passed),
        Case(#"{"number": {"min": 1, "max": 5}}"#, "5.01", .failed, "wanted 1 to 5"),
        Case(#"{"number": {"min": 0}}"#, "-1", .failed, "wanted at least 0"),
        Case(#"{"number": {"value": 5, "max": 4}}"#, "5", .failed),
        Case(#"{"number": [1, "2"]}"#, "2", .passed),
        Case(#"{"number": 42}"#, "42.0", .passed),
        Case(#"{"number": "1,234"}"#, "1234", .passed),
        Case(#"{"number": {"from": "expected", "tolerance": 1}}"#, "43", .passed, expected: "#### 42"),
        Case(#""number""#, "42", .passed, expected: #"$\boxed{42}$"#),
        Case(#"{"number": {"value": 12, "pattern": "total: (\\S+)"}}"#, "subtotal 3, total: 12 EUR, 9 items", .passed, "the pattern captured"),
        Case(#"{"number": {"value": 3, "pattern": "(?<unit>[a-z]+) (?<number>\\d+)", "which": "first"}}"#, "kg 3, m 4", .passed),
        Case(#"{"number": {"value": 4, "pattern": "[a-z]+ \\d+"}}"#, "kg 3, m 4", .passed),
        Case(#"{"number": {"value": 4, "pattern": "x(\\d+)"}}"#, "4", .failed, "nothing matches"),
        Case(#"{"number": {"value": 4, "pattern": "(a+)+$"}}"#, String(repeating: "a", count: 60) + "b", .errored),
        Case(#"{"number": {"value": 0.5, "percent": "fraction"}}"#, "50%", .passed),
        Case(#"{"number": {"value": "50%", "percent": "fraction"}}"#, "0.5", .passed),
        Case(#"{"number": {"value": 12.5, "decimal_comma": true}}"#, "Es kostet 12,50 €.", .passed),
        Case(#"{"number": {"value": 1234, "decimal_comma": true}}"#, "1.234", .passed),
        Case(#"{"number": {"value": 1234.5, "decimal_comma": true}}"#, "1 234,5", .passed),
        Case(#"{"number": {"value": 3.14, "decimal_comma": true}}"#, "3.14", .passed),
        Case(#"{"number": {"value": 10, "fractions": false, "which": "last"}}"#, "8/10", .passed),
        Case(#"{"number": {"value": 12, "unit": "km"}}"#, "12 km", .passed), Case(#"{"number": {"value": 12, "unit": "km"}}"#, "12km.", .passed),
        Case(#"{"number": {"value": 12, "unit": "€"}}"#, "€12", .passed), Case(#"{"number": {"value": 12, "unit": "m²"}}"#, "12 m²", .passed),
        Case(#"{"number": {"value": 12, "unit": "%"}}"#, "12 %", .passed),
        Case(#"{"number": {"value": 12, "unit": "m"}}"#, "12 miles", .failed, "but for its unit"),
        // Of two readings either will do.
        Case(#"{"number": {"value": 500, "which": "last"}}"#, "3 500 ml", .passed),
        Case(#"{"number": {"value": 3500, "which": "last"}}"#, "3 500 ml", .passed),
        Case(#"{"number": {"value": 1.2}}"#, "1.2 million", .passed),
        Case(#"{"number": 4, "of": "$.n"}"#, #"{"n": 4, "m": 5}"#, .passed),
        Case(#"{"number": 4, "not": true}"#, "none", .passed),
    ])
    func options(_ testCase: Case) async throws { try await testCase.hold() }

    @Test("A number that is nearly right says what is wrong with it", arguments: [
        ("0.5", "50%", FailureKind.percent), ("50", "0.5", .percent), ("0.07", "7", .percent), ("12.5", "12,5", .decimalMark),
        ("1234", "1.234", .decimalMark), ("5", "5000 m", .unit), ("1200", "1.2", .unit), ("3.14159", "3.14", .rounding),
        ("3.1", "3.14159", .rounding), ("7.4", "7", .rounding), ("42", "It is 42, since 6 times 7", .numberElsewhere),
    ])
    func nearMisses(_ wanted: String, _ text: String, _ kind: FailureKind) async throws {
        let result = try await Checking.result(#"{"number": {"value": \#(wanted), "which": "last"}}"#, text)
        #expect(result.state == .failed)
        #expect(result.failureKind == kind, "\(result.reason)")
        #expect(result.reason.contains(kind.hint))
    }

    @Test("A number that is wrong is no near miss", arguments: [("42", "43"), ("0.5", "0.6"), ("5", "none"), ("100", "7"), ("0", "3")])
    func misses(_ wanted: String, _ text: String) async throws {
        let result = try await Checking.result(#"{"number": \#(wanted)}"#, text)
        #expect(result.state == .failed)
        #expect(result.failureKind == nil, "\(result.reason)")
    }

    @Test("Options that cannot be meant are reported", arguments: [
        (#"{"number": "twelve"}"#, "/checks/0/number: `number`: `value` must be a number or a text that is one, found \"twelve\""),
        (#"{"number": []}"#, "/checks/0/number: `number`: `value` must be a number or a text that is one, found an empty list"),
        (#"{"number": "12 km"}"#, "/checks/0/number: `number`: `value` must be a number or a text that is one, found \"12 km\""),
        (#"{"number": {"value": 1, "tolerance": -1}}"#, "/checks/0/number/tolerance: `number`: `tolerance` cannot be below 0"),
        (#"{"number": {"min": 2, "max": 1}}"#, "/checks/0/number/min: `number`: `min` 2 is above `max` 1: it can never hold"),
        (#"{"number": {"min": 2, "tolerance": 1}}"#, "/checks/0/number/tolerance: `number`: `tolerance` belongs to a wanted `value`; `min` and `max` are exact"),
        (#"{"number": {"value": 1, "unit": ""}}"#, "/checks/0/number/unit: `number`: a unit cannot be empty"),
        (#"{"number": {"value": 1, "which": "best"}}"#, "/checks/0/number/which: `number`: `which` cannot be \"best\""),
    ])
    func problems(_ check: String, _ finding: String) throws {
        #expect(try Writing.findings([check]) == [finding])
    }

    @Test("Recorded solutions of arithmetic problems get the verdicts that their authors gave them")
    func recorded() async throws {
        guard let url = SharedData.url("data/gsm8k-solutions.jsonl") else { return }
        var (agreed, total) = (0, 0)
        var differing: [String] = []
        for line in try String(decoding: Data(contentsOf: url), as: UTF8.self).split(separator: "\n") {
            let row = try JSONValue(parsing: String(line))
            guard let expected = row["expected"], let outputs = row["outputs"]?.objectValue else { continue }
            for (model, output) in outputs {
                guard let text = output.stringValue, let verdict = row["verdicts"]?[model]?.boolValue else { continue }
                let result = try await Checking.result(#""number""#, text, expected: expected)
                total += 1
                if (result.state == .passed) == verdict { agreed += 1 } else { differing.append("\(row["id"]?.stringValue ?? "") \(model) \(verdict): \(result.reason)") }
            }
        }
        #expect(total > 1000)
        #expect(Double(agreed) / Double(total) > 0.99, "\(total - agreed) of \(total)\n\(differing.prefix(40).joined(separator: "\n"))")
    }
}
