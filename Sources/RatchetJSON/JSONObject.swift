/// The members of a JSON object in the order they were written.
///
/// Looking a key up is linear in small objects and hashed in large ones; equality and hashing ignore the order.
package struct JSONObject: Sendable {
    package typealias Member = (key: String, value: JSONValue)

    package private(set) var members: [Member]
    /// Key to position; built only beyond `indexedCount` members, since most objects are small.
    private var index: [String: Int]?
    private static let indexedCount = 12

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
            switch (position(of: key), newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil):
                members.remove(at: place)
                index = nil
                indexIfLarge()
            case (nil, let value?):
                members.append((key, value))
                if index != nil { index?[key] = members.count - 1 } else { indexIfLarge() }
            case (nil, nil): break
            }
        }
    }

    package func position(of key: String) -> Int? {
        if let index { return index[key] }
        return members.firstIndex { $0.key == key }
    }

    private mutating func indexIfLarge() {
        guard members.count > Self.indexedCount else { return }
        index = Dictionary(members.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
    }
}

extension JSONObject: Hashable {
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        // The order must not matter: a commutative sum of the members' own hashes.
        hasher.combine(members.reduce(0) { sum, member in
            var own = Hasher()
            own.combine(member.key)
            own.combine(member.value)
            return sum &+ own.finalize()
        })
    }
}

extension JSONObject: Sequence, ExpressibleByDictionaryLiteral {
    package func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }
    package init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
