import RatchetCore
import RatchetJSON

/// The tools that a model may call, each with the schema of its arguments.
struct ToolDefinitions: Sendable {
    private let schemas: [String: JSONSchema?]

    /// Reads the option `tools`: a list of definitions as chat completions take them, or the file that holds it.
    ///
    /// - Returns: `nil` after a report, or when there is no such option.
    init?(_ options: CheckOptions) {
        guard let value = options.value("tools") else { return nil }
        guard let content = value.stringValue == nil ? value : options.file("tools") else { return nil }
        let isInline = value.stringValue == nil
        guard let list = content.arrayValue ?? content["tools"]?.arrayValue, !list.isEmpty else {
            options.report("`tools` wants a list of tool definitions, or a file with one", at: "tools")
            return nil
        }
        var schemas: [String: JSONSchema?] = [:]
        for (index, element) in list.enumerated() {
            let place = isInline ? options.place("tools").appending(index) : options.place("tools")
            let tool = element["function"] ?? element
            guard let name = tool["name"]?.stringValue, !name.isEmpty else {
                options.report(Diagnostic(at: place, "`\(options.specification.type)`: tool \(index + 1) has no name"))
                return nil
            }
            // Without parameters there is nothing that arguments could violate.
            guard let parameters = tool["parameters"] ?? tool["input_schema"] else {
                schemas[name] = .some(nil)
                continue
            }
            guard let schema = Self.schema(parameters, at: place, in: "tools", options) else { return nil }
            schemas[name] = schema
        }
        self.schemas = schemas
    }

    /// What is wrong with a call; `nil` when there is such a tool, and the arguments satisfy its schema.
    func objection(to call: MadeCall) -> String? {
        guard let known = schemas[call.name] else {
            return "there is no tool \(Excerpt.name(call.name)): " + Suggestion.help(for: call.name, in: schemas.keys)
        }
        guard let arguments = call.arguments else { return "the arguments are not JSON: \(Excerpt.quoted(call.text))" }
        let violations = known?.validate(arguments, limit: 3) ?? []
        return violations.isEmpty ? nil : Self.words(violations)
    }

    /// A compiled schema of arguments, given as such or as the name of a file.
    static func schema(
        _ value: JSONValue, at place: SourceReference, in option: String, _ options: CheckOptions
    ) -> JSONSchema? {
        guard let content = value.stringValue.map({ options.file(path: $0, at: option) }) ?? value else { return nil }
        do throws(JSONSchemaProblems) {
            return try JSONSchema(content, regex: PCRE2JSONRegexEngine())
        } catch {
            for problem in error.problems {
                let pointer = problem.pointer.isEmpty ? "" : " (at \(problem.pointer))"
                options.report(Diagnostic(
                    at: place, "`\(options.specification.type)`: bad schema: \(problem.message)\(pointer)"))
            }
            return nil
        }
    }

    static func words(_ violations: [JSONSchemaViolation]) -> String {
        violations.map { violation in
            let place = violation.instance.description
            return "\(place.isEmpty ? "the arguments" : Excerpt.oneLine(place)): \(Excerpt.oneLine(violation.message))"
        }.joined(separator: "; ")
    }
}
