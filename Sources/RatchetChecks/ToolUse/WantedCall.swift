import RatchetCore
import RatchetJSON

/// A tool call as it should be.
struct WantedCall: Sendable {
    enum Arguments: Sendable {
        /// Whatever they are, be they JSON or not.
        case any
        /// These, by the check's rules; with `anyOf`, each has a list of allowed values.
        case these(JSONValue, anyOf: Bool)
        case schema(JSONSchema)
    }

    /// Why a call is another one.
    struct Miss {
        /// What is wrong with the arguments; `nil` when it is another tool.
        var arguments: String?
        var failureKind: FailureKind?
    }

    var name: String
    var arguments: Arguments
    /// As reasons show it.
    var description: String

    /// `nil` when the call is as wanted.
    ///
    /// - Throws: when ignored paths cost too much to find.
    func miss(_ call: MadeCall, _ rules: ArgumentRules) throws(JSONPathError) -> Miss? {
        guard rules.areSameNames(call.name, name) else { return Miss() }
        if case .any = arguments { return nil }
        guard let made = call.arguments else {
            return Miss(arguments: "the arguments are not JSON: \(Excerpt.quoted(call.text))")
        }
        guard made.objectValue != nil else {
            return Miss(arguments: "the arguments are \(made.kind), and no object: \(JSONPathCheck.shown(made))")
        }
        let kept = try rules.kept(made)
        switch arguments {
        case .any: return nil
        case .these(let wanted, let anyOf):
            return rules.miss(kept, wanted, anyOf: anyOf).map { Miss(arguments: $0.description, failureKind: $0.failureKind) }
        case .schema(let schema):
            let violations = schema.validate(kept, limit: 3)
            return violations.isEmpty ? nil : Miss(arguments: ToolDefinitions.words(violations))
        }
    }
}

/// Reads wanted calls from `calls` or from the example's `expected`.
struct WantedCallReader {
    /// Comparing grows with the square of it.
    static let mostCalls = 1000

    let options: CheckOptions
    let rules: ArgumentRules

    /// `nil` after a report, or when the check wants no particular calls.
    func read() -> [WantedCall]? {
        guard let wanted = options.wanted("calls") else { return nil }
        let place = wanted.isExpected ? options.expectedPlace : options.place("calls")
        if wanted.value == "none" { return [] }
        let list = wanted.value.arrayValue
        let values = list ?? [wanted.value]
        if values.count > Self.mostCalls {
            report("at most \(Self.mostCalls) calls can be wanted, found \(values.count)", at: place)
            return nil
        }
        let calls = values.enumerated().map { read($1, at: list == nil ? place : place.appending($0)) }
        return calls.contains { $0 == nil } ? nil : calls.compactMap { $0 }
    }

    private func report(_ message: String, at place: SourceReference, help: String? = nil) {
        options.report(Diagnostic(at: place, "`\(options.specification.type)`: \(message)", help: help))
    }

    private func read(_ value: JSONValue, at place: SourceReference) -> WantedCall? {
        switch value {
        case .string(let name) where !name.isEmpty:
            return WantedCall(name: name, arguments: .any, description: Excerpt.name(name))
        case .object(let object):
            if object["name"] != nil { return read(object, at: place, keys: ["name", "arguments", "schema", "id", "type", "result"]) }
            if let function = object["function"]?.objectValue {
                return read(function, at: place.appending("function"), keys: ["name", "arguments"])
            }
            if object.count == 1, let (name, arguments) = object.members.first, !name.isEmpty {
                return read(name, possible: arguments, at: place.appending(name))
            }
        default: break
        }
        report(
            "a call is a tool's name or an object with a `name`, found \(JSONPathCheck.shown(value))", at: place,
            help: #"for example {"name": "get_weather", "arguments": {"city": "Paris"}}"#)
        return nil
    }

    private func read(_ object: JSONObject, at place: SourceReference, keys: [String]) -> WantedCall? {
        for (key, _) in object where !keys.contains(key) {
            report("a call has no `\(Excerpt.oneLine(key))`", at: place.appending(key).key, help: Suggestion.help(for: key, in: keys))
            return nil
        }
        guard let name = object["name"]?.stringValue, !name.isEmpty else {
            report("the `name` of a call must be a text", at: place.appending("name"))
            return nil
        }
        switch (object["arguments"], object["schema"]) {
        case (nil, nil): return WantedCall(name: name, arguments: .any, description: Excerpt.name(name))
        case (let arguments?, nil):
            guard let parsed = parsed(arguments, at: place.appending("arguments")) else { return nil }
            return call(name, parsed, anyOf: rules.allowsAnyOf)
        case (nil, let schema?):
            guard let compiled = ToolDefinitions.schema(schema, at: place.appending("schema"), in: "calls", options) else { return nil }
            return WantedCall(name: name, arguments: rules.mode == .ignore ? .any : .schema(compiled), description: "\(Excerpt.name(name)) by its schema")
        case (_?, _?):
            report("`arguments` and `schema` exclude each other", at: place.appending("schema"))
            return nil
        }
    }

    /// `{"get_weather": {"city": ["Paris", "Paris, France"], "unit": ["celsius", ""]}}`
    private func read(_ name: String, possible arguments: JSONValue, at place: SourceReference) -> WantedCall? {
        guard let lists = arguments.objectValue, lists.allSatisfy({ $0.value.arrayValue != nil }) else {
            report(
                "under the tool's name each argument has the list of its allowed values", at: place,
                help: #"write {"name": …, "arguments": …} for one value each"#)
            return nil
        }
        return call(name, arguments, anyOf: true)
    }

    private func call(_ name: String, _ arguments: JSONValue, anyOf: Bool) -> WantedCall? {
        if rules.mode == .ignore { return WantedCall(name: name, arguments: .any, description: Excerpt.name(name)) }
        do throws(JSONPathError) {
            let kept = try rules.kept(arguments)
            let shown = Excerpt.cut(kept.serialized(.compact), limit: 120)
            return WantedCall(
                name: name, arguments: .these(kept, anyOf: anyOf), description: "\(Excerpt.name(name))(\(shown))")
        } catch {
            options.report("`ignore` was given up: \(error.message)", at: "ignore")
            return nil
        }
    }

    /// Arguments as an object, or as chat completions write them: an object's JSON in a text.
    private func parsed(_ value: JSONValue, at place: SourceReference) -> JSONValue? {
        let parsed = value.stringValue.map { text in text.isEmpty ? [:] : (try? JSONValue(parsing: text)) ?? value } ?? value
        if parsed.objectValue != nil { return parsed }
        report("the `arguments` of a call must be an object, or its JSON as a text, found \(JSONPathCheck.shown(value))", at: place)
        return nil
    }
}
