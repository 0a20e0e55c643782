import RatchetJSON

/// A versioned prompt: message templates, and the model settings that belong to them.
package struct Prompt: Sendable {
    /// One message before its variables are filled in.
    package struct Template: Hashable, Sendable {
        package var role: Message.Role
        package var text: String
        package init(role: Message.Role, text: String) {
            self.role = role
            self.text = text
        }
    }

    package var id: String
    package var version: String
    package var description: String?
    package var model: Target?
    package var params: JSONObject
    package var responseSchema: JSONValue?
    package var tools: JSONValue?
    package var templates: [Template]
    /// SHA-256 of the file's content.
    package var hash: String
    /// The file's whole text, kept with the baseline so that control trials can run it later.
    package var content: String
    package var source: SourceReference

    package init(
        id: String, version: String, description: String?, model: Target?, params: JSONObject,
        responseSchema: JSONValue?, tools: JSONValue?, templates: [Template], hash: String, content: String,
        source: SourceReference
    ) {
        self.id = id
        self.version = version
        self.description = description
        self.model = model
        self.params = params
        self.responseSchema = responseSchema
        self.tools = tools
        self.templates = templates
        self.hash = hash
        self.content = content
        self.source = source
    }

    package var reference: PromptReference { PromptReference(id: id, version: version) }
}

/// A prompt by name: `id@version`, or `id` for its highest version.
package struct PromptReference: Hashable, Sendable, CustomStringConvertible {
    package var id: String
    package var version: String?

    package init(id: String, version: String?) {
        self.id = id
        self.version = version
    }

    package init?(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let id = parts.first.map(String.init), Name.isValid(id) else { return nil }
        let version = parts.count == 2 ? String(parts[1]) : nil
        if let version, version.isEmpty || version.contains(where: \.isWhitespace) { return nil }
        self.init(id: id, version: version)
    }

    package var description: String { version.map { "\(id)@\($0)" } ?? id }
}
