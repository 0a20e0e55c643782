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

    /// How many violations `validate` looks for, unless told otherwise.
    package static let defaultViolationLimit = 100

    let program: JSONSchemaProgram

    /// Compiles `schema` and every schema that it refers to.
    ///
    /// - Parameters:
    ///   - baseURI: what relative references are resolved against, when the schema has no `$id`.
    ///   - draft: the version of a schema that has no `$schema`; 2020-12 when `nil`.
    ///   - documents: the other schemas that may be referred to, by their absolute URI. The metaschemas of the
    ///     supported drafts are always there, and nothing is ever fetched.
    ///   - regex: compiles `pattern` and `patternProperties`.
    ///   - assertsFormat: whether `format` is checked. Then a format that cannot be checked is an error.
    package init(
        _ schema: JSONValue, baseURI: String = "", draft: Draft? = nil, documents: [String: JSONValue] = [:],
        regex: any JSONRegexEngine, assertsFormat: Bool = false
    ) throws(JSONSchemaError) {
        let index = JSONSchemaIndex(documents: documents, standardDraft: draft ?? .draft202012)
        let compiler = JSONSchemaCompiler(index: index, regex: regex, assertsFormat: assertsFormat)
        program = try compiler.compile(schema, baseURI: baseURI)
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

extension JSONSchemaViolation: CustomStringConvertible {
    package var description: String {
        let place = instance.description
        return place.isEmpty ? message : "\(place): \(message)"
    }
}

/// A schema that cannot be used.
package struct JSONSchemaError: Error, Hashable, Sendable {
    /// What is wrong, for people.
    package let message: String
    /// Where in the document, as a JSON Pointer.
    package let pointer: String
    /// The URI of the document that is wrong; empty for a schema without one.
    package let document: String

    package init(message: String, pointer: String, document: String = "") {
        self.message = message
        self.pointer = pointer
        self.document = document
    }
}

extension JSONSchemaError: CustomStringConvertible {
    package var description: String { "\(document)#\(pointer): \(message)" }
}
