import RatchetCore
import RatchetJSON

/// One of the `paths` of `xml` and `html`: an XPath expression, and what it has to select.
struct MarkupPath: Sendable {
    static let documentation = CheckDocumentation(
        .structure, "A path.",
        options: [
            .init("path", "XPath", ""), .init("exists", "true or false", ""), .init("count", "whole number or {min, max}", ""),
            .init("equals", "text, number or list of them", ""), .init("contains", "text or list of texts", ""),
            .init("regex", "text or list of texts", ""), .init("min", "number", ""), .init("max", "number", ""),
            .init("length", "whole number or {min, max}", ""), .init("match", "`all` or `any`", ""),
        ], shortForm: "path", samples: [])

    private enum Condition: Sendable {
        case equals([JSONValue])
        case contains([String])
        case regex([(regex: PatternRegex, written: String)])
        case range(NumberBounds)
        case length(CountRange)
    }

    private enum Match: String, CaseIterable { case all, any }

    private let path: String
    private let namespaces: [String: String]
    private let exists: Bool?
    private let count: CountRange?
    private let conditions: [Condition]
    private let match: Match

    init?(_ options: CheckOptions, namespaces: [String: String]) {
        self.namespaces = namespaces
        exists = options.value("exists") == nil ? nil : options.flag("exists", default: true)
        count = options.range("count")
        match = options.choice("match", default: .all)
        conditions = Self.conditions(options)
        let path = options.text("path")
        self.path = path ?? ""
        if exists == false, !conditions.isEmpty || count != nil { options.report("`exists: false` leaves nothing to compare", at: "exists") }
        if let path, let problem = MarkupDocument.problem(withPath: path, namespaces: namespaces) {
            options.report(
                "bad path \(Excerpt.quoted(path)): \(Excerpt.oneLine(problem))", at: "path",
                help: "the syntax is XPath 1.0's, for example //item[@id='3']/name; prefixes are made known by `namespaces`")
        } else if path == nil, options.problems.isEmpty {
            options.report("needs a `path`")
        }
        if !options.problems.isEmpty { return nil }
    }

    private static func conditions(_ options: CheckOptions) -> [Condition] {
        var conditions: [Condition] = []
        if let wanted = options.wanted("equals") {
            let values = wanted.value.arrayValue ?? [wanted.value]
            if values.isEmpty || values.contains(where: { $0.stringValue == nil && $0.numberValue == nil }) {
                options.report("`equals` wants a text, a number or a list of them", at: "equals")
            }
            conditions.append(.equals(values))
        }
        if options.value("contains") != nil, let texts = options.wantedTexts("contains") { conditions.append(.contains(texts)) }
        if options.value("regex") != nil, let written = options.wantedTexts("regex") {
            conditions.append(.regex(written.compactMap { text in options.regex(text, at: "regex").map { ($0, text) } }))
        }
        if let bounds = NumberBounds(minimum: options.number("min"), maximum: options.number("max")) {
            if bounds.areImpossible { options.report("`min` is above `max`: it can never hold", at: "min") }
            conditions.append(.range(bounds))
        }
        if let length = options.range("length") { conditions.append(.length(length)) }
        return conditions
    }

    /// What the document has at the path; `nil` when that is as wanted.
    func objection(in document: MarkupDocument) throws(MarkupDocument.Failure) -> CheckOutcome? {
        switch try document.select(path, namespaces: namespaces) {
        case .nodes(let texts): return objection(to: texts)
        case .text(let text): return objection(to: [text])
        case .number(let number): return objection(to: [JSONNumber(number.isFinite ? number : 0).literal])
        case .boolean(let holds):
            return holds != (exists == false) ? nil : .failed("\(shownPath) is \(holds), wanted \(!holds)")
        }
    }

    private var shownPath: String { Excerpt.oneLine(path) }

    private func objection(to texts: [String]) -> CheckOutcome? {
        if exists == false {
            return texts.first.map { .failed("\(shownPath) is \(Excerpt.quoted(TrimmedText.of($0))), wanted nothing there") }
        }
        if let count, !count.contains(texts.count) {
            return .failed("\(texts.count) nodes at \(shownPath), wanted \(count.description)")
        }
        guard !texts.isEmpty else {
            return count != nil && conditions.isEmpty && exists == nil ? nil : .failed("nothing at \(shownPath)")
        }
        var failure: CheckOutcome?
        for (place, text) in texts.enumerated() {
            let trimmed = TrimmedText.of(text)
            guard let objection = conditions.lazy.compactMap({ Self.objection(to: trimmed, $0) }).first else {
                if match == .any { return nil }
                continue
            }
            let name = texts.count == 1 ? shownPath : "\(shownPath) (node \(place + 1) of \(texts.count))"
            failure = failure ?? objection.outcome(name, trimmed)
            if match == .all { break }
        }
        return failure
    }

    private struct Objection {
        var wanted: String
        var failureKind: FailureKind?
        var limit: String?

        func outcome(_ name: String, _ found: String) -> CheckOutcome {
            if let limit { return .errored(limit) }
            let hint = failureKind.map { ": \($0.hint)" } ?? ""
            return .failed("\(name) is \(Excerpt.quoted(found)), wanted \(wanted)\(hint)", failureKind: failureKind)
        }
    }

    private static func objection(to text: String, _ condition: Condition) -> Objection? {
        switch condition {
        case .equals(let values):
            let number = JSONNumber(validating: text)
            let isEqual = values.contains { value in
                value.stringValue.map { TextForm.areIdentical(text, $0) } ?? (value.numberValue != nil && value.numberValue == number)
            }
            if isEqual { return nil }
            let kind = FailureKind.ofEquality(text, wanted: values.compactMap(\.stringValue))
            return Objection(wanted: Excerpt.list(values.map { JSONPathCheck.shown($0) }), failureKind: kind)
        case .contains(let parts):
            if parts.contains(where: { ByteSearch.firstRange(of: $0, in: text) != nil }) { return nil }
            return Objection(
                wanted: "a text that contains \(Excerpt.list(parts.map { Excerpt.quoted($0) }))", failureKind: FailureKind.ofContaining(text, wanted: parts))
        case .regex(let patterns):
            var limit: String?
            for (regex, written) in patterns {
                do throws(PatternLimitError) {
                    if try regex.matches(text) { return nil }
                } catch {
                    limit = RegexCheck.limitReason(pattern: written)
                }
            }
            return Objection(wanted: "a text that matches \(Excerpt.list(patterns.map { "/\(Excerpt.oneLine($0.written))/" }))", limit: limit)
        case .range(let bounds): return bounds.contain(text) ? nil : Objection(wanted: bounds.description)
        case .length(let range):
            let length = text.unicodeScalars.count
            return range.contains(length) ? nil : Objection(wanted: "a text of \(range.description) characters, not \(length)")
        }
    }
}
