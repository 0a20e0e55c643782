import RatchetCore

/// Answers with the rendered prompt, for trying checks without a model: the messages' texts, a blank line between.
package struct EchoBackend: Backend {
    package init() {}

    package func respond(to request: Request) async throws(BackendError) -> Response {
        if case .embedding = request.purpose {
            throw BackendError(.malformed, "the backend echo has no embeddings; name a model that makes them")
        }
        return Response(
            output: Output(text: request.messages.map(\.content).joined(separator: "\n\n"), finishReason: "stop"),
            model: request.target.model)
    }
}
