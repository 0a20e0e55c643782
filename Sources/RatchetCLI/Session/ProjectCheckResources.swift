import RatchetChecks
import RatchetCore
import RatchetFiles

extension CheckResources {
    /// What checks may take from a project: its rubrics, its backends, and the files in its folder.
    ///
    /// - Parameter project: `nil` outside a project, where there is a folder and nothing else.
    init(folder: ProjectFolder, project: Project?) {
        self.init(
            rubrics: project?.rubrics ?? [:], backends: Set(project?.configuration.backends.keys.map { $0 } ?? []).union(["echo"]),
            advisoryRubrics: project?.advisoryRubrics ?? [],
            loadFile: { path, source in try NamedFile(path, besides: source.file, in: folder).json() },
            loadText: { path, source in try NamedFile(path, besides: source.file, in: folder).text() },
            locateFile: { path, source in try NamedFile(path, besides: source.file, in: folder).location() },
            renderRubric: { rubric, variables in
                let renderer = try PromptRenderer(rubric.templates)
                let missing = renderer.missingVariables(variables)
                if !missing.isEmpty {
                    let names = missing.map { "{{\($0.name.text)}}" }.joined(separator: ", ")
                    throw Diagnostic("the rubric \"\(rubric.id)\" needs \(names), which the example does not give")
                }
                return renderer.render(variables: variables)
            })
    }
}
