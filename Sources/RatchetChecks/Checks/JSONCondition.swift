import RatchetCore
import RatchetJSON

/// What a JSON value is compared with.
enum JSONCondition: Sendable {
    /// Any one of these.
    case equals([JSONValue])
    case oneOf([JSONValue])
    case contains([JSONValue])
    case regex([PatternRegex], written: [String])
    case minimum(JSONNumber)
    case maximum(JSONNumber)
    case type([JSONType])
    /// Characters of a text, elements of a list, members of an object.
    case length(CountRange)

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
        if let wanted = options.wanted("one_of") {
            if let values = wanted.value.arrayValue, !values.isEmpty {
                conditions.append(.oneOf(values))
            } else {
                options.report("`one_of` wants a list of values, found \(wanted.value.arrayValue == nil ? wanted.value.kind : "an empty list")", at: "one_of")
            }
        }
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
        if let types = JSONType.list(options, "type") { conditions.append(.type(types)) }
        if let length = options.range("length") { conditions.append(.length(length)) }
        return conditions
    }

    /// A literal stands for itself; a list that is the example's `expected` also for each of its elements.
    private static func alternatives(_ name: String, _ options: CheckOptions) -> [JSONValue]? {
        guard let wanted = options.wanted(name) else { return nil }
        return [wanted.value] + (wanted.isExpected ? wanted.value.arrayValue ?? [] : [])
    }

    /// `nil` when the value is as wanted.
    func miss(_ value: JSONValue) -> Miss? {
        switch self {
        case .equals(let wanted), .oneOf(let wanted):
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
        case .length(let range):
            guard let length = Self.length(value) else { return Miss(wanted: "a text, list or object of length \(range.description)") }
            return range.contains(length) ? nil : Miss(wanted: "a length of \(range.description), not \(length)")
        }
    }

    private static func list(_ values: [JSONValue]) -> String { Excerpt.list(values.map { JSONPathCheck.shown($0) }) }

    private static func contains(_ value: JSONValue, _ wanted: JSONValue) -> Bool {
        if let elements = value.arrayValue { return elements.contains(wanted) }
        guard let text = value.stringValue, let part = wanted.stringValue else { return false }
        return ByteSearch.firstRange(of: part, in: text) != nil
    }

    private static func length(_ value: JSONValue) -> Int? {
        switch value {
        case .string(let text): text.unicodeScalars.count
        case .array(let items): items.count
        case .object(let object): object.count
        case .null, .bool, .number: nil
        }
    }

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

    /// The option `name`: one type, or a list of them.
    static func list(_ options: CheckOptions, _ name: String) -> [JSONType]? {
        guard let value = options.value(name) else { return nil }
        let words = (value.arrayValue ?? [value]).map { $0.stringValue ?? $0.serialized(.compact) }
        let types = words.compactMap(JSONType.init(rawValue:))
        if types.count == words.count, !types.isEmpty { return types }
        let unknown = words.first { JSONType(rawValue: $0) == nil } ?? ""
        options.report(
            "there is no type \(Excerpt.quoted(unknown))", at: name,
            help: Suggestion.help(for: unknown, in: JSONType.allCases.map(\.rawValue)))
        return nil
    }

    func includes(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.string, .string), (.number, .number), (.boolean, .bool), (.array, .array), (.object, .object), (.null, .null):
            true
        case (.integer, .number(let number)): number.isInteger
        default: false
        }
    }
}
