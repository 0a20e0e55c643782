import RatchetCore
import RatchetJSON

/// The calls that a check wants, and how those made are held against them.
struct WantedCalls: Sendable {
    let calls: [WantedCall]
    let match: ToolCallsCheck.Match
    let rules: ArgumentRules

    struct Objection {
        var reason: String
        var failureKind: FailureKind?
    }

    /// What is wrong with the calls that were made; `nil` when nothing is.
    func objection(to made: [MadeCall]) throws(JSONPathError) -> Objection? {
        if calls.isEmpty {
            return made.isEmpty ? nil : Objection(reason: "called \(ToolCallsCheck.shown(made)), wanted no call")
        }
        if made.isEmpty, match != .only {
            let wanted = Excerpt.list(calls.map(\.description), match == .exact || match == .inOrder ? "then" : "and")
            return Objection(reason: "no call was made, wanted \(wanted)")
        }
        switch match {
        case .exact: return try exactObjection(made)
        case .inOrder: return try inOrderObjection(made)
        case .only: return try onlyObjection(made)
        case .anyOrder, .subset: return try matchingObjection(made)
        }
    }

    private func exactObjection(_ made: [MadeCall]) throws(JSONPathError) -> Objection? {
        for position in 0..<max(made.count, calls.count) {
            if position >= made.count {
                return Objection(
                    reason: "\(ToolCallsCheck.number(made.count)), and then none: wanted \(calls[position].description) as call \(position + 1)")
            }
            let call = made[position]
            if position >= calls.count {
                return Objection(
                    reason: "call \(position + 1), \(call.description), is one too many: wanted \(ToolCallsCheck.number(calls.count))",
                    failureKind: .extraCalls)
            }
            guard let miss = try calls[position].miss(call, rules) else { continue }
            let difference = miss.arguments.map { ": \($0)" } ?? ""
            let kind = try failureKind(made) ?? miss.failureKind
            let hint = kind == .callOrder || kind == .extraCalls ? kind.map { ": \($0.hint)" } ?? "" : ""
            return Objection(
                reason: "call \(position + 1) is \(call.description), wanted \(calls[position].description)\(difference)\(hint)",
                failureKind: kind)
        }
        return nil
    }

    /// Whether the wanted calls were made, only in another order or with others among them.
    private func failureKind(_ made: [MadeCall]) throws(JSONPathError) -> FailureKind? {
        guard made.count >= calls.count, try CallMatching(calls, made, rules).isComplete else { return nil }
        return made.count == calls.count ? .callOrder : .extraCalls
    }

    /// The first wanted call that is not made behind the one before it. Taking the earliest call that fits leaves most
    /// room for the rest.
    private func inOrderObjection(_ made: [MadeCall]) throws(JSONPathError) -> Objection? {
        var next = 0
        for (position, wanted) in calls.enumerated() {
            var found: Int?
            while next < made.count, found == nil {
                if try wanted.miss(made[next], rules) == nil { found = next }
                next += 1
            }
            guard found == nil else { continue }
            let before = position == 0 ? "" : " behind \(calls[position - 1].description)"
            let nearest = try nearest(to: wanted, among: made)
            let kind: FailureKind? = try CallMatching(calls, made, rules).isComplete ? .callOrder : nearest?.failureKind
            let hint = kind == .callOrder ? "; \(FailureKind.callOrder.hint)" : nearest.map { "; \($0.reason)" } ?? ""
            return Objection(
                reason: "no call \(wanted.description)\(before): called \(ToolCallsCheck.shown(made))\(hint)",
                failureKind: kind)
        }
        return nil
    }

    private func onlyObjection(_ made: [MadeCall]) throws(JSONPathError) -> Objection? {
        for (position, call) in made.enumerated() {
            var misses: [WantedCall.Miss] = []
            var isWanted = false
            for wanted in calls {
                guard let miss = try wanted.miss(call, rules) else {
                    isWanted = true
                    break
                }
                if miss.arguments != nil { misses.append(miss) }
            }
            if isWanted { continue }
            let difference = misses.first?.arguments.map { ": \($0)" } ?? ""
            return Objection(
                reason: "call \(position + 1) is \(call.description), wanted only \(Excerpt.list(calls.map(\.description)))\(difference)",
                failureKind: misses.count == 1 ? misses[0].failureKind : nil)
        }
        return nil
    }

    private func matchingObjection(_ made: [MadeCall]) throws(JSONPathError) -> Objection? {
        let matching = try CallMatching(calls, made, rules)
        guard let first = matching.missing.first else {
            if match == .subset || matching.unmatched.isEmpty { return nil }
            let others = matching.unmatched.map { made[$0] }
            return Objection(
                reason: "called \(ToolCallsCheck.shown(others)) beside the wanted calls", failureKind: .extraCalls)
        }
        let nearest = try nearest(to: calls[first], among: matching.unmatched.map { made[$0] })
        let missing = Excerpt.list(matching.missing.map { calls[$0].description }, "and")
        let difference = nearest.map { "; \($0.reason)" } ?? ""
        return Objection(
            reason: "no call \(missing): called \(ToolCallsCheck.shown(made))\(difference)",
            failureKind: matching.missing.count == 1 ? nearest?.failureKind : nil)
    }

    /// The first call of the wanted tool, and what is wrong with it.
    private func nearest(to wanted: WantedCall, among made: [MadeCall]) throws(JSONPathError) -> Objection? {
        for call in made {
            guard let miss = try wanted.miss(call, rules), let difference = miss.arguments else { continue }
            return Objection(reason: "of \(call.description) \(difference)", failureKind: miss.failureKind)
        }
        return nil
    }
}
