/// A compiled JSONPath query (RFC 9535).
///
/// ```swift
/// let path = try JSONPath("$.items[?@.price < 10].name", regex: engine)
/// let names = try path.values(in: answer)
/// ```
package struct JSONPath: Sendable {
    /// A value that the query selected, and where it was.
    package struct Node: Hashable, Sendable {
        /// The normalized path (RFC 9535, section 2.7): `$['items'][0]`.
        package let location: String
        package let value: JSONValue
    }

    /// How many nodes one evaluation may visit, unless told otherwise: enough for any answer of a model, and reached
    /// within a second or so by queries like `$..*..*..*`, whose work grows without bound.
    package static let defaultBudget = 2_000_000

    /// The query as it was written.
    package let expression: String
    let query: JSONPathQuery
    let regex: any JSONRegexEngine

    /// Parses `expression` and checks the types of its functions.
    ///
    /// - Parameter regex: compiles the patterns of `match` and `search`.
    package init(_ expression: String, regex: any JSONRegexEngine) throws(JSONPathError) {
        var parser = JSONPathParser(expression, regex: regex)
        self.query = try parser.parse()
        self.expression = expression
        self.regex = regex
    }

    /// Whether the query can select one node at most: names and indices only.
    package var isSingular: Bool { query.isSingular }

    /// The selected nodes in the order RFC 9535 gives them, duplicates included.
    ///
    /// - Throws: when more than `budget` nodes had to be visited.
    package func nodes(in document: JSONValue, budget: Int = defaultBudget) throws(JSONPathError) -> [Node] {
        var evaluator = JSONPathEvaluator(root: document, regex: regex, budget: budget, tracksLocations: true)
        return try evaluator.matches(of: query, from: document)
            .map { Node(location: $0.location?.description ?? "$", value: $0.value) }
    }

    /// Where the selected nodes are; as `nodes(in:budget:)`.
    package func pointers(in document: JSONValue, budget: Int = defaultBudget) throws(JSONPathError) -> [JSONPointer] {
        var evaluator = JSONPathEvaluator(root: document, regex: regex, budget: budget, tracksLocations: true)
        return try evaluator.matches(of: query, from: document).map { JSONPointer(tokens: $0.location?.tokens ?? []) }
    }

    /// The values of the selected nodes; as `nodes(in:budget:)`, without the cost of their locations.
    package func values(in document: JSONValue, budget: Int = defaultBudget) throws(JSONPathError) -> [JSONValue] {
        var evaluator = JSONPathEvaluator(root: document, regex: regex, budget: budget, tracksLocations: false)
        return try evaluator.matches(of: query, from: document).map(\.value)
    }
}

extension JSONPath: CustomStringConvertible {
    package var description: String { expression }
}

/// A query that is no JSONPath, or whose evaluation cost too much.
package struct JSONPathError: Error, Hashable, Sendable {
    /// What is wrong, for people.
    package let message: String
    /// Where in the expression, in UTF-8 bytes from its start; 0 for an evaluation that was given up.
    package let offset: Int

    package init(message: String, offset: Int) {
        self.message = message
        self.offset = offset
    }
}

extension JSONPathError: CustomStringConvertible {
    package var description: String { "\(message) (at offset \(offset))" }
}
