import RatchetCore
import RatchetJSON

/// A project as its files give it, with everything that is wrong with them. With an error among the diagnostics the
/// project is what could be read, and nothing should run.
package struct LoadedProject: Sendable {
    package var project: Project
    package var diagnostics: [Diagnostic]

    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

/// Reads a project's files and checks all that files alone can tell: everything wrong with any of them is reported at
/// once.
package enum ProjectLoader {
    /// - Parameters:
    ///   - suites: the suites to read; all of them when `nil`.
    ///   - checkTypes: the types of checks that exist.
    ///   - example: an example that is not written yet; the project is read as if it were its suite's last one.
    package static func load(
        _ folder: ProjectFolder, suites: [String]? = nil, checkTypes: Set<String>, adding example: NewExample? = nil
    ) -> LoadedProject {
        let configurationProblems = Problems(exitCode: .badConfig)
        let problems = Problems()

        let result = ConfigurationReader(folder: folder, problems: configurationProblems).read()
        let prices = PriceFile.builtIn.overridden(by: PriceFile.own(in: folder, problems))
        let prompts = PromptReader(folder: folder, problems: problems).readAll()
        let rubrics = RubricReader(folder: folder, problems: problems).readAll()
        let reader = SuiteReader(
            folder: folder, problems: problems, checkTypes: checkTypes,
            policy: result?.configuration.policy ?? GatePolicy())
        let (names, unknown) = select(suites, in: folder, problems)
        var project = Project(
            configuration: result?.configuration ?? Configuration(), prompts: prompts,
            suites: names.compactMap { name in reader.read(name, adding: example?.suite == name ? example : nil) },
            rubrics: rubrics)

        project.configuration.prices = prices
        project.isConfigured = result != nil
        let knownRubrics = Set(RubricReader.ids(in: folder))
        project.calibrations = CalibrationFile.readAll(in: folder, rubrics: knownRubrics, problems)
        let validation = ProjectValidation(project: project, problems: problems)
        if let result { validation.checkTargets(knownBackends: result.backendNames, configurationProblems) }
        validation.checkReferences(
            knownPrompts: Set(PromptReader.ids(in: folder)), knownRubrics: knownRubrics)
        return LoadedProject(
            project: project, diagnostics: unknown + configurationProblems.diagnostics + problems.diagnostics)
    }

    /// The suites to read, and a usage error for each asked-for one that does not exist.
    private static func select(
        _ wanted: [String]?, in folder: ProjectFolder, _ problems: Problems
    ) -> (names: [String], unknown: [Diagnostic]) {
        let known = SuiteReader.names(in: folder, problems)
        guard let wanted else { return (known, []) }
        let unknown = wanted.filter { !known.contains($0) }.map { name in
            Diagnostic(
                .error, "there is no suite \(Quoted.text(name))",
                help: Suggestion.help(for: name, among: known, saying: "suites"), exitCode: .usage)
        }
        return (known.filter(wanted.contains), unknown)
    }
}
