import RatchetCore
import RatchetJSON

/// A file that another file of the project names, relative to itself.
package struct NamedFile: Sendable {
    /// Relative to the project.
    package let path: String
    private let folder: ProjectFolder

    /// - Parameters:
    ///   - name: Relative to the file that names it.
    ///   - file: The file that names it, relative to the project.
    /// - Throws: When it lies outside the project.
    package init(_ name: String, besides file: String, in folder: ProjectFolder) throws(Diagnostic) {
        guard let path = PromptReader.resolve(name, besides: file) else {
            throw Diagnostic("\(Quoted.text(name)) lies outside the project")
        }
        self.path = path
        self.folder = folder
    }

    package func json() throws(Diagnostic) -> JSONValue {
        let content = try content()
        do throws(JSONSyntaxError) {
            return try JSONValue(parsing: content.bytes)
        } catch {
            throw Diagnostic(at: SourceReference(file: path, line: error.line, column: error.column), error.message)
        }
    }

    package func text() throws(Diagnostic) -> String { String(decoding: try content().bytes, as: UTF8.self) }

    /// The absolute path of a file that is there.
    package func location() throws(Diagnostic) -> String {
        guard FileSystem.kind(folder.path(path)) == .file else { throw Diagnostic("there is no file \(Quoted.text(path))") }
        return folder.path(path)
    }

    private func content() throws(Diagnostic) -> SourceFile {
        let problems = Problems()
        guard let content = SourceFile.read(path, in: folder, problems) else {
            throw problems.diagnostics.first ?? Diagnostic("\(Quoted.text(path)) cannot be read")
        }
        if let problem = problems.diagnostics.first { throw problem }
        return content
    }
}
