import RatchetCore
import RatchetReports
import RatchetRunner

/// What a person sees while a run is under way, on standard error: on a terminal a bar with what is running, what it costs and what takes
/// long, elsewhere a plain line each twentieth of the work, and none for a run that is over before anybody wonders.
final class Progress: Sendable {
    private struct State {
        var total = 0
        var done = 0
        var failed = 0
        var errored = 0
        /// Trials under way, and since when.
        var running: [TrialKey: Double] = [:]
        /// US dollars of the trials that are done, judges included; `nil` where nothing has a price.
        var spent: Double?
        var shownShare = 0
        var hasBar = false
        var lastWait: String?
        /// When the last plain line was written, on the clock that never jumps.
        var lastLine: Double
    }

    /// Seconds between two plain lines, at least.
    private static let quietTime = 2.0
    /// Seconds after which a trial is named.
    private static let slow = 10.0

    private let context: Context
    private let isQuiet: Bool
    private let state: Lock<State>
    /// Redraws the bar while nothing happens.
    private let ticker = Lock<Task<Void, Never>?>(nil)

    init(context: Context, isQuiet: Bool = false) {
        self.context = context
        self.isQuiet = isQuiet
        state = Lock(State(lastLine: context.clock.monotonic()))
    }

    func update(_ event: RunExecutor.Event) {
        let text = state.update { [context, isQuiet] state -> String? in
            switch event {
            case .scheduled(let count): state.total += count
            case .started(let key):
                state.running[key] = context.clock.monotonic()
                return nil
            case .dropped(let count): state.total -= count
            case .unavailable: state.done += 1
            case .finished(let trial, let isResumed):
                state.done += 1
                state.running[trial.key] = nil
                if !isResumed { state.spent = Self.spent(state.spent, trial) }
                if trial.state == .failed { state.failed += 1 }
                if trial.state == .errored { state.errored += 1 }
            }
            return isQuiet ? nil : Self.text(&state, context: context)
        }
        if let text { context.error(text) }
        if context.isErrorTerminal, !isQuiet { tick() }
    }

    /// Begins to redraw each second, once.
    private func tick() {
        ticker.update { [context, state] task in
            guard task == nil else { return }
            task = Task {
                while !Task.isCancelled {
                    do { try await context.clock.sleep(1) } catch { return }
                    let text = state.update { $0.hasBar ? Self.bar($0, context) : nil }
                    if let text { context.error(text) }
                }
            }
        }
    }

    private static func spent(_ before: Double?, _ trial: TrialRecord) -> Double? {
        let requests = [trial.request] + trial.judgeRequests
        let costs = requests.filter { !$0.isCached }.compactMap(\.cost)
        return costs.isEmpty ? before : (before ?? 0) + costs.reduce(0, +)
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
        ticker.update { $0?.cancel() }
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
            return bar(state, context)
        }
        let now = context.clock.monotonic()
        guard share / 5 > state.shownShare / 5, now - state.lastLine >= quietTime else { return nil }
        state.shownShare = share
        state.lastLine = now
        return "\(share) %  \(state.done) of \(state.total) trials\(failures)\n"
    }

    /// `████░░░░ 120/400, 3 failed, 16 running, $0.12 of about $0.40, support/slow-one 14 s`, within the terminal's width.
    private static func bar(_ state: State, _ context: Context) -> String {
        var words = ["\(state.done)/\(state.total)"]
        if state.failed > 0 { words.append("\(state.failed) failed") }
        if state.errored > 0 { words.append("\(state.errored) errored") }
        if !state.running.isEmpty { words.append("\(state.running.count) running") }
        if let spent = state.spent, state.done > 0 {
            let whole = spent / Double(state.done) * Double(state.total)
            words.append(state.done < state.total ? "\(Wording.dollars(spent)) of about \(Wording.dollars(whole))" : Wording.dollars(spent))
        }
        let now = context.clock.monotonic()
        if let (key, since) = state.running.min(by: { $0.value < $1.value }), now - since >= slow {
            words.append("\(key.suite)/\(key.example) \(Int(now - since)) s")
        }
        let width = max(8, min(30, context.width / 4))
        let filled = state.done * width / max(state.total, 1)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        return "\r\u{1B}[K\(bar) " + TerminalText.plain(words.joined(separator: ", "), limit: max(10, context.width - width - 2))
    }
}
