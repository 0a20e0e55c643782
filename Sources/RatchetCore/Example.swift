import RatchetJSON

/// One row of a suite. Its id is the join key of everything: runs, baselines, overrides.
package struct Example: Sendable {
    package enum MustPass: String, Hashable, Sendable {
        case no
        /// A failed trial is asked again: it fails when three of five fail (GATE.md 1.8).
        case bestOfFive = "yes"
        /// Any failed trial fails the gate.
        case always
    }

    package var suite: String
    package var id: String
    package var input: JSONValue
    package var expected: JSONValue?
    package var contexts: [JSONValue]
    /// Scripted results for the model's tool calls, by tool name.
    package var tools: JSONObject?
    /// The suite's checks and the example's own, without the dropped ones.
    package var checks: [CheckSpecification]
    package var passWhen: PassRule?
    package var tags: [String]
    package var group: String?
    package var mustPass: MustPass
    /// Why this example is known to fail; the gate then tells when it starts passing.
    package var knownFailing: String?
    package var metadata: JSONObject
    package var origin: JSONObject?
    /// Where the row begins.
    package var source: SourceReference

    package init(suite: String, id: String, input: JSONValue, source: SourceReference) {
        self.suite = suite
        self.id = id
        self.input = input
        self.source = source
        expected = nil
        contexts = []
        tools = nil
        checks = []
        passWhen = nil
        tags = []
        group = nil
        mustPass = .no
        knownFailing = nil
        metadata = [:]
        origin = nil
    }

    package var reference: String { "\(suite)/\(id)" }

    /// The ids of the context documents, for the request log.
    package var contextIDs: [String] { contexts.compactMap { $0["id"]?.stringValue ?? $0.stringValue } }

    /// The hash of all that reaches the model or decides what is wanted of it; when it differs from the record's, the
    /// example is incomparable. Tags, metadata and notes are not part of it.
    package var hash: String {
        var content: JSONObject = ["input": input]
        content["expected"] = expected
        if !contexts.isEmpty { content["contexts"] = .array(contexts) }
        if let tools { content["tools"] = .object(tools) }
        content["pass_when"] = passWhen?.json
        return Digest.sha256(.object(content))
    }
}

/// How an example passes when not simply by all gating checks: a weighted mean of the checks' scores.
package struct PassRule: Hashable, Sendable {
    /// The least weighted mean score, in 0...1.
    package var score: Double
    package init(score: Double) { self.score = score }
    package var json: JSONValue { ["score": .double(score)] }
}
