import RatchetJSON

/// Which made call stands for which wanted one, when the order does not count: a largest matching, so that a call that
/// two wanted ones would accept is given to the one that has no other.
struct CallMatching: Sendable {
    /// For each wanted call the position of its made call.
    private(set) var made: [Int?]
    /// Positions of made calls that stand for none.
    let unmatched: [Int]

    var count: Int { made.count { $0 != nil } }
    var isComplete: Bool { !made.contains { $0 == nil } }
    /// Positions of wanted calls that none stands for.
    var missing: [Int] { made.indices.filter { made[$0] == nil } }

    init(_ wanted: [WantedCall], _ calls: [MadeCall], _ rules: ArgumentRules) throws(JSONPathError) {
        let candidates = try Self.candidates(wanted, calls, rules)
        var search = AugmentingSearch(candidates: candidates)
        search.run()
        made = search.partner
        let taken = Set(made.compactMap { $0 })
        unmatched = calls.indices.filter { !taken.contains($0) }
    }

    /// For each wanted call the made ones that it accepts.
    ///
    /// As many as there are wanted calls are enough: the others can take all but one of them at most. So the work
    /// depends on the suite, and not on how many calls a model that went astray has made.
    private static func candidates(
        _ wanted: [WantedCall], _ calls: [MadeCall], _ rules: ArgumentRules
    ) throws(JSONPathError) -> [[Int]] {
        // Models that go astray repeat themselves: equal calls are compared once.
        let equal = Dictionary(grouping: calls.indices) { calls[$0] }.values.sorted { $0[0] < $1[0] }
        let byName = Dictionary(grouping: equal) { rules.form(ofName: calls[$0[0]].name) }
        var candidates: [[Int]] = []
        for call in wanted {
            var accepted: [Int] = []
            for positions in byName[rules.form(ofName: call.name)] ?? [] where accepted.count < wanted.count {
                if try call.miss(calls[positions[0]], rules) == nil { accepted += positions.prefix(wanted.count) }
            }
            candidates.append(accepted)
        }
        return candidates
    }
}

/// A largest matching by layered searches for augmenting paths (Hopcroft and Karp 1973): edges times the root of the
/// number of wanted calls, in steps.
private struct AugmentingSearch {
    let candidates: [[Int]]
    /// For each wanted call its made call.
    private(set) var partner: [Int?]
    /// For each made call its wanted call.
    private var owner: [Int: Int] = [:]
    private var layer: [Int?] = []

    init(candidates: [[Int]]) {
        self.candidates = candidates
        partner = Array(repeating: nil, count: candidates.count)
    }

    mutating func run() {
        while findLayers() {
            for start in candidates.indices where partner[start] == nil { _ = augment(from: start) }
        }
    }

    /// Numbers the wanted calls by their distance from one that has no partner; whether an augmenting path is left.
    private mutating func findLayers() -> Bool {
        layer = Array(repeating: nil, count: candidates.count)
        var queue = candidates.indices.filter { partner[$0] == nil }
        for start in queue { layer[start] = 0 }
        var isOpen = false
        var next = 0
        while next < queue.count {
            let wanted = queue[next]
            next += 1
            for call in candidates[wanted] {
                guard let other = owner[call] else {
                    isOpen = true
                    continue
                }
                guard layer[other] == nil else { continue }
                layer[other] = (layer[wanted] ?? 0) + 1
                queue.append(other)
            }
        }
        return isOpen
    }

    /// Recursion is as deep as there are wanted calls, of which `WantedCallReader.mostCalls` are allowed.
    private mutating func augment(from wanted: Int) -> Bool {
        for call in candidates[wanted] {
            if let other = owner[call] {
                guard let own = layer[wanted], layer[other] == own + 1, augment(from: other) else { continue }
            }
            partner[wanted] = call
            owner[call] = wanted
            return true
        }
        layer[wanted] = nil
        return false
    }
}
