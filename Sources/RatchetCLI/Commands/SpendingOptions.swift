import ArgumentParser
import RatchetCore
import RatchetRunner

/// What a command may spend before it stops, with everything it has kept.
struct SpendingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Stop once this many US dollars are spent; the same command goes on.", valueName: "dollars"))
    var maxCost: Double?
    @Option(help: ArgumentHelp("Stop after this many calls, judges' and repeated ones included.", valueName: "count"))
    var maxCalls: Int?
    @Option(help: ArgumentHelp("Stop after this time, such as 90s, 20m or 2h.", valueName: "time"))
    var timeLimit: String?

    func validate() throws {
        if let maxCost, !(maxCost > 0 && maxCost < 9e6) { throw ValidationError("--max-cost must be more than 0.") }
        if let maxCalls, maxCalls < 1 { throw ValidationError("--max-calls must be at least 1.") }
        if timeLimit != nil, seconds == nil { throw ValidationError("--time-limit must be a time such as 90s, 20m or 2h.") }
    }

    private var seconds: Double? {
        timeLimit.flatMap { DurationText.seconds($0) ?? Double($0) }.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
    }

    var limits: SpendingLimits {
        SpendingLimits(calls: maxCalls, cost: maxCost.flatMap { Money(dollars: $0) }, time: seconds)
    }

    /// Money can only be held where every model has a price.
    func problems(_ prepared: RunPreparation) -> [Diagnostic] {
        guard maxCost != nil else { return [] }
        let configuration = prepared.opened.project.configuration
        let day = prepared.opened.context.today
        return prepared.plan.targets
            .filter { configuration.backend($0.backend)?.isDeterministic != true && configuration.prices.entry($0.model, on: day) == nil }
            .sorted { $0.description < $1.description }.map { target in
                Diagnostic(
                    "--max-cost can't be held: \(target) has no price",
                    help: "name it in prices.yaml, for example\n    \(target.model): {input: 0.5, output: 1.5}", exitCode: .usage)
            }
    }
}
