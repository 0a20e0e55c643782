import RatchetCore
import RatchetFiles
import RatchetJSON

/// An example that is about to be added to a suite: from what somebody typed, from a logged production failure, or from a
/// stored run.
package struct ExampleDraft: Sendable {
    package var content: JSONObject
    /// Whether the id was made from the input's words.
    private var hasMadeID = false

    /// What the command line adds to a draft or changes in it.
    package struct Amendments: Sendable {
        package var id: String?
        package var expected: JSONValue?
        package var checks: [JSONValue] = []
        package var tags: [String] = []
        package var group: String?
        package var mustPass = false
        package var knownFailing: String?

        package init() {}
    }

    package init(content: JSONObject) { self.content = content }

    /// A draft of something typed: an input and nothing else yet.
    package init(input: JSONValue, today: String) {
        content = ["input": input, "source": ["kind": "manual", "added": .string(today)]]
    }

    /// A draft of one line of the request log. A log line has no check: what a good answer is, a person must say.
    package init(log line: RequestLog.Entry, today: String) {
        content = ["input": line.input]
        if !line.contexts.isEmpty { content["contexts"] = .array(line.contexts) }
        var source: JSONObject = [
            "kind": "production", "trace": .string(line.traceID), "added": .string(today),
        ]
        source["time"] = line.time.map { .string($0) }
        source["prompt"] = line.prompt.map { .string($0) }
        source["model"] = line.model.map { .string($0) }
        content["source"] = .object(source)
    }

    /// A draft of an example of a stored run. Where the project still has the example, it is copied with its checks; else
    /// the messages that were sent are all there is.
    package init(trial: TrialRecord, example: Example?, run: String, today: String) {
        content = [
            "input": example?.input ?? .array(trial.request.messages.map(\.json)),
            "source": [
                "kind": "run", "run": .string(run), "example": .string(trial.key.example), "added": .string(today),
            ],
        ]
        content["expected"] = example?.expected
        // The checks of its own suite that it had; the new suite's come on top.
        let own = (example?.checks ?? []).filter { $0.source.file == example?.source.file }
        if !own.isEmpty { content["checks"] = .array(own.map(\.json)) }
        if let contexts = example?.contexts, !contexts.isEmpty { content["contexts"] = .array(contexts) }
        if let tags = example?.tags, !tags.isEmpty { content["tags"] = .strings(tags) }
    }

    package mutating func amend(_ amendments: Amendments) {
        if let id = amendments.id { content["id"] = .string(id) }
        if let expected = amendments.expected { content["expected"] = expected }
        var checks = content["checks"]?.arrayValue ?? []
        checks += amendments.checks
        // An expectation without a check would never be looked at.
        if amendments.expected != nil, checks.isEmpty { checks = ["contains"] }
        if !checks.isEmpty { content["checks"] = .array(checks) }
        let tags = (content["tags"]?.arrayValue ?? []) + amendments.tags.map(JSONValue.string)
        if !tags.isEmpty { content["tags"] = .array(tags) }
        if let group = amendments.group { content["group"] = .string(group) }
        if amendments.mustPass { content["must_pass"] = true }
        if let reason = amendments.knownFailing { content["known_failing"] = .string(reason) }
        if content["id"] == nil {
            content["id"] = .string(Self.makeID(content))
            hasMadeID = true
        }
    }

    /// An id that repeats nothing of the input, where that would put a secret into a file's name.
    package mutating func hideInputInID() {
        guard hasMadeID else { return }
        content["id"] = .string("example-" + Digest.short((content["input"] ?? .null).serialized(.canonical), length: 12))
    }

    package var id: String { content["id"]?.stringValue ?? "" }

    /// The example as its file holds it: the usual keys in the usual order, anything else behind them.
    package var json: JSONValue {
        let order = [
            "id", "input", "expected", "contexts", "tools", "checks", "tags", "group", "must_pass", "known_failing",
            "pass_when", "metadata", "source",
        ]
        var ordered = JSONObject()
        for key in order { ordered[key] = content[key] }
        for (key, value) in content where !order.contains(key) { ordered[key] = value }
        return .object(ordered)
    }

    /// A readable id from the first words of the input, made unique by a hash of the whole of it.
    private static func makeID(_ content: JSONObject) -> String {
        let input = content["input"] ?? .null
        let text = input.stringValue ?? input.objectValue?.compactMap(\.value.stringValue).max { $0.count < $1.count }
        let words = (text ?? "example").split { !$0.isLetter && !$0.isNumber }.prefix(5).joined(separator: " ")
        let slug = Name.slug(words)
        return slug.dropLast(9) + "-" + Digest.short(input.serialized(.canonical))
    }
}
