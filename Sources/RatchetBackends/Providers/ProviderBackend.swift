import RatchetCore
import RatchetJSON

/// How one provider is spoken to: what is sent where, and what its answers mean.
protocol ProviderDialect: Sendable {
    associatedtype Assembly: AnswerAssembly

    /// - Parameter base: The address of the configuration, without a slash at its end.
    func url(_ request: Request, base: String, streams: Bool) -> String
    func headers(key: String) -> HTTPHeaders
    /// Headers that are sent with a key and without.
    var fixedHeaders: HTTPHeaders { get }
    /// Parameters are sent only when they are set.
    func body(_ request: Request, streams: Bool) -> JSONValue
    /// An answer that came in one piece.
    func answer(_ body: [UInt8], to request: Request) throws(BackendError) -> ProviderAnswer
    /// What the dialect makes of a finished stream's answer.
    func finished(_ answer: ProviderAnswer, to request: Request) -> ProviderAnswer
    /// An answer in the form of a refusal: a prompt that a filter has blocked.
    func answer(refusal: HTTPResponse) -> ProviderAnswer?
    /// Where vectors are asked for; `nil` where there are none.
    func embeddingsURL(base: String) -> String?
}

extension ProviderDialect {
    var fixedHeaders: HTTPHeaders { [:] }
    func finished(_ answer: ProviderAnswer, to request: Request) -> ProviderAnswer { answer }
    func answer(refusal: HTTPResponse) -> ProviderAnswer? { nil }
    func embeddingsURL(base: String) -> String? { nil }
}

/// A provider over HTTP.
///
/// Answers are streamed unless the configuration says otherwise, since only a stream tells the time to first token. A
/// server that answers a streaming request in one piece is understood too.
struct ProviderBackend<Dialect: ProviderDialect>: Backend {
    private let dialect: Dialect
    private let client: ProviderClient
    private let base: String

    /// - Parameter baseURL: As the configuration has it.
    init(_ dialect: Dialect, baseURL: String, client: ProviderClient) {
        self.dialect = dialect
        self.client = client
        var base = baseURL
        while base.hasSuffix("/") { base.removeLast() }
        self.base = base
    }

    func respond(to request: Request) async throws(BackendError) -> Response {
        do throws(BackendError) {
            switch request.purpose {
            case .trial, .judge: return client.redacted(try await completion(of: request))
            case .embedding: return try await embedding(of: request)
            }
        } catch {
            throw client.redacted(error)
        }
    }

    private var headers: HTTPHeaders {
        var headers = dialect.fixedHeaders
        for field in client.key.map({ dialect.headers(key: $0) })?.fields ?? [] { headers.append(field.name, field.value) }
        return headers
    }

    private func completion(of request: Request) async throws(BackendError) -> Response {
        let streams = client.configuration.streams
        let stream = AnswerStream<Dialect.Assembly>()
        let response = try await client.send(
            dialect.body(request, streams: streams), to: dialect.url(request, base: base, streams: streams), headers: headers,
            isAnswer: { dialect.answer(refusal: $0) != nil }
        ) { stream.feed($0) }
        let isStream = response.headers["Content-Type"]?.lowercased().hasPrefix("text/event-stream") ?? false
        let answer: ProviderAnswer
        if let blocked = dialect.answer(refusal: response) {
            answer = blocked
        } else if !isStream {
            answer = try dialect.answer(response.body, to: request)
        } else if String(validating: response.body, as: UTF8.self) == nil {
            throw BackendError(.malformed, "the stream is not valid UTF-8")
        } else {
            answer = dialect.finished(try stream.answer(), to: request)
        }
        var made = Response(
            output: answer.output, model: answer.model, usage: answer.usage, latency: response.timing.finished.inMilliseconds,
            timeToFirstToken: isStream ? stream.firstToken(since: response.timing.started)?.inMilliseconds : nil)
        made.pause = RateLimitHeaders.pause(response.headers, now: client.now())
        return made
    }

    private func embedding(of request: Request) async throws(BackendError) -> Response {
        guard let url = dialect.embeddingsURL(base: base) else {
            throw BackendError(.status, "backends of the kind \(client.configuration.kindName) give no embeddings")
        }
        let text = request.messages.map(\.content).joined(separator: "\n\n")
        var body: JSONObject = ["model": .string(request.target.model), "input": .string(text)]
        for (key, value) in request.params { body[key] = value }
        let response = try await client.send(.object(body), to: url, headers: headers)
        let answer = try EmbeddingAnswer(body: response.body)
        return Response(
            output: Output(text: answer.vector.serialized(.compact)), model: answer.model, usage: answer.usage,
            latency: response.timing.finished.inMilliseconds)
    }
}

/// A tool as prompts declare it, in the form of chat completions or already in the provider's own.
struct DeclaredTool {
    var name: String
    var description: JSONValue?
    var parameters: JSONValue?

    /// `nil` for a tool in another form, which is handed on as it is.
    init?(_ json: JSONValue) {
        guard let function = json["function"], let name = function["name"]?.stringValue else { return nil }
        self.name = name
        description = function["description"]
        parameters = function["parameters"]
    }
}

extension ToolCall {
    /// The arguments for providers that take nothing but an object.
    var argumentsObject: JSONValue { arguments.objectValue == nil ? ["value": arguments] : arguments }
}
