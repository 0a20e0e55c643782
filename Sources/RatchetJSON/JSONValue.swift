/// A JSON value (RFC 8259) that keeps what the text said: exact numbers and the order of keys.
///
/// Equality follows JSON Schema: numbers compare by mathematical value (`1`, `1.0` and `1e0` are equal), objects
/// without regard to the order of their members, strings by code points.
package enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue: Hashable {
    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let own), .bool(let other)): own == other
        case (.number(let own), .number(let other)): own == other
        case (.string(let own), .string(let other)): ExactText.equal(own, other)
        case (.array(let own), .array(let other)): own == other
        case (.object(let own), .object(let other)): own == other
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value):
            hasher.combine(1)
            hasher.combine(value)
        case .number(let value):
            hasher.combine(2)
            hasher.combine(value)
        case .string(let value):
            hasher.combine(3)
            ExactText.hash(value, into: &hasher)
        case .array(let value):
            hasher.combine(4)
            hasher.combine(value)
        case .object(let value):
            hasher.combine(5)
            hasher.combine(value)
        }
    }
}

extension JSONValue {
    package var isNull: Bool {
        if case .null = self { true } else { false }
    }

    package var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    package var numberValue: JSONNumber? {
        if case .number(let value) = self { value } else { nil }
    }

    /// The number as a whole number, when it is one and fits.
    package var intValue: Int? { numberValue?.int }

    /// The number as the nearest double.
    package var doubleValue: Double? { numberValue?.double }

    package var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    package var arrayValue: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    package var objectValue: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// The member `key` of an object; `nil` when there is none or this is no object.
    package subscript(key: String) -> JSONValue? { objectValue?[key] }

    /// The kind of value, with its article, as an error message names it: "a string", "an object", "null".
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }
    package init(floatLiteral value: Double) { self = .number(JSONNumber(value)) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
}

extension JSONValue {
    /// The values below are for writing results: an unknown figure is `null`, never 0.
    package static func int(_ value: Int?) -> JSONValue { value.map { .number(JSONNumber($0)) } ?? .null }

    /// `null` for an unknown figure and for one that is no number (JSON has no NaN).
    package static func double(_ value: Double?) -> JSONValue {
        value.flatMap { $0.isFinite ? .number(JSONNumber($0)) : nil } ?? .null
    }

    package static func optional(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }

    package static func strings(_ values: some Sequence<String>) -> JSONValue { .array(values.map(JSONValue.string)) }
}
