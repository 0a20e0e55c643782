import RatchetCore
import Synchronization

/// Whether going on makes sense: a provider that gives the same error again and again ends the run, with its own words,
/// and a provider in trouble is not buried under retries.
final class RunHealth: Sendable {
    private struct State {
        var last: Trouble?
        var inARow = 0
        var retriesLeft: Double
    }

    private struct Trouble: Hashable {
        var kind: BackendError.Kind
        var status: Int?
    }

    /// As many calls in a row that failed alike are no accident.
    static let enough = 25
    /// Retries that a run has from the start, and those that each call adds: retries stay a fifth of the calls.
    private static let firstRetries = 50.0
    private static let retriesPerCall = 0.2

    private let state = Mutex(State(retriesLeft: RunHealth.firstRetries))

    /// Before a call's first attempt.
    func begins() { state.withLock { $0.retriesLeft += Self.retriesPerCall } }

    /// Whether a further attempt may be made. A provider that only asks for patience (429) is not in trouble.
    func mayRetry(after error: BackendError) -> Bool {
        if error.status == 429 { return true }
        return state.withLock { state in
            guard state.retriesLeft >= 1 else { return false }
            state.retriesLeft -= 1
            return true
        }
    }

    func answered() {
        state.withLock { state in
            state.last = nil
            state.inARow = 0
        }
    }

    /// A call has failed for good.
    ///
    /// - Returns: Whether the run should end.
    func failed(_ error: BackendError) -> Bool {
        guard error.kind != .cancelled, error.kind != .noFurtherRecording else { return false }
        return state.withLock { state in
            let trouble = Trouble(kind: error.kind, status: error.status)
            state.inARow = state.last == trouble ? state.inARow + 1 : 1
            state.last = trouble
            return state.inARow == Self.enough
        }
    }
}
