import RatchetCore
import RatchetJSON
import RatchetStore

/// Where the answers of trials come from: the model under test, or a run that is recorded.
package protocol AnswerSource: Sendable {
    /// - Throws: `StoreError` when what is recorded cannot be read.
    func answer(_ key: TrialKey, of planned: PlannedExample, in suite: PlannedSuite) async throws -> TrialAnswer
    /// Whether the answer is at hand and costs nothing.
    func isFree(_ key: TrialKey, of planned: PlannedExample, in suite: PlannedSuite) -> Bool
}

/// The way to models, with what an answer's source must know of them.
protocol TrialCaller: ModelCaller {
    func isFree(_ request: Request) -> Bool
    func isCacheable(_ target: Target) -> Bool
    func isReplay(_ target: Target) -> Bool
    func isDeterministic(_ target: Target) -> Bool
}

extension Caller: TrialCaller {}

/// What came of asking for one trial's answer.
package struct TrialAnswer: Sendable {
    /// The request as it is recorded.
    package var request: RequestRecord
    package var result: Result<Response, BackendError>
    /// Whether the answer came from the cache or a recording, so that its times and costs are not today's.
    package var isReused: Bool
    /// Whether the answer may later be read again instead of asking.
    package var isCacheable: Bool
    /// Verdicts on this very answer that stand while their checks are unchanged: no judge is asked again.
    package var standingVerdicts: [CheckResult] = []
    /// The judges' requests behind them.
    package var standingRequests: [RequestRecord] = []
}

/// Answers of the model under test.
struct ModelAnswers: AnswerSource {
    let caller: any TrialCaller
    /// Makes an answer durable before its trial is.
    let keep: @Sendable (RequestRecord) async throws -> Void

    func isFree(_ key: TrialKey, of planned: PlannedExample, in suite: PlannedSuite) -> Bool {
        let request = suite.request(planned.example, draw: key.draw)
        let conversation = Conversation(request.messages, tools: planned.example.tools)
        return conversation.mayGoOn ? caller.isDeterministic(request.target) : caller.isFree(request)
    }

    func answer(_ key: TrialKey, of planned: PlannedExample, in suite: PlannedSuite) async throws -> TrialAnswer {
        let version = suite.version(of: planned.example, for: key.draw)
        let (exchange, isWhole) = try await exchange(suite.request(planned.example, draw: key.draw), planned.example.tools)
        return TrialAnswer(
            request: RequestRecord(
                exchange: exchange, kind: .trial, prompt: version.prompt?.reference.description,
                promptHash: version.prompt?.hash, contextIDs: planned.example.contextIDs),
            result: exchange.result, isReused: exchange.isCached || caller.isReplay(version.target),
            isCacheable: isWhole && caller.isCacheable(version.target))
    }

    /// The whole conversation as one exchange.
    ///
    /// - Returns: Also whether it was one call, that the cache may give again. Of several, each is in the cache by itself, under the
    ///   trace of the whole, so that a run that is cut off goes on where it was.
    private func exchange(_ whole: Request, _ tools: JSONObject?) async throws -> (Exchange, isWhole: Bool) {
        // A recording holds conversations as they went.
        guard !caller.isReplay(whole.target) else { return (await caller.call(whole), true) }
        var conversation = Conversation(whole.messages, tools: tools)
        var request = whole
        request.messages = conversation.opening
        var exchanges = [await caller.call(request)]
        var responses: [Response] = []
        while case .success(let response) = exchanges[exchanges.count - 1].result {
            responses.append(response)
            let goesOn = conversation.goOn(after: response.output)
            if goesOn || exchanges.count > 1 { try await keep(exchanges[exchanges.count - 1]) }
            guard goesOn else { break }
            request.messages = conversation.messages
            var next = await caller.call(request)
            next.traceID = exchanges[0].traceID
            exchanges.append(next)
        }
        guard exchanges.count > 1, var answer = exchanges.last else { return (exchanges[0], true) }
        answer.request = exchanges[0].request
        answer.fingerprint = Digest.sha256(exchanges.map(\.fingerprint).joined(separator: "\n"))
        answer.contentFingerprint = Digest.sha256(exchanges.map(\.contentFingerprint).joined(separator: "\n"))
        answer.attempts = exchanges.flatMap(\.attempts)
        answer.isCached = exchanges.allSatisfy(\.isCached)
        answer.time = exchanges[0].time
        if case .success = answer.result, let whole = conversation.answer(responses) { answer.result = .success(whole) }
        if caller.isDeterministic(whole.target), case .success(let response) = answer.result {
            answer.traceID = Digest.short(answer.fingerprint + response.output.text, length: 32)
        }
        return (answer, false)
    }

    private func keep(_ exchange: Exchange) async throws {
        guard !exchange.isCached, caller.isCacheable(exchange.request.target) else { return }
        try await keep(RequestRecord(exchange: exchange, kind: .trial))
    }
}

/// Answers of a recorded run, to be judged anew.
package struct RecordedAnswers: AnswerSource {
    private let store: Store
    private let run: String

    /// - Parameter run: The full id of the run.
    package init(store: Store, run: String) {
        self.store = store
        self.run = run
    }

    package func isFree(_ key: TrialKey, of planned: PlannedExample, in suite: PlannedSuite) -> Bool { true }

    package func answer(_ key: TrialKey, of planned: PlannedExample, in suite: PlannedSuite) throws -> TrialAnswer {
        let trials = try store.exampleTrials(run: run, suite: key.suite, example: key.example)
        guard let trial = trials.first(where: { $0.key.draw == key.draw }) else {
            let problem = BackendError(.noFurtherRecording, "the run \(run) has no trial \(key.draw) of this example")
            return TrialAnswer(
                request: RequestRecord(unanswered: suite.request(planned.example, draw: key.draw), problem: problem),
                result: .failure(problem), isReused: true, isCacheable: false)
        }
        var request = trial.request
        let isReused = request.isCached || suite.run.isDeterministic
        request.isCached = true
        guard let response = request.response else {
            let problem = BackendError(.status, request.error ?? "no answer was recorded")
            return TrialAnswer(request: request, result: .failure(problem), isReused: isReused, isCacheable: false)
        }
        var answer = TrialAnswer(request: request, result: .success(response), isReused: isReused, isCacheable: false)
        // What a judge is shown beside the answer is part of the example.
        if trial.exampleHash == planned.hash {
            answer.standingVerdicts = trial.checks
            answer.standingRequests = trial.judgeRequests.map { judged in
                var judged = judged
                judged.isCached = true
                return judged
            }
        }
        return answer
    }
}

extension RequestRecord {
    /// A request that was never sent.
    fileprivate init(unanswered request: Request, problem: BackendError) {
        self.init(
            exchange: Exchange(
                request: request, fingerprint: request.contentFingerprint, result: .failure(problem), attempts: [],
                traceID: "", isCached: false, time: 0), kind: .trial)
    }
}
