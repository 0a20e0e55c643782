import RatchetChecks
import RatchetCore
import RatchetFiles

extension CheckResources {
    /// What checks may take from a project: its rubrics, and the files in its folder.
    init(folder: ProjectFolder, rubrics: [String: Rubric], advisoryRubrics: Set<String> = []) {
        self.init(
            rubrics: rubrics, advisoryRubrics: advisoryRubrics,
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
