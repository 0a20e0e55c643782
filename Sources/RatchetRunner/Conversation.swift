import RatchetCore
import RatchetJSON

/// The scripted side of a trial: the user's turns, and what the tools say that the model calls.
///
/// The model is asked at the end, and before that at every user's message that another one follows; a message of the assistant in the
/// script is history. Of what it answers everything is sent back with the next turn.
struct Conversation {
    /// How often in a row calls of tools are answered before the model has to reply.
    static let mostToolRounds = 10

    /// What is there before the model's first reply.
    let opening: [Message]
    private let turns: [[Message]]
    private let tools: JSONObject?
    private var turn = 0
    private var toolRounds = 0
    /// Every call of a tool, with its result where the script has one.
    private var calls: [ToolCall] = []
    /// What was said since the opening.
    private(set) var transcript: [Message] = []

    init(_ script: [Message], tools: JSONObject?) {
        var parts: [[Message]] = [[]]
        for (place, message) in script.enumerated() {
            parts[parts.count - 1].append(message)
            let isFollowed = place + 1 < script.count && script[place + 1].role == .user
            if message.role == .user, isFollowed { parts.append([]) }
        }
        opening = parts[0]
        turns = Array(parts.dropFirst())
        self.tools = tools
    }

    /// How often the model replies.
    var replyCount: Int { turns.count + 1 }

    /// Whether one answer may not be all.
    var mayGoOn: Bool { !turns.isEmpty || tools?.isEmpty == false }

    /// What is sent for the model's next answer.
    var messages: [Message] { opening + transcript }

    /// Takes the model's answer and adds what is said to it.
    ///
    /// - Returns: Whether the model is to be asked again. It is not after the last turn, when it calls a tool that has no scripted result
    ///   or calls too many in a row, and when it says nothing.
    mutating func goOn(after output: Output) -> Bool {
        if output.toolCalls.isEmpty {
            guard turn < turns.count, !output.text.isEmpty else { return false }
            transcript.append(Message(role: .assistant, content: output.text))
            transcript += turns[turn]
            turn += 1
            toolRounds = 0
            return true
        }
        guard toolRounds < Self.mostToolRounds, let answered = answered(output.toolCalls) else { return false }
        toolRounds += 1
        calls += answered
        transcript.append(Message(role: .assistant, content: output.text, toolCalls: answered))
        transcript += answered.map { Message(role: .tool, content: Self.text($0.result), toolCallID: $0.id) }
        return true
    }

    /// One answer for all of it: the last output, with every call of a tool, and the sums of what it took.
    func answer(_ responses: [Response]) -> Response? {
        guard var answer = responses.last, responses.count > 1 else { return responses.last }
        answer.output.toolCalls = calls + answer.output.toolCalls
        answer.transcript = transcript
        answer.usage = Self.sum(responses.map(\.usage)) { $0 + $1 }
        answer.latency = Self.sum(responses.map(\.latency), +)
        answer.timeToFirstToken = responses.first?.timeToFirstToken
        answer.cost = Self.sum(responses.map(\.cost), +)
        let contexts = responses.compactMap(\.contextIDs).flatMap(\.self)
        var seen: Set<String> = []
        if !contexts.isEmpty { answer.contextIDs = contexts.filter { seen.insert($0).inserted } }
        return answer
    }

    /// Whether these recorded messages are of this script, so far as they go.
    func isScript(of messages: [Message], opening count: Int?) -> Bool {
        let recorded = messages.filter { $0.role == .user }
        let written = (opening + turns.flatMap(\.self)).filter { $0.role == .user }
        // What the tools said then is not known to be what they say now.
        let usesTools = messages.dropFirst(count ?? messages.count).contains { $0.role == .tool }
        return Array(messages.prefix(count ?? messages.count)) == opening && written.starts(with: recorded) && !usesTools
    }

    // MARK: Scripted tools

    /// The calls with an id each and their results; `nil` when one has none.
    private func answered(_ called: [ToolCall]) -> [ToolCall]? {
        var answered: [ToolCall] = []
        for var call in called {
            guard let script = tools?[call.name], let result = Self.result(of: call, in: script) else { return nil }
            call.id = call.id ?? "call_\(calls.count + answered.count + 1)"
            call.result = result
            answered.append(call)
        }
        return answered
    }

    /// A result as it is, `{"result": …}`, or a list of `{"arguments": {…}, "result": …}`, of which the first counts whose arguments are
    /// all in the call.
    private static func result(of call: ToolCall, in script: JSONValue) -> JSONValue? {
        if let entries = script.arrayValue, !entries.isEmpty, entries.allSatisfy(isEntry) {
            return entries.first { isMatch($0["arguments"], call) }?["result"]
        }
        guard isEntry(script) else { return script }
        return isMatch(script["arguments"], call) ? script["result"] : nil
    }

    private static func isEntry(_ value: JSONValue) -> Bool {
        guard let object = value.objectValue, object["result"] != nil else { return false }
        return object.keys.allSatisfy { $0 == "result" || $0 == "arguments" }
    }

    private static func isMatch(_ wanted: JSONValue?, _ call: ToolCall) -> Bool {
        guard let wanted else { return true }
        guard let members = wanted.objectValue else { return wanted == call.arguments }
        return members.members.allSatisfy { call.arguments[$0.key] == $0.value }
    }

    private static func text(_ result: JSONValue?) -> String {
        result.map { $0.stringValue ?? $0.serialized(.compact) } ?? ""
    }

    /// `nil` when a part is not known: a sum without it would be too small.
    private static func sum<Value>(_ values: [Value?], _ add: (Value, Value) -> Value) -> Value? {
        let known = values.compactMap(\.self)
        guard known.count == values.count, let first = known.first else { return nil }
        return known.dropFirst().reduce(first, add)
    }
}

extension Usage {
    static func + (left: Usage, right: Usage) -> Usage {
        func sum(_ part: KeyPath<Usage, Int?>) -> Int? {
            left[keyPath: part] == nil && right[keyPath: part] == nil ? nil : (left[keyPath: part] ?? 0) + (right[keyPath: part] ?? 0)
        }
        return Usage(
            inputTokens: sum(\.inputTokens), outputTokens: sum(\.outputTokens), cachedTokens: sum(\.cachedTokens),
            cacheWriteTokens: sum(\.cacheWriteTokens), reasoningTokens: sum(\.reasoningTokens))
    }
}
