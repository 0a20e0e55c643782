import RatchetCore
import RatchetJSON

/// What Ratchet and a user's program say to each other: one JSON object for a request, one for its answer.
enum CommandProtocol {
    /// The request as the program reads it.
    static func request(_ request: Request, id: String) -> JSONValue {
        var object: JSONObject = ["id": .string(id)]
        if case .trial(let suite, let example, let prompt) = request.purpose {
            object["suite"] = .string(suite)
            object["example"] = .string(example)
            object["prompt"] = .optional(prompt?.description)
        }
        object["draw"] = .string(request.draw.description)
        object["model"] = .string(request.target.model)
        object["input"] = request.input
        object["contexts"] = .array(request.contexts)
        object["messages"] = .array(request.messages.map(\.json))
        object["params"] = .object(request.params)
        object["tools"] = request.tools
        object["schema"] = request.responseSchema
        return .object(object)
    }

    /// The answer of an object that the program wrote; unknown members are its own business.
    static func response(_ json: JSONValue) throws(BackendError) -> Response {
        if let error = json["error"], !error.isNull {
            let words = error.stringValue ?? error["message"]?.stringValue ?? error.serialized(.compact)
            throw BackendError(
                .status, status: json["status"]?.intValue,
                "the program reported: \(ProviderError.excerpt(Array(words.utf8)))", isRetryable: json["retryable"]?.boolValue ?? false)
        }
        let calls = (json["tool_calls"]?.arrayValue ?? []).compactMap { ToolCall(json: $0) }
        guard let output = json["output"] ?? (calls.isEmpty ? nil : .string("")) else {
            throw BackendError(.malformed, "the answer has no output: \(ProviderError.excerpt(Array(json.serialized(.compact).utf8)))")
        }
        let usage = json["usage"]
        func number(_ key: String) -> Double? { json[key]?.doubleValue.flatMap { $0 >= 0 && $0.isFinite ? $0 : nil } }
        var response = Response(
            output: Output(
                text: output.stringValue ?? output.serialized(.compact), toolCalls: calls, finishReason: json["finish_reason"]?.stringValue),
            model: json["model"]?.stringValue,
            usage: Usage(
                inputTokens: usage?["input_tokens"]?.intValue, outputTokens: usage?["output_tokens"]?.intValue,
                cachedTokens: usage?["cached_tokens"]?.intValue, cacheWriteTokens: usage?["cache_write_tokens"]?.intValue,
                reasoningTokens: usage?["reasoning_tokens"]?.intValue
            ).ifKnown, latency: number("latency_ms"), timeToFirstToken: number("ttft_ms"), cost: number("cost_usd"))
        response.contextIDs = json["contexts"]?.arrayValue.map { $0.compactMap { $0["id"]?.stringValue ?? $0.stringValue } }
        return response
    }
}
