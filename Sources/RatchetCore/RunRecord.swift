import RatchetJSON

/// A run as a whole: one execution of suites against targets.
package struct RunHeader: Hashable, Sendable, Codable {
    package enum State: String, Hashable, Sendable, Codable {
        case running
        case interrupted
        case finished
    }

    package var id: String
    /// Seconds since 1970.
    package var started: Double
    package var finished: Double?
    package var state: State
    /// The program's version.
    package var version: String
    package var commit: String?
    /// What the command asked for; an interrupted run with the same key is resumed.
    package var planKey: String
    package var seed: UInt64
    /// Whether flags deselected examples.
    package var isPartial: Bool
    /// The run whose answers this one judges anew.
    package var parent: String?
    /// The whole that this run is a shard of.
    package var shard: ShardDescription?
    package var suites: [RunSuite]

    package init(
        id: String, started: Double, finished: Double? = nil, state: State = .running, version: String, commit: String?,
        planKey: String, seed: UInt64, isPartial: Bool, parent: String? = nil, shard: ShardDescription? = nil, suites: [RunSuite]
    ) {
        self.id = id
        self.started = started
        self.finished = finished
        self.state = state
        self.version = version
        self.commit = commit
        self.planKey = planKey
        self.seed = seed
        self.isPartial = isPartial
        self.parent = parent
        self.shard = shard
        self.suites = suites
    }
}

/// One suite's part of a run: what was run, on which target, with which prompt.
package struct RunSuite: Hashable, Sendable, Codable {
    package var suite: String
    package var target: String
    package var prompt: String?
    package var promptHash: String?
    package var paramsHash: String
    /// Planned trials an example.
    package var trials: Int
    package var exampleCount: Int
    /// Whether the backend gives the same answer to the same request at no cost.
    package var isDeterministic: Bool

    package init(
        suite: String, target: String, prompt: String?, promptHash: String?, paramsHash: String, trials: Int,
        exampleCount: Int, isDeterministic: Bool
    ) {
        self.suite = suite
        self.target = target
        self.prompt = prompt
        self.promptHash = promptHash
        self.paramsHash = paramsHash
        self.trials = trials
        self.exampleCount = exampleCount
        self.isDeterministic = isDeterministic
    }
}

