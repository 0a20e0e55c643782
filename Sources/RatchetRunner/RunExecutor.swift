import RatchetChecks
import RatchetCore
import RatchetJSON
import RatchetStore

/// Runs the trials a planner asks for, checks each answer, and records it before anybody is told of it.
package struct RunExecutor: Sendable {
    package enum Event: Sendable {
        /// So many more trials were asked for.
        case scheduled(Int)
        /// So many of those asked for are not wanted any more.
        case dropped(Int)
        /// A trial is under way.
        case started(TrialKey)
        /// A trial is durable; `isResumed` when it was so before this command began.
        case finished(TrialRecord, isResumed: Bool)
        /// The recording holds no such trial.
        case unavailable(TrialKey)
    }

    private let plan: RunPlan
    private let run: String
    private let caller: Caller
    private let answers: any AnswerSource
    private let recorder: TrialRecorder
    private let clock: RunClock
    private let interruption: Interruption
    private let onEvent: @Sendable (Event) -> Void

    /// - Parameters:
    ///   - caller: The way to the model under test and to judges.
    ///   - answers: Where the answers come from, when not from the model under test.
    package init(
        plan: RunPlan, run: String, caller: Caller, answers: (any AnswerSource)? = nil, store: Store, clock: RunClock, interruption: Interruption,
        onEvent: @escaping @Sendable (Event) -> Void
    ) {
        self.plan = plan
        self.run = run
        self.caller = caller
        let recorder = TrialRecorder(store: store, run: run)
        self.recorder = recorder
        self.answers = answers ?? ModelAnswers(caller: caller, keep: { try await recorder.cache($0) })
        self.clock = clock
        self.interruption = interruption
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
            let dropped = try await execute(wanted, finished: finished, for: &planner)
            if dropped > 0 { onEvent(.dropped(dropped)) }
        }
    }

    /// How a trial comes to its end, step by step.
    private enum Step: Sendable {
        /// Answered and checked; `nil` when it was cut short.
        case checked(CheckedTrial?)
        /// The recording has no such trial.
        case unavailable(TrialKey)
        /// Durable, or durable before; `wasPaid` where a call was made for it.
        case ended(TrialOutcome, wasPaid: Bool)
    }

    /// A trial that is to be recorded.
    private struct CheckedTrial: Sendable {
        var record: TrialRecord
        var planned: PlannedExample
        var response: Response?
        var isCacheable: Bool
        /// Whether a call was made for the answer, and not only the cache or a recording read.
        var wasPaid: Bool
    }

    /// Trials that may wait for the disk at once: more only take memory.
    private static let mostUnrecorded = 512

    /// Runs these trials with a bounded number of them being answered. More are than calls may be in flight, so that checking
    /// and judging overlap with calling; the bound follows what the accounts take. Those that were free and wait for the disk
    /// are none of them: they gather there into large transactions. What was paid for counts until nothing can lose it.
    ///
    /// - Returns: How many were left out because what came in meanwhile had decided. What costs nothing is never left out.
    private func execute(
        _ keys: [TrialKey], finished: [TrialKey: TrialRecord], for planner: inout some TrialPlanner
    ) async throws -> Int {
        var dropped = 0
        var rest = keys[...]
        try await withThrowingTaskGroup(of: Step.self) { group in
            var running = 0
            var unrecorded = 0
            /// - Returns: Whether something was begun.
            func scheduleNext() -> Bool {
                while !interruption.isRequested, let key = rest.popFirst() {
                    if let record = finished[key] {
                        onEvent(.finished(record, isResumed: true))
                        guard let planned = planned(key), planned.former != nil else {
                            planner.report(record.outcome)
                            continue
                        }
                        // What the former checks said is not recorded: it follows from the answer.
                        group.addTask {
                            .ended(await self.outcome(record, planned, response: record.request.response), wasPaid: false)
                        }
                        unrecorded += 1
                        return true
                    }
                    guard planner.wants(key) || isFree(key) else {
                        dropped += 1
                        continue
                    }
                    onEvent(.started(key))
                    group.addTask { try await runTrial(key) }
                    running += 1
                    return true
                }
                return false
            }
            func schedule() {
                while running < caller.wantedTrials, unrecorded < Self.mostUnrecorded, scheduleNext() {}
            }
            schedule()
            while let step = try await group.next() {
                switch step {
                case .checked(let trial):
                    guard let trial else {
                        running -= 1
                        break
                    }
                    unrecorded += 1
                    if !trial.wasPaid { running -= 1 }
                    group.addTask { .ended(try await record(trial), wasPaid: trial.wasPaid) }
                case .unavailable(let key):
                    running -= 1
                    planner.report(TrialOutcome(key: key, result: .unavailable))
                case .ended(let outcome, let wasPaid):
                    unrecorded -= 1
                    if wasPaid { running -= 1 }
                    planner.report(outcome)
                }
                schedule()
            }
        }
        return dropped
    }

    private func isFree(_ key: TrialKey) -> Bool {
        guard let suite = plan.suites.first(where: { $0.run.suite == key.suite }), let planned = suite.example(key.example)
        else { return false }
        return answers.isFree(key, of: planned, in: suite)
    }

    private func planned(_ key: TrialKey) -> PlannedExample? {
        plan.suites.first { $0.run.suite == key.suite }?.example(key.example)
    }

    /// The outcome, with what the merge base's checks say of the same answer where they differ.
    private func outcome(_ record: TrialRecord, _ planned: PlannedExample, response: Response?) async -> TrialOutcome {
        var outcome = record.outcome
        guard let former = planned.former, let response else { return outcome }
        let verdict = await former.evaluate(
            response, isReused: record.request.isCached, baselineOutput: planned.baselineOutput, caller: caller)
        let gating = verdict.results.filter(\.gating).map { ($0.name, $0.state) }
        outcome.former = TrialOutcome.Former(
            state: verdict.state, checks: Dictionary(gating, uniquingKeysWith: { first, _ in first }),
            score: MeanScore(verdict.results).value)
        return outcome
    }

    /// A trial that was cut short by an interruption is as if it had never been started.
    private func runTrial(_ key: TrialKey) async throws -> Step {
        guard let suite = plan.suites.first(where: { $0.run.suite == key.suite }),
            let planned = suite.example(key.example)
        else { return .unavailable(key) }
        let answer = try await answers.answer(key, of: planned, in: suite)
        if case .failure(let problem) = answer.result {
            switch problem.kind {
            case .noFurtherRecording where key.draw.number > 1:
                onEvent(.unavailable(key))
                return .unavailable(key)
            case .cancelled: return .checked(nil)
            default: break
            }
        }
        if answer.isCacheable, !answer.isReused, planned.checks.takesTime, case .success = answer.result {
            // Judges and programs take their time: what was paid for must not be lost meanwhile.
            try await recorder.cache(answer.request)
        }
        let verdict = await verdict(answer, planned)
        let judgeExchanges = verdict?.judgeExchanges ?? []
        if interruption.isRequested, judgeExchanges.contains(where: \.isCancelled) { return .checked(nil) }
        // A program that was stopped with the run has said nothing of the output.
        let isCutShort = Task.isCancelled && verdict?.results.contains { $0.state == .errored } ?? false
        if interruption.isRequested, isCutShort { return .checked(nil) }
        let record = TrialRecord(
            key: key, state: verdict?.state ?? .errored, exampleHash: planned.hash, request: answer.request,
            checks: verdict?.results ?? [],
            judgeRequests: (verdict?.standingCount ?? 0 > 0 ? answer.standingRequests : [])
                + judgeExchanges.map { RequestRecord(exchange: $0, kind: .judge) },
            finished: clock.now())
        return .checked(
            CheckedTrial(
                record: record, planned: planned, response: try? answer.result.get(), isCacheable: answer.isCacheable,
                wasPaid: !answer.isReused && !suite.run.isDeterministic))
    }

    /// The outcome, once it can't be lost any more.
    private func record(_ trial: CheckedTrial) async throws -> TrialOutcome {
        try await recorder.record(
            trial.record, cacheable: trial.isCacheable,
            judgesCacheable: trial.planned.checks.targets.allSatisfy { caller.isCacheable($0) })
        onEvent(.finished(trial.record, isResumed: false))
        return await outcome(trial.record, trial.planned, response: trial.response)
    }

    /// `nil` when there is no answer to check.
    private func verdict(_ answer: TrialAnswer, _ planned: PlannedExample) async -> TrialVerdict? {
        switch answer.result {
        case .failure: nil
        case .success(let response):
            await planned.checks.evaluate(
                response, isReused: answer.isReused, baselineOutput: planned.baselineOutput,
                standing: answer.standingVerdicts, caller: caller)
        }
    }
}

extension Exchange {
    var isCancelled: Bool {
        if case .failure(let problem) = result { problem.kind == .cancelled } else { false }
    }
}
