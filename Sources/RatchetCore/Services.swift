import RatchetJSON

/// The user's own application or pipeline, as a program.
package struct CommandService: Hashable, Sendable {
    package enum Mode: String, CaseIterable, Sendable {
        /// One long-lived child that speaks JSON lines.
        case lines
        /// One process a request.
        case process
    }

    /// The program and its arguments; a program with a slash is relative to the project.
    package var run: [String]
    package var mode: Mode
    /// Names of environment variables that the program sees, beside those that every program needs.
    package var environment: [String]
    /// Its working directory, relative to the project.
    package var folder: String?

    package init(run: [String], mode: Mode = .lines, environment: [String] = [], folder: String? = nil) {
        self.run = run
        self.mode = mode
        self.environment = environment
        self.folder = folder
    }

    /// What tells one program from another.
    package var identity: String { JSONValue.array(run.map { .string($0) } + [.optional(folder)]).serialized(.compact) }
}

/// Any service that takes JSON and answers with JSON.
package struct HTTPService: Hashable, Sendable {
    /// What is taken of an answer.
    package enum Part: String, CaseIterable, Sendable {
        case output, error, model
        case toolCalls = "tool_calls"
        case finishReason = "finish_reason"
        case inputTokens = "input_tokens"
        case outputTokens = "output_tokens"
        case costUSD = "cost_usd"
        case contexts
    }

    package var url: String
    package var method: String
    /// JSON whose strings are Mustache templates.
    package var body: JSONValue
    /// By part, the JSONPath to it.
    package var paths: [Part: String]
    /// The header that the key is sent in, and what stands before it.
    package var keyHeader: String
    package var keyPrefix: String

    package init(
        url: String, method: String = "POST", body: JSONValue, paths: [Part: String], keyHeader: String = "Authorization",
        keyPrefix: String = "Bearer "
    ) {
        self.url = url
        self.method = method
        self.body = body
        self.paths = paths
        self.keyHeader = keyHeader
        self.keyPrefix = keyPrefix
    }

    /// What tells one service from another.
    package var identity: String {
        let paths = JSONObject(paths.map { ($0.key.rawValue, JSONValue.string($0.value)) }.sorted { $0.0 < $1.0 })
        return JSONValue.array([.string(url), .string(method), body, .object(paths)]).serialized(.canonical)
    }
}
