/// Goes through a wanted and a found value side by side.
struct JSONComparisonWalk {
    typealias Node = JSONComparisonNode

    let rules: JSONComparison.Rules
    private(set) var result = JSONComparison.Result()
    private var path: [String] = []
    private var budget = JSONComparison.budget
    /// Whether it only matters if there is a difference.
    private var stopsEarly = false

    init(rules: JSONComparison.Rules) { self.rules = rules }

    private var isDecided: Bool { stopsEarly && result.differenceCount > 0 }

    mutating func compare(_ wanted: Node, _ found: Node) {
        budget -= 1
        guard !isDecided else { return }
        if wanted.hash == found.hash { return accept(wanted) }
        switch (wanted.content, found.content) {
        case (.object(let wanted), .object(let found)): compareObjects(wanted, found)
        case (.array(let wanted, let isUnordered), .array(let found, _)):
            if isUnordered { compareUnordered(wanted, found) } else { compareOrdered(wanted, found) }
        case (.scalar, .scalar) where isWithinTolerance(found.value, wanted.value): accept(wanted)
        default: note(.changed, wanted, found)
        }
    }

    private mutating func accept(_ wanted: Node) {
        result.leaves += wanted.leaves
        result.matchingLeaves += wanted.leaves
    }

    private mutating func note(_ kind: JSONComparison.Difference.Kind, _ wanted: Node?, _ found: Node?) {
        result.leaves += max(wanted?.leaves ?? 0, found?.leaves ?? 0)
        result.differenceCount += 1
        guard result.differences.count < JSONComparison.differenceLimit else { return }
        result.differences.append(
            JSONComparison.Difference(
                kind: kind, place: JSONPointer(tokens: path), wanted: wanted?.value, found: found?.value))
    }

    private mutating func at(_ token: @autoclosure () -> String, _ body: (inout JSONComparisonWalk) -> Void) {
        path.append(token())
        body(&self)
        path.removeLast()
    }

    private func isWithinTolerance(_ found: JSONValue, _ wanted: JSONValue) -> Bool {
        guard let tolerance = rules.tolerance, let found = found.doubleValue, let wanted = wanted.doubleValue,
            found.isFinite, wanted.isFinite
        else { return false }
        return tolerance.covers(found, wanted: wanted)
    }

    // MARK: Objects and lists in order

    private mutating func compareObjects(_ wanted: [(key: String, node: Node)], _ found: [(key: String, node: Node)]) {
        let places = Dictionary(found.map { (ExactString($0.key), $0.node) }, uniquingKeysWith: { first, _ in first })
        for (key, node) in wanted where !isDecided {
            at(key) { walk in
                if let other = places[ExactString(key)] {
                    walk.compare(node, other)
                } else {
                    walk.note(.missing, node, nil)
                }
            }
        }
        guard !rules.allowsExtraMembers else { return }
        let known = Set(wanted.map { ExactString($0.key) })
        for (key, node) in found where !known.contains(ExactString(key)) { at(key) { $0.note(.extra, nil, node) } }
    }

    /// Element by element, but for what is the same at both ends, so that one element too many is one difference.
    private mutating func compareOrdered(_ wanted: [JSONComparisonElement], _ found: [JSONComparisonElement]) {
        var (start, end) = (0, 0)
        let shorter = min(wanted.count, found.count)
        while start < shorter, wanted[start].node.hash == found[start].node.hash { start += 1 }
        while end < shorter - start, wanted[wanted.count - 1 - end].node.hash == found[found.count - 1 - end].node.hash {
            end += 1
        }
        for (_, node) in wanted[..<start] { accept(node) }
        for (_, node) in wanted[(wanted.count - end)...] { accept(node) }
        pair(wanted[start..<(wanted.count - end)], found[start..<(found.count - end)])
    }

    /// One with one; what is left over is missing, or extra.
    private mutating func pair(_ wanted: ArraySlice<JSONComparisonElement>, _ found: ArraySlice<JSONComparisonElement>) {
        for (one, other) in zip(wanted, found) { at(String(other.index)) { $0.compare(one.node, other.node) } }
        for (index, node) in wanted.dropFirst(found.count) { at(String(index)) { $0.note(.missing, node, nil) } }
        for (index, node) in found.dropFirst(wanted.count) { at(String(index)) { $0.note(.extra, nil, node) } }
    }

