import RatchetCore
import RatchetReports
import RatchetRunner

/// What a person sees while a run is under way, on standard error: a bar on a terminal, elsewhere a plain line each
/// twentieth of the work, and none for a run that is over before anybody wonders.
final class Progress: Sendable {
    private struct State {
        var total = 0
        var done = 0
        var failed = 0
        var errored = 0
        var shownShare = 0
        var hasBar = false
        var lastWait: String?
        /// When the last plain line was written, on the clock that never jumps.
        var lastLine: Double
    }

    /// Seconds between two plain lines, at least.
    private static let quietTime = 2.0

    private let context: Context
    private let isQuiet: Bool
    private let state: Lock<State>

    init(context: Context, isQuiet: Bool = false) {
        self.context = context
        self.isQuiet = isQuiet
        state = Lock(State(lastLine: context.clock.monotonic()))
    }

    func update(_ event: RunExecutor.Event) {
        let text = state.update { [context, isQuiet] state -> String? in
            switch event {
            case .scheduled(let count): state.total += count
            case .dropped(let count): state.total -= count
            case .unavailable: state.done += 1
            case .finished(let trial, _):
                state.done += 1
                if trial.state == .failed { state.failed += 1 }
                if trial.state == .errored { state.errored += 1 }
            }
            return isQuiet ? nil : Self.text(&state, context: context)
        }
        if let text { context.error(text) }
    }

    func waits(_ wait: CallWait) {
        guard !isQuiet else { return }
        let text = state.update { [context] state -> String? in
            // One line for each kind of trouble; a rate limit would else fill the screen.
            guard state.lastWait != wait.problem else { return nil }
            state.lastWait = wait.problem
            let seconds = Int(wait.seconds.rounded(.up))
            let line = "waiting \(seconds) s for \(wait.target): \(TerminalText.plain(wait.problem, limit: 160))\n"
            return context.isErrorTerminal && state.hasBar ? "\r\u{1B}[K" + line : line
        }
        if let text { context.error(text) }
    }

    func tells(of event: BatchPass.Event) {
        guard !isQuiet else { return }
        switch event {
        case .submitted(let batch): context.error("sent the batch \(batch.id) to \(batch.backend): \(count(batch.requests, "request"))\n")
        case .waiting(let answered, let total): context.error("waiting for the batch: \(answered) of \(total) answered\n")
        }
    }

    /// Takes the bar away.
    func finish() {
        let hadBar = state.update { state in
            defer { state.hasBar = false }
            return state.hasBar
        }
        if hadBar { context.error("\r\u{1B}[K") }
    }

    private static func text(_ state: inout State, context: Context) -> String? {
        guard state.total > 0, state.done > 0 else { return nil }
        let share = state.done * 100 / state.total
        let failures =
            (state.failed > 0 ? ", \(state.failed) failed" : "") + (state.errored > 0 ? ", \(state.errored) errored" : "")
        if context.isErrorTerminal {
            // Redrawing for each of ten thousand trials would cost more than checking them.
            guard share != state.shownShare || !state.hasBar || state.total < 200 else { return nil }
            state.shownShare = share
            state.hasBar = true
            let width = max(10, min(40, context.width - 40))
            let filled = state.done * width / state.total
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
            return "\r\u{1B}[K\(bar) \(state.done)/\(state.total)\(failures)"
        }
        let now = context.clock.monotonic()
        guard share / 5 > state.shownShare / 5, now - state.lastLine >= quietTime else { return nil }
        state.shownShare = share
        state.lastLine = now
        return "\(share) %  \(state.done) of \(state.total) trials\(failures)\n"
    }
}
