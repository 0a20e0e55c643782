import RatchetCore
import RatchetJSON

/// A JSON file that another file of the project names.
package enum JSONFile {
    /// - Parameters:
    ///   - name: Relative to the file that names it.
    ///   - file: The file that names it, relative to the project.
    /// - Throws: What is wrong with it; also when it lies outside the project.
    package static func read(_ name: String, besides file: String, in folder: ProjectFolder) throws(Diagnostic) -> JSONValue {
        guard let path = PromptReader.resolve(name, besides: file) else {
            throw Diagnostic("\(Quoted.text(name)) lies outside the project")
        }
        let problems = Problems()
        guard let content = SourceFile.read(path, in: folder, problems) else {
            throw problems.diagnostics.first ?? Diagnostic("\(Quoted.text(path)) cannot be read")
        }
        if let problem = problems.diagnostics.first { throw problem }
        do throws(JSONSyntaxError) {
            return try JSONValue(parsing: content.bytes)
        } catch {
            throw Diagnostic(at: SourceReference(file: path, line: error.line, column: error.column), error.message)
        }
    }
}
