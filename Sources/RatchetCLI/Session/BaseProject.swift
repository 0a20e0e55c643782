import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetRunner

/// The project as it is at the commit that a change is held against: its baselines, policy, calibrations and checks.
struct BaseProject {
    /// `4c1d2e0 (merge base with origin/main)`, for a person.
    let description: String
    /// The commit's full id.
    let commit: String
    private let folder: ProjectFolder
    /// What guards the suites there; `nil` where nothing of it differs from the working tree's, which is the usual case and
    /// saves reading it all again.
    private let guarding: Guarding?

    private struct Guarding {
        let project: Project
        let compiler: CheckCompiler
        /// Whether the project could be read whole there; its baselines are read in any case.
        let isValid: Bool
    }

    /// - Parameter option: `--base`.
    /// - Returns: The base, or why there is none: then the working tree decides, and that is said.
    static func open(_ option: String?, for opened: OpenedProject) throws -> (base: BaseProject?, note: String) {
        let context = opened.context
        switch try BaseRevision.find(option, folder: opened.folder.root, environment: context.environment) {
        case .workingTree(let reason):
            return (nil, "baseline, policy and checks were read from the working tree: \(reason)")
        case .commit(let id, let description):
            let name = "\(id.prefix(7)) (\(description))"
            let absent = "baseline, policy and checks were read from the working tree: there is no project yet at \(name)"
            guard BaseFiles.hasProject(id, opened.folder) else { return (nil, absent) }
            guard let folder = try BaseFiles.export(id, of: opened.folder) else {
                throw DiagnosticsError([
                    Diagnostic(
                        "the project's files at \(name) can't be read from git", help: "is the clone whole? Try: git fsck", exitCode: .noBaseline)
                ])
            }
            var guarding: Guarding?
            if BaseFiles.guardsDiffer(id, opened.folder) {
                let loaded = ProjectLoader.load(folder, checkTypes: CheckRegistry.names)
                guarding = Guarding(
                    project: loaded.project,
                    compiler: CheckCompiler(CheckResources(folder: folder, project: loaded.project, context: context)),
                    isValid: !loaded.hasErrors)
            }
            let base = BaseProject(description: name, commit: id, folder: folder, guarding: guarding)
            let note =
                guarding?.isValid ?? true
                ? "baseline, policy and checks of \(name) decide"
                : "the baseline of \(name) decides; the rest of the project there is invalid, so policy and checks are the working tree's"
            return (base, note)
        }
    }

    /// A suite's baseline there; a finding when its file cannot be read.
    func baseline(of suite: String, name: String?) -> (baseline: Baseline?, diagnostics: [Diagnostic]) {
        BaselineFile(folder).read(suite: suite, name: name)
    }

    /// Calibrations of judges: those of the base, and of rubrics that are new.
    func calibrations(_ current: [String: JudgeCalibration]) -> [String: JudgeCalibration] {
        guard let guarding, guarding.isValid else { return current }
        let known = current.filter { guarding.project.rubrics[$0.key] == nil }
        return guarding.project.calibrations.merging(known) { base, _ in base }
    }

    /// The plan under the base's policy, with the base's checks beside those that the change brings where they differ.
    func guarding(_ plan: RunPlan) -> RunPlan {
        guard let guarding, guarding.isValid else { return plan }
        var plan = plan
        for place in plan.suites.indices {
            guard let suite = guarding.project.suites.first(where: { $0.name == plan.suites[place].run.suite }) else { continue }
            plan.suites[place].suite.policy = suite.policy
            let examples = Dictionary(suite.examples.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            plan.suites[place].setFormer { planned in
                guard let old = examples[planned.example.id], old.asksTheSame(as: planned.example),
                    let checks = guarding.compiler.compile(old).0,
                    old.hash != planned.hash || checks.checkHashes != planned.checks.checkHashes
                else { return nil }
                return checks
            }
        }
        return plan
    }

    /// By what the change lowers the guard of a suite.
    ///
    /// - Parameter now: The suite in the working tree, with its own policy.
    func weakenings(of now: Suite, baseline: Baseline?, name: String?, in opened: OpenedProject) -> [Weakening] {
        let accepted = self.baseline(of: now.name, name: name).baseline
        guard let guarding else {
            func same(_ baseline: Baseline?) -> SuiteGuard {
                SuiteGuard(policy: now.policy, examples: now.examples, checks: [:], rubricThresholds: [:], baseline: baseline)
            }
            return same(accepted).weakenings(in: same(baseline))
        }
        guard guarding.isValid, let suite = guarding.project.suites.first(where: { $0.name == now.name }) else { return [] }
        let old = guardOf(suite, guarding.project, guarding.compiler, baseline: accepted)
        return old.weakenings(in: guardOf(now, opened.project, opened.compiler, baseline: baseline))
    }

    /// Suites that are gone, without an override that permits it.
    func removedSuites(_ current: Project, overrides: [Override], today: String) -> [String] {
        guard let guarding, guarding.isValid else { return [] }
        let names = Set(current.suites.map(\.name))
        let permitted = Set(
            overrides.filter { $0.scope == .policy && ($0.expires ?? today) >= today }.map(\.suite))
        return guarding.project.suites.map(\.name).filter { !names.contains($0) && !permitted.contains($0) }.sorted()
    }

    /// The ids that a suite's examples and records have there.
    func ids(of suite: String) -> Set<String> {
        let records = baseline(of: suite, name: nil).baseline?.records.map(\.id) ?? []
        return Set(records + (guarding?.project.suites.first { $0.name == suite }?.examples.map(\.id) ?? []))
    }

    private func guardOf(_ suite: Suite, _ project: Project, _ compiler: CheckCompiler, baseline: Baseline?) -> SuiteGuard {
        var checks: [String: [String: String]] = [:]
        var rubrics: Set<String> = []
        for example in suite.examples {
            checks[example.id] = compiler.compile(example).0?.checkHashes
            for check in example.checks { rubrics.formUnion(check.rubricIDs) }
        }
        let thresholds = rubrics.compactMap { id in project.rubrics[id].map { (id, $0.threshold) } }
        let servers = rubrics.compactMap { project.rubrics[$0]?.judge.backend }.compactMap { name in
            project.configuration.backend(name).map { (name, $0.baseURL ?? $0.kindName) }
        }
        return SuiteGuard(
            policy: suite.policy, examples: suite.examples, checks: checks,
            rubricThresholds: Dictionary(thresholds, uniquingKeysWith: { first, _ in first }),
            judgeServers: Dictionary(servers, uniquingKeysWith: { first, _ in first }), labels: suite.labels,
            cacheMaximumAge: project.configuration.cacheMaximumAge, baseline: baseline)
    }
}

extension Example {
    /// Whether the same answer would be given to both.
    fileprivate func asksTheSame(as other: Example) -> Bool {
        input == other.input && contexts == other.contexts && tools == other.tools
    }
}
