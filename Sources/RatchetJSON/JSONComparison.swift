/// Compares a JSON value with a wanted one, and says where they differ.
///
/// The work is linear in both values, and `n log n` or, where that cannot decide, bounded by `budget` for lists whose
/// order does not matter.
package struct JSONComparison: Sendable {
    /// What counts as the same.
    package struct Rules: Sendable {
        /// What is left out, in the wanted value and in the found one.
        package var ignored: [JSONPath] = []
        /// The lists whose order does not matter; `nil` for all of them.
        package var unorderedLists: [JSONPath]? = []
        /// How far numbers may be apart.
        package var tolerance: Tolerance?
        /// Whether found objects may have more members than the wanted ones.
        package var allowsExtraMembers = false

        package init() {}
    }

    /// Numbers are the same up to the larger of both.
    package struct Tolerance: Hashable, Sendable {
        package var absolute: Double
        /// As a part of the wanted number; below 1.
        package var relative: Double

        package init(absolute: Double, relative: Double) {
            self.absolute = absolute
            self.relative = relative
        }

        func margin(of wanted: Double) -> Double { max(absolute, relative * abs(wanted)) }

        func covers(_ found: Double, wanted: Double) -> Bool {
            // 0.4 is within 0.1 of 0.3, although their doubles are a little further apart.
            let distance = abs(found - wanted)
            return distance <= margin(of: wanted) * (1 + 1e-9) + 1e-12 * min(abs(wanted), distance)
        }
    }

    /// One place where the found value is not as wanted.
    package struct Difference: Hashable, Sendable {
        package enum Kind: Hashable, Sendable { case missing, extra, changed }
        package let kind: Kind
        /// In the found value, or for what is missing in the wanted one.
        package let place: JSONPointer
        package let wanted: JSONValue?
        package let found: JSONValue?
    }

    package struct Result: Sendable {
        /// The first `differenceLimit` of them.
        package internal(set) var differences: [Difference] = []
        package internal(set) var differenceCount = 0
        /// Leaves (scalars and empty lists and objects) that are as wanted.
        package internal(set) var matchingLeaves = 0
        /// Leaves of the wanted value, and those of the found one that stand against none of them.
        package internal(set) var leaves = 0
        /// Set when lists without order were too large to be paired with certainty: then differences prove nothing.
        package internal(set) var isGivenUp = false

        /// Set when the found value has more than `largestValue` values, and was not compared.
        package internal(set) var isTooLarge = false

        package var isEqual: Bool { differenceCount == 0 }
        /// The fraction of leaves that are as wanted.
        package var score: Double { leaves == 0 ? 1 : Double(matchingLeaves) / Double(leaves) }
    }

    /// How many values a found value may have.
    package static let largestValue = 3_000_000
    /// How many differences are kept, beside their number.
    package static let differenceLimit = 20
    /// How many pairs of values may be held against each other for lists without order.
    static let budget = 1_000_000

    private let rules: Rules
    private let wantedValue: JSONValue
    private let wanted: JSONComparisonNode
    /// Hashes are comparable only within one comparison's rules.
    private let anyOrder: JSONComparisonNode

    /// - Throws: when a path of the rules costs too much on the wanted value.
    package init(wanted: JSONValue, rules: Rules) throws(JSONPathError) {
        self.rules = rules
        wantedValue = wanted
        self.wanted = try Self.node(of: wanted, rules)
        anyOrder = try Self.node(of: wanted, Self.withoutOrder(rules))
    }

    /// - Throws: when a path of the rules costs too much on the found value.
    package func compare(_ found: JSONValue) throws(JSONPathError) -> Result {
        if found.hasMoreValues(than: Self.largestValue) {
            var result = Result()
            (result.isTooLarge, result.differenceCount, result.leaves) = (true, 1, 1)
            // More values than wanted are a difference, unless some do not count.
            result.isGivenUp = rules.allowsExtraMembers || !rules.ignored.isEmpty || wantedValue.hasMoreValues(than: Self.largestValue)
            return result
        }
        let node = try Self.node(of: found, rules)
        if node.hash == wanted.hash {
            var result = Result()
            (result.leaves, result.matchingLeaves) = (wanted.leaves, wanted.leaves)
            return result
        }
        let (wanted, rules) = (wanted, rules)
        @Sendable func walked() -> Result {
            var walk = JSONComparisonWalk(rules: rules)
            walk.compare(wanted, node)
            return walk.result
        }
        // Both are walked together, so the shallower one bounds the depth.
        if min(wanted.depth, node.depth) <= Self.ordinaryDepth { return walked() }
        var unknown = Result()
        (unknown.isGivenUp, unknown.differenceCount) = (true, 1)
        return LargeStack.run(walked) ?? unknown
    }

    /// Whether nothing but the order of lists differs.
    package func differsInOrderOnly(_ found: JSONValue) -> Bool {
        ((try? Self.node(of: found, Self.withoutOrder(rules)))?.hash).map { $0 == anyOrder.hash } ?? false
    }

    private static func withoutOrder(_ rules: Rules) -> Rules {
        var rules = rules
        rules.unorderedLists = nil
        return rules
    }

    private static func node(of value: JSONValue, _ rules: Rules) throws(JSONPathError) -> JSONComparisonNode {
        var marks = JSONComparisonMarks()
        for path in rules.ignored {
            for pointer in try path.pointers(in: value) { marks.mark(pointer.tokens[...]) { $0.isIgnored = true } }
        }
        for path in rules.unorderedLists ?? [] {
            for pointer in try path.pointers(in: value) { marks.mark(pointer.tokens[...]) { $0.isUnordered = true } }
        }
        let (isUnordered, allMarks) = (rules.unorderedLists == nil, marks)
        if let node = JSONComparisonNode(value, marks, isUnordered, depthLimit: ordinaryDepth) { return node }
        let deep = LargeStack.run { JSONComparisonNode(value, allMarks, isUnordered, depthLimit: deepest) }
        guard let node = deep ?? nil else { throw JSONPathError(message: "the value is nested too deep", offset: 0) }
        return node
    }

    /// As deep as any thread's stack allows; what goes deeper is done again on a large one.
    private static let ordinaryDepth = 100
    private static let deepest = 10_000
}

