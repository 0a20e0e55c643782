import RatchetJSON

/// One message of a conversation as it is sent to a model.
package struct Message: Hashable, Sendable {
    package enum Role: String, CaseIterable, Sendable { case system, user, assistant, tool }

    package var role: Role
    package var content: String

    package init(role: Role, content: String) {
        self.role = role
        self.content = content
    }

    package var json: JSONValue { ["role": .string(role.rawValue), "content": .string(content)] }
}
