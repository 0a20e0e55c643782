import RatchetCore
import RatchetJSON

/// What the named group of a pattern has to capture.
struct CaptureCondition: Sendable {
    let name: String
    /// Any of these texts will do.
    private var texts: [String] = []
    /// Or a number that keeps to this.
    private var numbers: NumberRule?

    struct Miss {
        /// What is wrong, in words.
        var reason: String
        var failureKind: FailureKind?
    }

    /// The conditions of the option `captures`; `nil` when something is wrong with it.
    static func read(_ options: CheckOptions, patterns: [PatternRegex]) -> [CaptureCondition]? {
        guard let value = options.value("captures") else { return [] }
        guard let members = value.objectValue, !members.isEmpty else {
            options.report(
                "`captures` wants an object of named groups and wanted values", at: "captures",
                help: #"for example {"pattern": "total: (?<total>[\\d.]+)", "captures": {"total": 12.5}}"#)
            return nil
        }
        let conditions = members.compactMap { name, wanted -> CaptureCondition? in
            isGroup(name, of: patterns, options) ? CaptureCondition(name, wanted, options) : nil
        }
        return conditions.count == members.count ? conditions : nil
    }

    private static func isGroup(_ name: String, of patterns: [PatternRegex], _ options: CheckOptions) -> Bool {
        let names = patterns.map { $0.groupNames.map(\.name) }
        guard let lacking = names.first(where: { !$0.contains(name) }) else { return true }
        let place = options.place("captures").appending(name).key
        let pattern = patterns.count == 1 ? "the pattern" : "one of the patterns"
        options.report(Diagnostic(
            at: place, "`regex`: \(pattern) has no group named `\(Excerpt.oneLine(name))`",
            help: lacking.isEmpty
                ? "name a group in the pattern: (?<\(Name.isValid(name) ? name : "total")>…)" : Suggestion.help(for: name, in: Set(lacking))))
        return false
    }

    private init?(_ name: String, _ written: JSONValue, _ options: CheckOptions) {
        self.name = name
        guard var wanted = options.wanted(written, in: "captures") else { return nil }
        if wanted.isExpected, let member = wanted.value.objectValue?[name] { wanted.value = member }
        if !wanted.isExpected, let object = wanted.value.objectValue {
            guard let rule = Self.rule(object) else {
                Self.report(name, wanted, options)
                return nil
            }
            numbers = rule
            return
        }
        for item in wanted.value.arrayValue ?? [wanted.value] {
            if let number = item.numberValue {
                numbers = numbers ?? NumberRule()
                numbers?.wanted.append(number)
            } else if let text = CheckOptions.plainText(item) {
                texts.append(text)
            } else {
                Self.report(name, wanted, options)
                return nil
            }
        }
        if texts.isEmpty, numbers == nil {
            Self.report(name, wanted, options)
            return nil
        }
    }

    /// `{min, max}`, or a `value` with a `tolerance`.
    private static func rule(_ object: JSONObject) -> NumberRule? {
        let known = ["min", "max", "value", "tolerance"]
        let isUsable = object.allSatisfy { key, value in known.contains(key) && value.numberValue != nil }
        guard isUsable, !object.isEmpty, object["tolerance"] == nil || object["value"] != nil else { return nil }
        let rule = NumberRule(
            wanted: object["value"]?.numberValue.map { [$0] } ?? [], tolerance: object["tolerance"]?.numberValue,
            minimum: object["min"]?.numberValue, maximum: object["max"]?.numberValue)
        if let minimum = rule.minimum, let maximum = rule.maximum, minimum > maximum { return nil }
        return rule
    }

    private static func report(_ name: String, _ wanted: CheckOptions.Wanted, _ options: CheckOptions) {
        options.report(Diagnostic(
            at: wanted.isExpected ? options.expectedPlace : options.place("captures").appending(name),
            "`regex`: what group `\(Excerpt.oneLine(name))` captures can be wanted as a text, a number, a list of them, or a range",
            help: #"{"min": 1, "max": 5}, or {"value": 12.5, "tolerance": 0.1}, or {"from": "expected"}"#))
    }

    /// `nil` when the capture is as wanted.
    ///
    /// - Parameter captured: `nil` for a group that took no part in the match.
    func miss(_ captured: String?) -> Miss? {
        let wanted = Excerpt.list(texts.map { Excerpt.quoted($0) } + (numbers.map { [$0.description] } ?? []))
        guard let captured else { return Miss(reason: "group `\(name)` took no part in it, wanted \(wanted)", failureKind: nil) }
        if texts.contains(where: { TextForm.areIdentical($0, captured) }) { return nil }
        var failureKind = FailureKind.ofEquality(captured, wanted: texts)
        if let numbers, let number = JSONNumber(reading: captured, NumberStyle()) {
            if numbers.holds(for: number) { return nil }
            failureKind = failureKind ?? (numbers.isRounded(number) ? .rounding : nil)
        }
        let hint = failureKind.map { ": \($0.hint)" } ?? ""
        return Miss(reason: "`\(name)` is \(Excerpt.quoted(captured)), wanted \(wanted)\(hint)", failureKind: failureKind)
    }
}