/// One request of the log: a trial's generation, a judge's call, and later production traffic alike.
package struct RequestRecord: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable { case trial, judge }

    package var kind: Kind
    /// Anonymous: random for a generation, kept by answers from the cache.
    package var traceID: String
    /// Seconds since 1970.
    package var time: Double
    package var fingerprint: String
    /// See `Request.contentFingerprint`: the key of a recorded judge call.
    package var contentFingerprint: String
    package var prompt: String?
    package var promptHash: String?
    package var target: String
    /// The model as the backend named it.
    package var answeringModel: String?
    package var params: JSONObject
    /// All that was said before the output.
    package var messages: [Message]
    /// Of a conversation: how many of the messages were there before the model's first reply.
    package var opening: Int?
    package var contextIDs: [String]
    package var toolCalls: [ToolCall]
    /// `nil` when there was no answer.
    package var output: String?
    package var finishReason: String?
    package var usage: Usage?
    /// Milliseconds.
    package var latency: Double?
    package var timeToFirstToken: Double?
    /// US dollars.
    package var cost: Double?
    package var feedback: JSONValue?
    package var isCached: Bool
    package var attempts: [Attempt]
    /// Why there is no answer.
    package var error: String?

    package init(
        exchange: Exchange, kind: Kind, prompt: String? = nil, promptHash: String? = nil, contextIDs: [String] = []
    ) {
        self.kind = kind
        traceID = exchange.traceID
        time = exchange.time
        fingerprint = exchange.fingerprint
        contentFingerprint = exchange.contentFingerprint
        self.prompt = prompt
        self.promptHash = promptHash
        target = exchange.request.target.description
        params = exchange.request.params
        messages = exchange.request.messages
        opening = nil
        self.contextIDs = contextIDs
        isCached = exchange.isCached
        attempts = exchange.attempts
        feedback = nil
        switch exchange.result {
        case .success(let response):
            answeringModel = response.model
            toolCalls = response.output.toolCalls
            output = response.output.text
            finishReason = response.output.finishReason
            usage = response.usage
            latency = response.latency
            timeToFirstToken = response.timeToFirstToken
            cost = response.cost
            self.contextIDs = response.contextIDs ?? contextIDs
            if !response.transcript.isEmpty {
                opening = messages.count
                messages += response.transcript
            }
        case .failure(let problem):
            toolCalls = []
            error = problem.message
        }
    }

    package init(
        kind: Kind, traceID: String, time: Double, fingerprint: String, contentFingerprint: String, prompt: String?,
        promptHash: String?, target: String, answeringModel: String?, params: JSONObject, messages: [Message],
        opening: Int? = nil, contextIDs: [String], toolCalls: [ToolCall], output: String?, finishReason: String?, usage: Usage?, latency: Double?,
        timeToFirstToken: Double?, cost: Double?, feedback: JSONValue?, isCached: Bool, attempts: [Attempt], error: String?
    ) {
        self.kind = kind
        self.traceID = traceID
        self.time = time
        self.fingerprint = fingerprint
        self.contentFingerprint = contentFingerprint
        self.prompt = prompt
        self.promptHash = promptHash
        self.target = target
        self.answeringModel = answeringModel
        self.params = params
        self.messages = messages
        self.opening = opening
        self.contextIDs = contextIDs
        self.toolCalls = toolCalls
        self.output = output
        self.finishReason = finishReason
        self.usage = usage
        self.latency = latency
        self.timeToFirstToken = timeToFirstToken
        self.cost = cost
        self.feedback = feedback
        self.isCached = isCached
        self.attempts = attempts
        self.error = error
    }
}

extension RequestRecord {
    /// The answer again; `nil` when there was none.
    package var response: Response? {
        guard let output else { return nil }
        var response = Response(
            output: Output(text: output, toolCalls: toolCalls, finishReason: finishReason), model: answeringModel,
            usage: usage, latency: latency, timeToFirstToken: timeToFirstToken, cost: cost)
        if let opening { response.transcript = Array(messages.dropFirst(opening)) }
        return response
    }
}

/// How many calls an account took at once from a moment on, and why that changed.
package struct ConcurrencyChange: Hashable, Codable, Sendable {
    /// The backend that the account was first used by.
    package var account: String
    /// Seconds since 1970.
    package var time: Double
    package var from: Int
    package var to: Int
    /// `growth`, `saturated`, `rate_limit`, `outage` or `recovered`.
    package var reason: String

    package init(account: String, time: Double, from: Int, to: Int, reason: String) {
        self.account = account
        self.time = time
        self.from = from
        self.to = to
        self.reason = reason
    }
}

/// A finished trial as it is recorded: the request, what the checks said, and the judges' requests.
package struct TrialRecord: Sendable {
    package var key: TrialKey
    package var state: TrialState
    package var exampleHash: String
    package var request: RequestRecord
    package var checks: [CheckResult]
    package var judgeRequests: [RequestRecord]
    /// Seconds since 1970 at which it was finished.
    package var finished: Double

    package init(
        key: TrialKey, state: TrialState, exampleHash: String, request: RequestRecord, checks: [CheckResult],
        judgeRequests: [RequestRecord], finished: Double
    ) {
        self.key = key
        self.state = state
        self.exampleHash = exampleHash
        self.request = request
        self.checks = checks
        self.judgeRequests = judgeRequests
        self.finished = finished
    }

    package var outcome: TrialOutcome {
        let gating = checks.filter(\.gating).map { ($0.name, $0.state) }
        return TrialOutcome(
            key: key, result: .state(state), checks: Dictionary(gating, uniquingKeysWith: { first, _ in first }),
            score: MeanScore(checks).value)
    }
}
