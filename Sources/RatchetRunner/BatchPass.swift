import RatchetBackends
import RatchetCore
import RatchetFiles
import RatchetStore

/// The first pass of a run through the providers' batches: what the run will ask is sent together, and its answers are in the cache when
/// the run asks.
///
/// Trials are played through with the cache alone, which finds what is asked next: first the answers, then, once those are there, further turns of
/// conversations and the judges. Each such round is sent as batches; nothing of it is asked again while one of them waits.
package struct BatchPass {
    package enum Event: Sendable {
        case submitted(Batch)
        case waiting(answered: Int, total: Int)
    }

    /// What it came to.
    package struct Summary: Sendable {
        package var answered = 0
        /// Requests that a batch has refused: they are asked one by one.
        package var refused = 0
        package var cost = Money(picodollars: 0)
        package var fullCost = Money(picodollars: 0)
    }

    /// A batch that came to no good end, in words for a person.
    package struct Failure: Error {
        package var message: String
    }

    private let plan: RunPlan
    private let planKey: String
    private let caller: Caller
    private let store: Store
    private let backends: [String: ConfiguredBackend]
    private let prices: PriceList
    private let clock: RunClock
    private let interruption: Interruption
    private let onEvent: @Sendable (Event) -> Void

    package init(
        plan: RunPlan, planKey: String, caller: Caller, store: Store, backends: [String: ConfiguredBackend], prices: PriceList, clock: RunClock,
        interruption: Interruption, onEvent: @escaping @Sendable (Event) -> Void
    ) {
        self.plan = plan
        self.planKey = planKey
        self.caller = caller
        self.store = store
        self.backends = backends
        self.prices = prices
        self.clock = clock
        self.interruption = interruption
        self.onEvent = onEvent
    }

    /// Requests in one batch, and their bytes: below what the providers take, and what an answer file of takes little memory.
    private static let mostRequests = 10_000
    private static let mostBytes = 90_000_000
    /// Seconds between two looks: soon at first, for small batches.
    private static let firstPause = 2.0
    private static let longestPause = 60.0
    /// Looks in a row that may fail.
    private static let mostFailures = 20

    /// - Returns: `nil` when it was interrupted; batches wait on then, for the same command.
    /// - Throws: `Failure`, `StoreError`.
    package func run(finished: Set<TrialKey>) async throws -> Summary? {
        var summary = Summary()
        var refused: Set<String> = []
        while !interruption.isRequested {
            let asked = try await collect(finished, leaving: refused)
            let waiting = try store.batches().filter { $0.planKey == planKey && $0.state == .waiting }
            if waiting.isEmpty {
                if asked.isEmpty { return summary }
                try await submit(asked)
                continue
            }
            for batch in waiting {
                guard try await take(batch, asked, &refused, &summary) else { return nil }
            }
        }
        return nil
    }

    // MARK: What is asked next

    private func collect(_ finished: Set<TrialKey>, leaving refused: Set<String>) async throws -> [String: Request] {
        let collector = RequestCollector(leaving: refused) { backends[$0.target.backend]?.batches != nil }
        let collecting = CollectingCaller(caller: caller, collector: collector)
        let keys = plan.suites.flatMap { suite in
            suite.examples.flatMap { planned in
                (1...max(suite.run.trials, 1)).map { TrialKey(suite: suite.run.suite, example: planned.example.id, draw: Draw(.run, $0)) }
            }
        }.filter { !finished.contains($0) }
        let suites = Dictionary(plan.suites.map { ($0.run.suite, $0) }, uniquingKeysWith: { first, _ in first })
        let answers = ModelAnswers(caller: collecting, keep: { _ in })
        _ = try await caller.each(keys) { key in
            guard !interruption.isRequested, let suite = suites[key.suite], let planned = suite.example(key.example) else { return }
            let answer = try await answers.answer(key, of: planned, in: suite)
            guard case .success(let response) = answer.result, !planned.checks.targets.isEmpty else { return }
            _ = await planned.checks.evaluate(response, isReused: true, baselineOutput: planned.baselineOutput, caller: collecting)
        }
        return collector.requests
    }

    // MARK: At the provider

    private func submit(_ asked: [String: Request]) async throws {
        for (target, requests) in Dictionary(grouping: asked, by: \.value.target).sorted(by: { $0.key.description < $1.key.description }) {
            guard let service = backends[target.backend]?.batches else { continue }
            for part in Self.parts(requests.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }) where !interruption.isRequested {
                do throws(BackendError) {
                    let id = try await service.submit(part, key: planKey)
                    let batch = Batch(
                        id: id, backend: target.backend, model: target.model, planKey: planKey, submitted: clock.now(), requests: part.count)
                    do { try store.save(batch) } catch { throw BackendError(.status, "the batch \(id) was sent and can't be remembered: \(error)") }
                    onEvent(.submitted(batch))
                } catch {
                    throw Failure(message: "\(target.backend) did not take the batch: \(error.message)")
                }
            }
        }
    }

    private static func parts(_ requests: [(String, Request)]) -> [[(id: String, request: Request)]] {
        var parts: [[(id: String, request: Request)]] = []
        var bytes = 0
        for (id, request) in requests {
            let size = request.messages.reduce(2000) { $0 + $1.content.utf8.count * 2 }
            if parts.isEmpty || parts[parts.count - 1].count == mostRequests || bytes + size > mostBytes {
                parts.append([])
                bytes = 0
            }
            parts[parts.count - 1].append((id, request))
            bytes += size
        }
        return parts
    }

    /// Waits for a batch and takes what it has answered.
    ///
    /// - Returns: `false` when it was interrupted.
    private func take(
        _ batch: Batch, _ asked: [String: Request], _ refused: inout Set<String>, _ summary: inout Summary
    ) async throws -> Bool {
        guard let service = backends[batch.backend]?.batches else {
            throw Failure(message: "the batch \(batch.id) waits at \(batch.backend), which takes no batches any more; ratchet batches cancel \(batch.id)")
        }
        guard let status = try await end(of: batch, service) else { return false }
        var answers: [RequestRecord] = []
        var answered: Set<String> = []
        do {
            try await service.results(of: batch.id, request: { asked[$0] }) { fingerprint, result in
                guard let request = asked[fingerprint] else { return }
                guard case .success(var response) = result else {
                    refused.insert(fingerprint)
                    return
                }
                let costs = costs(of: response, to: request)
                response.cost = costs?.batched.dollars
                summary.cost = summary.cost + (costs?.batched ?? Money(picodollars: 0))
                summary.fullCost = summary.fullCost + (costs?.full ?? Money(picodollars: 0))
                let exchange = Exchange(
                    request: request, fingerprint: fingerprint, result: .success(response), attempts: [], traceID: clock.traceID(),
                    isCached: false, time: clock.now())
                answers.append(RequestRecord(exchange: exchange, kind: .trial))
                answered.insert(fingerprint)
            }
        } catch let error as BackendError {
            throw Failure(message: "the answers of the batch \(batch.id) can't be had: \(error.message)")
        }
        try store.cache(answers)
        caller.takeFresh(answered)
        summary.answered += answered.count
        var taken = batch
        taken.state = .taken
        try store.save(taken)
        if case .broken(let words) = status.state {
            throw Failure(
                message: "the batch \(batch.id) at \(batch.backend) is \(words); \(answered.count) of its \(batch.requests) answers are kept, "
                    + "and the same command asks for the rest")
        }
        // Otherwise it would be asked for again and again.
        if answered.isEmpty, refused.count == summary.refused, !asked.isEmpty {
            throw Failure(message: "the batch \(batch.id) at \(batch.backend) is completed and holds no answer to what is asked")
        }
        summary.refused = refused.count
        return true
    }

    private func end(of batch: Batch, _ service: any BatchService) async throws -> BatchStatus? {
        var pause = Self.firstPause
        var failures = 0
        while !interruption.isRequested {
            do throws(BackendError) {
                let status = try await service.status(of: batch.id)
                if status.state != .running { return status }
                onEvent(.waiting(answered: status.answered, total: status.total))
                failures = 0
            } catch {
                failures += 1
                if !error.isRetryable || failures == Self.mostFailures {
                    throw Failure(message: "\(batch.backend) says nothing of the batch \(batch.id): \(error.message); the same command asks again")
                }
            }
            guard await interruption.sleep(pause, clock: clock) else { return nil }
            pause = min(pause * 1.5, Self.longestPause)
        }
        return nil
    }

    private func costs(of response: Response, to request: Request) -> (batched: Money, full: Money)? {
        let day = CalendarDay(secondsSince1970: clock.now()).description
        for model in [response.model, request.target.model].compactMap(\.self) {
            if let full = prices.cost(model, response.usage, on: day), let batched = prices.cost(model, response.usage, on: day, isBatched: true) {
                return (batched, full)
            }
        }
        return nil
    }
}