    // MARK: Lists without order

    private mutating func compareUnordered(_ wanted: [JSONComparisonElement], _ found: [JSONComparisonElement]) {
        var (leftWanted, leftFound) = (wanted, found)
        if let tolerance = rules.tolerance {
            // To pair what is the same first might take an element from its only other partner.
            if let partners = Self.pairNumbers(wanted, found, tolerance) {
                (leftWanted, leftFound) = without(partners, wanted, found)
            } else if canPair(wanted, found) {
                (leftWanted, leftFound) = without(matching(wanted, found), wanted, found)
            } else {
                (leftWanted, leftFound) = withoutEqual(wanted, found)
                result.isGivenUp = result.isGivenUp || !leftWanted.isEmpty || !leftFound.isEmpty
            }
        } else {
            (leftWanted, leftFound) = withoutEqual(wanted, found)
            if rules.allowsExtraMembers, !leftWanted.isEmpty, !leftFound.isEmpty {
                if canPair(leftWanted, leftFound) {
                    (leftWanted, leftFound) = without(matching(leftWanted, leftFound), leftWanted, leftFound)
                } else {
                    result.isGivenUp = true
                }
            }
        }
        tell(leftWanted, leftFound)
    }

    /// Notes what is left, by the pairs that are most alike.
    private mutating func tell(_ wanted: [JSONComparisonElement], _ found: [JSONComparisonElement]) {
        if stopsEarly { return pair(wanted[...], found[...]) }
        let pairs = mostAlike(wanted, found)
        for (one, other) in pairs { at(String(found[other].index)) { $0.compare(wanted[one].node, found[other].node) } }
        let (pairedWanted, pairedFound) = (Set(pairs.map(\.0)), Set(pairs.map(\.1)))
        let restWanted = wanted.indices.filter { !pairedWanted.contains($0) }.map { wanted[$0] }
        pair(restWanted[...], found.indices.filter { !pairedFound.contains($0) }.map { found[$0] }[...])
    }

    /// Takes out, as matching, elements that are equal to one another.
    private mutating func withoutEqual(
        _ wanted: [JSONComparisonElement], _ found: [JSONComparisonElement]
    ) -> (wanted: [JSONComparisonElement], found: [JSONComparisonElement]) {
        var counts: [Int: Int] = [:]
        for (_, node) in found { counts[node.hash, default: 0] += 1 }
        var left: [JSONComparisonElement] = []
        var taken: [Int: Int] = [:]
        for element in wanted {
            let hash = element.node.hash
            if let count = counts[hash], taken[hash, default: 0] < count {
                taken[hash, default: 0] += 1
                accept(element.node)
            } else {
                left.append(element)
            }
        }
        let rest = found.filter { element in
            guard let count = taken[element.node.hash], count > 0 else { return true }
            taken[element.node.hash] = count - 1
            return false
        }
        return (left, rest)
    }

    private func canPair(_ wanted: [JSONComparisonElement], _ found: [JSONComparisonElement]) -> Bool {
        wanted.count.multipliedReportingOverflow(by: found.count).partialValue <= budget / 2
    }

    /// Takes out, as matching, the wanted elements that have a partner, and their partners.
    private mutating func without(
        _ partners: [Int?], _ wanted: [JSONComparisonElement], _ found: [JSONComparisonElement]
    ) -> (wanted: [JSONComparisonElement], found: [JSONComparisonElement]) {
        for (place, partner) in partners.enumerated() where partner != nil { accept(wanted[place].node) }
        let taken = Set(partners.compactMap { $0 })
        return (
            wanted.indices.filter { partners[$0] == nil }.map { wanted[$0] },
            found.indices.filter { !taken.contains($0) }.map { found[$0] }
        )
    }

