import RatchetCore
import RatchetJSON

/// Anthropic's Messages API, version 2023-06-01.
struct AnthropicMessages: ProviderDialect {
    /// What the API wants to be told and chat completions do not.
    static let standardMaximumTokens = 4096
    /// The tool that a structured answer comes in: the API's way to a schema.
    private static let answerTool = "answer"
    /// Parameters of chat completions that the API has other words for, or none.
    private static let renamed = ["max_tokens", "max_completion_tokens", "stop", "tool_choice", "seed"]

    func url(_ request: Request, base: String, streams: Bool) -> String { base + "/v1/messages" }
    func headers(key: String) -> HTTPHeaders { ["x-api-key": key] }
    var fixedHeaders: HTTPHeaders { ["anthropic-version": "2023-06-01"] }

    func body(_ request: Request, streams: Bool) -> JSONValue {
        let params = request.params
        var body: JSONObject = [
            "model": .string(request.target.model),
            "max_tokens": params["max_tokens"] ?? params["max_completion_tokens"] ?? .int(Self.standardMaximumTokens),
        ]
        let system = request.messages.filter { $0.role == .system }.map(\.content)
        if !system.isEmpty { body["system"] = .string(system.joined(separator: "\n\n")) }
        body["messages"] = .array(request.messages.filter { $0.role != .system }.reduce(into: [], Self.append))
        for (key, value) in params where !Self.renamed.contains(key) { body[key] = value }
        if let stop = params["stop"] { body["stop_sequences"] = stop.arrayValue == nil ? [stop] : stop }
        var tools = (request.tools?.arrayValue ?? []).map(tool)
        if let schema = request.responseSchema {
            tools.append(["name": .string(Self.answerTool), "description": "Gives the answer.", "input_schema": schema])
            body["tool_choice"] = thinks(params) ? ["type": "auto"] : ["type": "tool", "name": .string(Self.answerTool)]
        } else if let choice = params["tool_choice"] {
            body["tool_choice"] = toolChoice(choice)
        }
        if !tools.isEmpty { body["tools"] = .array(tools) }
        if streams { body["stream"] = true }
        return .object(body)
    }

    /// With thinking, the API refuses to be forced to a tool: the model is only offered it.
    private func thinks(_ params: JSONObject) -> Bool {
        params["thinking"]?["type"]?.stringValue.map { $0 != "disabled" } ?? false
    }

    /// What tools have said is one turn of the user's here.
    private static func append(_ messages: inout [JSONValue], _ message: Message) {
        if let id = message.toolCallID {
            let result: JSONValue = ["type": "tool_result", "tool_use_id": .string(id), "content": .string(message.content)]
            let before = messages.last?["content"]?.arrayValue ?? []
            if before.first?["type"] == "tool_result" { messages.removeLast() }
            let results = before.first?["type"] == "tool_result" ? before + [result] : [result]
            messages.append(["role": "user", "content": .array(results)])
        } else if message.toolCalls.isEmpty {
            messages.append(["role": message.role == .assistant ? "assistant" : "user", "content": .string(message.content)])
        } else {
            let text: [JSONValue] = message.content.isEmpty ? [] : [["type": "text", "text": .string(message.content)]]
            let calls = message.toolCalls.map { call -> JSONValue in
                ["type": "tool_use", "id": .optional(call.id), "name": .string(call.name), "input": call.argumentsObject]
            }
            messages.append(["role": "assistant", "content": .array(text + calls)])
        }
    }

    private func tool(_ json: JSONValue) -> JSONValue {
        guard let declared = DeclaredTool(json) else { return json }
        var tool: JSONObject = ["name": .string(declared.name)]
        tool["description"] = declared.description
        tool["input_schema"] = declared.parameters ?? ["type": "object"]
        return .object(tool)
    }

    private func toolChoice(_ choice: JSONValue) -> JSONValue {
        switch choice.stringValue {
        case "required": ["type": "any"]
        case let word?: ["type": .string(word)]
        case nil: choice["function"]?["name"].map { ["type": "tool", "name": $0] } ?? choice
        }
    }

    func answer(_ body: [UInt8], to request: Request) throws(BackendError) -> ProviderAnswer {
        let json = try ProviderError.json(body)
        guard let blocks = json["content"]?.arrayValue else { throw ProviderError.malformed("the answer has no content", body) }
        var assembly = Assembly()
        for (place, block) in blocks.enumerated() { assembly.begin(block, at: place) }
        assembly.end(json)
        return finished(assembly.answer, to: request)
    }

