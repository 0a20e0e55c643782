import Synchronization
import RatchetCore

/// A request to stop: nothing new is scheduled, calls in flight may finish, waits end at once.
package final class Interruption: Sendable {
    private struct State {
        var code: ExitCode?
        var sleepers: [Int: Task<Bool, Never>] = [:]
        var next = 0
        var onRequest: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// `interrupted` or `terminated`, once one was asked for.
    package var code: ExitCode? { state.withLock { $0.code } }
    package var isRequested: Bool { code != nil }

    package func request(_ code: ExitCode) {
        let (sleepers, actions): ([Task<Bool, Never>], [@Sendable () -> Void]) = state.withLock { state in
            guard state.code == nil else { return ([], []) }
            state.code = code
            return (Array(state.sleepers.values), state.onRequest)
        }
        for sleeper in sleepers { sleeper.cancel() }
        for action in actions { action() }
    }

    /// Does something once a stop is asked for; at once when it was.
    func onRequest(_ action: @escaping @Sendable () -> Void) {
        let isRequested = state.withLock { state in
            if state.code == nil { state.onRequest.append(action) }
            return state.code != nil
        }
        if isRequested { action() }
    }

    /// Does something that many seconds after the request to stop.
    package func afterRequest(seconds: Double, clock: RunClock, _ action: @escaping @Sendable () -> Void) {
        let start: @Sendable () -> Void = {
            Task {
                try? await clock.sleep(seconds)
                action()
            }
        }
        onRequest(start)
    }

    /// Waits that many seconds; `false` when the wait was cut short.
    func sleep(_ seconds: Double, clock: RunClock) async -> Bool {
        let task = Task { (try? await clock.sleep(seconds)) != nil }
        let id: Int? = state.withLock { state in
            guard state.code == nil else { return nil }
            state.next += 1
            state.sleepers[state.next] = task
            return state.next
        }
        guard let id else {
            task.cancel()
            return false
        }
        let finished = await task.value
        return state.withLock { state in
            state.sleepers[id] = nil
            return finished && state.code == nil
        }
    }
}