    /// For lists of numbers: both sorted and paired from below, which pairs as many as can be, for the least and the
    /// largest number that a wanted one covers both grow with it.
    private static func pairNumbers(
        _ wanted: [JSONComparisonElement], _ found: [JSONComparisonElement], _ tolerance: JSONComparison.Tolerance
    ) -> [Int?]? {
        func sorted(_ elements: [JSONComparisonElement]) -> [(place: Int, number: Double)]? {
            var numbers: [(place: Int, number: Double)] = []
            for (place, element) in elements.enumerated() {
                guard let number = element.node.value.doubleValue, number.isFinite else { return nil }
                numbers.append((place, number))
            }
            return numbers.sorted { $0.number < $1.number }
        }
        guard let wantedNumbers = sorted(wanted), let foundNumbers = sorted(found) else { return nil }
        var partners: [Int?] = Array(repeating: nil, count: wanted.count)
        var next = 0
        for (place, number) in wantedNumbers {
            while next < foundNumbers.count, foundNumbers[next].number < number,
                !tolerance.covers(foundNumbers[next].number, wanted: number)
            {
                next += 1
            }
            guard next < foundNumbers.count, tolerance.covers(foundNumbers[next].number, wanted: number) else { continue }
            partners[place] = foundNumbers[next].place
            next += 1
        }
        return partners
    }

    /// A largest matching (Kuhn 1955: augmenting paths); for each wanted element its partner.
    private mutating func matching(
        _ wanted: [JSONComparisonElement], _ found: [JSONComparisonElement]
    ) -> [Int?] {
        let candidates = wanted.map { one in found.indices.filter { satisfies(found[$0].node, one.node) } }
        var partners: [Int?] = Array(repeating: nil, count: wanted.count)
        var owners: [Int?] = Array(repeating: nil, count: found.count)
        for start in wanted.indices {
            // Breadth first, so that a long chain of exchanges needs no deep stack.
            var cameFrom: [Int: Int] = [:]
            var queue = [start]
            var position = 0
            var free: Int?
            while position < queue.count, free == nil, budget > 0 {
                let one = queue[position]
                position += 1
                for other in candidates[one] where cameFrom[other] == nil {
                    budget -= 1
                    cameFrom[other] = one
                    guard let owner = owners[other] else {
                        free = other
                        break
                    }
                    queue.append(owner)
                }
            }
            if budget <= 0 { result.isGivenUp = true }
            // Each on the way hands its partner on.
            while let other = free, let one = cameFrom[other] {
                free = partners[one]
                (partners[one], owners[other]) = (other, one)
            }
        }
        return partners
    }

    /// Whether the found value is as wanted.
    private mutating func satisfies(_ found: Node, _ wanted: Node) -> Bool {
        if found.hash == wanted.hash { return true }
        return trial(stopsEarly: true) { $0.compare(wanted, found) }.isEqual
    }

    /// Pairs of elements that have something in common, the most alike first; as far as the budget goes.
    private mutating func mostAlike(
        _ wanted: [JSONComparisonElement], _ found: [JSONComparisonElement]
    ) -> [(Int, Int)] {
        let isContainer = { (element: JSONComparisonElement) in if case .scalar = element.node.content { false } else { true } }
        guard wanted.count <= 50, found.count <= 50, budget > 0 else { return [] }
        // Whether it ends early changes words only.
        let wasGivenUp = result.isGivenUp
        defer { result.isGivenUp = wasGivenUp }
        var scores: [(score: Double, wanted: Int, found: Int)] = []
        for one in wanted.indices where isContainer(wanted[one]) {
            for other in found.indices where isContainer(found[other]) {
                let score = trial { $0.compare(wanted[one].node, found[other].node) }.score
                if score > 0 { scores.append((score, one, other)) }
            }
        }
        scores.sort { ($1.score, $0.wanted, $0.found) < ($0.score, $1.wanted, $1.found) }
        var (usedWanted, usedFound) = (Set<Int>(), Set<Int>())
        return scores.filter { pair in
            guard !usedWanted.contains(pair.wanted), !usedFound.contains(pair.found) else { return false }
            usedWanted.insert(pair.wanted)
            usedFound.insert(pair.found)
            return true
        }.map { ($0.wanted, $0.found) }.sorted { $0.1 < $1.1 }
    }

    /// What a comparison would come to; its cost is taken from the budget.
    private mutating func trial(
        stopsEarly: Bool = false, _ body: (inout JSONComparisonWalk) -> Void
    ) -> JSONComparison.Result {
        guard budget > 0 else {
            result.isGivenUp = true
            var unknown = JSONComparison.Result()
            unknown.differenceCount = 1
            return unknown
        }
        var walk = JSONComparisonWalk(rules: rules)
        walk.budget = budget
        walk.stopsEarly = stopsEarly
        body(&walk)
        budget = walk.budget
        if walk.result.isGivenUp { result.isGivenUp = true }
        return walk.result
    }
}
