/// Which groups of keywords a schema's metaschema turns on.
struct JSONSchemaVocabulary: OptionSet, Sendable {
    let rawValue: UInt8

    static let applicator = JSONSchemaVocabulary(rawValue: 1)
    static let validation = JSONSchemaVocabulary(rawValue: 2)
    static let unevaluated = JSONSchemaVocabulary(rawValue: 4)
    static let formatAssertion = JSONSchemaVocabulary(rawValue: 8)

    static let standard: JSONSchemaVocabulary = [.applicator, .validation, .unevaluated]

    /// The vocabulary of the last path segment of a standard vocabulary's URI; `nil` for others.
    ///
    /// - Parameter isRequired: whether a schema that uses the vocabulary must be refused by those who do not know it.
    init?(uri: String, isRequired: Bool) {
        guard let version = ["2020-12", "2019-09"].first(where: { uri.hasPrefix(Self.prefix($0)) }) else { return nil }
        switch uri.dropFirst(Self.prefix(version).count) {
        // Before 2020-12 the unevaluated keywords were applicators.
        case "applicator": self = version == "2019-09" ? [.applicator, .unevaluated] : .applicator
        case "validation": self = .validation
        case "unevaluated": self = .unevaluated
        case "format-assertion": self = .formatAssertion
        case "format": self = isRequired ? .formatAssertion : []
        case "core", "meta-data", "content", "format-annotation": self = []
        default: return nil
        }
    }

    init(rawValue: UInt8) { self.rawValue = rawValue }

    private static func prefix(_ version: String) -> String { "https://json-schema.org/draft/\(version)/vocab/" }
}

extension JSONSchema.Draft {
    /// The URI of the draft's metaschema, without the empty fragment that older drafts write.
    package var metaschemaURI: String {
        switch self {
        case .draft4: "http://json-schema.org/draft-04/schema"
        case .draft6: "http://json-schema.org/draft-06/schema"
        case .draft7: "http://json-schema.org/draft-07/schema"
        case .draft201909: "https://json-schema.org/draft/2019-09/schema"
        case .draft202012: "https://json-schema.org/draft/2020-12/schema"
        }
    }

    /// The draft whose metaschema `uri` names, also when it is not written as the draft has it: by http or https, with
    /// `www.`, without the last segment, or that of the hyper-schema, which knows a few more words.
    init?(metaschemaURI uri: String) {
        let reference = URIReference(uri)
        guard ["json-schema.org", "www.json-schema.org"].contains(reference.authority) else { return nil }
        var segments = reference.path.split(separator: "/")
        if segments.last == "schema" || segments.last == "hyper-schema" { segments.removeLast() }
        switch segments.joined(separator: "/") {
        // Draft 5 mended the words of draft 4 and kept its metaschema.
        case "draft-04", "draft-05": self = .draft4
        case "draft-06": self = .draft6
        case "draft-07": self = .draft7
        case "draft/2019-09": self = .draft201909
        case "draft/2020-12": self = .draft202012
        default: return nil
        }
    }

    /// The keyword that names a schema.
    var idKeyword: String { self == .draft4 ? "id" : "$id" }

    /// Whether the other keywords beside a `$ref` are ignored.
    var referenceStandsAlone: Bool { self <= .draft7 }
}

/// What the value of a keyword that holds schemas looks like.
enum JSONSchemaShape: Sendable {
    case schema
    case list
    case schemaOrList
    case map
    /// A map of schemas and lists of property names.
    case dependencies

    /// The shape of `keyword` in `draft`; `nil` when it holds no schemas.
    init?(of keyword: String, in draft: JSONSchema.Draft) {
        switch keyword {
        case "not", "additionalProperties": self = .schema
        case "additionalItems" where draft < .draft202012: self = .schema
        case "contains", "propertyNames": if draft >= .draft6 { self = .schema } else { return nil }
        case "if", "then", "else": if draft >= .draft7 { self = .schema } else { return nil }
        case "unevaluatedItems", "unevaluatedProperties", "contentSchema":
            if draft >= .draft201909 { self = .schema } else { return nil }
        case "items": self = draft >= .draft202012 ? .schema : .schemaOrList
        case "allOf", "anyOf", "oneOf": self = .list
        case "prefixItems": if draft >= .draft202012 { self = .list } else { return nil }
        case "properties", "patternProperties", "definitions": self = .map
        case "$defs", "dependentSchemas": if draft >= .draft201909 { self = .map } else { return nil }
        case "dependencies": self = .dependencies
        default: return nil
        }
    }

    /// The schemas in `value` with their pointers, seen from the schema that has the keyword; nothing of a value of
    /// another shape.
    func schemas(in value: JSONValue, at pointer: String) -> [(pointer: String, schema: JSONValue)] {
        switch (self, value) {
        case (.schema, .object), (.schema, .bool), (.schemaOrList, .object), (.schemaOrList, .bool):
            return [(pointer, value)]
        case (.list, .array(let items)), (.schemaOrList, .array(let items)):
            return items.enumerated().map { (pointer: "\(pointer)/\($0)", schema: $1) }
        case (.map, .object(let object)):
            return object.members.map { (pointer: "\(pointer)/\(JSONPointer.escaped($0.key))", schema: $0.value) }
        case (.dependencies, .object(let object)):
            return object.members.filter { $0.value.arrayValue == nil }
                .map { (pointer: "\(pointer)/\(JSONPointer.escaped($0.key))", schema: $0.value) }
        default: return []
        }
    }
}

extension JSONPointer {
    /// `key` as one token of a pointer's text form.
    static func escaped(_ key: String) -> String {
        guard key.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return key }
        return String(decoding: JSONPointer(tokens: [key]).description.utf8.dropFirst(), as: UTF8.self)
    }
}
