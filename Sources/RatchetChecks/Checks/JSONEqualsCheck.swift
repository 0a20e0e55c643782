import RatchetCore
import RatchetJSON

/// `json_equals`: the output is the wanted JSON.
package struct JSONEqualsCheck: Check {
    package static let type = "json_equals"
    package static let documentation = CheckDocumentation(
        .structure, "The output is JSON that equals the wanted JSON.",
        details: """
            Numbers are compared by value (`12.50` equals `12.5`), texts code point by code point, objects without regard to \
            the order of their members. A value under the key is what is wanted, unless it is an object with a member `value` \
            or `from`; without a value the example's `expected` is wanted. A wanted text that is JSON stands for that JSON. \
            The reason lists the first differences, each with the JSON pointer of its place.

            The score is the fraction of leaves that are as wanted, so that `threshold` can ask for most of them. Leaves are \
            texts, numbers, booleans, nulls and empty lists and objects. All wanted leaves count, and found ones that stand \
            against none of them.
            """,
        options: [
            .init("value", "JSON", "what is wanted; the example's `expected` by default"),
            .init("ignore", "JSONPath or list of them", "what is left out of the comparison, on both sides, for example `$..id`"),
            .init(
                "tolerance", "number or {absolute, relative}",
                "how far numbers may be apart; `relative` is a part of the wanted number, such as 0.01; the larger of both counts"),
            .init(
                "any_order", "true, false, JSONPath or list of them",
                "the lists whose order does not matter: all with true, or those at the paths; false by default"),
            .init("subset", "true or false", "lets objects have more members than wanted; lists keep their length; false by default"),
            JSONLocation.option,
        ],
        shortForm: "value", expectedOption: "value", optionMarkers: ["value", "from"],
        samples: [
            .init(#"{"json_equals": {"total": 12.5, "tags": []}}"#, passes: #"{"tags": [], "total": 12.50}"#, fails: #"{"total": 12, "tags": []}"#),
            .init(
                #"{"json_equals": {"value": [{"id": 1}, {"id": 2}], "any_order": true, "subset": true}}"#,
                passes: #"[{"id": 2, "name": "b"}, {"id": 1}]"#, fails: #"[{"id": 2}, {"id": 3}]"#),
            .init(
                #"{"json_equals": {"from": "expected", "ignore": "$.at", "tolerance": 0.01}}"#, expected: #"{"at": 0, "sum": 3.14}"#,
                passes: #"{"at": 1712, "sum": 3.1416}"#, fails: #"{"at": 0, "sum": 3}"#),
        ])

    /// How many differences a reason lists.
    private static let shownDifferences = 5

    private let comparison: JSONComparison
    private let rules: JSONComparison.Rules
    private let allowed: JSONLocation

    package init?(_ options: CheckOptions) {
        allowed = options.choice("allow", default: .whole)
        var rules = JSONComparison.Rules()
        rules.ignored = options.jsonPaths("ignore") ?? []
        if rules.ignored.contains(where: { $0.expression == "$" }) {
            options.report("`ignore` leaves nothing to compare", at: "ignore")
        }
        if options.value("any_order")?.boolValue == nil {
            rules.unorderedLists = options.jsonPaths("any_order") ?? []
        } else {
            rules.unorderedLists = options.flag("any_order", default: false) ? nil : []
        }
        rules.tolerance = options.tolerance("tolerance")
        rules.allowsExtraMembers = options.flag("subset", default: false)
        Self.refuseOptionsAsValue(options)
        guard let wanted = options.wanted("value"), options.problems.isEmpty else { return nil }
        self.rules = rules
        do throws(JSONPathError) {
            comparison = try JSONComparison(wanted: Self.json(wanted.value), rules: rules)
        } catch {
            options.report("the wanted value cannot be compared: \(error.message)")
            return nil
        }
    }

    /// A wanted text that is JSON stands for that JSON.
    private static func json(_ wanted: JSONValue) -> JSONValue {
        guard let text = wanted.stringValue else { return wanted }
        return (try? JSONValue(parsing: text, options: .lenient)) ?? wanted
    }

    /// An object of nothing but options would else be taken as the wanted value.
    private static func refuseOptionsAsValue(_ options: CheckOptions) {
        guard options.isLiteral, let object = options.whole.objectValue, !object.isEmpty else { return }
        let names = documentation.options.map(\.name)
        guard object.keys.allSatisfy(names.contains) else { return }
        options.report(
            "has options and no wanted value", help: #"add "from": "expected", or put what is wanted into "value""#)
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        guard let document = JSONDocument(of: input.subject, allowed: allowed) else {
            return .lacking(JSONDocument.absence(in: input))
        }
        do throws(JSONPathError) {
            return document.outcome(of: outcome(of: try comparison.compare(document.value), document.value))
        } catch {
            return .errored("the comparison was given up: \(error.message)")
        }
    }

    private func outcome(of result: JSONComparison.Result, _ found: JSONValue) -> CheckOutcome {
        if result.isEqual { return .passed("equals the wanted JSON") }
        let size = "more than \(JSONComparison.largestValue) values"
        if result.isGivenUp {
            return .errored(
                result.isTooLarge ? "the JSON has \(size), too many to be compared"
                    : "the lists without order are too large to be compared with `tolerance` or `subset`")
        }
        if result.isTooLarge { return .failed("the JSON has \(size), far more than wanted") }
        let shown = result.differences.prefix(Self.shownDifferences).map(Self.words)
        let more = result.differenceCount - shown.count
        let kind = failureKind(result, found)
        let reason = """
            \(result.differenceCount == 1 ? "1 difference" : "\(result.differenceCount) differences"): \
            \(shown.joined(separator: "; "))\(more > 0 ? "; and \(more) more" : "")\(kind.map { " (\($0.hint))" } ?? "")
            """
        return CheckOutcome(state: .failed, score: result.score, reason: reason, failureKind: kind)
    }

    private static func words(_ difference: JSONComparison.Difference) -> String {
        let place = difference.place.description
        let name = place.isEmpty ? "the value" : Excerpt.oneLine(place)
        func shown(_ value: JSONValue?) -> String { value.map { JSONPathCheck.shown($0, limit: 80) } ?? "nothing" }
        switch difference.kind {
        case .changed: return "\(name): found \(shown(difference.found)), wanted \(shown(difference.wanted))"
        case .missing: return "\(name): missing, wanted \(shown(difference.wanted))"
        case .extra: return "\(name): found \(shown(difference.found)), wanted nothing"
        }
    }

    private func failureKind(_ result: JSONComparison.Result, _ found: JSONValue) -> FailureKind? {
        guard result.differenceCount == result.differences.count else { return nil }
        if result.differences.allSatisfy({ $0.kind == .extra && !$0.isListElement(of: found) }) { return .extraMembers }
        if comparison.differsInOrderOnly(found) { return .listOrder }
        let kinds = Set(result.differences.map(Self.failureKind))
        return kinds.count == 1 ? kinds.first ?? nil : nil
    }

    private static func failureKind(_ difference: JSONComparison.Difference) -> FailureKind? {
        guard difference.kind == .changed, let found = difference.found?.stringValue, let wanted = difference.wanted else {
            return nil
        }
        if let number = wanted.numberValue { return JSONNumber(validating: found) == number ? .numberAsText : nil }
        return wanted.stringValue.flatMap { FailureKind.ofEquality(found, wanted: [$0]) }
    }
}

extension JSONComparison.Difference {
    fileprivate func isListElement(of document: JSONValue) -> Bool {
        place.parent?.evaluate(in: document)?.arrayValue != nil
    }
}
