import RatchetCore
import RatchetJSON

/// The schema that a check names or holds, the files it refers to, and what is said about them.
///
/// A file's URI is `project:///` and its path in the project, so that references between files are resolved as RFC 3986
/// has it, and none can lead out of the project.
final class JSONSchemaSource {
    let value: JSONValue
    /// The URI of the file that the schema stands in.
    let uri: String
    private let options: CheckOptions
    private let place: SourceReference
    private let isInline: Bool
    /// The files that were asked for: a schema may be tried under several drafts.
    private var files: [String: JSONValue?] = [:]

    private static let scheme = "project:///"

    /// Reads the options `schema` and `file`, or the whole value when it is the schema.
    init?(_ options: CheckOptions) {
        self.options = options
        let file = options.specification.source.file
        if options.isLiteral || options.whole.boolValue != nil {
            (value, place, isInline, uri) = (options.whole, options.place(), true, Self.uri(of: file))
            return
        }
        switch (options.value("schema"), options.value("file")) {
        case (let schema?, nil):
            (value, place, isInline, uri) = (schema, options.place("schema"), true, Self.uri(of: file))
        case (nil, let path?):
            guard let content = options.file("file") else { return nil }
            let name = URIReference(Self.escaped(path.stringValue ?? ""))
            (value, place, isInline) = (content, options.place("file"), false)
            uri = name.resolved(against: URIReference(Self.uri(of: file))).description
        case (nil, nil):
            options.report(
                "needs a schema",
                help: #"{"json_schema": {"type": "object", …}} or {"json_schema": {"file": "schemas/answer.json"}}"#)
            return nil
        default:
            options.report("`schema` and `file` exclude each other", at: "file")
            return nil
        }
    }

    /// The file of the project that has this URI; what is wrong with it is reported.
    func load(_ uri: String) -> JSONValue? {
        guard uri.hasPrefix(Self.scheme) else { return nil }
        if let known = files[uri] { return known }
        let content = options.file(atPath: Self.path(of: uri), named: place)
        files.updateValue(content, forKey: uri)
        return content
    }

    // MARK: Problems

    func report(_ problems: JSONSchemaProblems) {
        for problem in problems.problems {
            // A file that cannot be read has been reported as that, and better.
            if let file = problem.missing, files[file] != nil { continue }
            let origin = isOwn(problem) && isInline ? "" : Self.path(of: problem.document) + ": "
            let pointer = problem.pointer.isEmpty ? "" : " (at \(problem.pointer))"
            options.report(Diagnostic(
                at: place(of: problem), "`\(options.specification.type)`: \(origin)\(problem.message)\(pointer)"))
        }
    }

    func report(unknownMetaschema uri: String?) {
        guard let uri else { return }
        options.report(Diagnostic(
            .warning, at: place, "`\(options.specification.type)`: nothing is known of the schema's `$schema` \(Excerpt.quoted(uri))",
            help: "it is read as the newest draft that fits; `draft` names another"))
    }

    private func isOwn(_ problem: JSONSchemaError) -> Bool { problem.document == uri }

    /// Where in an inline schema the problem is.
    private func place(of problem: JSONSchemaError) -> SourceReference {
        guard isInline, isOwn(problem), let pointer = try? JSONPointer(parsing: problem.pointer) else { return place }
        return pointer.tokens.reduce(place) { $0.appending($1) }
    }

    // MARK: Paths and URIs

    private static func uri(of path: String) -> String { scheme + escaped(path) }

    private static func path(of uri: String) -> String {
        URIReference.percentDecoded(uri.hasPrefix(scheme) ? String(uri.dropFirst(scheme.count)) : uri)
    }

    /// The path with what has a meaning in URIs written as `%XX`.
    private static func escaped(_ path: String) -> String {
        path.replacing("%", with: "%25").replacing("#", with: "%23").replacing("?", with: "%3F").replacing(":", with: "%3A")
    }
}
