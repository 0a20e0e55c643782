import RatchetCore
import RatchetJSON

/// `json_schema`: the output is JSON that satisfies a schema.
package struct JSONSchemaCheck: Check {
    package static let type = "json_schema"
    package static let documentation = CheckDocumentation(
        .structure, "The output is JSON that satisfies a JSON Schema.",
        details: """
            An object under the key is the schema itself, unless it has a member `schema` or `file`; a text names a file. \
            Drafts 2020-12 (the default), 2019-09, 7, 6 and 4 are known by `$schema`. Nothing is ever fetched from the \
            network. The reason lists the first violations, each with the JSON pointer of the value.
            """,
        options: [
            .init("schema", "JSON Schema", "the schema, when there are further options"),
            .init("file", "path", "a JSON file with the schema"),
            JSONLocation.option,
            .init("formats", "true or false", "checks `format` too; a format that cannot be checked is then an error; false by default"),
        ],
        shortForm: "file", optionMarkers: ["schema", "file"],
        samples: [
            .init(
                #"{"json_schema": {"type": "object", "required": ["total"], "properties": {"total": {"type": "number"}}}}"#,
                passes: #"{"total": 12.5}"#, fails: #"{"total": "12.5"}"#)
        ])

    /// How many violations a reason lists.
    private static let shownViolations = 5

    private let schema: JSONSchema
    private let allowed: JSONLocation

    package init?(_ options: CheckOptions) {
        allowed = options.choice("allow", default: .whole)
        let formats = options.flag("formats", default: false)
        guard let source = Self.source(options) else { return nil }
        do throws(JSONSchemaError) {
            schema = try JSONSchema(source.value, regex: PCRE2JSONRegexEngine(), assertsFormat: formats)
        } catch {
            let pointer = error.pointer.isEmpty ? "" : " (at \(error.pointer))"
            options.report(Diagnostic(
                at: Self.place(of: error, in: source), "`json_schema`: \(source.origin)\(error.message)\(pointer)"))
            return nil
        }
    }

    private struct Source {
        var value: JSONValue
        var place: SourceReference
        /// Words that go before a message when the schema stands elsewhere.
        var origin = ""
        var isInline = true
    }

    private static func source(_ options: CheckOptions) -> Source? {
        if options.isLiteral { return Source(value: options.whole, place: options.place()) }
        switch options.whole {
        case .bool: return Source(value: options.whole, place: options.place())
        case .null:
            options.report("needs a schema", help: #"{"json_schema": {"type": "object", …}} or {"json_schema": {"file": "schemas/answer.json"}}"#)
            return nil
        default: break
        }
        switch (options.value("schema"), options.value("file")) {
        case (let schema?, nil): return Source(value: schema, place: options.place("schema"))
        case (nil, let path?):
            return options.file("file").map {
                Source(value: $0, place: options.place("file"), origin: "\(path.stringValue ?? ""): ", isInline: false)
            }
        default:
            options.report("`schema` and `file` exclude each other", at: "file")
            return nil
        }
    }

    /// Where in an inline schema the error is.
    private static func place(of error: JSONSchemaError, in source: Source) -> SourceReference {
        guard source.isInline, error.document.isEmpty, let pointer = try? JSONPointer(parsing: error.pointer) else {
            return source.place
        }
        return pointer.tokens.reduce(source.place) { $0.appending($1) }
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        guard let document = JSONDocument(of: input.subject, allowed: allowed) else {
            return .lacking(JSONDocument.absence(in: input))
        }
        return document.outcome(of: validate(document.value))
    }

    private func validate(_ value: JSONValue) -> CheckOutcome {
        let violations = schema.validate(value, limit: Self.shownViolations + 1)
        if violations.isEmpty { return .passed("satisfies the schema") }
        let shown = violations.prefix(Self.shownViolations).map { violation in
            let place = violation.instance.description
            return "\(place.isEmpty ? "the value" : Excerpt.oneLine(place)): \(Excerpt.oneLine(violation.message))"
        }
        let more = violations.count > Self.shownViolations ? "; and more" : ""
        return .failed("against the schema: " + shown.joined(separator: "; ") + more)
    }
}
