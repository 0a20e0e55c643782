/// Finds the place of a key among many members: an open-addressed table of places.
///
/// It holds no keys, so it costs four bytes a slot and nothing is copied or retained. Hashes are seeded per process
/// (`Hasher`), which keeps hostile documents from choosing colliding keys.
struct JSONKeyIndex: Sendable {
    /// One more than a member's place; 0 for a free slot. The count is a power of two, at least twice the members.
    private var slots: [UInt32]

    init(_ members: [JSONObject.Member]) {
        var count = 32
        while count < members.count * 4 { count *= 2 }
        slots = Array(repeating: 0, count: count)
        for place in members.indices { insert(members[place].key, at: place, in: members) }
    }

    func place(of key: String, in members: [JSONObject.Member]) -> Int? {
        let slot = slots[freeOrMatchingSlot(for: key, in: members)]
        return slot == 0 ? nil : Int(slot) - 1
    }

    /// Enters the key of the member at `place`, unless the key is there already.
    ///
    /// - Returns: the place of the earlier member with that key.
    @discardableResult
    mutating func insert(_ key: String, at place: Int, in members: [JSONObject.Member]) -> Int? {
        if slots.count < (place + 1) * 2 {
            self = JSONKeyIndex(members)
        }
        let slot = freeOrMatchingSlot(for: key, in: members)
        if slots[slot] != 0 { return Int(slots[slot]) - 1 }
        slots[slot] = UInt32(truncatingIfNeeded: place + 1)
        return nil
    }

    private func freeOrMatchingSlot(for key: String, in members: [JSONObject.Member]) -> Int {
        var hasher = Hasher()
        ExactText.hash(key, into: &hasher)
        let mask = slots.count - 1
        var slot = hasher.finalize() & mask
        while slots[slot] != 0 {
            if ExactText.equal(members[Int(slots[slot]) - 1].key, key) { return slot }
            slot = (slot + 1) & mask
        }
        return slot
    }
}
