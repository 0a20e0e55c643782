import RatchetCore
import RatchetJSON

/// Reads a `gate:` section, of `ratchet.yaml` or of a `suite.yaml`.
enum GatePolicyReader {
    static let keys = [
        "policy", "false_alarms", "min_drop", "errored_max", "unscored_max", "slices", "metrics", "overrides", "canary", "effort", "require",
    ]

    /// - Parameter base: what holds for everything that is not written here.
    static func read(
        _ value: JSONValue, at source: SourceReference, over base: GatePolicy, _ problems: Problems
    ) -> GatePolicy {
        var policy = base
        guard let reader = ObjectReader(value, at: source, as: "gate", keys: keys, problems) else { return policy }
        if let kind = reader.choice("policy", GatePolicy.Kind.self) { policy.kind = kind }
        if let share = reader.number("false_alarms", in: 0.0001...0.5) { policy.falseAlarms = share }
        if let drop = reader.number("min_drop", in: 0...1) { policy.minimumDrop = drop }
        if let share = reader.number("errored_max", in: 0...1) { policy.erroredMaximum = share }
        if let share = reader.number("unscored_max", in: 0...1) { policy.unscoredMaximum = share }
        if let effort = reader.choice("effort", GateEffort.self) { policy.effort = effort }
        if let required = reader.nested("require", as: "require", keys: ["no_worse_than"]) {
            required.require("no_worse_than")
            if let share = required.number("no_worse_than", in: 0.0001...1) { policy.noWorseThan = share }
        }
        if let calls = reader.integer("canary", in: 0...10_000) { policy.canaryCalls = calls }
        if let overrides = reader.nested("overrides", as: "overrides", keys: ["max_active", "flag_in_ci", "second_person"]) {
            if let count = overrides.integer("max_active", in: 0...Int.max) { policy.maximumActiveOverrides = count }
            if let needed = overrides.bool("second_person") { policy.needsSecondPerson = needed }
            if let allowed = overrides.bool("flag_in_ci") { policy.allowsOverrideFlagInCI = allowed }
        }
        if let list = reader.list("slices") { policy.slices = slices(list, policy.kind, reader) }
        if let section = reader.nested("metrics", as: "metrics", keys: Metric.allCases.map(\.rawValue)) {
            policy.metrics = metrics(section)
        }
        return policy
    }

    private static func metrics(_ section: ObjectReader) -> [Metric: MetricBudget] {
        var metrics: [Metric: MetricBudget] = [:]
        for metric in Metric.allCases {
            let keys = metric == .score ? ["min", "max_drop"] : ["max", "max_increase"]
            guard let reader = section.nested(metric.rawValue, as: "a metric's budget", keys: keys) else { continue }
            var budget = MetricBudget()
            if metric == .score {
                budget.min = reader.number("min", in: 0...1)
                budget.maxDrop = reader.number("max_drop", in: 0...1)
            } else if metric.isTime, reader.value("max")?.stringValue != nil {
                budget.max = reader.duration("max").map { $0 * 1000 }
            } else {
                budget.max = reader.number("max", in: 0...Double.greatestFiniteMagnitude)
            }
            if metric != .score { budget.maxIncrease = reader.number("max_increase", in: 0...1000) }
            if keys.allSatisfy({ reader.value($0) == nil }) {
                reader.problems.error("a budget needs \"\(keys[0])\" or \"\(keys[1])\"", at: reader.source)
            }
            metrics[metric] = budget
        }
        return metrics
    }

    /// A bare tag follows the policy of its suite.
    private static func slices(_ list: [JSONValue], _ kind: GatePolicy.Kind, _ reader: ObjectReader) -> [String:
        GatePolicy.Kind]
    {
        var slices: [String: GatePolicy.Kind] = [:]
        for (index, element) in list.enumerated() {
            let place = reader.place("slices").appending(index)
            var tag = element.stringValue
            var sliceKind = kind
            if tag == nil {
                guard
                    let slice = ObjectReader(
                        element, at: place, as: "a slice", keys: ["tag", "policy"], reader.problems)
                else { continue }
                slice.require("tag")
                tag = slice.text("tag")
                sliceKind = slice.choice("policy", GatePolicy.Kind.self) ?? kind
            }
            guard let tag, !tag.isEmpty else { continue }
            if slices.updateValue(sliceKind, forKey: tag) != nil {
                reader.problems.error("the slice \(Quoted.text(tag)) is there twice", at: place)
            }
        }
        return slices
    }
}
