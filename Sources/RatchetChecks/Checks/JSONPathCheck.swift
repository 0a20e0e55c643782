import RatchetCore
import RatchetJSON

/// `json_path`: what stands at a path in the output's JSON.
package struct JSONPathCheck: Check {
    package static let type = "json_path"
    package static let documentation = CheckDocumentation(
        .structure, "The values at a JSONPath (RFC 9535) are there, and are as wanted.",
        details: """
            A text under the key is the path, and something must be there. With comparisons, at least one value must be \
            there and each must satisfy all of them, or one of them with `match: any`. Numbers are compared by value (`12.50` equals `12.5`), objects without \
            regard to the order of their members. `{"from": "expected"}` takes the example's `expected` as the wanted value; \
            when that is a list, any of its elements will do too.
            """,
        options: [
            .init("path", "JSONPath", "where to look, for example `$.items[0].price`"),
            .init("equals", "JSON", "each value equals this"),
            .init("one_of", "list of JSON", "each value equals one of these"),
            .init("contains", "text or JSON", "each value is a text that contains this text, or a list that has this element"),
            .init("regex", "text", "each value is a text in which the pattern matches"),
            .init("min", "number", "each value is a number of at least this"),
            .init("max", "number", "each value is a number of at most this"),
            .init("type", "text or list of texts", "each value is of one of these types: `string`, `number`, `integer`, `boolean`, `array`, `object`, `null`"),
            .init("length", "whole number or {min, max}", "each value is a text of so many characters, a list of so many elements or an object of so many members"),
            .init("match", "`all` or `any`", "whether every value has to be as wanted, or one is enough; `all` by default"),
            .init("count", "whole number or {min, max}", "how many values the path selects"),
            .init("exists", "true or false", "whether there must be a value at all"),
            JSONLocation.option,
        ],
        shortForm: "path",
        samples: [
            .init(#"{"json_path": {"path": "$.total", "equals": 12.5}}"#, passes: #"{"total": 12.50}"#, fails: #"{"total": 12}"#),
            .init(
                #"{"json_path": {"path": "$.items[*].price", "min": 0, "count": {"max": 2}}}"#,
                passes: #"{"items": [{"price": 3}, {"price": 0}]}"#, fails: #"{"items": [{"price": -1}]}"#),
            .init(
                #"{"json_path": {"path": "$.steps[*].kind", "one_of": ["refund", "return"], "match": "any"}}"#,
                passes: #"{"steps": [{"kind": "greet"}, {"kind": "refund"}]}"#, fails: #"{"steps": [{"kind": "greet"}]}"#),
            .init(#"{"json_path": {"path": "$.error", "exists": false}}"#, passes: #"{"total": 1}"#, fails: #"{"error": null}"#),
        ])

    private let path: JSONPath
    private let conditions: [JSONCondition]
    private let count: CountRange?
    private let exists: Bool?
    private let match: Match
    private let allowed: JSONLocation

    private enum Match: String, CaseIterable { case all, any }

    package init?(_ options: CheckOptions) {
        match = options.choice("match", default: .all)
        allowed = options.choice("allow", default: .whole)
        let path = options.jsonPath("path")
        count = options.range("count")
        exists = options.value("exists") == nil ? nil : options.flag("exists", default: true)
        conditions = JSONCondition.read(options)
        if exists == false, !conditions.isEmpty || count != nil {
            options.report("`exists: false` leaves nothing to compare", at: "exists")
        }
        if path == nil, options.problems.isEmpty {
            options.report("needs a `path`", help: #"for example {"json_path": {"path": "$.total", "equals": 12.5}}"#)
        }
        guard let path else { return nil }
        self.path = path
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        guard let document = JSONDocument(of: input.subject, allowed: allowed) else {
            return .lacking(JSONDocument.absence(in: input))
        }
        do throws(JSONPathError) {
            return document.outcome(of: try evaluate(document.value))
        } catch {
            return .errored("\(path.expression) was given up: \(error.message)")
        }
    }

    private func evaluate(_ document: JSONValue) throws(JSONPathError) -> CheckOutcome {
        let values = try path.values(in: document)
        if let count, !count.contains(values.count) {
            return .failed("\(values.count) values at \(path.expression), wanted \(count.description)")
        }
        if exists == false {
            guard let value = values.first else { return .passed("nothing at \(path.expression)") }
            return .failed("\(path.expression) is \(Self.shown(value)), wanted nothing there")
        }
        guard let first = values.first else {
            if count != nil, conditions.isEmpty, exists == nil { return .passed("0 values at \(path.expression)") }
            return .failed("nothing at \(path.expression) in \(Self.shown(document))")
        }
        return try compare(values, in: document) ?? .passed(
            values.count == 1 ? "\(path.expression) is \(Self.shown(first))" : "\(values.count) values at \(path.expression)")
    }

    /// The failure of the first value that is not as wanted, or with `any` of all of them; `nil` when there is none.
    private func compare(_ values: [JSONValue], in document: JSONValue) throws(JSONPathError) -> CheckOutcome? {
        var failure: CheckOutcome?
        for (position, value) in values.enumerated() {
            guard let miss = conditions.lazy.compactMap({ $0.miss(value) }).first else {
                if match == .any {
                    return .passed("\(try location(position, in: document)) is \(Self.shown(value))")
                }
                continue
            }
            guard failure == nil else { continue }
            if let limit = miss.limitReason {
                failure = .errored(limit)
            } else {
                let place = values.count == 1 ? path.expression : try location(position, in: document)
                let hint = miss.failureKind.map { ": \($0.hint)" } ?? ""
                let others = match == .any && values.count > 1 ? "none of \(values.count) values is as wanted: " : ""
                failure = .failed(
                    "\(others)\(place) is \(Self.shown(value)), wanted \(miss.wanted)\(hint)", failureKind: miss.failureKind)
            }
            if match == .all { break }
        }
        return failure
    }

    private func location(_ position: Int, in document: JSONValue) throws(JSONPathError) -> String {
        let nodes = try path.nodes(in: document)
        return position < nodes.count ? Excerpt.oneLine(nodes[position].location) : path.expression
    }

    static func shown(_ value: JSONValue, limit: Int = Excerpt.longest) -> String {
        if let text = value.stringValue { return Excerpt.quoted(text, limit: limit) }
        let text = value.serialized(.compact)
        return text.utf8.count <= limit ? Excerpt.oneLine(text) : Excerpt.quoted(text, limit: limit)
    }
}
