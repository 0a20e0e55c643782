import RatchetCore
import RatchetJSON

/// OpenAI's Responses API.
struct OpenAIResponses: ProviderDialect {
    /// Parameters of chat completions that the API has another word for; it knows no seed.
    private static let renamed = ["max_tokens", "max_completion_tokens", "seed", "text", "tool_choice"]

    func url(_ request: Request, base: String, streams: Bool) -> String { base + "/responses" }
    func embeddingsURL(base: String) -> String? { base + "/embeddings" }
    func headers(key: String) -> HTTPHeaders { ["Authorization": "Bearer \(key)"] }

    func body(_ request: Request, streams: Bool) -> JSONValue {
        var body: JSONObject = [
            "model": .string(request.target.model),
            "input": .array(request.messages.flatMap(Self.items)),
        ]
        for (key, value) in request.params where !Self.renamed.contains(key) { body[key] = value }
        if let most = request.params["max_tokens"] ?? request.params["max_completion_tokens"] { body["max_output_tokens"] = most }
        if let choice = request.params["tool_choice"] {
            body["tool_choice"] = choice["function"]?["name"].map { ["type": "function", "name": $0] } ?? choice
        }
        var text = request.params["text"]?.objectValue ?? [:]
        if let schema = request.responseSchema {
            text["format"] = ["type": "json_schema", "name": "answer", "schema": schema]
        }
        if !text.isEmpty { body["text"] = .object(text) }
        if let tools = request.tools?.arrayValue, !tools.isEmpty { body["tools"] = .array(tools.map(tool)) }
        if streams { body["stream"] = true }
        return .object(body)
    }

    /// Calls and their results are items of their own, beside the messages.
    private static func items(_ message: Message) -> [JSONValue] {
        if let id = message.toolCallID {
            return [["type": "function_call_output", "call_id": .string(id), "output": .string(message.content)]]
        }
        let role = message.role == .tool ? "user" : message.role.rawValue
        let isSilent = message.content.isEmpty && !message.toolCalls.isEmpty
        let calls = message.toolCalls.map { call -> JSONValue in
            [
                "type": "function_call", "call_id": .optional(call.id), "name": .string(call.name),
                "arguments": .string(call.argumentsText),
            ]
        }
        return (isSilent ? [] : [["role": .string(role), "content": .string(message.content)]]) + calls
    }

    private func tool(_ json: JSONValue) -> JSONValue {
        guard let declared = DeclaredTool(json) else { return json }
        var tool: JSONObject = ["type": "function", "name": .string(declared.name)]
        tool["description"] = declared.description
        tool["parameters"] = declared.parameters
        if let strict = json["function"]?["strict"] { tool["strict"] = strict }
        return .object(tool)
    }

    func answer(refusal response: HTTPResponse) -> ProviderAnswer? { ChatCompletions().answer(refusal: response) }

    func answer(_ body: [UInt8], to request: Request) throws(BackendError) -> ProviderAnswer {
        try Self.answer(ProviderError.json(body)) { ProviderError.malformed("the answer has no output", body) }
    }

    private static func answer(_ response: JSONValue, orThrow problem: () -> BackendError) throws(BackendError) -> ProviderAnswer {
        if response["status"]?.stringValue == "failed" { throw ProviderError(json: response).backendError }
        guard let items = response["output"]?.arrayValue else { throw problem() }
        let parts = items.filter { $0["type"]?.stringValue == "message" }.flatMap { $0["content"]?.arrayValue ?? [] }
        let calls = items.filter { $0["type"]?.stringValue == "function_call" }.compactMap { item in
            ToolCall(json: ["id": item["call_id"] ?? .null, "name": item["name"] ?? .null, "arguments": item["arguments"] ?? "{}"])
        }
        let counts = response["usage"]
        return ProviderAnswer(
            output: ChatCompletions.output(
                text: parts.compactMap { $0["text"]?.stringValue }.joined(),
                refusal: parts.compactMap { $0["refusal"]?.stringValue }.joined(), calls: calls,
                finishReason: response["incomplete_details"]?["reason"]?.stringValue ?? response["status"]?.stringValue),
            model: response["model"]?.stringValue,
            usage: Usage(
                inputTokens: counts?["input_tokens"]?.intValue, outputTokens: counts?["output_tokens"]?.intValue,
                cachedTokens: counts?["input_tokens_details"]?["cached_tokens"]?.intValue,
                reasoningTokens: counts?["output_tokens_details"]?["reasoning_tokens"]?.intValue
            ).ifKnown)
    }

    /// The last event holds the whole response; those before only tell when it began to come.
    struct Assembly: AnswerAssembly {
        private(set) var answer = ProviderAnswer(output: Output(text: ""))
        private(set) var isComplete = false

        init() {}

        private static let pieces: Set<String> = [
            "response.output_text.delta", "response.refusal.delta", "response.function_call_arguments.delta",
        ]

        mutating func take(_ event: JSONValue) throws(BackendError) -> Bool {
            switch event["type"]?.stringValue {
            case "error", "response.failed": throw ProviderError(json: event["response"] ?? event).backendError
            case "response.completed", "response.incomplete":
                answer = try OpenAIResponses.answer(event["response"] ?? .null) {
                    BackendError(.malformed, "the stream's last event has no output")
                }
                isComplete = true
            case let type?: return Self.pieces.contains(type) && event["delta"]?.stringValue?.isEmpty == false
            case nil: if let error = event["error"], !error.isNull { throw ProviderError(json: event).backendError }
            }
            return false
        }
    }
}
