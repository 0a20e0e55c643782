import RatchetCore
import RatchetJSON
import Testing

/// One output held against one check.
struct Case: Sendable, CustomTestStringConvertible {
    var check: String
    var output: String
    var expected: JSONValue?
    var state: CheckState
    /// A part of the reason.
    var reason: String

    init(_ check: String, _ output: String, _ state: CheckState, _ reason: String = "", expected: JSONValue? = nil) {
        self.check = check
        self.output = output
        self.state = state
        self.reason = reason
        self.expected = expected
    }

    var testDescription: String { "\(check) on \(output.prefix(60).debugDescription)" }

    /// Applies the check and compares.
    func hold() async throws {
        let result = try await Checking.result(check, output, expected: expected)
        #expect(result.state == state, "\(result.reason)")
        #expect(reason.isEmpty || result.reason.contains(reason), "\(result.reason)")
        switch state {
        case .passed: #expect(result.score == 1)
        case .failed: #expect(result.score == 0)
        case .errored, .unscored, .notApplicable: #expect(result.score == nil)
        }
    }
}
