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

    /// What people said of an output, each of them once.
    package typealias LabelLookup = @Sendable (_ suite: String, _ subject: HumanLabel.Subject) -> [HumanLabel]
    package typealias ProgramRunner = @Sendable (_ call: ProgramCall) async -> ProgramResult

    /// The way to programs that checks name; the module itself starts no process.
    package struct Programs: Sendable {
        /// The absolute path of a program that is named without a folder.
        package var find: @Sendable (_ name: String) -> String?
        package var isExecutable: @Sendable (_ path: String) -> Bool
        /// The hash of a file's content.
        package var hash: @Sendable (_ path: String) throws -> String
        package var run: ProgramRunner

        package init(
            find: @escaping @Sendable (String) -> String?, isExecutable: @escaping @Sendable (String) -> Bool,
            hash: @escaping @Sendable (String) throws -> String, run: @escaping ProgramRunner
        ) {
            self.find = find
            self.isExecutable = isExecutable
            self.hash = hash
            self.run = run
        }

        /// Where there are none.
        package static let none = Programs(
            find: { _ in nil }, isExecutable: { _ in false }, hash: { _ in "" },
            run: { _ in ProgramResult(end: .notStarted("programs are not run here")) })
    }

    package var rubrics: [String: Rubric]
    /// The names of the backends that there are.
    package var backends: Set<String>
    /// Rubrics whose judges agree too little with people to decide anything: no check that asks them gates.
    package var advisoryRubrics: Set<String>
    package var loadFile: FileLoader
    package var loadText: TextLoader
    package var locateFile: FileLocator
    package var renderRubric: RubricRenderer
    package var programs: Programs
    package var labels: LabelLookup

    package init(
        rubrics: [String: Rubric] = [:], backends: Set<String> = [], advisoryRubrics: Set<String> = [],
        loadFile: @escaping FileLoader, loadText: @escaping TextLoader,
        locateFile: @escaping FileLocator, renderRubric: @escaping RubricRenderer, programs: Programs = .none,
        labels: @escaping LabelLookup = { _, _ in [] }
    ) {
        self.rubrics = rubrics
        self.backends = backends
        self.advisoryRubrics = advisoryRubrics
        self.loadFile = loadFile
        self.loadText = loadText
        self.locateFile = locateFile
        self.renderRubric = renderRubric
        self.programs = programs
        self.labels = labels
    }
}
