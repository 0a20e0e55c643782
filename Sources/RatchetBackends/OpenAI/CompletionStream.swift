import RatchetCore
import RatchetJSON
import Synchronization

/// A chat completion that comes as an event stream, put together as it arrives on the transport's thread.
final class CompletionStream: Sendable {
    private struct State {
        var parser = ServerSentEventParser()
        var text = ""
        var refusal = ""
        var toolCalls: [Int: PartialToolCall] = [:]
        var finishReason: String?
        var model: String?
        var usage: Usage?
        var firstToken: ContinuousClock.Instant?
        var isDone = false
        var problem: BackendError?
    }

    private struct PartialToolCall {
        var id: String?
        var name = ""
        var arguments = ""
    }

    private let state = Mutex(State())

    func feed(_ bytes: ArraySlice<UInt8>) {
        state.withLock { state in
            for event in state.parser.feed(bytes) { Self.take(event.data, into: &state) }
        }
    }

    /// The whole answer, once the response has ended.
    ///
    /// - Throws: The error that the stream carried, or that it was cut off.
    func answer() throws(BackendError) -> CompletionAnswer {
        let state = state.withLock { $0 }
        if let problem = state.problem { throw problem }
        guard state.isDone || state.finishReason != nil else {
            throw BackendError(.transport, "the stream ended before the answer did", isRetryable: true)
        }
        let calls = state.toolCalls.sorted { $0.key < $1.key }.compactMap { _, call in
            ToolCall(json: [
                "id": .optional(call.id), "name": .string(call.name),
                "arguments": .string(call.arguments.isEmpty ? "{}" : call.arguments),
            ])
        }
        return CompletionAnswer(
            output: Output(
                text: state.text.isEmpty ? state.refusal : state.text, toolCalls: calls, finishReason: state.finishReason),
            model: state.model, usage: state.usage)
    }

    /// From the start of the attempt to the first piece of text or of a tool call.
    func firstToken(since started: ContinuousClock.Instant) -> Duration? {
        state.withLock { $0.firstToken }.map { started.duration(to: $0) }
    }

    private static func take(_ data: String, into state: inout State) {
        guard state.problem == nil, !state.isDone else { return }
        if data == "[DONE]" {
            state.isDone = true
            return
        }
        guard let chunk = try? JSONValue(parsing: data, options: .lenient) else {
            state.problem = BackendError(
                .malformed, "the stream holds something that is not JSON: \(CompletionError.excerpt(Array(data.utf8)))")
            return
        }
        if let error = chunk["error"], !error.isNull {
            state.problem = CompletionError(json: chunk).backendError
            return
        }
        state.model = chunk["model"]?.stringValue ?? state.model
        state.usage = CompletionAnswer.usage(chunk["usage"]) ?? state.usage
        guard let choice = chunk["choices"]?.arrayValue?.first(where: { ($0["index"]?.intValue ?? 0) == 0 }) else { return }
        if let delta = choice["delta"] { take(delta: delta, into: &state) }
        state.finishReason = choice["finish_reason"]?.stringValue ?? state.finishReason
    }

    private static func take(delta: JSONValue, into state: inout State) {
        let text = CompletionAnswer.text(delta["content"]) ?? ""
        let refusal = delta["refusal"]?.stringValue ?? ""
        let calls = delta["tool_calls"]?.arrayValue ?? []
        if state.firstToken == nil, !text.isEmpty || !refusal.isEmpty || !calls.isEmpty { state.firstToken = .now }
        state.text += text
        state.refusal += refusal
        for (place, call) in calls.enumerated() {
            let index = call["index"]?.intValue ?? place
            var partial = state.toolCalls[index] ?? PartialToolCall()
            partial.id = call["id"]?.stringValue ?? partial.id
            partial.name += call["function"]?["name"]?.stringValue ?? ""
            partial.arguments += call["function"]?["arguments"]?.stringValue ?? ""
            state.toolCalls[index] = partial
        }
    }
}
