import RatchetBackends
import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetRunner
import RatchetStore

/// A rubric's judge, asked about answers outside of a run's trials: same cache, limits and retries.
struct JudgeSession {
    let context: Context
    let judge: Judge
    let store: Store
    let caller: Caller
    private let interruption: Interruption
    private let isCacheable: Bool

    /// - Parameter cacheMaximumAge: Seconds for which an answer that is cached stands for today's.
    init(
        _ opened: OpenedProject, rubric: Rubric, store: Store, backends: [String: ConfiguredBackend],
        interruption: Interruption = Interruption(), concurrency: Int? = nil, usesCache: Bool = true,
        cacheMaximumAge: Double? = nil, budget: RunBudget? = nil
    ) {
        context = opened.context
        judge = Judge(rubric, render: CheckResources.rubricRenderer)
        self.store = store
        self.interruption = interruption
        var observers = Caller.Observers()
        observers.onFailure = { if $0.kind == .credentials { interruption.request(.noCredentials) } }
        observers.onEnd = { code, _ in interruption.request(code) }
        var options = opened.callerOptions(concurrency: concurrency, usesCache: usesCache, cacheMaximumAge: cacheMaximumAge)
        if let budget { options.budget = budget }
        caller = Caller(
            backends: backends, store: store, clock: context.clock, options: options, interruption: interruption, observers: observers)
        isCacheable = caller.isCacheable(rubric.judge)
    }

    /// The judge's findings in the order of the items; answers are kept in the cache as they come.
    func findings(on items: [JudgedItem]) async throws -> [JudgeFinding] {
        try await caller.each(Array(items.enumerated())) { place, item in (place, try await finding(on: item)) }
            .sorted { $0.0 < $1.0 }.map(\.1)
    }

    private func finding(on item: JudgedItem) async throws -> JudgeFinding {
        let finding = await judge.assess(item, caller: caller)
        if isCacheable {
            try store.cache(finding.outcome.exchanges.map { RequestRecord(exchange: $0, kind: .judge) })
        }
        return finding
    }

    /// Set once the key was refused or somebody stopped it.
    var stopped: RatchetCore.ExitCode? { interruption.code }

    /// Ctrl-C ends it; what was answered is cached.
    func watchingSignals() -> AnyObject { context.onSignal { [interruption] in interruption.request($0) } }
}

extension OpenedProject {
    /// - Throws: A usage finding for a name that no rubric has.
    func rubric(_ id: String) throws -> Rubric {
        if let rubric = project.rubrics[id] { return rubric }
        // A rubric that is there and cannot be read has been found fault with already.
        if diagnostics.contains(where: { $0.severity == .error && $0.source?.file == "rubrics/\(id).md" }) {
            throw ProjectProblems(folder: folder, diagnostics)
        }
        throw DiagnosticsError([
            Diagnostic(
                "there is no rubric \"\(id)\"",
                help: Suggestion.help(for: id, among: project.rubrics.keys.sorted(), saying: "rubrics")
                    ?? "write rubrics/\(Name.isValid(id) ? id : "NAME").md, or take one with: ratchet judge add", exitCode: .usage)
        ])
    }
}
