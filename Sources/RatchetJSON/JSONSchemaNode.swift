/// A compiled schema: every subschema that can be reached is one node, and nodes know each other by their index.
struct JSONSchemaProgram: Sendable {
    var nodes: [JSONSchemaNode]
    let root: Int
    /// By resource: the nodes that a `$dynamicRef` to an anchor's name can find there.
    let dynamicAnchors: [[String: Int]]
    /// By resource: its root, when that has `"$recursiveAnchor": true`.
    let recursiveAnchors: [Int?]
    /// Whether a reference depends on the way that led to it; if none does, that way needs no record.
    let isDynamic: Bool
}

/// One schema: its keywords, sorted by the kind of value that they speak about.
final class JSONSchemaNode: Sendable {
    /// Document and pointer: `#/properties/total`.
    let location: String
    /// The schema resource it belongs to, a place in the program's lists.
    let resource: Int
    let keywords: JSONSchemaKeywords

    init(location: String, resource: Int, keywords: JSONSchemaKeywords) {
        self.location = location
        self.resource = resource
        self.keywords = keywords
    }
}

struct JSONSchemaKeywords: Sendable {
    /// The schema `false`.
    var isNever = false
    var types: JSONSchemaTypes?
    var values: [JSONSchemaValueKeyword] = []
    var numbers: [JSONSchemaNumberKeyword] = []
    var strings: [JSONSchemaStringKeyword] = []
    var arrays: [JSONSchemaArrayKeyword] = []
    var objects: [JSONSchemaObjectKeyword] = []
    var applicators: [JSONSchemaApplicator] = []
    var unevaluatedItems: Int?
    var unevaluatedProperties: Int?

    /// Whether it has to be known which items and properties other keywords looked at.
    var needsMarks: Bool { unevaluatedItems != nil || unevaluatedProperties != nil }
}

/// The types that `type` allows.
struct JSONSchemaTypes: OptionSet, Sendable {
    let rawValue: UInt8

    static let null = JSONSchemaTypes(rawValue: 1)
    static let boolean = JSONSchemaTypes(rawValue: 2)
    static let object = JSONSchemaTypes(rawValue: 4)
    static let array = JSONSchemaTypes(rawValue: 8)
    static let number = JSONSchemaTypes(rawValue: 16)
    static let string = JSONSchemaTypes(rawValue: 32)
    static let integer = JSONSchemaTypes(rawValue: 64)
    /// `integer` as draft 4 has it, where `1.0` is none.
    static let integerLiteral = JSONSchemaTypes(rawValue: 128)

    static let named: [(String, JSONSchemaTypes)] = [
        ("null", .null), ("boolean", .boolean), ("object", .object), ("array", .array), ("number", .number),
        ("string", .string), ("integer", .integer),
    ]

    func contains(typeOf value: JSONValue) -> Bool {
        switch value {
        case .null: return contains(.null)
        case .bool: return contains(.boolean)
        case .object: return contains(.object)
        case .array: return contains(.array)
        case .string: return contains(.string)
        case .number(let number):
            if contains(.number) { return true }
            if contains(.integer) { return number.isInteger }
            return contains(.integerLiteral) && number.literal.utf8.allSatisfy { $0 < 0x3A && $0 != 0x2E }
        }
    }
}

enum JSONSchemaValueKeyword: Sendable {
    case const(JSONValue)
    case enumeration([JSONValue], set: Set<JSONValue>)
}

enum JSONSchemaNumberKeyword: Sendable {
    case minimum(JSONNumber)
    case exclusiveMinimum(JSONNumber)
    case maximum(JSONNumber)
    case exclusiveMaximum(JSONNumber)
    case multipleOf(JSONNumber)
}

enum JSONSchemaStringKeyword: Sendable {
    case minLength(Int)
    case maxLength(Int)
    case pattern(String, any JSONRegex)
    case format(String, JSONSchemaFormat)
    case content(JSONSchemaContent)
}

enum JSONSchemaArrayKeyword: Sendable {
    case minItems(Int)
    case maxItems(Int)
    case uniqueItems
    case items(JSONSchemaItems)
    case contains(JSONSchemaContains)
}

/// `prefixItems` and `items`, or `items` and `additionalItems` before 2020-12.
struct JSONSchemaItems: Sendable {
    let prefix: [Int]
    let prefixKeyword: String
    let rest: Int?
    let restKeyword: String
}

/// `contains`, `minContains` and `maxContains`.
struct JSONSchemaContains: Sendable {
    let node: Int
    let minimum: Int
    let maximum: Int?
    /// Whether what it matches is no longer unevaluated: since 2020-12.
    let marks: Bool
}

enum JSONSchemaObjectKeyword: Sendable {
    case minProperties(Int)
    case maxProperties(Int)
    case required([String])
    case members(JSONSchemaMembers)
    case propertyNames(Int)
    case dependentRequired([(key: String, required: [String])], keyword: String)
    case dependentSchemas([(key: String, node: Int)], keyword: String)
}

/// `properties`, `patternProperties` and `additionalProperties`, in one walk over an object's members.
final class JSONSchemaMembers: Sendable {
    let properties: [ExactString: Int]
    let patterns: [(source: String, regex: any JSONRegex, node: Int)]
    let additional: Int?

    init(
        properties: [ExactString: Int], patterns: [(source: String, regex: any JSONRegex, node: Int)],
        additional: Int?
    ) {
        self.properties = properties
        self.patterns = patterns
        self.additional = additional
    }
}

/// Keywords that apply schemas to the same value.
enum JSONSchemaApplicator: Sendable {
    case reference(Int)
    /// `$dynamicRef` with the node that it names at first sight.
    case dynamicReference(Int, anchor: String)
    case recursiveReference(Int)
    case allOf([Int])
    case anyOf([Int])
    case oneOf([Int])
    case not(Int)
    case conditional(if: Int, then: Int?, else: Int?)
}

/// A string that is equal to another when it has the same code points, as JSON has it; `String` itself also takes
/// different spellings of one character for equal.
struct ExactString: Hashable, Sendable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: ExactString, right: ExactString) -> Bool { ExactText.equal(left.text, right.text) }

    func hash(into hasher: inout Hasher) { ExactText.hash(text, into: &hasher) }
}
