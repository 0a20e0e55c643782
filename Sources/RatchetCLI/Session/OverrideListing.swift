import RatchetChecks
import RatchetCore
import RatchetFiles
import RatchetGate
import RatchetJSON
import RatchetReports
import RatchetRunner

/// The override files of a project as they stand today.
struct OverrideListing {
    let overrides: [Override]
    let today: String

    init(_ overrides: [Override], today: String) {
        self.overrides = overrides
        self.today = today
    }

    var expired: [Override] { overrides.filter { ($0.expires ?? today) < today } }
    private var active: [Override] { overrides.filter { ($0.expires ?? today) >= today } }

    private func status(_ override: Override) -> String {
        guard let expires = override.expires else { return "holds until the next baseline" }
        guard let last = CalendarDay(expires), let now = CalendarDay(today) else { return "expires on \(expires)" }
        let left = last.number - now.number
        return left < 0 ? "expired on \(expires)" : left == 0 ? "expires today" : "expires in \(count(left, "day"))"
    }

    private static func scope(_ override: Override) -> String {
        switch override.scope {
        case .examples(let ids):
            ids.prefix(5).map { TerminalText.plain($0, limit: 60) }.joined(separator: ", ") + (ids.count > 5 ? " and \(ids.count - 5) more" : "")
        case .passRate: "the pass rate"
        case .policy: "what guards the suite"
        case .slice(let tag): "the slice \(TerminalText.plain(tag, limit: 60))"
        case .metric(let name): "the metric \(TerminalText.plain(name, limit: 60))"
        }
    }

    var text: String {
        if overrides.isEmpty { return "no overrides\n" }
        return overrides.map { override in
            "\(override.file)\n  \(override.suite): \(override.kind.rawValue) \(Self.scope(override)); \(status(override))\n"
                + "  \(TerminalText.plain(override.reason, limit: 300))"
                + (override.author.map { " (\(TerminalText.plain($0, limit: 80)))" } ?? "") + "\n"
        }.joined()
    }

    var json: JSONValue {
        let rows = overrides.map { override -> JSONValue in
            let scope: JSONValue =
                switch override.scope {
                case .examples(let ids): ["examples": .strings(ids)]
                case .passRate: ["aggregate": "pass_rate"]
                case .policy: ["aggregate": "policy"]
                case .slice(let tag): ["slice": .string(tag)]
                case .metric(let name): ["metric": .string(name)]
                }
            return [
                "file": .string(override.file), "suite": .string(override.suite), "kind": .string(override.kind.rawValue),
                "scope": scope, "reason": .string(override.reason), "expires": .optional(override.expires),
                "expired": .bool((override.expires ?? today) < today), "author": .optional(override.author),
                "created": .optional(override.created),
            ]
        }
        return ["format": "ratchet.overrides/1", "overrides": .array(rows)]
    }

    /// What `override check` finds beyond what reading a file finds.
    func problems(policies: [(suite: String, policy: GatePolicy)]) -> [Diagnostic] {
        func problem(_ override: Override, _ message: String, help: String?) -> Diagnostic {
            Diagnostic(.error, at: SourceReference(file: override.file), message, help: help, exitCode: .overrideProblem)
        }
        var found = expired.map {
            problem($0, "it expired on \($0.expires ?? "")", help: "mend the regression, or remove it with: ratchet override prune")
        }
        for override in active {
            if let reason = override.unapproved { found.append(problem(override, reason, help: "let somebody else commit it")) }
        }
        for (suite, policy) in policies {
            let mine = active.filter { $0.suite == suite }
            guard mine.count > policy.maximumActiveOverrides, let last = mine.last else { continue }
            found.append(
                problem(last, "\(mine.count) overrides of \(suite) are active, the policy allows \(policy.maximumActiveOverrides)", help: nil))
        }
        return found
    }
}

/// What overrides of examples are bound to, of a recorded run: refused for examples that were changed since.
struct BindingHashes {
    private var hashes: [String: String] = [:]

    /// - Parameter ran: The hashes of the examples as they were run.
    init(_ plan: RunPlan, _ suite: String, ran: [String: String]) throws {
        for planned in plan.suites.first(where: { $0.run.suite == suite })?.examples ?? [] where ran[planned.example.id] == planned.hash {
            let example = GatedExample(
                planned.example, checks: planned.checks.checkHashes, record: nil, policy: GatePolicy())
            hashes[example.id] = example.bindingHash
        }
    }

    func of(_ ids: [String]) -> [String: String] { hashes.filter { ids.contains($0.key) } }
}
