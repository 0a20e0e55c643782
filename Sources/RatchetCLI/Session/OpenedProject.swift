import Foundation
import RatchetBackends
import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetJSON
import RatchetOperations
import RatchetRunner
import RatchetStore

/// A project as every command begins with it: loaded, with all findings so far, none of them thrown yet. A command
/// adds its own findings and then asks once whether it may go on.
struct OpenedProject {
    let context: Context
    let folder: ProjectFolder
    private(set) var project: Project
    private(set) var diagnostics: [Diagnostic]

    /// - Parameters:
    ///   - directory: `--project`; without it, the nearest folder upwards that holds a ratchet.yaml.
    ///   - example: An example that is not written yet, to be judged as if it were.
    static func open(
        _ context: Context, directory: String?, suites: [String]? = nil, adding example: NewExample? = nil
    ) throws -> OpenedProject {
        let folder: ProjectFolder
        if let directory {
            folder = ProjectFolder(root: context.absolute(directory))
        } else if let found = ProjectFolder.find(from: context.workingDirectory) {
            folder = found
        } else {
            throw DiagnosticsError([
                Diagnostic(
                    "no ratchet.yaml here or in a folder above", help: "begin a project with: ratchet init",
                    exitCode: .badConfig)
            ])
        }
        let loaded = ProjectLoader.load(
            folder, suites: suites, checkTypes: CheckRegistry.names, adding: example)
        return OpenedProject(
            context: context, folder: folder, project: loaded.project,
            diagnostics: loaded.diagnostics + JudgeStatuses.problems(loaded.project))
    }

    /// Judges are trusted as far as they were measured where the change began.
    mutating func takeCalibrations(of base: BaseProject) { project.calibrations = base.calibrations(project.calibrations) }

    mutating func add(_ found: some Sequence<Diagnostic>) { diagnostics += found }

    /// Prints the warnings and goes on, or throws everything at once.
    mutating func requireValid() throws {
        var seen: Set<Diagnostic> = []
        diagnostics = diagnostics.filter { seen.insert($0).inserted }
        if diagnostics.contains(where: { $0.severity == .error }) { throw ProjectProblems(folder: folder, diagnostics) }
        let locator = DiagnosticLocator(folder)
        for warning in diagnostics { context.error(locator.describe(warning) + "\n") }
        diagnostics = []
    }

    /// Labels point to versions that are there, and what was released has not changed.
    mutating func checkReleasedPrompts() {
        let problems = Problems()
        let labels = PromptLabels.read(folder, problems)
        let released = ReleasedPrompts.read(folder, problems)
        _ = PromptMove.read(folder, problems)
        add(problems.diagnostics + labels.problems(project.prompts) + released.problems(project.prompts))
    }

    /// Compiles checks with the project's rubrics, schemas and regular expressions.
    var compiler: CheckCompiler { CheckCompiler(CheckResources(folder: folder, project: project, context: context)) }

    /// Loading and compiling look at the same places with different eyes; what loading has found there is said once.
    mutating func plan(_ selection: RunSelection) -> RunPlan {
        var planner = RunPlanner(project: project, compiler: compiler)
        let plan = planner.plan(selection)
        let known = Set(diagnostics.compactMap(\.source))
        // An example whose checks could not be read would seem to have none.
        let unread = Set(known.map(\.document))
        add(
            planner.diagnostics.filter { diagnostic in
                guard let source = diagnostic.source else { return true }
                return !known.contains(source) && !(source == source.document && unread.contains(source))
            })
        return plan
    }

    /// The project planned as the run was: with its targets and prompt versions.
    mutating func plan(asIn header: RunHeader) -> RunPlan {
        var plan = RunPlan(suites: [], isPartial: header.isPartial)
        for suite in header.suites {
            var selection = RunSelection()
            selection.suites = [suite.suite]
            selection.target = Target(suite.target)
            selection.prompt = suite.prompt.flatMap { PromptReference($0) }
            selection.trials = suite.trials
            plan.suites += self.plan(selection).suites
        }
        return plan
    }

    /// The backends that the plan's targets and judges name; a recording that cannot be read is a finding.
    mutating func backends(for targets: Set<Target>) -> [String: ConfiguredBackend] {
        var made: [String: ConfiguredBackend] = [:]
        for name in Set(targets.map(\.backend)).sorted() {
            guard let configuration = project.configuration.backend(name) else { continue }
            let factory = BackendFactory(
                environment: context.environment, transport: context.transport, folder: folder, now: context.clock.now)
            let (backend, found) = factory.make(configuration)
            add(found)
            made[name] = backend
        }
        return made
    }

    /// Keys that are named and not set end a command before anything is sent.
    static func requireCredentials(_ backends: [String: ConfiguredBackend]) throws {
        let problems = backends.values.compactMap(\.missingCredential).sorted().map {
            Diagnostic($0, help: "set it in the environment, or take api_key_env out of ratchet.yaml", exitCode: .noCredentials)
        }
        if !problems.isEmpty { throw DiagnosticsError(problems) }
    }

