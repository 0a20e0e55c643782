import RatchetJSON

/// What a model returned.
package struct Output: Hashable, Sendable {
    package var text: String
    package var toolCalls: [ToolCall]
    /// The provider's word for why it stopped: `stop`, `length`, `tool_calls`, …
    package var finishReason: String?

    package init(text: String, toolCalls: [ToolCall] = [], finishReason: String? = nil) {
        self.text = text
        self.toolCalls = toolCalls
        self.finishReason = finishReason
    }
}

/// A call the model asked for, and its result where one was given.
package struct ToolCall: Hashable, Sendable {
    package var id: String?
    package var name: String
    /// The arguments as JSON where they parse, else the text as a string.
    package var arguments: JSONValue
    package var result: JSONValue?

    package init(id: String?, name: String, arguments: JSONValue, result: JSONValue? = nil) {
        self.id = id
        self.name = name
        self.arguments = arguments
        self.result = result
    }

    package var json: JSONValue {
        var object: JSONObject = ["name": .string(name), "arguments": arguments]
        object["id"] = id.map { .string($0) }
        object["result"] = result
        return .object(object)
    }

    /// Reads what `json` writes, and the shape that chat completion APIs use (`{"function":{"name","arguments"}}`).
    package init?(json: JSONValue) {
        let function = json["function"] ?? json
        guard let name = function["name"]?.stringValue else { return nil }
        var arguments = function["arguments"] ?? .object([:])
        if let text = arguments.stringValue, let parsed = try? JSONValue(parsing: text) { arguments = parsed }
        self.init(id: json["id"]?.stringValue, name: name, arguments: arguments, result: json["result"])
    }
}

/// Tokens of one call; a count that the backend did not report is `nil`, never 0.
///
/// Providers count differently: OpenAI's input includes cached tokens and Anthropic's does not, Gemini's output leaves
/// reasoning out. Here the whole is always the whole, and the parts are parts of it; each backend sees to that.
package struct Usage: Hashable, Sendable {
    /// All tokens of the input, those that were read from or written to a prompt cache included.
    package var inputTokens: Int?
    /// All tokens of the output, reasoning included.
    package var outputTokens: Int?
    /// Those of the input that were read from the provider's prompt cache.
    package var cachedTokens: Int?
    /// Those of the input that were written to the provider's prompt cache.
    package var cacheWriteTokens: Int?
    /// Those of the output that nobody sees.
    package var reasoningTokens: Int?

    package init(
        inputTokens: Int?, outputTokens: Int?, cachedTokens: Int? = nil, cacheWriteTokens: Int? = nil, reasoningTokens: Int? = nil
    ) {
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.cachedTokens = cachedTokens
        self.cacheWriteTokens = cacheWriteTokens
        self.reasoningTokens = reasoningTokens
    }

    package var totalTokens: Int? { inputTokens.map { $0 + (outputTokens ?? 0) } }

    /// The usage, unless nothing was counted at all.
    package var ifKnown: Usage? { inputTokens == nil && outputTokens == nil ? nil : self }
}

/// A usable answer to one request.
package struct Response: Hashable, Sendable {
    package var output: Output
    /// The model as the backend named it in its answer.
    package var model: String?
    package var usage: Usage?
    /// Milliseconds of the attempt that answered; waiting in queues and before retries is not in it.
    package var latency: Double?
    /// Milliseconds to the first token, when the answer was streamed.
    package var timeToFirstToken: Double?
    /// US dollars; `nil` for a model without a known price.
    package var cost: Double?
    /// The ids of the documents that a pipeline found for its answer; `nil` where it does not say.
    package var contextIDs: [String]?
    /// What came between the request's messages and the output, in a conversation: the model's earlier replies, its tool calls with their
    /// scripted results, and the user's further turns. Empty for a single answer.
    package var transcript: [Message] = []
    /// Seconds that the provider has nothing left for us, by what it said beside its answer.
    package var pause: Double?

    package init(
        output: Output, model: String? = nil, usage: Usage? = nil, latency: Double? = nil, timeToFirstToken: Double? = nil,
        cost: Double? = nil
    ) {
        self.output = output
        self.model = model
        self.usage = usage
        self.latency = latency
        self.timeToFirstToken = timeToFirstToken
        self.cost = cost
    }
}

extension Response {
    /// What the model said at each of its turns, the output last; calls of tools on the way to a reply are none.
    package var replies: [String] {
        transcript.filter { $0.role == .assistant && $0.toolCalls.isEmpty }.map(\.content) + [output.text]
    }
}

/// One try at a request, as the record keeps it.
package struct Attempt: Hashable, Sendable, Codable {
    /// The HTTP status, where there was one.
    package var status: Int?
    /// Milliseconds.
    package var duration: Double
    /// Milliseconds waited before this attempt.
    package var waited: Double
    /// Why it was no answer; `nil` for the one that was.
    package var problem: String?

    package init(status: Int?, duration: Double, waited: Double, problem: String?) {
        self.status = status
        self.duration = duration
        self.waited = waited
        self.problem = problem
    }
}

/// A backend's refusal or failure, in words for a person.
package struct BackendError: Error, Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        /// No connection, a reset, a time limit, a cut-off body.
        case transport
        /// An HTTP status that says no.
        case status
        /// An answer that is not of the promised form.
        case malformed
        /// A key is missing or was refused.
        case credentials
        /// A recording holds no trial with this number: not an error of the backend.
        case noFurtherRecording
        case cancelled
    }

    package var kind: Kind
    package var status: Int?
    package var message: String
    package var isRetryable: Bool
    /// Seconds the server asked us to wait.
    package var retryAfter: Double?

    package init(_ kind: Kind, status: Int? = nil, _ message: String, isRetryable: Bool = false, retryAfter: Double? = nil) {
        self.kind = kind
        self.status = status
        self.message = message
        self.isRetryable = isRetryable
        self.retryAfter = retryAfter
    }
}

/// What a request came to, with all its attempts.
package struct Exchange: Sendable {
    package var request: Request
    package var fingerprint: String
    /// `Request.contentFingerprint`, taken once.
    package var contentFingerprint: String
    package var result: Result<Response, BackendError>
    package var attempts: [Attempt]
    /// The anonymised id of the generation: a cached answer keeps the id of the call that made it.
    package var traceID: String
    package var isCached: Bool
    /// When the answer was generated, in seconds since 1970.
    package var time: Double

    package init(
        request: Request, fingerprint: String, contentFingerprint: String? = nil, result: Result<Response, BackendError>,
        attempts: [Attempt], traceID: String, isCached: Bool, time: Double
    ) {
        self.request = request
        self.fingerprint = fingerprint
        self.contentFingerprint = contentFingerprint ?? request.contentFingerprint
        self.result = result
        self.attempts = attempts
        self.traceID = traceID
        self.isCached = isCached
        self.time = time
    }
}

/// The one way to a model, for trials and judges alike: cache, limits, retries and accounting lie behind it.
package protocol ModelCaller: Sendable {
    func call(_ request: Request) async -> Exchange
}
