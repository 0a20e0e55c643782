/// What is tested: a configured backend and a model's name, written `backend/model`.
package struct Target: Hashable, Sendable, CustomStringConvertible {
    package let backend: String
    /// Everything behind the first slash; model names hold slashes of their own.
    package let model: String

    package init(backend: String, model: String) {
        self.backend = backend
        self.model = model
    }

    package init?(_ text: String) {
        guard let slash = text.firstIndex(of: "/") else { return nil }
        backend = String(text[..<slash])
        model = String(text[text.index(after: slash)...])
        guard Name.isValid(backend), !model.isEmpty else { return nil }
    }

    package var description: String { "\(backend)/\(model)" }
}
