import RatchetCore
import RatchetJSON

/// What a server says when it refuses: `{"error":{"message","code"}}` and its relatives, or any text.
struct ProviderError {
    var message: String
    var code: String?
    /// Seconds that a detail of the error asks to wait, as Google has it.
    var retryDelay: Double?
    /// Whether it is about the key whatever the status: Google says 400 to one that it does not know.
    var isAboutKey: Bool
    /// The error's code as an HTTP status, where a stream carries one.
    private var status: Int?

    /// The words of errors that will not pass by themselves.
    private static let lasting: Set<String> = [
        "insufficient_quota", "invalid_request_error", "authentication_error", "permission_error", "not_found_error",
        "request_too_large", "billing_error", "invalid_prompt", "context_length_exceeded",
    ]

    /// HTTP statuses that words in a stream stand for.
    private static let statuses = ["rate_limit_error": 429, "rate_limit_exceeded": 429, "overloaded_error": 529, "api_error": 500]

    init(body: [UInt8]) {
        let json = try? JSONValue(parsing: body, options: .lenient)
        // Google's streams answer with a list of one error.
        let object = json?.arrayValue?.first ?? json
        self.init(json: object?.objectValue == nil ? .null : object ?? .null)
        if message.isEmpty { message = Self.excerpt(body) }
    }

    init(json: JSONValue) {
        let error = json["error"] ?? json
        message = Self.clean(
            error["message"]?.stringValue ?? error.stringValue ?? json["detail"]?.stringValue ?? json["message"]?.stringValue
                ?? "")
        code = error["code"]?.stringValue ?? error["type"]?.stringValue
        status = error["code"]?.intValue ?? code.flatMap { Self.statuses[$0] }
        let details = error["details"]?.arrayValue ?? []
        isAboutKey = details.contains { $0["reason"]?.stringValue == "API_KEY_INVALID" }
        retryDelay = details.lazy.compactMap { $0["retryDelay"]?.stringValue }.first
            .flatMap { $0.hasSuffix("s") ? Double($0.dropLast()) : nil }
    }

    /// An error that came inside a successful response. Without a status it is taken for a passing trouble of the server,
    /// since it did accept the request.
    var backendError: BackendError {
        let isRetryable = status.map { RetryPolicy.isRetryable(status: $0) } ?? !(code.map(Self.lasting.contains) ?? false)
        return BackendError(
            .status, status: status, "the server reported: \(message.isEmpty ? "an error" : message)", isRetryable: isRetryable,
            retryAfter: retryDelay)
    }

    /// An answer that is not of the form that was promised, with how it begins.
    static func malformed(_ what: String, _ body: [UInt8]) -> BackendError { BackendError(.malformed, "\(what): \(excerpt(body))") }

    static func parsed(_ body: [UInt8]) throws(BackendError) -> JSONValue {
        do throws(JSONSyntaxError) {
            return try JSONValue(parsing: body, options: .lenient)
        } catch {
            throw malformed("the answer is not JSON", body)
        }
    }

    /// The JSON of an answer that is no error.
    static func json(_ body: [UInt8]) throws(BackendError) -> JSONValue {
        let json = try parsed(body)
        if let error = json["error"], error != .null { throw ProviderError(json: json).backendError }
        return json
    }

    /// The first words of a body, on one line and safe to print. What was cut ends in `…`, by which a cut key is known.
    static func excerpt(_ body: [UInt8]) -> String {
        if body.isEmpty { return "an empty body" }
        let words = clean(String(decoding: body.prefix(1200), as: UTF8.self))
        return body.count > 1200 && words.last != "…" ? words + "…" : words
    }

    private static func clean(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            if line.unicodeScalars.count >= 300 { return line + "…" }
            let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
            if !isControl {
                line.unicodeScalars.append(scalar)
            } else if line.last != " " {
                line += " "
            }
        }
        return line
    }
}
