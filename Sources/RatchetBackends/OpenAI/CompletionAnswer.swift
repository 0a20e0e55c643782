import RatchetCore
import RatchetJSON

/// A chat completion that came in one piece.
struct CompletionAnswer {
    var output: Output
    var model: String?
    var usage: Usage?

    init(output: Output, model: String?, usage: Usage?) {
        self.output = output
        self.model = model
        self.usage = usage
    }

    /// - Throws: A `malformed` error with the beginning of what came instead.
    init(body: [UInt8]) throws(BackendError) {
        let json = try Self.json(body)
        guard let choice = json["choices"]?.arrayValue?.first, let message = choice["message"] else {
            throw BackendError(.malformed, "the answer has no choices: \(CompletionError.excerpt(body))")
        }
        output = Output(
            text: Self.text(message["content"]) ?? message["refusal"]?.stringValue ?? "",
            toolCalls: (message["tool_calls"]?.arrayValue ?? []).compactMap { ToolCall(json: $0) },
            finishReason: choice["finish_reason"]?.stringValue)
        model = json["model"]?.stringValue
        usage = Self.usage(json["usage"])
    }

    /// The JSON of an answer that is no error.
    static func json(_ body: [UInt8]) throws(BackendError) -> JSONValue {
        let json: JSONValue
        do throws(JSONSyntaxError) {
            json = try JSONValue(parsing: body, options: .lenient)
        } catch {
            throw BackendError(.malformed, "the answer is not JSON: \(CompletionError.excerpt(body))")
        }
        if json["error"] != nil, json["error"] != .null { throw CompletionError(json: json).backendError }
        return json
    }

    /// Text, or a list of parts that hold text.
    static func text(_ content: JSONValue?) -> String? {
        if let text = content?.stringValue { return text }
        return content?.arrayValue.map { parts in parts.compactMap { $0["text"]?.stringValue }.joined() }
    }

    static func usage(_ json: JSONValue?) -> Usage? {
        guard let json, !json.isNull else { return nil }
        return Usage(
            inputTokens: json["prompt_tokens"]?.intValue, outputTokens: json["completion_tokens"]?.intValue,
            cachedTokens: json["prompt_tokens_details"]?["cached_tokens"]?.intValue,
            reasoningTokens: json["completion_tokens_details"]?["reasoning_tokens"]?.intValue
        ).ifKnown
    }
}

/// What a server says when it refuses: `{"error":{"message","code"}}` and its relatives, or any text.
struct CompletionError {
    var message: String
    var code: String?
    /// The error's code as an HTTP status, where a stream carries one.
    private var status: Int?

    init(body: [UInt8]) {
        let json = try? JSONValue(parsing: body, options: .lenient)
        self.init(json: json?.objectValue == nil ? .null : json ?? .null)
        if message.isEmpty { message = Self.excerpt(body) }
    }

    init(json: JSONValue) {
        let error = json["error"] ?? json
        message = Self.clean(
            error["message"]?.stringValue ?? error.stringValue ?? json["detail"]?.stringValue ?? json["message"]?.stringValue
                ?? "")
        code = error["code"]?.stringValue ?? error["type"]?.stringValue
        status = error["code"]?.intValue
    }

    /// An error that came inside a successful response. Without a status it is taken for a passing trouble of the server,
    /// since it did accept the request.
    var backendError: BackendError {
        let isRetryable = status.map { RetryPolicy.isRetryable(status: $0) } ?? (code != "insufficient_quota")
        return BackendError(
            .status, status: status, "the server reported: \(message.isEmpty ? "an error" : message)", isRetryable: isRetryable)
    }

    /// The first words of a body, on one line and safe to print.
    static func excerpt(_ body: [UInt8]) -> String {
        body.isEmpty ? "an empty body" : clean(String(decoding: body.prefix(1200), as: UTF8.self))
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
