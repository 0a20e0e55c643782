import RatchetCore
import RatchetJSON

/// What all providers over HTTP share: JSON requests with a key, the refusals of HTTP, and no key in any message.
struct ProviderClient: Sendable {
    let configuration: BackendConfiguration
    /// Never stored and never part of a message.
    let key: String?
    let transport: any HTTPTransport
    /// Seconds since 1970, for `Retry-After` dates.
    let now: @Sendable () -> Double

    /// - Parameters:
    ///   - headers: Beside those of the configuration; the key's among them.
    ///   - isAnswer: Whether the body of a refusal is an answer all the same.
    func send(
        _ body: JSONValue, to url: String, method: String = "POST", headers: HTTPHeaders, isAnswer: (HTTPResponse) -> Bool = { _ in false },
        onBody: (@Sendable (ArraySlice<UInt8>) -> Void)? = nil
    ) async throws(BackendError) -> HTTPResponse {
        try await send(HTTPContent(body), to: url, method: method, headers: headers, isAnswer: isAnswer, onBody: onBody)
    }

    func send(
        _ content: HTTPContent, to url: String, method: String = "POST", headers: HTTPHeaders,
        responseLimit: Int = HTTPRequest.defaultResponseBodyLimit, isAnswer: (HTTPResponse) -> Bool = { _ in false },
        onBody: (@Sendable (ArraySlice<UInt8>) -> Void)? = nil
    ) async throws(BackendError) -> HTTPResponse {
        // A service that could stream shall not, unless somebody listens.
        let accepted = onBody == nil ? "application/json" : "application/json, text/event-stream"
        var all: HTTPHeaders = ["Content-Type": content.type, "Accept": accepted]
        for (name, value) in configuration.headers { all.append(name, value) }
        for field in headers.fields { all.append(field.name, field.value) }
        let request = HTTPRequest(
            method: method, url: url, headers: all, body: method == "GET" ? [] : content.bytes,
            timeouts: .init(
                connect: .seconds(configuration.connectTimeout), firstByte: .seconds(configuration.firstByteTimeout),
                total: .seconds(configuration.totalTimeout)),
            responseBodyLimit: responseLimit)
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try await transport.send(request, onBody: onBody)
        } catch {
            throw BackendError(
                error.kind == .cancelled ? .cancelled : .transport, error.description, isRetryable: error.isTransient)
        }
        guard (200..<300).contains(response.status) || isAnswer(response) else { throw refusal(response) }
        return response
    }

    private func refusal(_ response: HTTPResponse) -> BackendError {
        let error = ProviderError(body: response.body)
        let words = "HTTP \(response.status): \(error.message)"
        if response.status == 401 || response.status == 403 || error.isAboutKey {
            return BackendError(.credentials, status: response.status, words)
        }
        let wait = RetryAfter.delay(in: response.headers, now: now())?.inSeconds ?? error.retryDelay
        // A quota that is used up stays so.
        let isRetryable = RetryPolicy.isRetryable(.success(response)) && error.code != "insufficient_quota"
        return BackendError(.status, status: response.status, words, isRetryable: isRetryable, retryAfter: wait)
    }

    /// A server may repeat the key in its error message: nobody else shall, and not a part of it where a message was cut.
    func redacted(_ error: BackendError) -> BackendError {
        guard let key, !key.isEmpty else { return error }
        var error = error
        error.message = error.message.replacing(key, with: "[key]")
        for length in stride(from: key.count - 1, through: 4, by: -1) {
            let part = key.prefix(length) + "…"
            guard error.message.hasSuffix(part) else { continue }
            error.message = error.message.dropLast(part.count) + "[key]…"
        }
        return error
    }
}

extension ProviderClient {
    /// Shorter keys are no secrets, and words of ordinary answers.
    private static let shortestSecret = 8

    /// A service that answers with what it was sent must not bring the key into the log, a recording or a report.
    func redacted(_ response: Response) -> Response {
        guard let key, key.utf8.count >= Self.shortestSecret else { return response }
        func clean(_ text: String) -> String { text.contains(key) ? text.replacing(key, with: "[key]") : text }
        func clean(_ json: JSONValue) -> JSONValue {
            let text = json.serialized(.compact)
            return text.contains(key) ? (try? JSONValue(parsing: clean(text))) ?? .string(clean(text)) : json
        }
        var response = response
        response.output.text = clean(response.output.text)
        response.output.finishReason = response.output.finishReason.map(clean)
        response.model = response.model.map(clean)
        response.contextIDs = response.contextIDs.map { $0.map(clean) }
        for place in response.output.toolCalls.indices {
            response.output.toolCalls[place].name = clean(response.output.toolCalls[place].name)
            response.output.toolCalls[place].arguments = clean(response.output.toolCalls[place].arguments)
            response.output.toolCalls[place].result = response.output.toolCalls[place].result.map(clean)
        }
        return response
    }
}

/// What is sent, with its type.
struct HTTPContent: Sendable {
    var type: String
    var bytes: [UInt8]

    init(type: String, bytes: [UInt8]) {
        self.type = type
        self.bytes = bytes
    }

    init(_ json: JSONValue) { self.init(type: "application/json", bytes: json.isNull ? [] : Array(json.serialized(.compact).utf8)) }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
    var inMilliseconds: Double { inSeconds * 1000 }
}
