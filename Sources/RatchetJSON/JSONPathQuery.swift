/// A parsed query: where it starts and the segments it goes through.
struct JSONPathQuery: Sendable {
    enum Start: Sendable {
        /// `$`, the document.
        case root
        /// `@`, the node that a filter looks at.
        case current
    }

    let start: Start
    let segments: [JSONPathSegment]

    /// Whether every segment is one name or one index of a child (RFC 9535, section 2.3.5.1).
    var isSingular: Bool {
        segments.allSatisfy { segment in
            guard !segment.isDescendant, segment.selectors.count == 1 else { return false }
            switch segment.selectors[0] {
            case .name, .index: return true
            case .wildcard, .slice, .filter: return false
            }
        }
    }
}

/// `[…]` or `..[…]`.
struct JSONPathSegment: Sendable {
    let isDescendant: Bool
    let selectors: [JSONPathSelector]
}

enum JSONPathSelector: Sendable {
    case name(String)
    case wildcard
    /// Negative indices count from the end.
    case index(Int)
    case slice(start: Int?, end: Int?, step: Int)
    case filter(JSONPathCondition)
}

/// A logical expression of a filter.
indirect enum JSONPathCondition: Sendable {
    case any([JSONPathCondition])
    case all([JSONPathCondition])
    case not(JSONPathCondition)
    /// Whether the query selects something.
    case exists(JSONPathQuery)
    case comparison(JSONPathOperand, JSONPathComparison, JSONPathOperand)
    /// `match` and `search`.
    case matches(JSONPathOperand, JSONPathPattern)
}

enum JSONPathComparison: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
}

/// An expression of ValueType (RFC 9535, section 2.4.1): a value or nothing.
indirect enum JSONPathOperand: Sendable {
    case literal(JSONValue)
    case singular(JSONPathQuery)
    case length(JSONPathOperand)
    case count(JSONPathQuery)
    case value(JSONPathQuery)
}

/// The pattern of `match` or `search`.
enum JSONPathPattern: Sendable {
    /// A literal, compiled with the query.
    case compiled(any JSONRegex)
    /// A literal that is no I-Regexp, which matches nothing (RFC 9535, section 2.4.6).
    case never
    /// A pattern that only the document knows.
    case dynamic(JSONPathOperand, isAnchored: Bool)
}
