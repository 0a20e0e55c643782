/// A JSON Schema, compiled once and then asked about many values.
///
/// ```swift
/// let schema = try JSONSchema(["type": "object", "required": ["total"]], regex: engine)
/// for violation in schema.validate(answer) { print(violation) }
/// ```
///
/// A malformed schema, a pattern that does not compile and a `$ref` that leads nowhere are errors of the initialiser.
package struct JSONSchema: Sendable {
    /// A version of JSON Schema.
    package enum Draft: Int, Comparable, CaseIterable, Sendable {
        case draft4 = 4
        case draft6 = 6
        case draft7 = 7
        case draft201909 = 2019
        case draft202012 = 2020

        package static func < (left: Draft, right: Draft) -> Bool { left.rawValue < right.rawValue }
    }

    /// What is asserted beside the keywords that every validator asserts.
    package struct Options: Hashable, Sendable {
        package enum Formats: Hashable, Sendable {
            /// `format` says something to people only.
            case annotations
            /// `format` is checked; a format that cannot be checked is an error of the schema.
            case assertions
            /// `format` is checked where that is possible.
            case knownAssertions
        }

        package var formats: Formats
        /// Whether a string with `contentEncoding` or `contentMediaType` has to hold what they say (since draft 7).
        package var assertsContent: Bool

        package init(formats: Formats = .annotations, assertsContent: Bool = false) {
            self.formats = formats
            self.assertsContent = assertsContent
        }
    }

    /// Hands out the document at an absolute URI, without a fragment; `nil` when there is none.
    package typealias Loader = (_ uri: String) -> JSONValue?

    /// How many violations `validate` looks for, unless told otherwise.
    package static let defaultViolationLimit = 100

    let program: JSONSchemaProgram
    /// A `$schema` that nothing is known of, so that the schema was read as one of the supported drafts.
    package let unknownMetaschema: String?

    /// Compiles `schema` and every schema that it refers to.
    ///
    /// - Parameters:
    ///   - baseURI: what relative references are resolved against, when the schema has no `$id`.
    ///   - draft: the version of a schema whose `$schema` is absent or unknown; when `nil`, the newest under which
    ///     it is a correct schema.
    ///   - documents: the other schemas that may be referred to, by their absolute URI. The metaschemas of the
    ///     supported drafts are always there, and nothing is ever fetched.
    ///   - load: is asked for schemas that are not among `documents`, each once for a draft that is tried.
    ///   - regex: compiles `pattern` and `patternProperties`.
    /// - Throws: everything that is wrong; with no draft given and none that fits, what is wrong under 2020-12.
    package init(
        _ schema: JSONValue, baseURI: String = "", draft: Draft? = nil, documents: [String: JSONValue] = [:],
        load: @escaping Loader = { _ in nil }, regex: any JSONRegexEngine, options: Options = Options()
    ) throws(JSONSchemaProblems) {
        func compiled(_ draft: Draft) throws(JSONSchemaProblems) -> (JSONSchemaProgram, String?) {
            let index = JSONSchemaIndex(documents: documents, load: load, standardDraft: draft)
            let compiler = JSONSchemaCompiler(index: index, regex: regex, options: options)
            return (try compiler.compile(schema, baseURI: baseURI), compiler.index.unknownMetaschema)
        }
        do throws(JSONSchemaProblems) {
            (program, unknownMetaschema) = try compiled(draft ?? .draft202012)
        } catch {
            let isDeclared = schema["$schema"]?.stringValue.map { Draft(metaschemaURI: $0) != nil } ?? false
            // What older drafts had in another way: lists of `items`, flags as `exclusiveMinimum`, names by `id`. Any
            // other problem stays one.
            let changed = ["items", "exclusiveMinimum", "exclusiveMaximum", "$ref"]
            let isOlder = error.problems.allSatisfy { problem in changed.contains { problem.pointer.hasSuffix("/\($0)") } }
            let older: [Draft] = draft == nil && !isDeclared && isOlder ? [.draft201909, .draft7, .draft4] : []
            guard let fitting = older.lazy.compactMap({ try? compiled($0) }).first else { throw error }
            (program, unknownMetaschema) = fitting
        }
    }

    /// Whether `value` satisfies the schema; stops at the first violation and words no messages.
    package func isValid(_ value: JSONValue) -> Bool {
        JSONSchemaEvaluator.run(program, value, violationLimit: 0).isValid
    }

    /// What is wrong with `value`, in the order of the schema's keywords; empty when it satisfies the schema.
    ///
    /// - Parameter limit: stops after this many violations.
    package func validate(_ value: JSONValue, limit: Int = defaultViolationLimit) -> [JSONSchemaViolation] {
        JSONSchemaEvaluator.run(program, value, violationLimit: max(limit, 1)).violations
    }
}

/// One keyword that a value does not satisfy.
package struct JSONSchemaViolation: Hashable, Sendable {
    /// Where in the validated value.
    package let instance: JSONPointer
    /// The keyword: `required`. Empty for the schema `false`, which allows nothing.
    package let keyword: String
    /// Where the keyword stands: `#/properties/total/type`, with the URI of its document before it when that is not
    /// the schema itself.
    package let schema: String
    /// What was found and what was wanted: `missing property "total"`.
    package let message: String

    package init(instance: JSONPointer, keyword: String, schema: String, message: String) {
        self.instance = instance
        self.keyword = keyword
        self.schema = schema
        self.message = message
    }
}

extension JSONSchemaViolation {
    static let surrender = "too deep, too large or too slow to be checked with this schema"

    /// Whether it only says that the work was given up: the value may be valid.
    package var isSurrender: Bool { keyword.isEmpty && message == Self.surrender }
}

extension JSONSchemaViolation: CustomStringConvertible {
    package var description: String {
        let place = instance.description
        return place.isEmpty ? message : "\(place): \(message)"
    }
}

/// Everything that is wrong with a schema that cannot be used.
package struct JSONSchemaProblems: Error, Hashable, Sendable {
    /// At least one.
    package let problems: [JSONSchemaError]
}

/// One thing that is wrong with a schema.
package struct JSONSchemaError: Hashable, Sendable {
    /// What is wrong, for people.
    package let message: String
    /// Where in the document, as a JSON Pointer.
    package let pointer: String
    /// The URI of the document that is wrong; empty for a schema without one.
    package let document: String
    /// The URI of a schema that is referred to and not at hand.
    package let missing: String?

    package init(message: String, pointer: String, document: String = "", missing: String? = nil) {
        self.message = message
        self.pointer = pointer
        self.document = document
        self.missing = missing
    }
}

extension JSONSchemaError: CustomStringConvertible {
    package var description: String { "\(document)#\(pointer): \(message)" }
}
