import RatchetCore
import RatchetJSON

/// What the fields of one column of `csv` have to be.
struct CSVColumn: Sendable {
    private enum Rule: Sendable {
        case type(JSONType)
        case format(String, JSONSchemaFormat)
        case regex(PatternRegex, written: String)
        case oneOf([String])
        case range(NumberBounds)
    }

    let name: String
    let isUnique: Bool
    private let allowsEmpty: Bool
    private let rules: [Rule]

    enum Finding {
        case wanted(String)
        /// The comparison was given up.
        case limit(String)
    }

    private static let types: [String: JSONType] = ["integer": .integer, "number": .number, "boolean": .boolean]

    /// Reads the member `name` of the option `values`: a pattern, or an object.
    init?(_ name: String, _ value: JSONValue, _ options: CheckOptions) {
        self.name = name
        let object: JSONObject = value.stringValue.map { ["regex": .string($0)] } ?? value.objectValue ?? [:]
        func report(_ message: String, help: String? = nil) {
            options.report("`values` of the column \(Excerpt.quoted(name)) \(message)", at: "values", help: help)
        }
        if value.stringValue == nil, value.objectValue == nil { report("must be a pattern or an object, found \(value.kind)") }
        let known = ["type", "regex", "one_of", "min", "max", "empty", "unique"]
        for key in object.keys where !known.contains(key) {
            report("have no \(Excerpt.quoted(key))", help: Suggestion.help(for: key, in: known))
        }
        var rules: [Rule] = []
        if let type = object["type"] {
            let word = type.stringValue ?? type.serialized(.compact)
            if let type = Self.types[word] {
                rules.append(.type(type))
            } else if let format = JSONSchemaFormat(named: word, regex: PCRE2JSONRegexEngine()) {
                rules.append(.format(word, format))
            } else {
                report("have the unknown type \(Excerpt.quoted(word))", help: Suggestion.help(for: word, in: Self.types.keys + JSONSchemaFormat.names))
            }
        }
        if let pattern = object["regex"] {
            let written = pattern.stringValue ?? pattern.serialized(.compact)
            if let regex = options.regex(written, at: "values") { rules.append(.regex(regex, written: written)) }
        }
        if let choices = object["one_of"] {
            let texts = choices.arrayValue?.compactMap { $0.stringValue ?? $0.numberValue?.literal }
            if let texts, !texts.isEmpty, texts.count == choices.arrayValue?.count {
                rules.append(.oneOf(texts))
            } else {
                report("want a list of texts as `one_of`")
            }
        }
        for key in ["min", "max"] where object[key] != nil && object[key]?.numberValue == nil { report("want a number as `\(key)`") }
        if let bounds = NumberBounds(minimum: object["min"]?.numberValue, maximum: object["max"]?.numberValue) {
            if bounds.areImpossible { report("can never hold: `min` is above `max`") }
            rules.append(.range(bounds))
        }
        for key in ["empty", "unique"] where object[key] != nil && object[key]?.boolValue == nil { report("want true or false as `\(key)`") }
        isUnique = object["unique"]?.boolValue ?? false
        allowsEmpty = object["empty"]?.boolValue ?? false
        self.rules = rules
        if !options.problems.isEmpty { return nil }
    }

    /// What was wanted instead of the field; `nil` when it is as wanted.
    func miss(_ field: String) -> Finding? {
        if field.isEmpty { return allowsEmpty ? nil : .wanted("something") }
        for rule in rules {
            if let finding = Self.miss(field, rule) { return finding }
        }
        return nil
    }

    private static func miss(_ field: String, _ rule: Rule) -> Finding? {
        switch rule {
        case .type(.boolean):
            return ["true", "false"].contains(field.lowercased()) ? nil : .wanted("true or false")
        case .type(let type):
            guard let number = JSONNumber(validating: field), type == .number || number.isInteger else {
                return .wanted(type == .integer ? "an integer" : "a number")
            }
            return nil
        case .format(let name, let format):
            return format.matches(field) ? nil : .wanted("a \(name)")
        case .regex(let regex, let written):
            do throws(PatternLimitError) {
                return try regex.matches(field) ? nil : .wanted("a match for /\(Excerpt.oneLine(written))/")
            } catch {
                return .limit(RegexCheck.limitReason(pattern: written))
            }
        case .oneOf(let choices):
            return choices.contains { TextForm.areIdentical($0, field) } ? nil : .wanted(Excerpt.list(choices.map { Excerpt.quoted($0) }))
        case .range(let bounds): return bounds.contain(field) ? nil : .wanted(bounds.description)
        }
    }
}
