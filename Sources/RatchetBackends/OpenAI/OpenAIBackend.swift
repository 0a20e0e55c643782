import RatchetCore
import RatchetJSON

/// Any server that speaks OpenAI's chat completions and embeddings: OpenAI itself, vLLM, llama.cpp, Ollama, LiteLLM.
///
/// Answers are streamed unless the configuration says otherwise, since only a stream tells the time to first token. A
/// server that answers a streaming request in one piece is understood too.
package struct OpenAIBackend: Backend {
    private let baseURL: String
    private let key: String?
    private let configuration: BackendConfiguration
    private let transport: any HTTPTransport
    private let now: @Sendable () -> Double

    /// - Parameters:
    ///   - baseURL: Up to and without `/chat/completions`.
    ///   - key: Sent as a bearer token; never stored and never part of a message.
    ///   - now: Seconds since 1970, for `Retry-After` dates.
    package init(
        baseURL: String, key: String?, configuration: BackendConfiguration, transport: any HTTPTransport,
        now: @escaping @Sendable () -> Double
    ) {
        self.baseURL = baseURL.drop(trailing: "/")
        self.key = key
        self.configuration = configuration
        self.transport = transport
        self.now = now
    }

    package func respond(to request: Request) async throws(BackendError) -> Response {
        do throws(BackendError) {
            switch request.purpose {
            case .trial, .judge: return try await completion(of: request)
            case .embedding: return try await embedding(of: request)
            }
        } catch {
            var error = error
            error.message = redacted(error.message)
            throw error
        }
    }

    private func completion(of request: Request) async throws(BackendError) -> Response {
        let stream = CompletionStream()
        let response = try await send(completionBody(request), to: "/chat/completions") { stream.feed($0) }
        let isStream = response.headers["Content-Type"]?.lowercased().hasPrefix("text/event-stream") ?? false
        if isStream, String(validating: response.body, as: UTF8.self) == nil {
            throw BackendError(.malformed, "the stream is not valid UTF-8")
        }
        let answer = isStream ? try stream.answer() : try CompletionAnswer(body: response.body)
        return Response(
            output: answer.output, model: answer.model, usage: answer.usage,
            latency: response.timing.finished.inMilliseconds,
            timeToFirstToken: isStream ? stream.firstToken(since: response.timing.started)?.inMilliseconds : nil)
    }

    private func embedding(of request: Request) async throws(BackendError) -> Response {
        let response = try await send(embeddingBody(request), to: "/embeddings")
        let answer = try EmbeddingAnswer(body: response.body)
        return Response(
            output: Output(text: answer.vector.serialized(.compact)), model: answer.model, usage: answer.usage,
            latency: response.timing.finished.inMilliseconds)
    }

    private func send(
        _ body: JSONValue, to path: String, onBody: (@Sendable (ArraySlice<UInt8>) -> Void)? = nil
    ) async throws(BackendError) -> HTTPResponse {
        var headers: HTTPHeaders = ["Content-Type": "application/json", "Accept": "application/json, text/event-stream"]
        for (name, value) in configuration.headers { headers.append(name, value) }
        if let key { headers.append("Authorization", "Bearer \(key)") }
        let request = HTTPRequest(
            method: "POST", url: baseURL + path, headers: headers, body: Array(body.serialized(.compact).utf8),
            timeouts: .init(
                connect: .seconds(configuration.connectTimeout), firstByte: .seconds(configuration.firstByteTimeout),
                total: .seconds(configuration.totalTimeout)))
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try await transport.send(request, onBody: onBody)
        } catch {
            throw BackendError(
                error.kind == .cancelled ? .cancelled : .transport, error.description, isRetryable: error.isTransient)
        }
        guard (200..<300).contains(response.status) else { throw refusal(response) }
        return response
    }

    /// Parameters are sent only when they are set.
    private func completionBody(_ request: Request) -> JSONValue {
        var body: JSONObject = [
            "model": .string(request.target.model), "messages": .array(request.messages.map(\.json)),
        ]
        for (key, value) in request.params { body[key] = value }
        body["tools"] = request.tools
        if let schema = request.responseSchema {
            body["response_format"] = ["type": "json_schema", "json_schema": ["name": "answer", "schema": schema]]
        }
        if configuration.streams {
            body["stream"] = true
            body["stream_options"] = ["include_usage": true]
        }
        return .object(body)
    }

    private func embeddingBody(_ request: Request) -> JSONValue {
        let text = request.messages.map(\.content).joined(separator: "\n\n")
        var body: JSONObject = ["model": .string(request.target.model), "input": .string(text)]
        for (key, value) in request.params { body[key] = value }
        return .object(body)
    }

    // MARK: Refusals

    private func refusal(_ response: HTTPResponse) -> BackendError {
        let error = CompletionError(body: response.body)
        let words = "HTTP \(response.status): \(error.message)"
        if response.status == 401 || response.status == 403 {
            return BackendError(.credentials, status: response.status, words)
        }
        let wait = RetryAfter.delay(in: response.headers, now: now())
        // A quota that is used up stays so.
        let isRetryable = RetryPolicy.isRetryable(.success(response)) && error.code != "insufficient_quota"
        return BackendError(
            .status, status: response.status, words, isRetryable: isRetryable, retryAfter: wait?.inSeconds)
    }

    /// A server may repeat the key in its error message: nobody else shall.
    private func redacted(_ text: String) -> String {
        guard let key, !key.isEmpty else { return text }
        return text.replacing(key, with: "[key]")
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
    var inMilliseconds: Double { inSeconds * 1000 }
}

extension String {
    fileprivate func drop(trailing suffix: String) -> String {
        var text = self
        while text.hasSuffix(suffix) { text.removeLast(suffix.count) }
        return text
    }
}
