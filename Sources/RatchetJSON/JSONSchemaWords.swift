/// How messages name values.
enum JSONSchemaWords {
    /// A value as a message names it: `string "12"`, `array of 3 items`.
    static func describe(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let flag): "boolean \(flag)"
        case .number(let number): "number \(shortened(number.literal))"
        case .string(let text): "string \(quoted(text))"
        case .array(let items): items.isEmpty ? "an empty array" : "array of \(counted(items.count, "item"))"
        case .object(let object):
            object.isEmpty ? "an empty object" : "object with \(counted(object.count, "property", "properties"))"
        }
    }

    static func alternatives(_ values: [JSONValue]) -> String {
        guard values.count != 1 else { return describe(values[0]) }
        let shown = values.prefix(8).map { value in
            switch value {
            case .string(let text): quoted(text)
            case .number(let number): shortened(number.literal)
            case .bool(let flag): String(flag)
            default: describe(value)
            }
        }
        let more = values.count - shown.count
        return "one of " + shown.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }

    static func expected(_ relation: String, _ limit: JSONNumber, _ found: JSONNumber) -> String {
        "expected a number \(relation) \(limit.literal), found \(shortened(found.literal))"
    }

    /// `12: "the text"`.
    static func length(_ text: String) -> String { "\(text.unicodeScalars.count): \(quoted(text))" }

    static func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
        "\(count) " + (count == 1 ? noun : plural ?? noun + "s")
    }

    /// `text` in quotes, on one line, with its end left out when it is long.
    static func quoted(_ text: String) -> String { JSONValue.string(shortened(text)).serialized() }

    static func shortened(_ text: String) -> String {
        let limit = 60
        guard text.unicodeScalars.count > limit else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit - 1))) + "…"
    }
}

extension JSONSchemaTypes: CustomStringConvertible {
    /// `integer or null`.
    var description: String {
        var names = Self.named.filter { contains($0.1) }.map(\.0)
        if contains(.integerLiteral) { names.append("integer") }
        guard names.count > 2, let last = names.last else { return names.joined(separator: " or ") }
        return names.dropLast().joined(separator: ", ") + " or " + last
    }
}
