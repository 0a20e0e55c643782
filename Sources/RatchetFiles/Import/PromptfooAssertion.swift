import RatchetCore
import RatchetJSON

/// One assertion of promptfoo as a check of ours.
enum PromptfooAssertion {
    /// - Returns: `nil` for a type that has no counterpart; then it is to be listed.
    static func check(_ assertion: JSONObject) -> JSONValue? {
        guard var type = assertion["type"]?.stringValue else { return nil }
        let isNegative = type.hasPrefix("not-")
        if isNegative { type = String(type.dropFirst(4)) }
        guard var check = check(type, assertion["value"], assertion) else { return nil }
        if isNegative { check["not"] = true }
        if let weight = assertion["weight"]?.doubleValue, weight > 0 { check["weight"] = .double(weight) }
        if assertion["weight"]?.doubleValue == 0 { check["gating"] = false }
        if let name = assertion["metric"]?.stringValue { check["name"] = .string(name) }
        return .object(check)
    }

    private static func check(_ type: String, _ value: JSONValue?, _ assertion: JSONObject) -> JSONObject? {
        let threshold = assertion["threshold"]?.doubleValue
        switch type {
        case "equals": return value.map { $0.objectValue == nil && $0.arrayValue == nil ? ["equals": text($0)] : ["json_equals": $0] }
        case "contains": return value.map { ["contains": text($0)] }
        case "icontains": return value.map { ["icontains": text($0)] }
        case "contains-any": return value.flatMap(list).map { ["contains_any": $0] }
        case "icontains-any": return value.flatMap(list).map { ["icontains_any": $0] }
        case "contains-all": return value.flatMap(list).map { ["contains_all": $0] }
        case "icontains-all": return value.flatMap(list).map { ["icontains_all": $0] }
        case "starts-with": return value.map { ["starts_with": text($0)] }
        case "regex": return value?.stringValue.map { ["regex": .string($0)] }
        case "is-json", "contains-json":
            let allow: JSONObject = type == "contains-json" ? ["allow": "prose"] : [:]
            guard let schema = schema(value) else { return allow.isEmpty ? ["is_json": .null] : ["is_json": .object(allow)] }
            var options: JSONObject = ["schema": schema]
            for (key, value) in allow.members { options[key] = value }
            return ["json_schema": .object(options)]
        case "latency": return threshold.map { ["latency": ["max": .double($0)]] }
        case "cost": return threshold.map { ["cost": ["max": .double($0)]] }
        case "rouge-n": return scored("rouge", value, threshold ?? 0.75)
        case "bleu": return scored("bleu", value, threshold ?? 0.5)
        case "finish-reason": return value?.stringValue.map { ["finish_reason": .string($0)] }
        case "is-refusal": return ["refusal": .null]
        case "is-xml": return ["xml": .null]
        case "is-sql", "contains-sql": return nil
        case "word-count":
            if let count = value?.intValue { return ["length": ["words": ["min": .int(count), "max": .int(count)]]] }
            return value?.objectValue.map { bounds in
                var words: JSONObject = [:]
                words["min"] = bounds["min"]
                words["max"] = bounds["max"]
                return ["length": ["words": .object(words)]]
            }
        default: return nil
        }
    }

    private static func scored(_ type: String, _ reference: JSONValue?, _ threshold: Double) -> JSONObject? {
        reference.map { [type: text($0), "threshold": .double(threshold)] }
    }

    private static func text(_ value: JSONValue) -> JSONValue { value.stringValue == nil ? .string(value.serialized(.compact)) : value }

    /// A list, or words between commas.
    private static func list(_ value: JSONValue) -> JSONValue? {
        if let list = value.arrayValue { return .array(list.map(text)) }
        guard let line = value.stringValue else { return nil }
        let words = line.split(separator: ",").map { $0.drop { $0 == " " } }.map { String($0) }.filter { !$0.isEmpty }
        return words.isEmpty ? nil : .strings(words)
    }

    /// A schema that is written out; one in a file or in a text of code has to be put in place by hand.
    private static func schema(_ value: JSONValue?) -> JSONValue? {
        if value?.objectValue != nil { return value }
        guard let text = value?.stringValue, let parsed = try? JSONValue(parsing: text), parsed.objectValue != nil else { return nil }
        return parsed
    }
}