    /// The same for a run. A key that only control trials would need is none to end it for: those are left out.
    static func requireCredentials(_ backends: [String: ConfiguredBackend], for plan: RunPlan) throws -> RunPlan {
        let plan = plan.keepingAccepted { backends[$0.backend]?.missingCredential == nil }
        let names = Set(plan.targets.map(\.backend))
        try requireCredentials(backends.filter { names.contains($0.key) })
        return plan
    }

    /// What a caller needs of the configuration.
    ///
    /// - Parameter concurrency: `-j`; without it, the configuration's, and without that what the accounts turn out to take.
    func callerOptions(concurrency: Int? = nil, usesCache: Bool = true, cacheMaximumAge: Double? = nil) -> Caller.Options {
        let configuration = project.configuration
        var options = Caller.Options(
            concurrency: concurrency ?? configuration.defaults.concurrency, usesCache: usesCache,
            cacheMaximumAge: cacheMaximumAge ?? configuration.cacheMaximumAge)
        options.prices = configuration.prices
        return options
    }

    func openStore() throws -> Store {
        do throws(StoreError) {
            return try Store(path: folder.path(".ratchet/ratchet.sqlite"))
        } catch {
            throw DiagnosticsError([error.diagnostic])
        }
    }

    /// A suite's baseline, or `nil` where there is none yet.
    mutating func baseline(of suite: String, name: String?) -> Baseline? {
        let (baseline, found) = BaselineFile(folder).read(suite: suite, name: name)
        add(found)
        return baseline
    }

    /// By rubric; those of earlier rubrics or judges are warned of and left out.
    mutating func canaries() -> [String: JudgeCanary] {
        let problems = Problems()
        let canaries = JudgeCanary.readAll(in: folder, rubrics: project.rubrics, problems)
        add(problems.diagnostics)
        return canaries
    }

    /// - Parameter base: What the change began with: an override may also name what is gone since.
    mutating func overrides(base: BaseProject? = nil) -> [Override] {
        let (overrides, found) = OverrideFile(folder).readAll()
        add(found)
        for override in overrides {
            add(problems(of: override, base: base).map { message in
                Diagnostic(.error, at: SourceReference(file: override.file), message, exitCode: .overrideProblem)
            })
        }
        return overrides
    }

    /// What a file alone cannot tell of an override: it must name what there is, and be bound to it.
    private mutating func problems(of override: Override, base: BaseProject?) -> [String] {
        guard let suite = project.suites.first(where: { $0.name == override.suite }) else {
            if override.scope == .policy { return [] }
            return ["the override is for the suite \"\(override.suite)\", which is not there"]
        }
        var found: [String] = []
        if let created = override.created, created > context.today { found.append("it was created on \(created), which is yet to come") }
        guard case .examples(let ids) = override.scope else { return found }
        let current = Set(suite.examples.map(\.id))
        let recorded = Set(baseline(of: suite.name, name: nil)?.records.map(\.id) ?? []).union(base?.ids(of: suite.name) ?? [])
        let write = "write it with: ratchet run --allow-regression"
        for id in ids {
            if !current.contains(id), !recorded.contains(id) {
                found.append("neither the suite \(suite.name) nor its baseline has an example \"\(id)\"")
            } else if current.contains(id), override.binding.examples[id] == nil {
                found.append("it is not bound to what the example \"\(id)\" is; \(write)")
            }
        }
        return found
    }

    /// The suite's own baseline and the further ones that have a file.
    func baselineNames(of suite: String) -> [String?] {
        let further = folder.list("baselines").compactMap { file -> String? in
            guard file.hasPrefix(suite + "."), file.hasSuffix(".jsonl") else { return nil }
            let name = String(file.dropFirst(suite.count + 1).dropLast(6))
            return Name.isValid(name) ? name : nil
        }
        return [nil] + further.sorted()
    }

    /// Baselines whose suite is gone: a removed suite is coverage lost.
    var orphanedBaselines: [String] {
        let suites = Set(project.suites.map(\.name))
        return folder.list("baselines").compactMap { file -> String? in
            guard file.hasSuffix(".jsonl"), let suite = file.split(separator: ".").first.map(String.init) else { return nil }
            return suites.contains(suite) ? nil : file
        }.sorted()
    }

    /// Finds fault with baselines whose suite is gone; deleting the file says that it was meant.
    mutating func refuseOrphanedBaselines() {
        add(
            orphanedBaselines.map { file in
                Diagnostic(
                    .error, at: SourceReference(file: "baselines/\(file)"),
                    "the suite of this baseline is gone: what it covered would be lost silently",
                    help: "bring the suite back, or delete the baseline as well", exitCode: .badInput)
            })
    }

    /// Targets on replay backends, whose recordings can be read without a call.
    var replayTargets: Set<Target> {
        Set(
            project.configuration.backends.values.compactMap { backend in
                if case .replay = backend.kind { Target(backend: backend.name, model: "any") } else { nil }
            })
    }
}

/// Findings about a project's files, with the folder their names are relative to.
struct ProjectProblems: Error {
    var folder: ProjectFolder
    var diagnostics: [Diagnostic]

    init(folder: ProjectFolder, _ diagnostics: [Diagnostic]) {
        self.folder = folder
        self.diagnostics = diagnostics
    }
}
