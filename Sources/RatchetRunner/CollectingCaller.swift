import RatchetCore
import Synchronization

/// Answers with what is at hand, and gathers what is not instead of asking for it.
struct CollectingCaller: TrialCaller {
    let caller: Caller
    let collector: RequestCollector

    func call(_ request: Request) async -> Exchange {
        if let exchange = await caller.atHand(request) { return exchange }
        let fingerprint = caller.fingerprint(request) ?? ""
        collector.add(request, fingerprint)
        return Exchange(
            request: request, fingerprint: fingerprint, result: .failure(BackendError(.cancelled, "it is not at hand")), attempts: [],
            traceID: "", isCached: false, time: 0)
    }

    func isFree(_ request: Request) -> Bool { caller.isFree(request) }
    func isCacheable(_ target: Target) -> Bool { caller.isCacheable(target) }
    func isReplay(_ target: Target) -> Bool { caller.isReplay(target) }
    func isDeterministic(_ target: Target) -> Bool { caller.isDeterministic(target) }
}

/// Requests by their fingerprint, from any thread.
final class RequestCollector: Sendable {
    private let left: Set<String>
    private let isWanted: @Sendable (Request) -> Bool
    private let gathered = Mutex<[String: Request]>([:])

    /// - Parameter left: Fingerprints that are passed over.
    init(leaving left: Set<String>, isWanted: @escaping @Sendable (Request) -> Bool) {
        self.left = left
        self.isWanted = isWanted
    }

    var requests: [String: Request] { gathered.withLock { $0 } }

    func add(_ request: Request, _ fingerprint: String) {
        guard !left.contains(fingerprint), isWanted(request) else { return }
        if case .embedding = request.purpose { return }
        gathered.withLock { $0[fingerprint] = request }
    }
}
