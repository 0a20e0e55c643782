import RatchetCore
import RatchetJSON

/// Where in an output JSON may stand: the option `allow` of the JSON checks.
enum JSONLocation: String, CaseIterable, Comparable, Sendable {
    case whole, fence, prose

    static let option = CheckDocumentation.Option(
        "allow", "`whole`, `fence` or `prose`",
        "where the JSON may stand: the whole output (the default), also in a code fence, also inside prose")

    init(_ place: JSONExtraction.Place) {
        switch place {
        case .whole: self = .whole
        case .fence: self = .fence
        case .prose: self = .prose
        }
    }

    static func < (left: JSONLocation, right: JSONLocation) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// The place in words.
    var description: String {
        switch self {
        case .whole: "the whole output is JSON"
        case .fence: "JSON inside a code fence"
        case .prose: "JSON with other text around it"
        }
    }

    var failureKind: FailureKind? {
        switch self {
        case .whole: nil
        case .fence: .codeFence
        case .prose: .jsonInProse
        }
    }
}

/// The JSON that a check may look at.
struct JSONDocument: Sendable {
    var value: JSONValue
    var location: JSONLocation
    /// Where JSON may stand at most.
    var allowed: JSONLocation

    /// `nil` when the subject holds no JSON. A value that `of` selected is taken as it is.
    init?(of subject: Subject, allowed: JSONLocation) {
        self.allowed = allowed
        if let value = subject.value {
            (self.value, location) = (value, .whole)
        } else if let found = subject.json {
            (value, location) = (found.value, JSONLocation(found.place))
        } else {
            return nil
        }
    }

    var isAllowed: Bool { location <= allowed }

    /// What is wrong with the place.
    var objection: String {
        let wanted = allowed == .whole ? "the whole output must be JSON" : "it may stand in a code fence at most"
        return "\(location.description): \(wanted)"
    }

    /// Holds the rule for the value against the place where it was found: a good value in a wrong place is a near miss.
    func outcome(of rule: CheckOutcome) -> CheckOutcome {
        if isAllowed { return rule }
        switch rule.state {
        case .passed: return .failed(objection, failureKind: location.failureKind)
        case .failed: return .failed("\(objection); and \(rule.reason)")
        case .errored, .unscored, .notApplicable: return rule
        }
    }

    /// Why there is no JSON at all.
    static func absence(in input: CheckInput) -> String {
        let text = input.text
        let output = input.response.output
        let end = output.isCutOff ? "; the answer was cut off (finish reason `\(output.finishReason ?? "")`)" : ""
        do throws(JSONSyntaxError) {
            _ = try JSONValue(parsing: text, options: .lenient)
            return "no JSON in \(Excerpt.quoted(text))\(end)"
        } catch {
            return "no JSON: at line \(error.line), column \(error.column) \(Excerpt.oneLine(error.message)), in \(Excerpt.quoted(text))\(end)"
        }
    }
}
