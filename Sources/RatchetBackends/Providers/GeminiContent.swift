import RatchetCore
import RatchetJSON

/// Google's generateContent.
struct GeminiContent: ProviderDialect {
    /// Parameters of chat completions, in Google's words. Others go into `generationConfig` as they are.
    private static let words = [
        "top_p": "topP", "top_k": "topK", "max_tokens": "maxOutputTokens", "max_completion_tokens": "maxOutputTokens",
        "presence_penalty": "presencePenalty", "frequency_penalty": "frequencyPenalty",
    ]
    /// Those that stand beside it.
    private static let outer: Set<String> = ["safetySettings", "toolConfig", "cachedContent", "labels"]

    func url(_ request: Request, base: String, streams: Bool) -> String {
        let model = request.target.model
        // A slash names another collection: tunedModels/x, or a publisher's.
        let path = base + "/v1beta/" + (model.contains("/") ? model : "models/" + model)
        return path + (streams ? ":streamGenerateContent?alt=sse" : ":generateContent")
    }

    func headers(key: String) -> HTTPHeaders { ["x-goog-api-key": key] }

    func body(_ request: Request, streams: Bool) -> JSONValue {
        var body: JSONObject = [:]
        let system = request.messages.filter { $0.role == .system }.map(\.content)
        if !system.isEmpty { body["systemInstruction"] = ["parts": .array(system.map { ["text": .string($0)] })] }
        body["contents"] = .array(
            request.messages.filter { $0.role != .system }.reduce(into: []) { Self.append(&$0, $1, of: request) })
        var generation: JSONObject = [:]
        for (key, value) in request.params {
            if Self.outer.contains(key) {
                body[key] = value
            } else if key == "stop" {
                generation["stopSequences"] = value.arrayValue == nil ? [value] : value
            } else if key != "tool_choice" {
                generation[Self.words[key] ?? key] = value
            }
        }
        if let schema = request.responseSchema {
            generation["responseMimeType"] = "application/json"
            generation[OpenAPISchema.holds(schema) ? "responseSchema" : "responseJsonSchema"] = schema
        }
        if !generation.isEmpty { body["generationConfig"] = .object(generation) }
        if let tools = request.tools?.arrayValue, !tools.isEmpty { body["tools"] = .array(declarations(tools)) }
        if let choice = request.params["tool_choice"].flatMap(calling) { body["toolConfig"] = ["functionCallingConfig": choice] }
        return .object(body)
    }

    /// The results of one answer's calls are one turn, each under the name of its tool.
    private static func append(_ contents: inout [JSONValue], _ message: Message, of request: Request) {
        if let id = message.toolCallID {
            let name = request.messages.lazy.flatMap(\.toolCalls).last { $0.id == id }?.name ?? id
            let said = try? JSONValue(parsing: message.content)
            let result: JSONValue = said?.objectValue == nil ? ["result": said ?? .string(message.content)] : said ?? .null
            let part: JSONValue = ["functionResponse": ["name": .string(name), "response": result]]
            let before = contents.last?["parts"]?.arrayValue ?? []
            let isGoingOn = before.first?["functionResponse"] != nil
            if isGoingOn { contents.removeLast() }
            contents.append(["role": "user", "parts": .array((isGoingOn ? before : []) + [part])])
            return
        }
        let isSilent = message.content.isEmpty && !message.toolCalls.isEmpty
        let calls = message.toolCalls.map { call -> JSONValue in ["functionCall": ["name": .string(call.name), "args": call.argumentsObject]] }
        let parts: [JSONValue] = (isSilent ? [] : [["text": .string(message.content)]]) + calls
        contents.append(["role": message.role == .assistant ? "model" : "user", "parts": .array(parts)])
    }

    private func declarations(_ tools: [JSONValue]) -> [JSONValue] {
        let declared = tools.compactMap(DeclaredTool.init).map { tool -> JSONValue in
            var declaration: JSONObject = ["name": .string(tool.name)]
            declaration["description"] = tool.description
            if let schema = tool.parameters {
                declaration[OpenAPISchema.holds(schema) ? "parameters" : "parametersJsonSchema"] = schema
            }
            return .object(declaration)
        }
        let others = tools.filter { DeclaredTool($0) == nil }
        return (declared.isEmpty ? [] : [["functionDeclarations": .array(declared)]]) + others
    }

