import ArgumentParser
import RatchetCore

/// `--shard i/n`, or `--shard auto`: which part of the run this machine is to run.
enum ShardRequest: ExpressibleByArgument, Hashable {
    case shard(Shard)
    case auto

    init?(argument: String) {
        if argument == "auto" {
            self = .auto
        } else if let shard = Shard(argument) {
            self = .shard(shard)
        } else {
            return nil
        }
    }

    func shard(in environment: [String: String]) throws -> Shard {
        switch self {
        case .shard(let shard): shard
        case .auto: try ShardEnvironment(variables: environment).shard()
        }
    }
}

/// What CI systems and schedulers tell each of several machines that were started for the same work.
struct ShardEnvironment {
    let variables: [String: String]

    private struct Scheduler {
        let name: String
        let index: String
        let count: String
        /// The variable that holds the first machine's index, where it is not always the same.
        var first: String?
        /// The first machine's index elsewhere.
        var firstIndex = 0
        /// The variable that holds the distance of two indices, where it is not always 1.
        var step: String?
    }

    private static let schedulers = [
        Scheduler(name: "GitLab", index: "CI_NODE_INDEX", count: "CI_NODE_TOTAL", firstIndex: 1),
        Scheduler(name: "Buildkite", index: "BUILDKITE_PARALLEL_JOB", count: "BUILDKITE_PARALLEL_JOB_COUNT"),
        Scheduler(name: "CircleCI", index: "CIRCLE_NODE_INDEX", count: "CIRCLE_NODE_TOTAL"),
        Scheduler(name: "Slurm", index: "SLURM_ARRAY_TASK_ID", count: "SLURM_ARRAY_TASK_COUNT", first: "SLURM_ARRAY_TASK_MIN", step: "SLURM_ARRAY_TASK_STEP"),
        Scheduler(name: "Kubernetes", index: "JOB_COMPLETION_INDEX", count: "RATCHET_SHARDS"),
    ]

    /// - Throws: `DiagnosticsError` with 64 when nothing is set, or what is set is no shard.
    func shard() throws -> Shard {
        guard let scheduler = Self.schedulers.first(where: { text($0.index) != nil }) else {
            let looked = Self.schedulers.map { "\($0.index) and \($0.count) (\($0.name))" }.joined(separator: ", ")
            throw usage(
                "--shard auto: no scheduler has said which part this is; looked for \(looked)", help: "name it: --shard 1/4")
        }
        let count = try number(scheduler.count, beside: scheduler)
        let first = try scheduler.first.map { try number($0, beside: scheduler) } ?? scheduler.firstIndex
        let step = try scheduler.step.flatMap { text($0) == nil ? nil : try number($0, beside: scheduler) } ?? 1
        let offset = try number(scheduler.index, beside: scheduler) - first
        guard step > 0, offset.isMultiple(of: step), let shard = Shard(index: offset / step + 1, count: count) else {
            let seen = [scheduler.index, scheduler.first, scheduler.step, scheduler.count].compactMap { $0 }
                .compactMap { name in text(name).map { "\(name)=\($0)" } }.joined(separator: ", ")
            throw usage("--shard auto: \(seen) (\(scheduler.name)) name no part of the whole", help: "indices must be without a gap")
        }
        return shard
    }

    private func number(_ name: String, beside scheduler: Scheduler) throws -> Int {
        guard let text = text(name) else {
            throw usage(
                "--shard auto: \(scheduler.index) is set and \(name) is not (\(scheduler.name))",
                help: "set \(name), or name the part: --shard 1/4")
        }
        // No scheduler counts to a billion; numbers that big would overflow below.
        guard let number = Int(text), abs(number) < 1_000_000_000 else {
            throw usage("--shard auto: \(name) is \"\(text)\", which is no number (\(scheduler.name))", help: nil)
        }
        return number
    }

    private func text(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

    private func usage(_ message: String, help: String?) -> DiagnosticsError {
        DiagnosticsError([Diagnostic(message, help: help, exitCode: .usage)])
    }
}
