import RatchetCore
import RatchetJSON

/// `cost`: what the answer cost.
package struct CostCheck: Check {
    package static let type = "cost"
    package static let documentation = CheckDocumentation(
        .costAndSpeed, "The answer cost no more than a limit.",
        details: """
            In US dollars, for the one call that gave the answer; judges are not in it. A bare value is `max`. An answer from \
            the cache or from a recording was not paid for today: the check is then `not_applicable`, as it is when the \
            model's price or the number of tokens is not known. Unknown is never taken for 0.
            """,
        options: [.init("max", "number", "the most it may cost, in US dollars")], shortForm: "max",
        samples: [
            .init(
                #"{"cost": {"max": 0.002}}"#, passes: Response(output: Output(text: "Yes."), cost: 0.0018),
                fails: Response(output: Output(text: "Yes."), cost: 0.0031))
        ])

    private let limit: JSONNumber

    package init?(_ options: CheckOptions) {
        guard options.value("max") != nil else {
            options.report("needs a `max` in US dollars", help: #"for example {"cost": {"max": 0.01}}"#)
            return nil
        }
        guard let limit = options.number("max") else { return nil }
        if limit < JSONNumber(0) {
            options.report("`max` is below 0: it can never hold", at: "max")
            return nil
        }
        self.limit = limit
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        if input.isReused { return .notApplicable(CheckInput.reuseReason) }
        guard let cost = input.response.cost, cost.isFinite else {
            return .notApplicable("what the answer cost is not known: the model has no known price, or its tokens were not counted")
        }
        let reason = "the answer cost $\(JSONNumber(cost).canonical), wanted at most $\(limit.canonical)"
        return JSONNumber(cost) <= limit ? .passed(reason) : .failed(reason)
    }
}

/// `tokens`: how many tokens went in and came out.
package struct TokensCheck: Check {
    package static let type = "tokens"
    package static let documentation = CheckDocumentation(
        .costAndSpeed, "The call took no more tokens than a limit.",
        details: """
            As the backend counted them. A bare value is the most tokens in all. Tokens of a recorded or cached answer are \
            facts about that answer, so this check applies to them too. A count that the backend did not report is unknown \
            and not 0: limits on it are then `not_applicable`.
            """,
        options: [
            .init("max", "whole number", "the most tokens in all, input and output together"),
            .init("min", "whole number", "the fewest tokens in all"),
            .init("input", "whole number or {min, max}", "tokens of the prompt; a number is the most"),
            .init("output", "whole number or {min, max}", "tokens of the answer; a number is the most"),
            .init("total", "whole number or {min, max}", "tokens in all; a number is the most"),
        ],
        shortForm: "max",
        samples: [
            .init(
                #"{"tokens": {"output": {"max": 200}, "max": 1000}}"#,
                passes: Response(output: Output(text: "Yes."), usage: Usage(inputTokens: 700, outputTokens: 150)),
                fails: Response(output: Output(text: "Yes."), usage: Usage(inputTokens: 700, outputTokens: 260)))
        ])

    enum Kind: String, CaseIterable {
        case input, output, total

        var words: String {
            switch self {
            case .input: "input tokens"
            case .output: "output tokens"
            case .total: "tokens in all"
            }
        }

        func count(_ usage: Usage?) -> Int? {
            switch self {
            case .input: return usage?.inputTokens
            case .output: return usage?.outputTokens
            case .total:
                guard let input = usage?.inputTokens, let output = usage?.outputTokens else { return nil }
                let (sum, isTooLarge) = input.addingReportingOverflow(output)
                return isTooLarge ? nil : sum
            }
        }
    }

    private let limits: [(kind: Kind, range: CountRange)]

    package init?(_ options: CheckOptions) {
        var limits = Kind.allCases.compactMap { kind in Self.limit(kind, options).map { (kind: kind, range: $0) } }
        if options.value("max") != nil || options.value("min") != nil {
            if options.value("total") != nil { options.report("`max` and `min` are limits of the total, as `total` is", at: "total") }
            var bounds = JSONObject()
            bounds["min"] = options.value("min")
            bounds["max"] = options.value("max")
            let place = options.value("max") == nil ? "min" : "max"
            if let range = options.range(.object(bounds), called: place, at: place) { limits.append((.total, range)) }
        }
        self.limits = limits
        guard limits.isEmpty else { return }
        if options.problems.isEmpty { options.report("needs a limit", help: #"for example {"tokens": {"max": 1000}}"#) }
        return nil
    }

    private static func limit(_ kind: Kind, _ options: CheckOptions) -> CountRange? {
        guard let value = options.value(kind.rawValue) else { return nil }
        return options.range(value.numberValue == nil ? value : ["max": value], called: kind.rawValue, at: kind.rawValue)
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        let counts = limits.map { (limit: $0, count: $0.kind.count(input.response.usage)) }
        let known = counts.compactMap { limit, count in count.map { (limit: limit, count: $0) } }
        let misses = known.filter { !$0.limit.range.contains($0.count) }
        let reason = (misses.isEmpty ? known : misses).map { limit, count in
            "\(count) \(limit.kind.words), wanted \(limit.range.description)"
        }.joined(separator: "; ")
        if !misses.isEmpty { return .failed(reason) }
        if known.count < counts.count {
            let unknown = counts.filter { $0.count == nil }.map(\.limit.kind.words)
            return .notApplicable("the backend did not report \(Excerpt.list(unknown, "and"))")
        }
        return .passed(reason)
    }
}
