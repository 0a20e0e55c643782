import RatchetBackends
import RatchetCore
import RatchetStore

/// The way to every model: cache first, then the backend under a bound on calls in flight, with retries.
package final class Caller: ModelCaller {
    package struct Options: Sendable {
        /// Calls in flight at once, over all backends.
        package var concurrency: Int
        package var usesCache: Bool
        /// Cached answers older than this many seconds are no evidence.
        package var cacheMaximumAge: Double

        package init(concurrency: Int, usesCache: Bool, cacheMaximumAge: Double) {
            self.concurrency = concurrency
            self.usesCache = usesCache
            self.cacheMaximumAge = cacheMaximumAge
        }
    }

    private let backends: [String: ConfiguredBackend]
    private let store: Store
    private let clock: RunClock
    private let options: Options
    private let permits: Permits
    private let interruption: Interruption
    private let onWait: @Sendable (CallWait) -> Void
    private let onFailure: @Sendable (BackendError) -> Void

    package init(
        backends: [String: ConfiguredBackend], store: Store, clock: RunClock, options: Options,
        interruption: Interruption, onWait: @escaping @Sendable (CallWait) -> Void = { _ in },
        onFailure: @escaping @Sendable (BackendError) -> Void = { _ in }
    ) {
        self.backends = backends
        self.store = store
        self.clock = clock
        self.options = options
        self.interruption = interruption
        self.onWait = onWait
        self.onFailure = onFailure
        permits = Permits(options.concurrency)
    }

    package func call(_ request: Request) async -> Exchange {
        guard let backend = backends[request.target.backend] else {
            let problem = BackendError(.status, "there is no backend \"\(request.target.backend)\" in ratchet.yaml")
            return exchange(request, fingerprint: "", result: .failure(problem))
        }
        let configuration = backend.configuration
        let fingerprint = request.fingerprint(backendKind: configuration.kindName, baseURL: configuration.baseURL)
        if options.usesCache, configuration.isCacheable, let cached = cached(fingerprint) {
            return Exchange(
                request: request, fingerprint: fingerprint, result: .success(cached.response), attempts: [],
                traceID: cached.traceID, isCached: true, time: cached.time)
        }
        await permits.acquire()
        // Whoever waited for a place while the run was stopped must not start a call any more.
        guard !interruption.isRequested else {
            await permits.release()
            return exchange(request, fingerprint: fingerprint, result: .failure(.interrupted))
        }
        let (result, attempts) = await attempt(request, on: backend)
        await permits.release()
        if case .failure(let problem) = result { onFailure(problem) }
        return exchange(
            request, fingerprint: fingerprint, result: result, attempts: attempts,
            isDeterministic: configuration.isDeterministic)
    }

    /// Whether the answer is at hand: recorded, echoed or cached.
    package func isFree(_ request: Request) -> Bool {
        guard let configuration = backends[request.target.backend]?.configuration else { return false }
        if configuration.isDeterministic { return true }
        let fingerprint = request.fingerprint(backendKind: configuration.kindName, baseURL: configuration.baseURL)
        return options.usesCache && configuration.isCacheable && cached(fingerprint) != nil
    }

    package func isCacheable(_ target: Target) -> Bool {
        options.usesCache && backends[target.backend]?.configuration.isCacheable == true
    }

    package func isReplay(_ target: Target) -> Bool {
        if case .replay = backends[target.backend]?.configuration.kind { true } else { false }
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

    /// A cache that cannot be read is no reason to fail a call that can be made.
    private func cached(_ fingerprint: String) -> CachedResponse? {
        try? store.cachedResponse(fingerprint: fingerprint, notBefore: clock.now() - options.cacheMaximumAge)
    }

    private func attempt(
        _ request: Request, on backend: ConfiguredBackend
    ) async -> (Result<Response, BackendError>, [Attempt]) {
        var attempts: [Attempt] = []
        var waited = 0.0
        while true {
            let started = clock.monotonic()
            do throws(BackendError) {
                let response = try await backend.backend.respond(to: request)
                let duration = (clock.monotonic() - started) * 1000
                attempts.append(Attempt(status: nil, duration: duration, waited: waited, problem: nil))
                return (.success(response), attempts)
            } catch {
                let duration = (clock.monotonic() - started) * 1000
                attempts.append(
                    Attempt(status: error.status, duration: duration, waited: waited, problem: error.message))
                guard let delay = delay(after: error, attempt: attempts.count, backend.retries),
                    !interruption.isRequested
                else { return (.failure(error), attempts) }
                onWait(CallWait(target: request.target, seconds: delay, problem: error.message))
                guard await interruption.sleep(delay, clock: clock) else {
                    return (.failure(.interrupted), attempts)
                }
                waited = delay * 1000
            }
        }
    }

    private func exchange(
        _ request: Request, fingerprint: String, result: Result<Response, BackendError>, attempts: [Attempt] = [],
        isDeterministic: Bool = false
    ) -> Exchange {
        var traceID = clock.traceID()
        // The same answer of a recording is the same generation, whenever it is read.
        if isDeterministic, case .success(let response) = result {
            traceID = Digest.short(fingerprint + response.output.text, length: 32)
        }
        return Exchange(
            request: request, fingerprint: fingerprint, result: result, attempts: attempts, traceID: traceID,
            isCached: false, time: clock.now())
    }
}

extension BackendError {
    static let interrupted = BackendError(.cancelled, "the run was interrupted")
}

/// A call that waits before it is tried again.
package struct CallWait: Sendable {
    package var target: Target
    /// Seconds.
    package var seconds: Double
    package var problem: String
}
