import RatchetCore
import RatchetJSON

/// How the arguments of a call are compared: the options that `tool_calls` and `tool_call_f1` share.
struct ArgumentRules: Sendable {
    /// The option `arguments`.
    enum Mode: String, CaseIterable, Sendable {
        /// The arguments are those wanted, and no others.
        case exact
        /// The wanted arguments are there; there may be others, in nested objects too.
        case subset
        /// Only names count.
        case ignore
    }

    /// What does not count when two texts are compared: the option `lenient`.
    enum Leniency: String, CaseIterable, Sendable {
        case letterCase = "case"
        case whitespace, punctuation
    }

    var mode: Mode
    var leniency: Set<Leniency>
    /// What is taken out of both sides first.
    var ignored: [JSONPath]
    /// Whether each argument's wanted value is the list of those allowed.
    var allowsAnyOf: Bool

    init(_ options: CheckOptions, preset: Mode) {
        mode = options.choice("arguments", default: preset)
        leniency = Self.leniency(options)
        ignored = Self.ignored(options)
        allowsAnyOf = options.flag("any_of", default: false)
    }

    static func options(preset: Mode) -> [CheckDocumentation.Option] {
        func mark(_ mode: Mode) -> String { mode == preset ? " (the default)" : "" }
        return [
            .init(
                "arguments", "`exact`, `subset` or `ignore`",
                "`exact`\(mark(.exact)): the arguments are those wanted and no others; `subset`: those wanted are there, and there may be more; `ignore`\(mark(.ignore)): only names count"),
            .init(
                "ignore", "text or list of texts",
                "arguments that do not count, by name, or by JSONPath for what lies deeper: `$.items[*].id`"),
            .init(
                "any_of", "true or false",
                "each argument's wanted value is the list of the values allowed for it; an empty text among them lets the argument be absent; false by default"),
            .init(
                "lenient", "true, or words among `case`, `whitespace`, `punctuation`",
                "what does not count when texts are compared; `true` is all three; nothing by default. With `punctuation`, a dot in a tool's name stands for an underscore, since APIs allow no dots there"),
        ]
    }

    private static func leniency(_ options: CheckOptions) -> Set<Leniency> {
        guard let value = options.value("lenient") else { return [] }
        if let flag = value.boolValue { return flag ? Set(Leniency.allCases) : [] }
        let words = (value.arrayValue ?? [value]).map { $0.stringValue ?? $0.serialized(.compact) }
        for word in words where Leniency(rawValue: word) == nil {
            options.report(
                "`lenient` cannot be \(Excerpt.quoted(word))", at: "lenient",
                help: Suggestion.help(for: word, in: Leniency.allCases.map(\.rawValue)))
        }
        return Set(words.compactMap(Leniency.init))
    }

    private static func ignored(_ options: CheckOptions) -> [JSONPath] {
        guard let value = options.value("ignore") else { return [] }
        return (value.arrayValue ?? [value]).compactMap { element in
            guard let text = element.stringValue, !text.isEmpty else {
                options.reportWrongKind("ignore", element, wanted: "names or paths of arguments")
                return nil
            }
            let name = JSONValue.string(text).serialized(.compact)
            return options.jsonPath(text.hasPrefix("$") ? text : "$[\(name)]", at: "ignore")
        }
    }

    func areSameNames(_ left: String, _ right: String) -> Bool { form(ofName: left) == form(ofName: right) }

    func form(ofName name: String) -> [UInt8] {
        guard leniency.contains(.punctuation) else { return Array(name.utf8) }
        return name.utf8.map { $0 == UInt8(ascii: ".") ? UInt8(ascii: "_") : $0 }
    }

    /// Without what does not count.
    func kept(_ arguments: JSONValue) throws(JSONPathError) -> JSONValue {
        var arguments = arguments
        for path in ignored { arguments = try path.removing(from: arguments) }
        return arguments
    }
}

/// Where two calls' arguments part.
struct ArgumentMiss: Sendable {
    /// The way to the value: `city`, `filter.dates[0]`; empty for the arguments as a whole.
    var path: String
    /// `nil` when there is nothing.
    var found: JSONValue?
    /// What was wanted there, in words.
    var wanted: String
    var failureKind: FailureKind?

