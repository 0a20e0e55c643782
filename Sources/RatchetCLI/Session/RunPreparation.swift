import RatchetBackends
import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetOperations
import RatchetRunner

/// What a run of suites stands on, found before anything is written or sent: the plan, and what it is held against.
struct RunPreparation {
    private(set) var opened: OpenedProject
    /// With the outputs that the baselines hold.
    var plan: RunPlan
    var backends: [String: ConfiguredBackend]
    var canaries: [String: JudgeCanary]
    private(set) var baselines: [String: Baseline] = [:]
    private(set) var overrides: [Override] = []
    /// By suite, by what the change lowers its own guard.
    private(set) var weakenings: [String: [Weakening]] = [:]
    /// Suites that the merge base has and the change does not.
    private(set) var removedSuites: [String] = []
    /// Where baseline, policy and checks were read from.
    private(set) var note: String?
    /// The full id of the commit that the change is held against; `nil` for the working tree's own files.
    let base: String?
    let baselineName: String?

    /// `--baseline none`
    var isUngated: Bool { baselineName == "none" }
    private var context: Context { opened.context }

    /// Findings are gathered, to be thrown by `requireValid`.
    init(
        _ context: Context, _ project: ProjectOptions, _ selection: RunSelection, baseline: String?, _ deciding: DecidingOptions
    ) throws {
        baselineName = baseline
        opened = try OpenedProject.open(context, directory: project.directory, suites: nil)
        let basis = baseline == "none" ? nil : try BaseProject.open(deciding.base, for: opened)
        note = basis?.note
        base = basis?.base?.commit
        if let base = basis?.base { opened.takeCalibrations(of: base) }
        plan = opened.plan(selection)
        backends = [:]
        canaries = [:]
        if baseline != "none" { readBaselines(selection, basis?.base) }
        if let base = basis?.base { plan = base.guarding(plan) }
        if deciding.release {
            for place in plan.suites.indices where plan.suites[place].suite.policy.noWorseThan == nil {
                plan.suites[place].suite.policy.noWorseThan = GatePolicy.releaseMargin
            }
        }
        plan = AcceptedVersions.plan(plan, with: baselines, in: opened).comparing(with: baselines)
        backends = opened.backends(for: plan.targets)
        overrides = OverrideApproval(folder: opened.folder, base: base).approved(opened.overrides(base: basis?.base), plan: plan)
        if selection.suites.isEmpty, let base = basis?.base {
            removedSuites = base.removedSuites(opened.project, overrides: overrides, today: context.today)
        }
        canaries = opened.canaries()
        opened.add(unknownPermissions(deciding.allowRegression))
        if context.isCI, !deciding.allowRegression.isEmpty,
            plan.suites.contains(where: { !$0.suite.policy.allowsOverrideFlagInCI })
        {
            opened.add([Diagnostic("the policy does not allow --allow-regression in CI", exitCode: .usage)])
        }
    }

    private mutating func readBaselines(_ selection: RunSelection, _ base: BaseProject?) {
        if selection.suites.isEmpty { opened.refuseOrphanedBaselines() }
        for suite in plan.suites {
            let name = suite.run.suite
            let own = opened.baseline(of: name, name: baselineName)
            let accepted = base?.baseline(of: name, name: baselineName)
            baselines[name] = accepted?.baseline ?? own
            guard let base else { continue }
            weakenings[name] = base.weakenings(of: suite.suite, baseline: own, name: baselineName, in: opened)
            if accepted?.baseline == nil, own != nil {
                let why = accepted?.diagnostics.isEmpty == false ? "the baseline of \(name) there can't be read" : "\(name) has no baseline there yet"
                note = (note ?? "") + "; \(why), so the working tree's is used"
            }
        }
    }

    /// Prints the warnings and goes on, or throws everything at once.
    mutating func requireValid(_ further: [Diagnostic] = []) throws {
        opened.add(further)
        try opened.requireValid()
    }

    /// Opens the store.
    func session(_ options: RunSession.Options) throws -> RunSession {
        RunSession(
            context: context, opened: opened, plan: plan, store: try opened.openStore(), backends: backends, baselines: baselines,
            overrides: overrides, canaries: canaries, options: options, progress: Progress(context: context))
    }

    /// What a shard of this run says of the whole.
    func description(of shard: Shard, _ selection: RunSelection, whole: RunPlan) -> ShardDescription {
        ShardDescription(
            shard: shard, selection: selection, baseline: baselineName,
            baselineHashes: baselines.mapValues { Digest.sha256(BaselineFile.bytes(of: $0, writer: "")) },
            commit: Git(folder: opened.folder.root).output(["rev-parse", "HEAD"]), base: base,
            planKey: whole.key(baseline: baselineName ?? ""))
    }

    /// What `--allow-regression` names must be there: a typing error permits nothing.
    private func unknownPermissions(_ names: [String]) -> [Diagnostic] {
        let known = Set(
            plan.suites.flatMap { suite in
                let recorded = baselines[suite.run.suite]?.records.map(\.id) ?? []
                let ids = suite.suite.examples.map(\.id) + recorded + (weakenings[suite.run.suite] ?? []).compactMap(\.example)
                let slices = suite.suite.policy.slices.keys.map { "slice:\($0)" }
                return ids + ids.map { "\(suite.run.suite)/\($0)" }
                    + (["pass_rate", "policy"] + slices + Metric.allCases.map { "metric:\($0.rawValue)" }).map { "\(suite.run.suite):\($0)" }
            } + removedSuites.map { "\($0):policy" })
        return names.filter { !known.contains($0) }.map {
            Diagnostic("--allow-regression: there is no example \"\($0)\"", exitCode: .usage)
        }
    }
}
