import RatchetCore
import RatchetGate
import RatchetJSON
import RatchetReports
import RatchetStore

extension RunSession.Options {
    /// The part of a run that does not decide: it runs the first pass to its end, and its seed follows from the plan.
    mutating func runShard(_ description: ShardDescription) {
        shard = description
        seed = seed ?? description.seed
        stopsEarly = false
        // What the change does to its own guard is the gate's to say.
        basisNote = nil
        removedSuites = []
        weakenings = [:]
    }
}

/// From a shard that was run to the file that `ratchet gate` reads.
struct ShardConclusion {
    let session: RunSession
    let outcome: RunSession.Outcome
    /// The file that is to be written, as it was named on the command line.
    let name: String

    private var context: Context { session.context }

    /// Writes the file, unless the run was cut off, and says what was run.
    func conclude(_ format: OutputFormat) throws -> ExitCode {
        let isCut = !outcome.circumstances.isEmpty
        var header = outcome.header
        header.state = isCut ? .interrupted : .finished
        header.finished = context.clock.now()
        try session.store.finish(run: header.id, state: header.state, finished: header.finished)
        var codes = outcome.circumstances
        if !isCut {
            if hasNoAnswers { codes.append(.backendUnavailable) }
            do {
                try session.store.export(header, to: context.absolute(name))
            } catch {
                context.error("error: the shard could not be written: \(error)\n")
                codes.append(.cannotWrite)
            }
        }
        let isWritten = !isCut && !codes.contains(.cannotWrite)
        let exit = ExitCode.precedence.first(where: codes.contains) ?? codes.first ?? .passed
        switch format {
        case .human: context.output(text(isWritten: isWritten, exit))
        case .json: context.output(json(isWritten: isWritten, exit, codes).serialized(.compact) + "\n")
        }
        return exit
    }

    /// Whether the shard alone has more examples without an answer than the whole may have, or nothing else.
    private var hasNoAnswers: Bool {
        suites.contains { suite in
            let tolerated = suite.policy.erroredMaximum * Double(suite.whole)
            return Double(suite.counts.errored) > tolerated || suite.counts.errored > 0 && suite.counts.errored == suite.counts.examples
        }
    }

    private struct Ran {
        var name: String
        var policy: GatePolicy
        var counts: StateCounts
        var trials: Int
        var target: String
        /// Examples of the whole.
        var whole: Int
    }

    private var suites: [Ran] {
        let conditions = DecisionConditions(today: context.today, isCI: context.isCI)
        return outcome.gate.suites.map { gate in
            let suite = gate.input.suite
            return Ran(
                name: suite.suite, policy: gate.input.policy, counts: gate.decide(conditions).counts, trials: suite.trials,
                target: suite.target, whole: suite.exampleCount)
        }
    }

    private func text(isWritten: Bool, _ exit: ExitCode) -> String {
        let shard = session.options.shard?.shard.description ?? ""
        var lines = ["SHARD \(shard)  nothing is decided by it"]
        for suite in suites {
            let states = [
                (suite.counts.passed, "passed"), (suite.counts.failed, "failed"), (suite.counts.errored, "errored"),
                (suite.counts.unscored, "unscored"),
            ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
            lines.append(
                "  \(suite.name)  \(suite.target)  \(suite.counts.examples) of \(count(suite.whole, "example")), "
                    + "\(count(suite.trials, "trial")) each\(states.isEmpty ? "" : ": ")\(states)")
        }
        lines += outcome.notes.map { "  \($0)" }
        if isWritten { lines.append("wrote \(name); with the files of all shards: ratchet gate FILE…") }
        if !outcome.circumstances.isEmpty { lines.append("no file was written: the same command goes on where this one ended") }
        if exit != .passed { lines.append("exit code \(exit.rawValue) (\(exit.name))") }
        return lines.joined(separator: "\n") + "\n"
    }

    private func json(isWritten: Bool, _ exit: ExitCode, _ codes: [ExitCode]) -> JSONValue {
        [
            "format": "ratchet.shard/1", "run": .string(outcome.header.id), "shard": .int(session.options.shard?.shard.index),
            "shards": .int(session.options.shard?.shard.count), "file": .optional(isWritten ? name : nil),
            // A string: JSON readers with doubles would round it.
            "seed": .string(String(outcome.header.seed)),
            "exit": [
                "code": .int(Int(exit.rawValue)), "name": .string(exit.name),
                "all": .strings(codes.isEmpty ? [ExitCode.passed.name] : codes.map(\.name)),
            ],
            "notes": .strings(outcome.notes),
            "suites": .array(
                suites.map {
                    [
                        "suite": .string($0.name), "target": .string($0.target), "trials": .int($0.trials), "of": .int($0.whole),
                        "counts": [
                            "examples": .int($0.counts.examples), "passed": .int($0.counts.passed), "failed": .int($0.counts.failed),
                            "errored": .int($0.counts.errored), "unscored": .int($0.counts.unscored),
                        ],
                    ]
                }),
        ]
    }
}
