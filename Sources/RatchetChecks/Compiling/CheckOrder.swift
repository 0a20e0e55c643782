import RatchetCore

/// The order in which checks are run so that each comes after the one its `when` names.
struct CheckOrder: Sendable {
    /// Positions of all checks, in the order of running.
    private(set) var positions: [Int] = []
    /// For each check the position of the one it waits for.
    private(set) var guards: [Int?]
    private(set) var diagnostics: [Diagnostic] = []

    init(_ checks: [CheckSpecification]) {
        guards = Array(repeating: nil, count: checks.count)
        for (position, check) in checks.enumerated() {
            guard let name = check.when else { continue }
            let named = checks.indices.filter { checks[$0].name == name }
            if named.count == 1 { guards[position] = named[0] } else { report(check, name: name, among: checks, count: named.count) }
        }
        sort(checks)
    }

    private mutating func report(_ check: CheckSpecification, name: String, among checks: [CheckSpecification], count: Int) {
        let place = check.source.appending("when")
        if count == 0 {
            let others = Set(checks.map(\.name)).subtracting([check.name])
            diagnostics.append(Diagnostic(
                at: place, "`when` names `\(Excerpt.oneLine(name))`, but no check beside it has that name",
                help: others.isEmpty ? "name another check of the same list" : Suggestion.help(for: name, in: others)))
        } else {
            diagnostics.append(Diagnostic(
                at: place, "`when` names `\(Excerpt.oneLine(name))`, but \(count) checks have that name",
                help: "give each a `name` of its own"))
        }
    }

    private mutating func sort(_ checks: [CheckSpecification]) {
        var isPlaced = Array(repeating: false, count: checks.count)
        for start in checks.indices {
            // Each check waits for one other at most, so what must come before it is a chain.
            var chain: [Int] = []
            var next: Int? = start
            while let position = next, !isPlaced[position] {
                if let repeated = chain.firstIndex(of: position) {
                    report(cycle: chain[repeated...].map { checks[$0] })
                    break
                }
                chain.append(position)
                next = guards[position]
            }
            for position in chain.reversed() {
                positions.append(position)
                isPlaced[position] = true
            }
        }
    }

    private mutating func report(cycle: [CheckSpecification]) {
        guard let first = cycle.first else { return }
        let names = Excerpt.list(cycle.map { "`\($0.name)`" }, "and")
        let message = cycle.count == 1 ? "check \(names) waits for itself" : "the checks \(names) wait for each other"
        diagnostics.append(Diagnostic(at: first.source.appending("when"), message + ": none of them could ever run"))
    }
}
