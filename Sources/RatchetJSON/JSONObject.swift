/// The members of a JSON object in the order they were written.
///
/// Keys compare by code points. Looking a key up is linear in small objects and hashed in large ones; equality and
/// hashing ignore the order.
package struct JSONObject: Sendable {
    package typealias Member = (key: String, value: JSONValue)

    package private(set) var members: [Member]
    /// Built only beyond `indexedCount` members, since most objects are small.
    private var index: JSONKeyIndex?
    private static let indexedCount = 24

    package init() { members = [] }

    /// Members in order; of two with the same key the later value wins, in the place of the first.
    package init(_ members: some Sequence<(String, JSONValue)>) {
        self.members = []
        for (key, value) in members { self[key] = value }
    }

    package var count: Int { members.count }
    package var isEmpty: Bool { members.isEmpty }
    package var keys: [String] { members.map(\.key) }

    package subscript(key: String) -> JSONValue? {
        get { position(of: key).map { members[$0].value } }
        set {
            guard let newValue else { return remove(key) }
            if let place = appendIfNew(key, newValue) { members[place].value = newValue }
        }
    }

    /// The place of the member `key` in `members`.
    package func position(of key: String) -> Int? {
        if let index { return index.place(of: key, in: members) }
        return members.firstIndex { ExactText.equal($0.key, key) }
    }

    /// Appends a member, unless there is one with this key.
    ///
    /// - Returns: the place of the member that was there already.
    mutating func appendIfNew(_ key: String, _ value: JSONValue) -> Int? {
        if index != nil {
            let place = index?.insert(key, at: members.count, in: members)
            if place == nil { members.append((key, value)) }
            return place
        }
        if let place = position(of: key) { return place }
        members.append((key, value))
        if members.count > Self.indexedCount { index = JSONKeyIndex(members) }
        return nil
    }

    /// - Parameter place: a valid place in `members`.
    mutating func replaceValue(at place: Int, with value: JSONValue) { members[place].value = value }

    private mutating func remove(_ key: String) {
        guard let place = position(of: key) else { return }
        members.remove(at: place)
        index = members.count > Self.indexedCount ? JSONKeyIndex(members) : nil
    }
}

extension JSONObject: Hashable {
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.count == right.count else { return false }
        return left.members.indices.allSatisfy { place in
            let (key, value) = left.members[place]
            // Most often both are in the same order.
            if ExactText.equal(right.members[place].key, key) { return right.members[place].value == value }
            return right[key] == value
        }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        // The order must not matter: a commutative sum of the members' own hashes.
        hasher.combine(
            members.reduce(0) { sum, member in
                var own = Hasher()
                ExactText.hash(member.key, into: &own)
                own.combine(member.value)
                return sum &+ own.finalize()
            })
    }
}

extension JSONObject: Sequence, ExpressibleByDictionaryLiteral {
    package func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }
    package init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
