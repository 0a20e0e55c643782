import RatchetChecks
import RatchetCore
import RatchetJSON
import RatchetStore

/// Runs the trials a planner asks for, checks each answer, and records it before anybody is told of it.
package struct RunExecutor: Sendable {
    package enum Event: Sendable {
        /// So many more trials were asked for.
        case scheduled(Int)
        /// A trial is durable; `isResumed` when it was so before this command began.
        case finished(TrialRecord, isResumed: Bool)
        /// The recording holds no such trial.
        case unavailable(TrialKey)
    }

    private let plan: RunPlan
    private let run: String
    private let caller: Caller
    private let recorder: TrialRecorder
    private let clock: RunClock
    private let interruption: Interruption
    private let concurrency: Int
    private let onEvent: @Sendable (Event) -> Void

    package init(
        plan: RunPlan, run: String, caller: Caller, store: Store, clock: RunClock, interruption: Interruption,
        concurrency: Int, onEvent: @escaping @Sendable (Event) -> Void
    ) {
        self.plan = plan
        self.run = run
        self.caller = caller
        recorder = TrialRecorder(store: store, run: run)
        self.clock = clock
        self.interruption = interruption
        self.concurrency = concurrency
        self.onEvent = onEvent
    }

    /// Goes on until the planner asks for nothing more, or the run is interrupted.
    ///
    /// - Parameter finished: Trials an earlier, interrupted start of this run has recorded; they are not run again.
    /// - Throws: `StoreError` when a result cannot be recorded: then nothing that was shown is lost, and the run stops.
    package func execute(_ planner: inout some TrialPlanner, finished: [TrialKey: TrialRecord] = [:]) async throws {
        while !interruption.isRequested {
            let wanted = planner.nextTrials()
            if wanted.isEmpty { return }
            onEvent(.scheduled(wanted.count))
            for outcome in try await execute(wanted, finished: finished) { planner.report(outcome) }
        }
    }

    /// Runs these trials with a bounded number of them under way. More trials are under way than calls may be in
    /// flight, so that checking and recording overlap with calling.
    private func execute(_ keys: [TrialKey], finished: [TrialKey: TrialRecord]) async throws -> [TrialOutcome] {
        var outcomes: [TrialOutcome] = []
        outcomes.reserveCapacity(keys.count)
        var rest = keys[...]
        try await withThrowingTaskGroup(of: TrialOutcome?.self) { group in
            func scheduleNext() {
                while !interruption.isRequested, let key = rest.popFirst() {
                    if let record = finished[key] {
                        onEvent(.finished(record, isResumed: true))
                        outcomes.append(record.outcome)
                        continue
                    }
                    group.addTask { try await runTrial(key) }
                    return
                }
            }
            for _ in 0..<concurrency * 2 { scheduleNext() }
            while let outcome = try await group.next() {
                if let outcome { outcomes.append(outcome) }
                scheduleNext()
            }
        }
        return outcomes
    }

    /// `nil` when the trial was cut short by an interruption: it is as if it had never been started.
    private func runTrial(_ key: TrialKey) async throws -> TrialOutcome? {
        guard let suite = plan.suites.first(where: { $0.run.suite == key.suite }),
            let planned = suite.example(key.example)
        else { return TrialOutcome(key: key, result: .unavailable) }
        let exchange = await caller.call(suite.request(planned.example, draw: key.draw))
        if case .failure(let problem) = exchange.result {
            switch problem.kind {
            case .noFurtherRecording where key.draw.number > 1:
                onEvent(.unavailable(key))
                return TrialOutcome(key: key, result: .unavailable)
            case .cancelled: return nil
            default: break
            }
        }
        let isCacheable = caller.isCacheable(suite.target)
        if isCacheable, !exchange.isCached, planned.checks.takesTime, case .success = exchange.result {
            // Judges and programs take their time: what was paid for must not be lost meanwhile.
            try await recorder.cache(generation(exchange, suite, planned))
        }
        let verdict = await verdict(exchange, planned)
        let judgeExchanges = verdict?.judgeExchanges ?? []
        if interruption.isRequested, judgeExchanges.contains(where: \.isCancelled) { return nil }
        // A program that was stopped with the run has said nothing of the output.
        let isCutShort = Task.isCancelled && verdict?.results.contains { $0.state == .errored } ?? false
        if interruption.isRequested, isCutShort { return nil }
        let record = TrialRecord(
            key: key, state: verdict?.state ?? .errored, exampleHash: planned.hash,
            request: generation(exchange, suite, planned),
            checks: verdict?.results ?? [],
            judgeRequests: judgeExchanges.map { RequestRecord(exchange: $0, kind: .judge) },
            finished: clock.now())
        try await recorder.record(
            record, cacheable: isCacheable,
            judgesCacheable: planned.checks.targets.allSatisfy { caller.isCacheable($0) })
        onEvent(.finished(record, isResumed: false))
        return record.outcome
    }

    private func generation(_ exchange: Exchange, _ suite: PlannedSuite, _ planned: PlannedExample) -> RequestRecord {
        RequestRecord(
            exchange: exchange, kind: .trial, prompt: suite.prompt?.reference.description,
            promptHash: suite.prompt?.hash, contextIDs: planned.example.contextIDs)
    }

    /// `nil` when there is no answer to check.
    private func verdict(_ exchange: Exchange, _ planned: PlannedExample) async -> TrialVerdict? {
        switch exchange.result {
        case .failure: nil
        case .success(let response):
            await planned.checks.evaluate(
                response, isReused: exchange.isCached || caller.isReplay(exchange.request.target), caller: caller)
        }
    }
}

extension Exchange {
    var isCancelled: Bool {
        if case .failure(let problem) = result { problem.kind == .cancelled } else { false }
    }
}
