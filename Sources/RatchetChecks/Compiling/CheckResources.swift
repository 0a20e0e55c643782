import RatchetCore
import RatchetJSON

/// What checks need from the rest of the project while they are compiled; the module itself touches no file.
package struct CheckResources: Sendable {
    /// Reads a JSON file that a check names; the reference is the place that names it.
    package typealias FileLoader = @Sendable (_ path: String, _ source: SourceReference) throws -> JSONValue
    /// Fills a rubric's templates in.
    package typealias RubricRenderer = @Sendable (_ rubric: Rubric, _ variables: JSONValue) throws -> [Message]

    package var rubrics: [String: Rubric]
    package var loadFile: FileLoader
    package var renderRubric: RubricRenderer

    package init(
        rubrics: [String: Rubric] = [:], loadFile: @escaping FileLoader, renderRubric: @escaping RubricRenderer
    ) {
        self.rubrics = rubrics
        self.loadFile = loadFile
        self.renderRubric = renderRubric
    }
}
