import RatchetJSON

/// One message of a rendered prompt or of a conversation.
package struct Message: Hashable, Sendable {
    package enum Role: String, CaseIterable, Sendable { case system, user, assistant, tool }

    package var role: Role
    package var content: String
    /// What the model asked for, in a message of its own; their results follow as messages of the role `tool`.
    package var toolCalls: [ToolCall]
    /// Of a message of the role `tool`: the call that it answers.
    package var toolCallID: String?

    package init(role: Role, content: String, toolCalls: [ToolCall] = [], toolCallID: String? = nil) {
        self.role = role
        self.content = content
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
    }

    /// In the form of chat completions.
    package var json: JSONValue {
        var object: JSONObject = ["role": .string(role.rawValue), "content": .string(content)]
        if !toolCalls.isEmpty { object["tool_calls"] = .array(toolCalls.map(\.chatCompletionJSON)) }
        object["tool_call_id"] = toolCallID.map { .string($0) }
        return .object(object)
    }

    /// Reads what `json` writes; a message without content must have tool calls.
    ///
    /// - Returns: `nil` for anything else, and for members that a message does not have.
    package init?(json: JSONValue) {
        guard let object = json.objectValue, let role = object["role"]?.stringValue.flatMap(Role.init(rawValue:)),
            object.keys.allSatisfy({ ["role", "content", "tool_calls", "tool_call_id"].contains($0) })
        else { return nil }
        let listed = object["tool_calls"]?.arrayValue ?? []
        let calls = listed.compactMap { ToolCall(json: $0) }
        let isSilent = object["content"]?.isNull ?? true
        guard let content = isSilent && !calls.isEmpty ? "" : object["content"]?.stringValue, calls.count == listed.count,
            calls.isEmpty || role == .assistant, (object["tool_call_id"]?.stringValue == nil) || role == .tool
        else { return nil }
        self.init(role: role, content: content, toolCalls: calls, toolCallID: object["tool_call_id"]?.stringValue)
    }
}

extension ToolCall {
    /// The arguments as the text that providers pass around.
    package var argumentsText: String { arguments.stringValue ?? arguments.serialized(.compact) }

    /// `{"id", "type": "function", "function": {"name", "arguments": "…"}}`.
    package var chatCompletionJSON: JSONValue {
        var object: JSONObject = [:]
        object["id"] = id.map { .string($0) }
        object["type"] = "function"
        object["function"] = ["name": .string(name), "arguments": .string(argumentsText)]
        return .object(object)
    }
}
