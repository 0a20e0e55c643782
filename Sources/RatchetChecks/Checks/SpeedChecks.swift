import RatchetCore
import RatchetJSON

/// `latency`: how long the answer took.
package struct LatencyCheck: Check {
    package static let type = "latency"
    package static let documentation = CheckDocumentation(
        .costAndSpeed, "The answer came within a time.",
        details: TimeLimit.details(
            "It is the time of the attempt that answered, from sending the request to the last byte; waiting in queues and before retries is not in it."),
        options: [TimeLimit.option], shortForm: "max",
        samples: [
            .init(
                #"{"latency": "4s"}"#, passes: Response(output: Output(text: "Yes."), latency: 3200),
                fails: Response(output: Output(text: "Yes."), latency: 4100))
        ])

    private let limit: TimeLimit

    package init?(_ options: CheckOptions) {
        guard let limit = TimeLimit(options) else { return nil }
        self.limit = limit
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        limit.evaluate(input.response.latency, "the answer took", unknown: "the backend measured no latency", input)
    }
}

/// `ttft`: how long the first token took.
package struct TimeToFirstTokenCheck: Check {
    package static let type = "ttft"
    package static let documentation = CheckDocumentation(
        .costAndSpeed, "The first token came within a time.",
        details: TimeLimit.details(
            "It is the time from sending the request to the first piece of text or of a tool call; only a streamed answer has one."),
        options: [TimeLimit.option], shortForm: "max",
        samples: [
            .init(
                #"{"ttft": {"max": 800}}"#, passes: Response(output: Output(text: "Yes."), timeToFirstToken: 640),
                fails: Response(output: Output(text: "Yes."), timeToFirstToken: 920))
        ])

    private let limit: TimeLimit

    package init?(_ options: CheckOptions) {
        guard let limit = TimeLimit(options) else { return nil }
        self.limit = limit
    }

    package func evaluate(_ input: CheckInput) async -> CheckOutcome {
        limit.evaluate(
            input.response.timeToFirstToken, "the first token took",
            unknown: "the answer was not streamed, so the time to its first token is not known", input)
    }
}

/// The most time that an answer may take.
private struct TimeLimit: Sendable {
    static let option = CheckDocumentation.Option(
        "max", "time", "the most it may take: `800ms`, `4s`, `1.5m`, or a number of milliseconds")

    static func details(_ measure: String) -> String {
        """
        \(measure) A bare value is `max`. An answer from the cache or from a recording says nothing about today's speed: \
        the check is then `not_applicable`, as it is when the time is not known.
        """
    }

    private let milliseconds: Double

    init?(_ options: CheckOptions) {
        guard let value = options.value("max") else {
            options.report("needs a `max`", help: "for example {\"\(options.specification.type)\": {\"max\": \"4s\"}}")
            return nil
        }
        let written = value.stringValue.flatMap(DurationText.seconds).map { $0 * 1000 }
        guard let milliseconds = value.doubleValue ?? written, milliseconds.isFinite, milliseconds > 0 else {
            options.report(
                "`max` wants a time above 0, found \(JSONPathCheck.shown(value))", at: "max",
                help: "write 800ms, 4s or 1.5m, or a number of milliseconds")
            return nil
        }
        self.milliseconds = milliseconds
    }

    func evaluate(_ found: Double?, _ subject: String, unknown: String, _ input: CheckInput) -> CheckOutcome {
        if input.isReused { return .notApplicable(CheckInput.reuseReason) }
        guard let found, found.isFinite else { return .notApplicable(unknown) }
        if found > milliseconds, Self.shown(found) == Self.shown(milliseconds) {
            let (exact, limit) = (JSONNumber(found).canonical, JSONNumber(milliseconds).canonical)
            return .failed("\(subject) \(exact) ms, wanted at most \(limit) ms")
        }
        let reason = "\(subject) \(Self.shown(found)), wanted at most \(Self.shown(milliseconds))"
        return found <= milliseconds ? .passed(reason) : .failed(reason)
    }

    /// Milliseconds below a second, else seconds, with the digits that matter.
    private static func shown(_ milliseconds: Double) -> String {
        milliseconds < 1000
            ? "\(CompiledCheck.shown(milliseconds)) ms" : "\(CompiledCheck.shown(milliseconds / 1000)) s"
    }
}

extension CheckInput {
    static let reuseReason = "the answer is not from today's call but from the cache or a recording"
}