    /// "argument `city` is "Rome", wanted "Paris"".
    var description: String {
        let subject = path.isEmpty ? "the arguments" : "argument `\(Excerpt.cut(path, limit: 120))`"
        guard let found else { return "\(subject) is missing, wanted \(wanted)" }
        let hint = failureKind.map { ": \($0.hint)" } ?? ""
        return "\(subject) \(path.isEmpty ? "are" : "is") \(JSONPathCheck.shown(found)), wanted \(wanted)\(hint)"
    }
}

extension ArgumentRules {
    /// The first difference between two objects of arguments; `nil` when there is none that counts.
    func miss(_ found: JSONValue, _ wanted: JSONValue, anyOf: Bool) -> ArgumentMiss? {
        if anyOf { return missAnyOf(found, wanted, "") }
        return miss(found, wanted, "")
    }

    private func miss(_ found: JSONValue, _ wanted: JSONValue, _ path: String) -> ArgumentMiss? {
        switch (found, wanted) {
        case (.object(let members), .object(let others)):
            for (key, value) in others {
                let path = Self.path(path, key)
                guard let member = members[key] else {
                    return ArgumentMiss(path: path, found: nil, wanted: JSONPathCheck.shown(value))
                }
                if let miss = miss(member, value, path) { return miss }
            }
            return further(members, besides: others, path)
        case (.array(let elements), .array(let others)) where elements.count == others.count:
            for (index, pair) in zip(elements, others).enumerated() {
                if let miss = miss(pair.0, pair.1, "\(path)[\(index)]") { return miss }
            }
            return nil
        default:
            if areEqual(found, wanted) { return nil }
            return ArgumentMiss(
                path: path, found: found, wanted: JSONPathCheck.shown(wanted),
                failureKind: JSONCondition.failureKind(found, [wanted]))
        }
    }

    /// Each argument has a list of allowed values, in the manner of BFCL's `possible_answer` (Berkeley Function Calling
    /// Leaderboard, `ast_checker`): so have the members of an object among them, when all of them are lists.
    private func missAnyOf(_ found: JSONValue, _ wanted: JSONValue, _ path: String) -> ArgumentMiss? {
        guard case (.object(let members), .object(let others)) = (found, wanted) else {
            return miss(found, wanted, path)
        }
        for (key, value) in others {
            let path = Self.path(path, key)
            let allowed = value.arrayValue ?? [value]
            let shown = Excerpt.list(allowed.map { JSONPathCheck.shown($0) })
            guard let member = members[key] else {
                if allowed.contains("") { continue }
                return ArgumentMiss(path: path, found: nil, wanted: shown)
            }
            if allowed.contains(where: { isAllowed(member, $0) }) { continue }
            return ArgumentMiss(
                path: path, found: member, wanted: shown, failureKind: JSONCondition.failureKind(member, allowed))
        }
        return further(members, besides: others, path)
    }

    private func isAllowed(_ found: JSONValue, _ allowed: JSONValue) -> Bool {
        switch (found, allowed) {
        case (.object, .object(let members)) where members.allSatisfy({ $0.value.arrayValue != nil }):
            missAnyOf(found, allowed, "") == nil
        case (.array(let elements), .array(let others)):
            elements.count == others.count && zip(elements, others).allSatisfy { isAllowed($0, $1) }
        default: miss(found, allowed, "") == nil
        }
    }

    private func further(_ members: JSONObject, besides wanted: JSONObject, _ path: String) -> ArgumentMiss? {
        guard mode != .subset, let extra = members.first(where: { wanted[$0.key] == nil }) else { return nil }
        return ArgumentMiss(path: Self.path(path, extra.key), found: extra.value, wanted: "no such argument")
    }

    private func areEqual(_ found: JSONValue, _ wanted: JSONValue) -> Bool {
        guard !leniency.isEmpty, let left = found.stringValue, let right = wanted.stringValue else { return found == wanted }
        return TextForm.areIdentical(left, right) || TextForm.areIdentical(form(left), form(right))
    }

    private func form(_ text: String) -> String {
        var form = text
        if leniency.contains(.punctuation) {
            let kept = String(String.UnicodeScalarView(form.unicodeScalars.filter { !Self.isPunctuation($0) }))
            // A text of nothing but marks is what it is.
            if !kept.isEmpty { form = kept }
        }
        if leniency.contains(.whitespace) {
            form = String(String.UnicodeScalarView(form.unicodeScalars.filter { !$0.properties.isWhitespace }))
        }
        return leniency.contains(.letterCase) ? TextForm.folded(form) : form
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            true
        default: scalar == "^" || scalar == "`"
        }
    }

    private static func path(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}
