import Foundation
import RatchetBackends
import RatchetChecks
import RatchetCore
import RatchetFiles

extension CheckResources {
    /// What checks may take from a project: its rubrics, backends and labels, the files in its folder, and programs.
    ///
    /// - Parameter project: `nil` outside a project, where there is a folder and nothing else.
    init(folder: ProjectFolder, project: Project?, context: Context) {
        let labels = LabelIndex(project?.suites ?? [])
        self.init(
            rubrics: project?.rubrics ?? [:],
            backends: project?.configuration.backendNames ?? ["echo"],
            advisoryRubrics: project?.advisoryRubrics ?? [],
            loadFile: { path, source in try NamedFile(path, besides: source.file, in: folder).json() },
            loadText: { path, source in try NamedFile(path, besides: source.file, in: folder).text() },
            locateFile: { path, source in try NamedFile(path, besides: source.file, in: folder).location() },
            renderRubric: Self.rubricRenderer, programs: Programs(folder: folder, project: project, context: context),
            labels: { labels.labels($0, $1) })
    }

    /// Fills in a rubric's templates; a variable that is missing is an error.
    static let rubricRenderer: RubricRenderer = { rubric, variables in
        let renderer = try PromptRenderer(rubric.templates)
        let missing = renderer.missingVariables(variables)
        if !missing.isEmpty {
            let names = missing.map { "{{\($0.name.text)}}" }.joined(separator: ", ")
            throw Diagnostic("the rubric \"\(rubric.id)\" needs \(names), which the example does not give")
        }
        return renderer.render(variables: variables)
    }
}

extension CheckResources.Programs {
    /// The way to programs that checks run. They see the environment without the keys of backends.
    fileprivate init(folder: ProjectFolder, project: Project?, context: Context) {
        let keys = Set(project?.configuration.backends.values.compactMap(\.apiKeyVariable) ?? [])
        let runner = ProgramRunner(
            environment: context.environment.filter { !keys.contains($0.key) }, folder: folder.root,
            parallelism: ProcessInfo.processInfo.activeProcessorCount)
        let path = context.environment["PATH"]
        self.init(
            find: { ProgramLookup.find($0, path: path) }, isExecutable: ProgramLookup.isExecutable,
            hash: { Digest.sha256(try FileSystem.read($0)) }, run: { await runner.run($0) })
    }
}
