import RatchetCore
import RatchetJSON

/// OpenAI's chat completions and embeddings: OpenAI itself, Azure, vLLM, llama.cpp, Ollama, LiteLLM and their like.
struct ChatCompletions: ProviderDialect {
    /// Azure's: then it is part of the address, and the key has a header of its own.
    var apiVersion: String?

    private var query: String { apiVersion.map { "?api-version=\($0)" } ?? "" }

    func url(_ request: Request, base: String, streams: Bool) -> String { base + "/chat/completions" + query }
    func embeddingsURL(base: String) -> String? { base + "/embeddings" + query }

    func headers(key: String) -> HTTPHeaders {
        apiVersion == nil ? ["Authorization": "Bearer \(key)"] : ["api-key": key]
    }

    func body(_ request: Request, streams: Bool) -> JSONValue {
        var body: JSONObject = [
            "model": .string(request.target.model), "messages": .array(request.messages.map(\.json)),
        ]
        for (key, value) in request.params { body[key] = value }
        body["tools"] = request.tools
        if let schema = request.responseSchema {
            body["response_format"] = ["type": "json_schema", "json_schema": ["name": "answer", "schema": schema]]
        }
        if streams {
            body["stream"] = true
            body["stream_options"] = ["include_usage": true]
        }
        return .object(body)
    }

    func answer(_ body: [UInt8], to request: Request) throws(BackendError) -> ProviderAnswer {
        let json = try ProviderError.json(body)
        guard let choice = json["choices"]?.arrayValue?.first, let message = choice["message"] else {
            throw ProviderError.malformed("the answer has no choices", body)
        }
        let calls = (message["tool_calls"]?.arrayValue ?? []).compactMap { ToolCall(json: $0) }
        return ProviderAnswer(
            output: Self.output(
                text: Self.text(message["content"]) ?? "", refusal: message["refusal"]?.stringValue ?? "", calls: calls,
                finishReason: choice["finish_reason"]?.stringValue),
            model: json["model"]?.stringValue, usage: Self.usage(json))
    }

    /// A prompt that Azure's content filter has blocked is no outage: it is what the system answers.
    func answer(refusal response: HTTPResponse) -> ProviderAnswer? {
        guard response.status == 400, ProviderError(body: response.body).code == "content_filter" else { return nil }
        return ProviderAnswer(output: Output(text: "", finishReason: "content_filter"))
    }

    /// A refusal is the answer, and its finish reason says so.
    static func output(text: String, refusal: String, calls: [ToolCall], finishReason: String?) -> Output {
        text.isEmpty && !refusal.isEmpty
            ? Output(text: refusal, toolCalls: calls, finishReason: "refusal")
            : Output(text: text, toolCalls: calls, finishReason: finishReason)
    }

    /// Text, or a list of parts that hold text.
    static func text(_ content: JSONValue?) -> String? {
        if let text = content?.stringValue { return text }
        return content?.arrayValue.map { parts in parts.compactMap { $0["text"]?.stringValue }.joined() }
    }

    /// The counts of an answer or a chunk, whole: some servers keep reasoning apart from what was completed, which the total
    /// gives away; some put the counts under a name of their own.
    static func usage(_ json: JSONValue) -> Usage? {
        guard let counts = [json["usage"], json["x_groq"]?["usage"]].compactMap({ $0 }).first(where: { !$0.isNull }) else { return nil }
        let input = counts["prompt_tokens"]?.intValue
        var output = counts["completion_tokens"]?.intValue
        let reasoning = counts["completion_tokens_details"]?["reasoning_tokens"]?.intValue
        if let input, let completed = output, let reasoning, counts["total_tokens"]?.intValue == input + completed + reasoning {
            output = completed + reasoning
        }
        return Usage(
            inputTokens: input, outputTokens: output,
            cachedTokens: counts["prompt_tokens_details"]?["cached_tokens"]?.intValue ?? counts["prompt_cache_hit_tokens"]?.intValue,
            reasoningTokens: reasoning
        ).ifKnown
    }

    struct Assembly: AnswerAssembly {
        private var text = ""
        private var refusal = ""
        /// In order of arrival, with the index that the server gave each.
        private var toolCalls: [(index: Int, call: PartialToolCall)] = []
        private var finishReason: String?
        private var model: String?
        private var usage: Usage?

        init() {}

        var isComplete: Bool { finishReason != nil }

        var answer: ProviderAnswer {
            let ordered = toolCalls.enumerated().sorted { ($0.element.index, $0.offset) < ($1.element.index, $1.offset) }
            let calls = ordered.compactMap(\.element.call.toolCall)
            return ProviderAnswer(
                output: ChatCompletions.output(text: text, refusal: refusal, calls: calls, finishReason: finishReason), model: model, usage: usage)
        }

        mutating func take(_ chunk: JSONValue) throws(BackendError) -> Bool {
            if let error = chunk["error"], !error.isNull { throw ProviderError(json: chunk).backendError }
            model = chunk["model"]?.stringValue ?? model
            usage = ChatCompletions.usage(chunk) ?? usage
            guard let choice = chunk["choices"]?.arrayValue?.first(where: { ($0["index"]?.intValue ?? 0) == 0 }) else { return false }
            let hasContent = choice["delta"].map { take(delta: $0) } ?? false
            finishReason = choice["finish_reason"]?.stringValue ?? finishReason
            return hasContent
        }

        private mutating func take(delta: JSONValue) -> Bool {
            let piece = ChatCompletions.text(delta["content"]) ?? ""
            let refused = delta["refusal"]?.stringValue ?? ""
            let calls = delta["tool_calls"]?.arrayValue ?? []
            text += piece
            refusal += refused
            for (place, call) in calls.enumerated() { take(call: call, index: call["index"]?.intValue ?? place) }
            return !piece.isEmpty || !refused.isEmpty || !calls.isEmpty
        }

        /// A piece belongs to the last call of its index. Some servers number all calls 0: there a name with another id begins
        /// the next one. An id alone does not, for others make up an id for every piece.
        private mutating func take(call piece: JSONValue, index: Int) {
            let id = piece["id"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
            let name = piece["function"]?["name"]?.stringValue ?? ""
            var place = toolCalls.lastIndex { $0.index == index }
            if let begun = place, let id, let known = toolCalls[begun].call.id, id != known, !name.isEmpty { place = nil }
            if place == nil { toolCalls.append((index, PartialToolCall())) }
            let last = place ?? toolCalls.count - 1
            toolCalls[last].call.id = toolCalls[last].call.id ?? id
            toolCalls[last].call.name += name
            toolCalls[last].call.arguments += piece["function"]?["arguments"]?.stringValue ?? ""
        }
    }
}
