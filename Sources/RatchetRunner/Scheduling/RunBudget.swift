import RatchetCore
import Synchronization

/// What one command may spend. A call is let through before it is sent, so no bound is ever overrun by more than the calls
/// in flight take.
package struct SpendingLimits: Hashable, Sendable {
    package var calls: Int?
    package var cost: Money?
    /// Seconds.
    package var time: Double?

    package init(calls: Int? = nil, cost: Money? = nil, time: Double? = nil) {
        self.calls = calls
        self.cost = cost
        self.time = time
    }

    package var isUnlimited: Bool { calls == nil && cost == nil && time == nil }
}

/// The spending of one command, and its end.
package final class RunBudget: Sendable {
    private struct State {
        var calls = 0
        var cost = Money.zero
        /// Calls in flight, at the mean cost of those before.
        var reserved = Money.zero
        var answered = 0
        var reason: String?
    }

    package let limits: SpendingLimits
    private let state = Mutex(State())

    package init(_ limits: SpendingLimits) { self.limits = limits }

    /// Why no call is let through any more.
    var reason: String? { state.withLock { $0.reason } }

    /// A call that was let through.
    struct Ticket: Sendable { fileprivate var reserved: Money }

    /// `nil` when the budget is used up.
    func admit() -> Ticket? {
        state.withLock { state in
            guard state.reason == nil else { return nil }
            if let most = limits.calls, state.calls >= most {
                state.reason = "the \(most == 1 ? "one call" : "\(most) calls") of --max-calls are used up"
                return nil
            }
            let mean = Money(picodollars: state.answered > 0 ? state.cost.picodollars / Int64(state.answered) : 0)
            if let most = limits.cost, state.cost + state.reserved + mean > most || state.cost == most {
                state.reason = "the money of --max-cost is used up"
                return nil
            }
            state.calls += 1
            state.reserved += mean
            return Ticket(reserved: mean)
        }
    }

    func settle(_ ticket: Ticket, cost: Money?) {
        state.withLock { state in
            state.reserved.picodollars -= ticket.reserved.picodollars
            guard let cost else { return }
            state.cost += cost
            state.answered += 1
        }
    }
}
