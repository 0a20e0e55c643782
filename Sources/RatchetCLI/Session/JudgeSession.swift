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
    private let concurrency: Int
    private let isCacheable: Bool

    /// - Parameter cacheMaximumAge: Seconds for which an answer that is cached stands for today's.
    init(
        _ opened: OpenedProject, rubric: Rubric, store: Store, backends: [String: ConfiguredBackend],
        interruption: Interruption = Interruption(), concurrency: Int? = nil, usesCache: Bool = true,
        cacheMaximumAge: Double? = nil
    ) {
        context = opened.context
        judge = Judge(rubric, render: CheckResources.rubricRenderer)
        self.store = store
        self.interruption = interruption
        let configuration = opened.project.configuration
        self.concurrency = concurrency ?? configuration.defaults.concurrency
        caller = Caller(
            backends: backends, store: store, clock: context.clock,
            options: .init(
                concurrency: self.concurrency, usesCache: usesCache,
                cacheMaximumAge: cacheMaximumAge ?? configuration.cacheMaximumAge),
            interruption: interruption,
            onFailure: { if $0.kind == .credentials { interruption.request(.noCredentials) } })
        isCacheable = caller.isCacheable(rubric.judge)
    }

    /// The judge's findings in the order of the items; answers are kept in the cache as they come.
    func findings(on items: [JudgedItem]) async throws -> [JudgeFinding] {
        var findings = [JudgeFinding?](repeating: nil, count: items.count)
        var rest = items.indices[...]
        try await withThrowingTaskGroup(of: (Int, JudgeFinding).self) { group in
            func scheduleNext() {
                guard let place = rest.popFirst() else { return }
                group.addTask { (place, try await finding(on: items[place])) }
            }
            for _ in 0..<concurrency * 2 { scheduleNext() }
            while let (place, finding) = try await group.next() {
                findings[place] = finding
                scheduleNext()
            }
        }
        return findings.compactMap { $0 }
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
