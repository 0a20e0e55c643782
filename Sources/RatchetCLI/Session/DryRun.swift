import RatchetBackends
import RatchetCore
import RatchetJSON
import RatchetRunner

/// What a run would do, for `--dry-run`.
struct DryRun {
    let plan: RunPlan
    let backends: [String: ConfiguredBackend]

    func text(_ format: OutputFormat) -> String {
        switch format {
        case .human: human
        case .json: json.serialized(.compact) + "\n"
        }
    }

    private var human: String {
        var lines = plan.suites.map { suite in
            let run = suite.run
            let judged = suite.examples.reduce(0) { $0 + $1.checks.judgeCalls } * run.trials
            return "\(run.suite): \(count(suite.examples.count, "example")) × \(count(run.trials, "trial")) on \(run.target)"
                + (run.prompt.map { " with \($0)" } ?? "")
                + (judged > 0 ? ", up to \(count(judged, "judge call"))" : "")
        }
        lines.append("\(count(plan.plannedTrials, "call")) planned; nothing was sent")
        return lines.joined(separator: "\n") + "\n"
    }

    /// Every request of the first pass with its fingerprint.
    private var json: JSONValue {
        let requests = plan.suites.flatMap { suite in
            suite.examples.flatMap { planned in
                (1...suite.run.trials).map { number -> JSONValue in
                    let request = suite.request(planned.example, draw: Draw(.run, number))
                    let configuration = backends[request.target.backend]?.configuration
                    return [
                        "suite": .string(suite.run.suite), "example": .string(planned.example.id),
                        "draw": .string(request.draw.description), "target": .string(request.target.description),
                        "prompt": .optional(suite.run.prompt), "params": .object(request.params),
                        "messages": .array(request.messages.map(\.json)),
                        "fingerprint": .optional(configuration.map { request.fingerprint(for: $0) }),
                    ]
                }
            }
        }
        return ["format": "ratchet.plan/1", "trials": .int(plan.plannedTrials), "requests": .array(requests)]
    }
}
