import RatchetCore
import Synchronization

/// The calls to one account of a provider: how many at once, how many a minute, and when none at all. Who waits is served
/// in order.
///
/// An account is what a provider counts: an address with a key. Two backends that share both share the account, and a judge
/// on another one never waits for the model under test.
final class Account: Sendable {
    /// A change of the limit, as the run's record keeps it.
    typealias Change = ConcurrencyChange

    private struct Waiter {
        var id: Int
        var tokens: Double
        var continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var concurrency: AdaptiveConcurrency
        var requests: RateLimit?
        var tokens: RateLimit?
        var running = 0
        var waiting: [Waiter] = []
        var served = 0
        var next = 0
        /// The provider asked to be left alone until then.
        var pausedUntil = -Double.infinity
        var wakesAt = Double.infinity
        var isClosed = false
    }

    /// A place among the calls in flight.
    struct Place: Sendable {
        /// When the call began, on the clock that never jumps.
        var begun: Double
        /// What the call was thought to take.
        var tokens: Double
    }

    let name: String
    private let clock: RunClock
    private let onChange: @Sendable (Change) -> Void
    private let state: Mutex<State>

    init(
        name: String, fixed: Int?, limits: BackendConfiguration.Limits, clock: RunClock,
        onChange: @escaping @Sendable (Change) -> Void
    ) {
        self.name = name
        self.clock = clock
        self.onChange = onChange
        state = Mutex(
            State(
                concurrency: AdaptiveConcurrency(fixed: fixed), requests: limits.requestsPerMinute.map(RateLimit.init),
                tokens: limits.tokensPerMinute.map(RateLimit.init)))
    }

    /// How many calls it takes at once, by now.
    var limit: Int { state.withLock { $0.concurrency.limit } }

    /// Waits for a place; `nil` when the run is stopped.
    ///
    /// - Parameter tokens: An estimate of what the call takes of the minute's tokens.
    func enter(tokens: Double) async -> Place? {
        let isAdmitted = await withCheckedContinuation { continuation in
            let served: [Waiter] = state.withLock { state in
                state.next += 1
                state.waiting.append(Waiter(id: state.next, tokens: tokens, continuation: continuation))
                return state.isClosed ? Self.takeAll(&state) : serve(&state)
            }
            resume(served)
        }
        return isAdmitted ? Place(begun: clock.monotonic(), tokens: tokens) : nil
    }

    /// Gives the place back, with what the attempt said of the account.
    ///
    /// - Parameters:
    ///   - pause: Seconds that the provider asked to be left alone.
    ///   - tokens: What the call really took, where it is known.
    func leave(_ place: Place, _ sign: AdaptiveConcurrency.Sign, pause: Double? = nil, tokens: Int? = nil) {
        let now = clock.monotonic()
        let (served, change): ([Waiter], Change?) = state.withLock { state in
            let isFull = state.running >= state.concurrency.limit
            state.running -= 1
            let before = state.concurrency.limit
            let reason = state.concurrency.ended(sign, begun: place.begun, now: now, isFull: isFull)
            if let pause { state.pausedUntil = max(state.pausedUntil, now + pause) }
            if let tokens { state.tokens?.correct(Double(tokens) - place.tokens) }
            let change = reason.map {
                Change(account: name, time: clock.now(), from: before, to: state.concurrency.limit, reason: $0.rawValue)
            }
            return (serve(&state), change)
        }
        resume(served)
        if let change { onChange(change) }
    }

    /// Sends everybody away, now and from now on.
    func close() {
        let waiters: [Waiter] = state.withLock { state in
            state.isClosed = true
            return Self.takeAll(&state)
        }
        for waiter in waiters { waiter.continuation.resume(returning: false) }
    }

    /// Those who may begin now, in order. When time alone is in the way, somebody will look again.
    private func serve(_ state: inout State) -> [Waiter] {
        var served: [Waiter] = []
        let now = clock.monotonic()
        while state.served < state.waiting.count, state.running < state.concurrency.limit {
            let waiter = state.waiting[state.served]
            let earliest = max(
                state.pausedUntil, state.requests?.earliest(now: now) ?? -.infinity, state.tokens?.earliest(now: now) ?? -.infinity)
            guard earliest <= now else {
                wake(at: earliest, &state)
                break
            }
            state.requests?.take(1, now: now)
            state.tokens?.take(waiter.tokens, now: now)
            state.served += 1
            state.running += 1
            served.append(waiter)
        }
        // Popping from the front one by one would be quadratic.
        if state.served > 1024, state.served * 2 > state.waiting.count {
            state.waiting.removeFirst(state.served)
            state.served = 0
        }
        return served
    }

    private func resume(_ waiters: [Waiter]) {
        let isClosed = state.withLock { $0.isClosed }
        for waiter in waiters { waiter.continuation.resume(returning: !isClosed) }
    }

    private func wake(at time: Double, _ state: inout State) {
        guard time < state.wakesAt else { return }
        state.wakesAt = time
        let seconds = time - clock.monotonic()
        Task { [clock] in
            try? await clock.sleep(max(seconds, 0))
            let served: [Waiter] = self.state.withLock { state in
                state.wakesAt = .infinity
                return serve(&state)
            }
            resume(served)
        }
    }

    private static func takeAll(_ state: inout State) -> [Waiter] {
        let waiters = Array(state.waiting[state.served...])
        state.waiting = []
        state.served = 0
        return waiters
    }
}
