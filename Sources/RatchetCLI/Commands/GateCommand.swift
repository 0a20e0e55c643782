import ArgumentParser
import RatchetCore
import RatchetReports
import RatchetRunner

/// `ratchet gate`: the decision on a run that several machines have shared.
struct GateCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "gate",
        abstract: "Put the shards of a run together, and decide.",
        discussion: """
            Takes the files that ratchet run --shard has written, all of one run and in any order, asks again what looks \
            worse, and decides as the whole run would have. Exits as ratchet run does, and 5 when a shard is missing.
            """)

    @OptionGroup var project: ProjectOptions
    @Argument(help: "The files of all shards.") var files: [String]
    @OptionGroup var deciding: DecidingOptions
    @OptionGroup var calls: CallOptions
    @OptionGroup var reports: ReportOptions
    @OptionGroup(title: "Limits") var spending: SpendingOptions
    @Flag(help: "Ask no model again: what looks worse stays unconfirmed.") var offline = false

    func run(_ context: Context) async throws -> RatchetCore.ExitCode {
        try await context.refusing(reports.format) { try await decide(context) }
    }

    private func decide(_ context: Context) async throws -> RatchetCore.ExitCode {
        let shards = try ShardSet.read(files, context)
        let baseline = shards.description.baseline
        var prepared = try RunPreparation(context, project, shards.description.selection, baseline: baseline, deciding)
        // What is wrong with the project makes another plan of it: it is said first.
        try prepared.requireValid(spending.problems(prepared))
        let whole = prepared.description(of: shards.description.shard, shards.description.selection, whole: prepared.plan)
        try prepared.requireValid(shards.problems(with: whole, plan: prepared.plan))
        let reach = BackendReach(prepared, isOffline: offline)
        prepared.limit(to: reach)
        let files = try reports.files(context)
        let session = try prepared.session(
            .init(
                baselineName: prepared.isUngated ? nil : baseline, isUngated: prepared.isUngated,
                concurrency: calls.concurrency, usesCache: !calls.noCache, spending: spending.limits, effort: deciding.effort, stopsEarly: false, seed: shards.seed, shards: shards.files,
                unaskable: reach.unaskable, basisNote: prepared.note, removedSuites: prepared.removedSuites,
                weakenings: prepared.weakenings))
        var outcome = try await session.execute()
        outcome.notes = ["the first pass was run in \(count(shards.files.count, "shard"))"] + shards.notes + reach.notes + outcome.notes
        return try RunConclusion(session: session, outcome: outcome, permission: deciding.permission).conclude(
            reports.format, files: files)
    }
}

/// Which backends can be asked again, where the answers come from elsewhere and a key may not be at hand.
struct BackendReach {
    /// By name, why a backend can't be asked.
    private let problems: [String: String]
    /// Suites of which nothing more can be asked.
    let unaskable: Set<String>

    init(_ prepared: RunPreparation, isOffline: Bool) {
        problems = prepared.backends.compactMapValues { backend in
            if isOffline, backend.configuration.isRemote { return "--offline" }
            return backend.missingCredential
        }
        let problems = problems
        // A control trial that can't be made is left out; the suite can be asked without it.
        unaskable = Set(
            prepared.plan.keepingAccepted { problems[$0.backend] == nil }.suites
                .filter { suite in suite.targets.contains { problems[$0.backend] != nil } }.map(\.run.suite))
    }

    func canAsk(_ backend: String) -> Bool { problems[backend] == nil }

    var notes: [String] {
        guard !unaskable.isEmpty else { return [] }
        let reasons = Set(problems.values).sorted().joined(separator: "; ")
        return ["nothing more was asked of \(unaskable.sorted().joined(separator: ", ")): what looks worse is unconfirmed (\(reasons))"]
    }
}

extension RunPreparation {
    /// Leaves out what can't be asked, so that nothing is asked of it.
    mutating func limit(to reach: BackendReach) {
        plan = plan.keepingAccepted { reach.canAsk($0.backend) }
        backends = backends.filter { reach.canAsk($0.key) }
        let rubrics = opened.project.rubrics
        canaries = canaries.filter { rubric, _ in rubrics[rubric].map { reach.canAsk($0.judge.backend) } ?? false }
    }
}