    private func calling(_ choice: JSONValue) -> JSONValue? {
        if let name = choice["function"]?["name"] { return ["mode": "ANY", "allowedFunctionNames": [name]] }
        return switch choice.stringValue {
        case "required": ["mode": "ANY"]
        case "none": ["mode": "NONE"]
        case "auto": ["mode": "AUTO"]
        default: nil
        }
    }

    func answer(_ body: [UInt8], to request: Request) throws(BackendError) -> ProviderAnswer {
        let json = try ProviderError.json(body)
        var assembly = Assembly()
        _ = try assembly.take(json)
        guard assembly.isComplete || json["candidates"]?.arrayValue?.isEmpty == false else {
            throw ProviderError.malformed("the answer has no candidates", body)
        }
        return assembly.answer
    }

    /// A chunk of a stream has the form of a whole answer.
    struct Assembly: AnswerAssembly {
        private var text = ""
        private var calls: [ToolCall] = []
        private var finishReason: String?
        private var model: String?
        private var usage: Usage?

        init() {}

        var isComplete: Bool { finishReason != nil }

        var answer: ProviderAnswer {
            ProviderAnswer(output: Output(text: text, toolCalls: calls, finishReason: finishReason), model: model, usage: usage)
        }

        mutating func take(_ chunk: JSONValue) throws(BackendError) -> Bool {
            if let error = chunk["error"], !error.isNull { throw ProviderError(json: chunk).backendError }
            model = chunk["modelVersion"]?.stringValue ?? model
            usage = Self.usage(chunk["usageMetadata"]) ?? usage
            // A prompt that is blocked has no candidate: that is a refusal, and no outage.
            if let reason = chunk["promptFeedback"]?["blockReason"]?.stringValue { finishReason = reason }
            guard let candidate = chunk["candidates"]?.arrayValue?.first else { return false }
            let before = (text.utf8.count, calls.count)
            for part in candidate["content"]?["parts"]?.arrayValue ?? [] where part["thought"]?.boolValue != true {
                text += part["text"]?.stringValue ?? ""
                if let call = part["functionCall"], let name = call["name"]?.stringValue {
                    calls.append(ToolCall(id: call["id"]?.stringValue, name: name, arguments: call["args"] ?? .object([:])))
                }
            }
            finishReason = candidate["finishReason"]?.stringValue ?? finishReason
            return (text.utf8.count, calls.count) != before
        }

        /// Thoughts and what tools added to the prompt are counted apart.
        private static func usage(_ counts: JSONValue?) -> Usage? {
            guard let counts, !counts.isNull else { return nil }
            let thoughts = counts["thoughtsTokenCount"]?.intValue
            let output = counts["candidatesTokenCount"]?.intValue
            return Usage(
                inputTokens: counts["promptTokenCount"]?.intValue.map { $0 + (counts["toolUsePromptTokenCount"]?.intValue ?? 0) },
                outputTokens: output == nil && thoughts == nil ? nil : (output ?? 0) + (thoughts ?? 0),
                cachedTokens: counts["cachedContentTokenCount"]?.intValue, reasoningTokens: thoughts
            ).ifKnown
        }
    }
}

/// The part of JSON Schema that Gemini's own schemas have. With any other keyword they are refused, and the schema goes
/// into a field of its own, which older models do not have.
private enum OpenAPISchema {
    private static let keywords: Set = [
        "type", "format", "title", "description", "nullable", "enum", "items", "minItems", "maxItems", "properties", "required",
        "minProperties", "maxProperties", "minLength", "maxLength", "pattern", "minimum", "maximum", "anyOf",
        "propertyOrdering", "default", "example",
    ]

    static func holds(_ schema: JSONValue) -> Bool {
        guard let schema = schema.objectValue, schema.keys.allSatisfy(keywords.contains) else { return false }
        let isOfOneType = schema["type"].map { $0.stringValue != nil } ?? true
        let isEnumOfTexts = (schema["enum"]?.arrayValue ?? []).allSatisfy { $0.stringValue != nil }
        let inner =
            (schema["properties"]?.objectValue?.members.map(\.value) ?? []) + (schema["anyOf"]?.arrayValue ?? [])
            + (schema["items"].map { [$0] } ?? [])
        return isOfOneType && isEnumOfTexts && inner.allSatisfy(holds)
    }
}
