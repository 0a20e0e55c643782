import RatchetCore
import RatchetJSON
import Synchronization

/// An answer that is put together of a stream's events, in the dialect of one provider.
protocol AnswerAssembly: Sendable {
    init()
    /// Takes in one event.
    ///
    /// - Returns: Whether it brought a piece of text or of a tool call.
    /// - Throws: The error that the event carries.
    mutating func take(_ event: JSONValue) throws(BackendError) -> Bool
    /// Whether the answer was said to be at its end.
    var isComplete: Bool { get }
    var answer: ProviderAnswer { get }
}

/// What a provider answered.
struct ProviderAnswer: Sendable {
    var output: Output
    var model: String?
    var usage: Usage?
}

/// An event stream as it arrives on the transport's thread.
final class AnswerStream<Assembly: AnswerAssembly>: Sendable {
    private struct State {
        var parser = ServerSentEventParser()
        var assembly = Assembly()
        var firstToken: ContinuousClock.Instant?
        var isDone = false
        var problem: BackendError?
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
    func answer() throws(BackendError) -> ProviderAnswer {
        let state = state.withLock { $0 }
        if let problem = state.problem { throw problem }
        guard state.isDone || state.assembly.isComplete else {
            throw BackendError(.transport, "the stream ended before the answer did", isRetryable: true)
        }
        return state.assembly.answer
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
        guard let event = try? JSONValue(parsing: data, options: .lenient) else {
            state.problem = ProviderError.malformed("the stream holds something that is not JSON", Array(data.utf8))
            return
        }
        do throws(BackendError) {
            if try state.assembly.take(event), state.firstToken == nil { state.firstToken = .now }
        } catch {
            state.problem = error
        }
    }
}

/// A tool call of which the arguments come in pieces.
struct PartialToolCall: Sendable {
    var id: String?
    var name = ""
    var arguments = ""

    var toolCall: ToolCall? {
        ToolCall(json: [
            "id": .optional(id), "name": .string(name), "arguments": .string(arguments.isEmpty ? "{}" : arguments),
        ])
    }
}
