import RatchetBackends
import RatchetCore
import RatchetFiles
import RatchetStore
import Synchronization

/// The way to every model: cache first, then the backend, with what its account takes at once and a minute, retries, prices
/// and the command's budget.
package final class Caller: ModelCaller {
    package struct Options: Sendable {
        /// Calls in flight at once to one account; `nil` finds out what it takes.
        package var concurrency: Int?
        package var usesCache: Bool
        /// Cached answers older than this many seconds are no evidence.
        package var cacheMaximumAge: Double
        package var prices = PriceList()
        /// What the command may spend; shared by all its callers.
        package var budget = RunBudget(SpendingLimits())

        package init(concurrency: Int?, usesCache: Bool, cacheMaximumAge: Double) {
            self.concurrency = concurrency
            self.usesCache = usesCache
            self.cacheMaximumAge = cacheMaximumAge
        }
    }

    /// What a caller tells of besides its answers.
    package struct Observers: Sendable {
        package var onWait: @Sendable (CallWait) -> Void = { _ in }
        /// A call that failed for good.
        package var onFailure: @Sendable (BackendError) -> Void = { _ in }
        /// The run has to end: the budget is used up, or the provider gives the same error again and again.
        package var onEnd: @Sendable (ExitCode, String) -> Void = { _, _ in }

        package init() {}
    }

    private let backends: [String: ConfiguredBackend]
    /// By backend; replays and echoes need none.
    private let accounts: [String: Account]
    private let distinctAccounts: [Account]
    private let store: Store
    private let clock: RunClock
    private let options: Options
    private let interruption: Interruption
    private let observers: Observers
    private let health = RunHealth()
    private let changes = ConcurrencyChanges()
    /// Fingerprints of answers that were put into the cache for this run: whoever asks first is not given an old one.
    private let fresh = Mutex<Set<String>>([])

    /// Seconds that a server may take to load its model, and between two looks.
    private static let loadingPatience = 600.0
    private static let loadingPause = 2.0

    package init(
        backends: [String: ConfiguredBackend], store: Store, clock: RunClock, options: Options,
        interruption: Interruption, observers: Observers = Observers()
    ) {
        self.backends = backends
        self.store = store
        self.clock = clock
        self.options = options
        self.interruption = interruption
        self.observers = observers
        let changes = changes
        var byName: [String: Account] = [:]
        var known: [String: Account] = [:]
        for (name, backend) in backends.sorted(by: { $0.key < $1.key }) where !backend.configuration.isDeterministic {
            let configuration = backend.configuration
            let account = known[configuration.account] ?? Account(
                name: name, fixed: options.concurrency, limits: configuration.limits, clock: clock,
                onChange: { changes.add($0) })
            known[configuration.account] = account
            byName[name] = account
        }
        accounts = byName
        distinctAccounts = Array(known.values)
        interruption.onRequest { [distinctAccounts] in for account in distinctAccounts { account.close() } }
    }

    /// How many trials should be under way, so that no account waits for work and none is far ahead of what it takes.
    package var wantedTrials: Int {
        distinctAccounts.isEmpty ? Self.freeTrials : distinctAccounts.reduce(0) { $0 + $1.limit } * 2
    }

    /// Where all answers are at hand, checking is what takes time.
    private static let freeTrials = 16

    /// Does something with calls in it for every element, for as many at once as keep the accounts busy.
    ///
    /// - Returns: What came of them, in any order.
    package func each<Element: Sendable, Value: Sendable>(
        _ elements: some Collection<Element>, _ body: @escaping @Sendable (Element) async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: Value.self) { group in
            var rest = Array(elements)[...]
            var values: [Value] = []
            var running = 0
            while true {
                while running < wantedTrials, let element = rest.popFirst() {
                    running += 1
                    group.addTask { try await body(element) }
                }
                guard let value = try await group.next() else { return values }
                running -= 1
                values.append(value)
            }
        }
    }

    /// How the limits of the accounts changed, in order.
    package var concurrencyChanges: [ConcurrencyChange] { changes.all }

    package func call(_ request: Request) async -> Exchange {
        guard let backend = backends[request.target.backend] else {
            let problem = BackendError(.status, "there is no backend \"\(request.target.backend)\" in ratchet.yaml")
            return exchange(request, fingerprint: "", result: .failure(problem))
        }
        let configuration = backend.configuration
        let content = request.contentFingerprint
        let fingerprint = request.fingerprint(for: configuration, content: content)
        if options.usesCache, configuration.isCacheable, let cached = cached(fingerprint) {
            return Exchange(
                request: request, fingerprint: fingerprint, contentFingerprint: content, result: .success(cached.response), attempts: [],
                traceID: cached.traceID, isCached: fresh.withLock { $0.remove(fingerprint) } == nil, time: cached.time)
        }
        // Whoever waited for a place while the run was stopped must not start a call any more.
        guard !interruption.isRequested else {
            return exchange(request, fingerprint: fingerprint, result: .failure(.interrupted))
        }
        let (result, attempts) = await answer(request, from: backend)
        switch result {
        case .success: health.answered()
        case .failure(let problem):
            observers.onFailure(problem)
            if health.failed(problem) {
                let words = "\(RunHealth.enough) calls in a row failed alike, the last with: \(problem.message)"
                observers.onEnd(.backendUnavailable, words)
            }
        }
        return exchange(
            request, fingerprint: fingerprint, content: content, result: result, attempts: attempts,
            isDeterministic: configuration.isDeterministic)
    }

    /// The exchange, where the answer is at hand; nothing is sent.
    func atHand(_ request: Request) async -> Exchange? {
        guard let configuration = backends[request.target.backend]?.configuration else { return nil }
        if configuration.isDeterministic { return await call(request) }
        let content = request.contentFingerprint
        let fingerprint = request.fingerprint(for: configuration, content: content)
        guard let cached = cached(fingerprint) else { return nil }
        return Exchange(
            request: request, fingerprint: fingerprint, contentFingerprint: content, result: .success(cached.response), attempts: [],
            traceID: cached.traceID, isCached: true, time: cached.time)
    }

    func fingerprint(_ request: Request) -> String? {
        backends[request.target.backend].map { request.fingerprint(for: $0.configuration) }
    }

    /// These answers have just been put into the cache, and were paid for by this run.
    func takeFresh(_ fingerprints: Set<String>) { fresh.withLock { $0.formUnion(fingerprints) } }

    /// Whether the answer is at hand: recorded, echoed or cached.
    package func isFree(_ request: Request) -> Bool {
        guard let configuration = backends[request.target.backend]?.configuration else { return false }
        if configuration.isDeterministic { return true }
        let fingerprint = request.fingerprint(for: configuration)
        return options.usesCache && configuration.isCacheable && cached(fingerprint) != nil
    }

    package func isCacheable(_ target: Target) -> Bool {
        options.usesCache && backends[target.backend]?.configuration.isCacheable == true
    }

    /// Whether asking again gives the same and costs nothing.
    func isDeterministic(_ target: Target) -> Bool { backends[target.backend]?.configuration.isDeterministic == true }

    package func isReplay(_ target: Target) -> Bool {
        if case .replay = backends[target.backend]?.configuration.kind { true } else { false }
    }

    /// A cache that cannot be read is no reason to fail a call that can be made.
    private func cached(_ fingerprint: String) -> CachedResponse? {
        try? store.cachedResponse(fingerprint: fingerprint, notBefore: clock.now() - options.cacheMaximumAge)
    }

    // MARK: Attempts

    private func answer(
        _ request: Request, from backend: ConfiguredBackend
    ) async -> (Result<Response, BackendError>, [Attempt]) {
        guard let account = accounts[request.target.backend] else {
            let result = await respond(to: request, backend)
            let problem: BackendError? = if case .failure(let error) = result { error } else { nil }
            return (result, [Attempt(status: problem?.status, duration: 0, waited: 0, problem: problem?.message)])
        }
        var attempts: [Attempt] = []
        var waited = 0.0
        var loadingSince: Double?
        var counted = 0
        health.begins()
        while true {
            let result = await attempt(request, backend, account, waited: waited, &attempts)
            guard case .failure(let error) = result, !interruption.isRequested else { return (result, attempts) }
            counted += 1
            let delay: Double
            if error.isLoading, clock.monotonic() - (loadingSince ?? clock.monotonic()) < Self.loadingPatience {
                // A local server that loads its model will be back: that is none of the attempts that a call has.
                loadingSince = loadingSince ?? clock.monotonic()
                counted -= 1
                delay = error.retryAfter ?? Self.loadingPause
            } else if let next = self.delay(after: error, attempt: counted, backend.retries), health.mayRetry(after: error) {
                delay = next
            } else {
                return (result, attempts)
            }
            observers.onWait(CallWait(target: request.target, seconds: delay, problem: error.message))
            guard await interruption.sleep(delay, clock: clock) else { return (.failure(.interrupted), attempts) }
            waited += delay * 1000
        }
    }

    /// One attempt, within what the account takes and the budget allows.
    private func attempt(
        _ request: Request, _ backend: ConfiguredBackend, _ account: Account, waited: Double, _ attempts: inout [Attempt]
    ) async -> Result<Response, BackendError> {
        guard let place = await account.enter(tokens: Self.estimatedTokens(request)) else { return .failure(.interrupted) }
        guard let ticket = options.budget.admit() else {
            account.leave(place, .answered)
            observers.onEnd(.budgetExhausted, options.budget.reason ?? "the budget is used up")
            return .failure(.interrupted)
        }
        var result = await respond(to: request, backend)
        let duration = (clock.monotonic() - place.begun) * 1000
        switch result {
        case .success(var response):
            response.cost = response.cost ?? cost(of: response, to: request)
            result = .success(response)
            options.budget.settle(ticket, cost: response.cost.flatMap { Money(dollars: $0) })
            account.leave(place, .answered, pause: response.pause, tokens: response.usage?.totalTokens)
            attempts.append(Attempt(status: nil, duration: duration, waited: waited, problem: nil))
        case .failure(let error):
            options.budget.settle(ticket, cost: nil)
            account.leave(place, error.sign, pause: error.sign == .answered ? nil : error.retryAfter)
            attempts.append(Attempt(status: error.status, duration: duration, waited: waited, problem: error.message))
        }
        return result
    }

    private func respond(to request: Request, _ backend: ConfiguredBackend) async -> Result<Response, BackendError> {
        do throws(BackendError) {
            return .success(try await backend.backend.respond(to: request))
        } catch {
            return .failure(error)
        }
    }

    /// Seconds to wait before another attempt; `nil` when there is to be none.
    private func delay(after error: BackendError, attempt: Int, _ policy: RetryPolicy) -> Double? {
        var random = SystemRandomNumberGenerator()
        let decision = policy.decision(
            isRetryable: error.isRetryable, retryAfter: error.retryAfter.map { .seconds($0) }, attempt: attempt,
            using: &random)
        guard case .retry(let delay) = decision else { return nil }
        return delay / .seconds(1)
    }

    // MARK: Money and tokens

    /// By the model's name as the provider gave it, and where that has no price, as it was asked for.
    private func cost(of response: Response, to request: Request) -> Double? {
        let day = CalendarDay(secondsSince1970: clock.now()).description
        let cost = response.model.flatMap { options.prices.cost($0, response.usage, on: day) }
            ?? options.prices.cost(request.target.model, response.usage, on: day)
        return cost?.dollars
    }

    /// Four characters a token, and the longest answer that is asked for.
    private static func estimatedTokens(_ request: Request) -> Double {
        let characters = request.messages.reduce(0) { $0 + $1.content.utf8.count }
        let most = ["max_tokens", "max_completion_tokens", "max_output_tokens"].compactMap { request.params[$0]?.doubleValue }.first
        return Double(characters) / 4 + (most ?? 256)
    }

    private func exchange(
        _ request: Request, fingerprint: String, content: String? = nil, result: Result<Response, BackendError>,
        attempts: [Attempt] = [], isDeterministic: Bool = false
    ) -> Exchange {
        var traceID = clock.traceID()
        // The same answer of a recording is the same generation, whenever it is read.
        if isDeterministic, case .success(let response) = result {
            traceID = Digest.short(fingerprint + response.output.text, length: 32)
        }
        return Exchange(
            request: request, fingerprint: fingerprint, contentFingerprint: content, result: result, attempts: attempts,
            traceID: traceID, isCached: false, time: clock.now())
    }
}

/// What the accounts tell of their limits, gathered from any thread.
private final class ConcurrencyChanges: Sendable {
    private let changes = Mutex<[ConcurrencyChange]>([])

    var all: [ConcurrencyChange] { changes.withLock { $0 } }

    func add(_ change: ConcurrencyChange) { changes.withLock { $0.append(change) } }
}

extension BackendError {
    static let interrupted = BackendError(.cancelled, "the run was interrupted")

    /// A server that is up and not ready yet, in the words of llama.cpp and its relatives.
    var isLoading: Bool { status == 503 && message.lowercased().contains("loading") }

    /// What the error says of the account.
    var sign: AdaptiveConcurrency.Sign {
        switch kind {
        case .transport: .failed
        case .status: status == 429 ? .refused : (status ?? 0) >= 500 ? .failed : .answered
        case .malformed, .credentials, .noFurtherRecording, .cancelled: .answered
        }
    }
}

/// A call that waits before it is tried again.
package struct CallWait: Sendable {
    package var target: Target
    /// Seconds.
    package var seconds: Double
    package var problem: String
}
