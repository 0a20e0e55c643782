import RatchetCore
import RatchetJSON

/// What checks need from the rest of the project while they are compiled; the module itself touches no file.
package struct CheckResources: Sendable {
    /// Reads a JSON file that a check names; the reference is the place that names it.
    package typealias FileLoader = @Sendable (_ path: String, _ source: SourceReference) throws -> JSONValue
    /// Reads a text file that a check names.
    package typealias TextLoader = @Sendable (_ path: String, _ source: SourceReference) throws -> String
    /// The absolute path of a file that a check names; one that is not there, or outside the project, is refused.
    package typealias FileLocator = @Sendable (_ path: String, _ source: SourceReference) throws -> String
    /// Fills a rubric's templates in.
    package typealias RubricRenderer = @Sendable (_ rubric: Rubric, _ variables: JSONValue) throws -> [Message]

    package var rubrics: [String: Rubric]
    /// The names of the backends that there are.
    package var backends: Set<String>
    /// Rubrics whose judges agree too little with people to decide anything: no check that asks them gates.
    package var advisoryRubrics: Set<String>
    package var loadFile: FileLoader
    package var loadText: TextLoader
    package var locateFile: FileLocator
    package var renderRubric: RubricRenderer

    package init(
        rubrics: [String: Rubric] = [:], backends: Set<String> = [], advisoryRubrics: Set<String> = [],
        loadFile: @escaping FileLoader, loadText: @escaping TextLoader,
        locateFile: @escaping FileLocator, renderRubric: @escaping RubricRenderer
    ) {
        self.rubrics = rubrics
        self.backends = backends
        self.advisoryRubrics = advisoryRubrics
        self.loadFile = loadFile
        self.loadText = loadText
        self.locateFile = locateFile
        self.renderRubric = renderRubric
    }
}
