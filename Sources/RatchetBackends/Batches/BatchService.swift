import RatchetCore
import RatchetJSON

/// What a provider says of a batch.
package struct BatchStatus: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case running
        /// All that was answered is there.
        case completed
        /// It came to another end: refused, cancelled, too late. What was answered until then is there.
        case broken(String)
    }

    package var state: State
    package var answered: Int
    package var total: Int
}

/// Requests that may wait, for a part of the price: sent at once, asked for from time to time, fetched together.
package protocol BatchService: Sendable {
    /// - Parameters:
    ///   - requests: Of one model, each with an id of its own of at most 64 letters and digits.
    ///   - key: What the batch is for.
    /// - Returns: The provider's id of the batch.
    func submit(_ requests: [(id: String, request: Request)], key: String) async throws(BackendError) -> String
    func status(of batch: String) async throws(BackendError) -> BatchStatus
    /// What came of those requests that `request` knows, as it comes.
    func results(
        of batch: String, request: (_ id: String) -> Request?, _ body: (_ id: String, Result<Response, BackendError>) throws -> Void
    ) async throws
    func cancel(_ batch: String) async throws(BackendError)
}

/// What batches of all providers share: the words of a dialect without its stream.
struct BatchClient<Dialect: ProviderDialect>: Sendable {
    let dialect: Dialect
    let base: String
    let client: ProviderClient

    init(_ dialect: Dialect, baseURL: String, client: ProviderClient) {
        self.dialect = dialect
        self.client = client
        var base = baseURL
        while base.hasSuffix("/") { base.removeLast() }
        self.base = base
    }

    /// The largest file of results that is taken.
    private static var resultLimit: Int { 1 << 30 }

    func call(_ method: String, _ path: String, body: JSONValue = .null) async throws(BackendError) -> JSONValue {
        try ProviderError.json(try await send(method, path, HTTPContent(body)))
    }

    func send(_ method: String, _ path: String, _ content: HTTPContent = HTTPContent(.null)) async throws(BackendError) -> [UInt8] {
        var headers = dialect.fixedHeaders
        for field in client.key.map({ dialect.headers(key: $0) })?.fields ?? [] { headers.append(field.name, field.value) }
        do throws(BackendError) {
            return try await client.send(content, to: base + path, method: method, headers: headers, responseLimit: Self.resultLimit).body
        } catch {
            throw client.redacted(error)
        }
    }

    func response(_ body: JSONValue, to request: Request) -> Result<Response, BackendError> {
        do throws(BackendError) {
            let answer = try dialect.answer(Array(body.serialized(.compact).utf8), to: request)
            return .success(client.redacted(Response(output: answer.output, model: answer.model, usage: answer.usage)))
        } catch {
            return .failure(client.redacted(error))
        }
    }
}

extension JSONValue {
    /// The lines of a file of results; one that is cut off or no JSON is passed over, for its request then counts as not answered.
    static func forEachLine(of bytes: [UInt8], _ body: (JSONValue) throws -> Void) rethrows {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            if let value = try? JSONValue(parsing: line, options: .lenient) { try body(value) }
        }
    }
}
