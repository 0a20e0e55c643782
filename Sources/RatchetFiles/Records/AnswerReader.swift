import RatchetCore
import RatchetJSON

/// The keys that recordings and request logs share: what a model answered, and what it took.
enum AnswerReader {
    private static let usageKeys = ["input_tokens", "output_tokens", "cached_tokens", "cache_write_tokens", "reasoning_tokens"]
    static let keys = ["output", "tool_calls", "finish_reason", "usage", "latency_ms", "ttft_ms", "transcript"]

    static func response(_ reader: ObjectReader, model: String?) -> Response {
        var response = Response(
            output: Output(
                text: reader.string("output") ?? "", toolCalls: toolCalls(reader),
                finishReason: reader.text("finish_reason")),
            model: model, usage: usage(reader), latency: reader.number("latency_ms", in: 0...1e12),
            timeToFirstToken: reader.number("ttft_ms", in: 0...1e12))
        response.transcript = transcript(reader)
        return response
    }

    private static func transcript(_ reader: ObjectReader) -> [Message] {
        guard let list = reader.list("transcript") else { return [] }
        return list.enumerated().compactMap { index, value in
            if let message = Message(json: value) { return message }
            reader.problems.error(
                "this is no message", at: reader.place("transcript").appending(index),
                help: "for example {\"role\": \"user\", \"content\": \"text\"}")
            return nil
        }
    }

    static func toolCalls(_ reader: ObjectReader) -> [ToolCall] {
        guard let list = reader.list("tool_calls") else { return [] }
        return list.enumerated().compactMap { index, value in
            if let call = ToolCall(json: value) { return call }
            reader.problems.error(
                "a tool call needs a \"name\"", at: reader.place("tool_calls").appending(index),
                help: "for example {\"name\": \"search\", \"arguments\": {}}")
            return nil
        }
    }

    /// A count that is not there is unknown, not 0.
    static func usage(_ reader: ObjectReader) -> Usage? {
        guard let usage = reader.nested("usage", as: "usage", keys: usageKeys) else { return nil }
        let counts = Usage(
            inputTokens: usage.integer("input_tokens", in: 0...Int.max),
            outputTokens: usage.integer("output_tokens", in: 0...Int.max),
            cachedTokens: usage.integer("cached_tokens", in: 0...Int.max),
            cacheWriteTokens: usage.integer("cache_write_tokens", in: 0...Int.max),
            reasoningTokens: usage.integer("reasoning_tokens", in: 0...Int.max))
        return counts.ifKnown
    }

    /// The same keys, written; what is unknown is left out.
    static func append(_ response: Response, to object: inout JSONObject) {
        object["output"] = .string(response.output.text)
        if !response.output.toolCalls.isEmpty { object["tool_calls"] = .array(response.output.toolCalls.map(\.json)) }
        object["finish_reason"] = response.output.finishReason.map { .string($0) }
        if let usage = response.usage {
            var counts = JSONObject()
            counts["input_tokens"] = usage.inputTokens.map { .int($0) }
            counts["output_tokens"] = usage.outputTokens.map { .int($0) }
            counts["cached_tokens"] = usage.cachedTokens.map { .int($0) }
            counts["cache_write_tokens"] = usage.cacheWriteTokens.map { .int($0) }
            counts["reasoning_tokens"] = usage.reasoningTokens.map { .int($0) }
            if !counts.isEmpty { object["usage"] = .object(counts) }
        }
        object["latency_ms"] = response.latency.map { .double($0) }
        if !response.transcript.isEmpty { object["transcript"] = .array(response.transcript.map(\.json)) }
        object["ttft_ms"] = response.timeToFirstToken.map { .double($0) }
    }
}
