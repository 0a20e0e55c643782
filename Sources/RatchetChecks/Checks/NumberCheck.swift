import RatchetCore
import RatchetJSON

/// `number`: a number in the output has the wanted value.
package struct NumberCheck: Check {
    package static let type = "number"
    package static let documentation = CheckDocumentation(
        .numberAndChoice, "A number in the output has the wanted value, or lies between two bounds.",
        details: """
            The number is found in prose and compared by value: `1,234.50`, `$1234.5` and `1.2345e3` are the same. Read are \
            thousands separators (`1,234`, `1 234`, `1'234`, `1_234`), signs (also Unicode's minus), currency signs, exponents \
            (`1.5e3`, `1.5×10³`), fractions (`3/4`, `1 3/4`, `½`, `\\frac{3}{4}`), `2.5 million`, `50k`, and digits of any script. \
            Digits inside a word, a version or an address (`H2O`, `GPT-4`, `1.2.3`) are no numbers, nor are numbers in words. A \
            number of which two readings are possible (`4 100`, `1.2 million`) passes by either.

            By default the number counts that the answer states: in the last `\\boxed{…}`, on the last line that begins with \
            `####`, or after words such as "the answer is", whichever comes last; of `3 + 4 = 7` it is 7. Without such a \
            statement the last number counts. `12,5` and `1.234,5` are read with a decimal comma when `decimal_comma` is set; \
            the second, which can mean nothing else, always.

            What is wanted is a number, or a text that is one (`"1,234"`, `"3/4"`, `"50%"`, `"#### 42"`); of a list any one will do. \
            Without `value`, `min` and `max` the example's `expected` is wanted.
            """,
        options: [
            .init("value", "number, text or list of them", "the wanted number; the example's `expected` by default"),
            .init("tolerance", "number", "the largest difference that does not count; 0 by default"),
            .init(
                "relative_tolerance", "number",
                "the same as a share of the wanted number: 0.01 allows one per cent. With `tolerance` the larger of the two counts"),
            .init("min", "number", "the least number, in place of `value` or beside it"),
            .init("max", "number", "the largest number, in place of `value` or beside it"),
            .init(
                "which", "`answer`, `first` or `last`",
                "which of several numbers counts: the stated one (the default), the first or the last"),
            .init(
                "pattern", "text",
                """
                a regular expression that finds the number: its group named `number`, else its first group, else all of it. Of \
                several matches the last counts, with `which: first` the first
                """),
            .init("unit", "text or list of texts", "the unit that must stand behind or before the number, such as `km`, `€` or `%`"),
            .init(
                "percent", "`number` or `fraction`",
                "what `50%` is: the number 50 (the default) or the fraction 0.5; in the wanted text as in the output"),
            .init("decimal_comma", "`true` or `false`", "reads `1.234,5` and `12,5` with a decimal comma; `false` by default"),
            .init("fractions", "`true` or `false`", "reads `3/4` as a fraction, and not as two numbers; `true` by default"),
        ],
        shortForm: "value", expectedOption: "value",
        samples: [
            .init("\"number\"", expected: "1234.5", passes: "That makes $1,234.50 in all.", fails: "That makes $1,234.05 in all."),
            .init(#"{"number": {"value": 3.14159, "tolerance": 0.01}}"#, passes: "π is about 3.14.", fails: "π is about 3.2."),
            .init(#"{"number": {"min": 1, "max": 10, "which": "first"}}"#, passes: "I give it 7 of 10.", fails: "I give it 11 of 10."),
            .init(#"{"number": {"value": 12, "unit": ["km", "kilometers"]}}"#, passes: "It is 12 km away.", fails: "It is 12 miles away."),
        ])

    enum Percent: String, CaseIterable {
        case number, fraction
    }

    private let finder: NumberFinder
    private let rule: NumberRule
    private let pattern: (regex: PatternRegex, written: String)?
    private let units: [NumberText]

    package init?(_ options: CheckOptions) {
        var style = NumberStyle()
        style.hasDecimalComma = options.flag("decimal_comma", default: false)
        style.readsFractions = options.flag("fractions", default: true)
        let percent = options.choice("percent", default: Percent.number)
        finder = NumberFinder(
            which: options.choice("which", default: .answer), style: style, percentAsFraction: percent == .fraction)
        pattern = options.text("pattern").flatMap { written in options.regex(written, at: "pattern").map { ($0, written) } }
        units = Self.units(options).map { NumberText($0) }
        guard let rule = NumberRule(options, finder) else { return nil }
        self.rule = rule
    }

    private static func units(_ options: CheckOptions) -> [String] {
        guard options.value("unit") != nil, let units = options.wantedTexts("unit") else { return [] }
        let trimmed = units.map(TrimmedText.of)
        if trimmed.contains("") { options.report("a unit cannot be empty", at: "unit") }
        return trimmed
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        var text = NumberText(input.text)
        var found: NumberFinder.Found?
        if let pattern {
            do throws(PatternLimitError) {
                guard let captured = try captured(by: pattern.regex, in: input.text) else {
                    return .failed("nothing matches /\(Excerpt.oneLine(pattern.written))/ in \(Excerpt.quoted(input.text))")
                }
                text = NumberText(captured)
            } catch {
                return .errored(RegexCheck.limitReason(pattern: pattern.written))
            }
            var scanner = NumberScanner(text, finder.style)
            found = scanner.next().map { .init(token: $0, text: text, place: "the number that the pattern captured") }
        } else {
            found = finder.find(in: text)
        }
        guard let found else {
            return .failed("no number in \(Excerpt.quoted(pattern == nil ? input.text : String(decoding: text.bytes, as: UTF8.self)))")
        }
        return outcome(found)
    }

    private func captured(by regex: PatternRegex, in text: String) throws(PatternLimitError) -> String? {
        guard let match = try finder.which == .first ? regex.firstMatch(in: text) : regex.lastMatch(in: text) else { return nil }
        return match.named["number"] ?? match.captures.lazy.compactMap { $0 }.first ?? match.text
    }

    private func outcome(_ found: NumberFinder.Found) -> CheckOutcome {
        let readings = finder.readings(found)
        let unit = units.isEmpty ? "" : " \(Excerpt.list(units.map { String(decoding: $0.bytes, as: UTF8.self) }))"
        let place = "\(found.place) is \(found.shown) in \(found.text.surroundings(found.token.range))"
        let hasUnit = units.isEmpty || found.token.hasUnit(units, in: found.text)
        if let number = readings.first(where: rule.holds) {
            if hasUnit { return .passed("\(place), which is \(NumberRule.shown(number))") }
            return .failed("\(place), wanted the unit\(unit): \(FailureKind.unit.hint)", failureKind: .unit)
        }
        let miss = NumberMiss(rule: rule, finder: finder)
        let kind = miss.kind(of: found, readings)
        var reason = "\(place), wanted \(rule.description)\(unit)"
        if let kind { reason += ": \(kind.hint)" }
        if let others = miss.candidates(in: found.text) { reason += "; the numbers in it are \(others)" }
        return .failed(reason, failureKind: kind)
    }
}

extension NumberRule {
    /// Reads what is wanted from a check's options; `nil` when there is nothing usable.
    fileprivate init?(_ options: CheckOptions, _ finder: NumberFinder) {
        self.init()
        tolerance = Self.tolerance("tolerance", options)
        relativeTolerance = Self.tolerance("relative_tolerance", options)
        minimum = options.number("min")
        maximum = options.number("max")
        if let minimum, let maximum, minimum > maximum {
            options.report("`min` \(minimum) is above `max` \(maximum): it can never hold", at: "min")
        }
        let hasBounds = options.value("min") != nil || options.value("max") != nil
        let isGiven = options.value("value") != nil || options.value("from") != nil
        if hasBounds, !isGiven {
            for name in ["tolerance", "relative_tolerance"] where options.value(name) != nil {
                options.report("`\(name)` belongs to a wanted `value`; `min` and `max` are exact", at: name)
            }
            return
        }
        guard let wanted = options.wanted("value") else { return nil }
        let values = wanted.value.arrayValue ?? [wanted.value]
        self.wanted = values.compactMap { value in
            value.numberValue ?? value.stringValue.flatMap { Self.number(stated: $0, finder) }
        }
        if self.wanted.count == values.count, !values.isEmpty { return }
        let origin = wanted.isExpected ? "the example's `expected`" : "`value`"
        let bad = values.first { $0.numberValue == nil && $0.stringValue.flatMap { Self.number(stated: $0, finder) } == nil }
        let shown = bad.map { JSONPathCheck.shown($0) } ?? "an empty list"
        options.report(RatchetCore.Diagnostic(
            at: wanted.isExpected ? options.expectedPlace : options.place("value"),
            "`number`: \(origin) must be a number or a text that is one, found \(shown)",
            help: "a unit goes into the option `unit`: {\"number\": {\"value\": 12, \"unit\": \"km\"}}"))
        return nil
    }

    private static func tolerance(_ name: String, _ options: CheckOptions) -> JSONNumber? {
        guard let number = options.number(name) else { return nil }
        if number >= JSONNumber(0) { return number }
        options.report("`\(name)` cannot be below 0", at: name)
        return nil
    }

    /// A wanted number as data sets write it: `#### 42` and `\boxed{42}` too.
    private static func number(stated text: String, _ finder: NumberFinder) -> JSONNumber? {
        var text = TrimmedText.of(text)
        if text.hasPrefix("$"), text.hasSuffix("$"), text.utf8.count > 2 { text = String(text.dropFirst().dropLast()) }
        if text.hasPrefix("####") { text = String(text.dropFirst(4)) }
        if text.hasPrefix("\\boxed{"), text.hasSuffix("}") { text = String(text.dropFirst(7).dropLast()) }
        return JSONNumber(reading: text, finder.style, percentAsFraction: finder.percentAsFraction)
    }
}