    /// A structured answer is the input of its tool. One that was cut off is shown as far as it came, and is no JSON.
    func finished(_ answer: ProviderAnswer, to request: Request) -> ProviderAnswer {
        guard request.responseSchema != nil, let call = answer.output.toolCalls.first(where: { $0.name == Self.answerTool }) else {
            return answer
        }
        var answer = answer
        answer.output.text = call.arguments.stringValue ?? call.arguments.serialized(.compact)
        answer.output.toolCalls.removeAll { $0.name == Self.answerTool }
        // The call was our way to ask, and nothing that a check should find: the model has said what it had to say.
        if answer.output.finishReason == "tool_use", answer.output.toolCalls.isEmpty { answer.output.finishReason = "end_turn" }
        return answer
    }

    struct Assembly: AnswerAssembly {
        private enum Block {
            case text(String)
            case tool(PartialToolCall)
        }

        private var blocks: [Int: Block] = [:]
        private var stopReason: String?
        private var explanation: String?
        private var model: String?
        private var counts = JSONObject()

        init() {}

        /// The reason comes with the last counts; what follows says nothing more.
        var isComplete: Bool { stopReason != nil }

        var answer: ProviderAnswer {
            let ordered = blocks.sorted { $0.key < $1.key }.map(\.value)
            let text = ordered.map { block in if case .text(let text) = block { text } else { "" } }.joined()
            let calls = ordered.compactMap { block -> ToolCall? in if case .tool(let call) = block { call.toolCall } else { nil } }
            // A refusal often says nothing but why.
            let shown = text.isEmpty && stopReason == "refusal" ? explanation ?? "" : text
            return ProviderAnswer(
                output: Output(text: shown, toolCalls: calls, finishReason: stopReason), model: model, usage: usage)
        }

        /// Their input leaves out what the prompt cache gave or took.
        private var usage: Usage? {
            let read = counts["cache_read_input_tokens"]?.intValue
            let written = counts["cache_creation_input_tokens"]?.intValue
            return Usage(
                inputTokens: counts["input_tokens"]?.intValue.map { $0 + (read ?? 0) + (written ?? 0) },
                outputTokens: counts["output_tokens"]?.intValue, cachedTokens: read, cacheWriteTokens: written,
                reasoningTokens: counts["output_tokens_details"]?["thinking_tokens"]?.intValue
            ).ifKnown
        }

        mutating func take(_ event: JSONValue) throws(BackendError) -> Bool {
            switch event["type"]?.stringValue {
            case "error": throw ProviderError(json: event).backendError
            case "message_start": count(event["message"] ?? .null)
            case "content_block_start":
                guard let index = event["index"]?.intValue, let block = event["content_block"] else { return false }
                return begin(block, at: index)
            case "content_block_delta":
                guard let index = event["index"]?.intValue, let delta = event["delta"] else { return false }
                return add(delta, at: index)
            case "message_delta":
                end(event["delta"] ?? .null)
                count(event)
            default: break
            }
            return false
        }

        /// - Returns: Whether it holds something to show.
        @discardableResult
        mutating func begin(_ block: JSONValue, at index: Int) -> Bool {
            switch block["type"]?.stringValue {
            case "text":
                let text = block["text"]?.stringValue ?? ""
                blocks[index] = .text(text)
                return !text.isEmpty
            case "tool_use", "server_tool_use":
                let input = block["input"].flatMap { $0.objectValue?.isEmpty == false ? $0.serialized(.compact) : nil }
                blocks[index] = .tool(
                    PartialToolCall(
                        id: block["id"]?.stringValue, name: block["name"]?.stringValue ?? "", arguments: input ?? ""))
                return true
            default: return false
            }
        }

        private mutating func add(_ delta: JSONValue, at index: Int) -> Bool {
            switch (delta["type"]?.stringValue, blocks[index]) {
            case ("text_delta", .text(let text)):
                let piece = delta["text"]?.stringValue ?? ""
                blocks[index] = .text(text + piece)
                return !piece.isEmpty
            case ("input_json_delta", .tool(var call)):
                call.arguments += delta["partial_json"]?.stringValue ?? ""
                blocks[index] = .tool(call)
                return true
            default: return false
            }
        }

        /// Takes in what a message says at its end.
        mutating func end(_ message: JSONValue) {
            stopReason = message["stop_reason"]?.stringValue ?? stopReason
            explanation = message["stop_details"]?["explanation"]?.stringValue ?? explanation
            count(message)
        }

        /// Later counts replace earlier ones: they are sums.
        private mutating func count(_ message: JSONValue) {
            model = message["model"]?.stringValue ?? model
            for (key, value) in message["usage"]?.objectValue?.members ?? [] where !value.isNull { counts[key] = value }
        }
    }
}
