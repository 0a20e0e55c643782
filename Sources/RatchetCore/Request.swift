import RatchetJSON

/// Which role a trial plays, and its number: `run/1`, `record/3`, `control/2`. Part of every fingerprint, so that a
/// further trial is a further generation and not the first one read again.
package struct Draw: Hashable, Comparable, Sendable, CustomStringConvertible {
    package enum Role: String, CaseIterable, Sendable {
        /// A trial bought for the baseline's record.
        case record
        /// A trial of the version under test.
        case run
        /// A trial of the accepted version, beside the run.
        case control
        /// One vote of a judge.
        case judge
    }

    package let role: Role
    /// Counted from 1.
    package let number: Int

    package init(_ role: Role, _ number: Int) {
        self.role = role
        self.number = number
    }

    package init?(_ text: String) {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let role = Role(rawValue: String(parts[0])), let number = Int(parts[1]), number > 0
        else { return nil }
        self.init(role, number)
    }

    package var description: String { "\(role.rawValue)/\(number)" }

    package static func < (left: Draw, right: Draw) -> Bool {
        (left.role.rawValue, left.number) < (right.role.rawValue, right.number)
    }
}

/// One call to a model, fully rendered.
package struct Request: Hashable, Sendable {
    package var target: Target
    package var messages: [Message]
    /// Sampling and other parameters; sent only when set.
    package var params: JSONObject
    package var tools: JSONValue?
    /// A JSON Schema the answer is asked to follow.
    package var responseSchema: JSONValue?
    package var draw: Draw
    /// What the example gives, for backends that are the user's own and want more than messages; not part of the content.
    package var input: JSONValue?
    package var contexts: [JSONValue] = []
    /// The example this is for, which is how a replay finds its recording; not part of the content.
    package var purpose: Purpose

    package enum Purpose: Hashable, Sendable {
        case trial(suite: String, example: String, prompt: PromptReference?)
        case judge(rubric: String)
        /// The messages' text as a vector, for a check; the answer is the JSON list of its numbers.
        case embedding(check: String)
    }

    package init(
        target: Target, messages: [Message], params: JSONObject = [:], tools: JSONValue? = nil,
        responseSchema: JSONValue? = nil, draw: Draw, purpose: Purpose
    ) {
        self.target = target
        self.messages = messages
        self.params = params
        self.tools = tools
        self.responseSchema = responseSchema
        self.draw = draw
        self.purpose = purpose
    }

    /// What is asked and of which model, wherever it is served: the key of a recorded judge call.
    package var contentFingerprint: String {
        var content: JSONObject = [
            "model": .string(target.model), "messages": .array(messages.map(\.json)), "draw": .string(draw.description),
        ]
        if !params.isEmpty { content["params"] = .object(params) }
        content["tools"] = tools
        content["schema"] = responseSchema
        if case .embedding = purpose { content["task"] = "embedding" }
        return Digest.sha256(.object(content))
    }

    /// The key of the response cache and of resuming: the content, and who was asked. Backends that are sent the example's
    /// input answer that, too.
    ///
    /// - Parameter content: The content fingerprint, where it is known already.
    package func fingerprint(for backend: BackendConfiguration, content: String? = nil) -> String {
        var parts: JSONObject = [
            "kind": .string(backend.kindName), "url": .optional(backend.baseURL), "content": .string(content ?? contentFingerprint),
        ]
        if backend.wantsInput {
            parts["input"] = input
            parts["contexts"] = .array(contexts)
        }
        return Digest.sha256(.object(parts))
    }
}