extension JSONValue {
    /// Whether there are more than `limit` values in it, itself among them; takes no longer than to count that far.
    fileprivate func hasMoreValues(than limit: Int) -> Bool {
        var count = 0
        var pending = [self]
        while let value = pending.popLast() {
            switch value {
            case .array(let items):
                count += items.count
                guard count <= limit else { return true }
                pending += items
            case .object(let object):
                count += object.count
                guard count <= limit else { return true }
                for member in object.members { pending.append(member.value) }
            case .null, .bool, .number, .string: break
            }
        }
        return false
    }
}

/// What is special about some places of a value, as a tree of tokens.
struct JSONComparisonMarks: Sendable {
    private(set) var children: [ExactString: JSONComparisonMarks] = [:]
    var isIgnored = false
    var isUnordered = false

    mutating func mark(_ tokens: ArraySlice<String>, _ change: (inout JSONComparisonMarks) -> Void) {
        guard let token = tokens.first else { return change(&self) }
        children[ExactString(token), default: JSONComparisonMarks()].mark(tokens.dropFirst(), change)
    }

    func child(_ token: @autoclosure () -> String) -> JSONComparisonMarks? {
        children.isEmpty ? nil : children[ExactString(token())]
    }
}

/// A value as it is compared: without what is ignored, and with a hash that is the same for what counts as the same
/// (tolerances and extra members aside).
final class JSONComparisonNode: Sendable {
    enum Content: Sendable {
        case scalar
        case array([JSONComparisonElement], isUnordered: Bool)
        case object([(key: String, node: JSONComparisonNode)])
    }

    let value: JSONValue
    let content: Content
    let hash: Int
    /// How many scalars and empty lists and objects there are in it.
    let leaves: Int
    let depth: Int

    /// - Parameter allUnordered: whether the order matters in no list.
    /// - Returns: `nil` for a value deeper than `depthLimit`.
    init?(_ value: JSONValue, _ marks: JSONComparisonMarks?, _ allUnordered: Bool, depthLimit: Int) {
        guard depthLimit >= 0 else { return nil }
        self.value = value
        var hasher = Hasher()
        var nodes: [JSONComparisonNode] = []
        switch value {
        case .array(let items):
            let isUnordered = allUnordered || marks?.isUnordered == true
            var elements: [JSONComparisonElement] = []
            elements.reserveCapacity(items.count)
            for (index, item) in items.enumerated() {
                let marks = marks?.child(String(index))
                guard marks?.isIgnored != true else { continue }
                guard let node = JSONComparisonNode(item, marks, allUnordered, depthLimit: depthLimit - 1) else { return nil }
                elements.append((index, node))
            }
            nodes = elements.map(\.node)
            hasher.combine(1)
            hasher.combine(nodes.count)
            if isUnordered {
                hasher.combine(nodes.reduce(0) { $0 &+ Self.scrambled($1.hash) })
            } else {
                for node in nodes { hasher.combine(node.hash) }
            }
            content = .array(elements, isUnordered: isUnordered)
        case .object(let object):
            var members: [(key: String, node: JSONComparisonNode)] = []
            var sum = 0
            for (key, member) in object.members {
                let marks = marks?.child(key)
                guard marks?.isIgnored != true else { continue }
                guard let node = JSONComparisonNode(member, marks, allUnordered, depthLimit: depthLimit - 1) else { return nil }
                members.append((key, node))
                var own = Hasher()
                ExactText.hash(key, into: &own)
                own.combine(node.hash)
                sum &+= own.finalize()
            }
            nodes = members.map(\.node)
            hasher.combine(2)
            hasher.combine(sum)
            content = .object(members)
        case .null, .bool, .number, .string:
            hasher.combine(3)
            hasher.combine(value)
            content = .scalar
        }
        hash = hasher.finalize()
        leaves = max(1, nodes.reduce(0) { $0 + $1.leaves })
        depth = 1 + (nodes.lazy.map(\.depth).max() ?? 0)
    }

    /// Keeps sums of sums apart.
    private static func scrambled(_ hash: Int) -> Int {
        var hasher = Hasher()
        hasher.combine(hash)
        return hasher.finalize()
    }
}

/// An element of a list, with its place there.
typealias JSONComparisonElement = (index: Int, node: JSONComparisonNode)
