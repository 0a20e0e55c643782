import Dispatch
import Synchronization

/// A gate that starts shut and opens once: how a test and a server thread wait for one another without sleeping.
///
///     let gate = Gate()
///     gate.open()            // from anywhere, any number of times
///     await gate.opened()    // in a test
///     gate.wait()            // on a server's own thread
package final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiters: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    package init() {}

    package var isOpen: Bool { state.withLock(\.isOpen) }

    package func open() {
        let waiters = state.withLock { state in
            defer { state.waiters = [] }
            state.isOpen = true
            return state.waiters
        }
        for waiter in waiters { waiter() }
    }

    /// Blocks the calling thread until the gate is open. Not for tasks.
    package func wait() {
        let semaphore = DispatchSemaphore(value: 0)
        whenOpen { semaphore.signal() }
        semaphore.wait()
    }

    /// Suspends the calling task until the gate is open.
    package func opened() async {
        await withCheckedContinuation { continuation in
            whenOpen { continuation.resume() }
        }
    }

    private func whenOpen(_ action: @escaping @Sendable () -> Void) {
        let isOpen = state.withLock { state in
            if !state.isOpen { state.waiters.append(action) }
            return state.isOpen
        }
        if isOpen { action() }
    }
}
