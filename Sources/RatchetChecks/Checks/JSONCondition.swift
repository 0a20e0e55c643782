import RatchetCore
import RatchetJSON

/// What a JSON value is compared with.
enum JSONCondition: Sendable {
    /// Any one of these.
    case equals([JSONValue])
    case contains([JSONValue])
    case regex([PatternRegex], written: [String])
    case minimum(JSONNumber)
    case maximum(JSONNumber)
    case type([JSONType])

    /// Why a value is not as wanted.
    struct Miss {
        /// What was wanted, in words.
        var wanted: String
        var failureKind: FailureKind?
        /// Set when the comparison was given up.
        var limitReason: String?
    }

    /// The conditions among the options of `json_path`.
    static func read(_ options: CheckOptions) -> [JSONCondition] {
        var conditions: [JSONCondition] = []
        if let values = alternatives("equals", options) { conditions.append(.equals(values)) }
        if let values = alternatives("contains", options) { conditions.append(.contains(values)) }
        if options.value("regex") != nil, let patterns = options.wantedTexts("regex") {
            let compiled = patterns.compactMap { options.regex($0, at: "regex") }
            if compiled.count == patterns.count { conditions.append(.regex(compiled, written: patterns)) }
        }
        let (minimum, maximum) = (options.number("min"), options.number("max"))
        if let minimum, let maximum, minimum > maximum {
            options.report("`min` \(minimum) is above `max` \(maximum): it can never hold", at: "min")
        }
        if let minimum { conditions.append(.minimum(minimum)) }
        if let maximum { conditions.append(.maximum(maximum)) }
        if let types = types(options) { conditions.append(.type(types)) }
        return conditions
    }

    /// A literal stands for itself; a list that is the example's `expected` also for each of its elements.
    private static func alternatives(_ name: String, _ options: CheckOptions) -> [JSONValue]? {
        guard let wanted = options.wanted(name) else { return nil }
        return [wanted.value] + (wanted.isExpected ? wanted.value.arrayValue ?? [] : [])
    }

    private static func types(_ options: CheckOptions) -> [JSONType]? {
        guard let value = options.value("type") else { return nil }
        let words = (value.arrayValue ?? [value]).map { $0.stringValue ?? $0.serialized(.compact) }
        let types = words.compactMap(JSONType.init(rawValue:))
        if types.count == words.count, !types.isEmpty { return types }
        let unknown = words.first { JSONType(rawValue: $0) == nil } ?? ""
        options.report(
            "there is no type \(Excerpt.quoted(unknown))", at: "type",
            help: Suggestion.help(for: unknown, in: JSONType.allCases.map(\.rawValue)))
        return nil
    }

    /// `nil` when the value is as wanted.
    func miss(_ value: JSONValue) -> Miss? {
        switch self {
        case .equals(let wanted):
            if wanted.contains(value) { return nil }
            return Miss(wanted: Self.list(wanted), failureKind: Self.failureKind(value, wanted))
        case .contains(let wanted):
            if wanted.contains(where: { Self.contains(value, $0) }) { return nil }
            let isText = value.stringValue != nil || value.arrayValue != nil
            let texts = wanted.compactMap(\.stringValue)
            return Miss(
                wanted: "\(isText ? "one" : "a text or list") that contains \(Self.list(wanted))",
                failureKind: value.stringValue.flatMap { FailureKind.ofContaining($0, wanted: texts) })
        case .regex(let patterns, let written):
            return Self.miss(value, patterns, written)
        case .minimum(let bound):
            if let number = value.numberValue, number >= bound { return nil }
            return Self.missedBound(value, "at least \(bound)")
        case .maximum(let bound):
            if let number = value.numberValue, number <= bound { return nil }
            return Self.missedBound(value, "at most \(bound)")
        case .type(let types):
            if types.contains(where: { $0.includes(value) }) { return nil }
            return Miss(wanted: "a value of type \(Excerpt.list(types.map(\.rawValue), atMost: 7))")
        }
    }

    private static func list(_ values: [JSONValue]) -> String { Excerpt.list(values.map(JSONPathCheck.shown)) }

    private static func contains(_ value: JSONValue, _ wanted: JSONValue) -> Bool {
        if let elements = value.arrayValue { return elements.contains(wanted) }
        guard let text = value.stringValue, let part = wanted.stringValue else { return false }
        return ByteSearch.firstRange(of: part, in: text) != nil
    }

    /// Why a text is not quite one of the wanted values.
    static func failureKind(_ value: JSONValue, _ wanted: [JSONValue]) -> FailureKind? {
        guard let text = value.stringValue else { return nil }
        if wanted.contains(where: { $0.numberValue != nil && $0.numberValue == JSONNumber(validating: text) }) {
            return .numberAsText
        }
        return FailureKind.ofEquality(text, wanted: wanted.compactMap(\.stringValue))
    }

    private static func missedBound(_ value: JSONValue, _ wanted: String) -> Miss {
        let isNumberInText = value.stringValue.flatMap(JSONNumber.init(validating:)) != nil
        return Miss(wanted: "a number of \(wanted)", failureKind: isNumberInText ? .numberAsText : nil)
    }

    private static func miss(_ value: JSONValue, _ patterns: [PatternRegex], _ written: [String]) -> Miss? {
        let shown = Excerpt.list(written.map { "/\(Excerpt.oneLine($0))/" })
        guard let text = value.stringValue else { return Miss(wanted: "a text that matches \(shown)") }
        var limitReason: String?
        for (pattern, source) in zip(patterns, written) {
            do throws(PatternLimitError) {
                if try pattern.firstMatch(in: text) != nil { return nil }
            } catch {
                limitReason = RegexCheck.limitReason(pattern: source)
            }
        }
        return Miss(wanted: "a text that matches \(shown)", limitReason: limitReason)
    }
}

/// The types of JSON values, as JSON Schema names them.
enum JSONType: String, CaseIterable, Sendable {
    case string, number, integer, boolean, array, object, null

    func includes(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.string, .string), (.number, .number), (.boolean, .bool), (.array, .array), (.object, .object), (.null, .null):
            true
        case (.integer, .number(let number)): number.isInteger
        default: false
        }
    }
}
