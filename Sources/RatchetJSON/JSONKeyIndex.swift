/// Finds the place of a key among many members: an open-addressed table of hashes and places.
///
/// It holds no keys, so nothing is copied or retained. Hashes are seeded per process (`Hasher`), which keeps hostile
/// documents from choosing colliding keys.
struct JSONKeyIndex: Sendable {
    /// The key's hash in the upper half; in the lower, one more than the member's place. 0 is a free slot.
    private var slots: [UInt64]

    init(_ members: [JSONObject.Member]) {
        var count = 64
        while count < members.count * 4 { count *= 2 }
        slots = Array(repeating: 0, count: count)
        for place in members.indices { insert(members[place].key, at: place, in: members) }
    }

    func place(of key: String, in members: [JSONObject.Member]) -> Int? {
        Self.place(in: slots[slot(of: key, hash: Self.hash(key), in: members)])
    }

    /// Enters the key of the member that is to be at `place`, the end of `members`, unless the key is there already.
    ///
    /// - Returns: the place of the earlier member with that key.
    @discardableResult
    mutating func insert(_ key: String, at place: Int, in members: [JSONObject.Member]) -> Int? {
        if slots.count < (place + 1) * 2 { grow() }
        let hash = Self.hash(key)
        let slot = slot(of: key, hash: hash, in: members)
        if let earlier = Self.place(in: slots[slot]) { return earlier }
        slots[slot] = UInt64(hash) << 32 | UInt64(UInt32(truncatingIfNeeded: place + 1))
        return nil
    }

    /// The slot that holds the key, else the free one where it belongs.
    private func slot(of key: String, hash: UInt32, in members: [JSONObject.Member]) -> Int {
        slots.withUnsafeBufferPointer { slots in
            let mask = slots.count - 1
            var slot = Int(hash) & mask
            while let place = Self.place(in: slots[slot]) {
                if UInt32(slots[slot] >> 32) == hash, ExactText.equal(members[place].key, key) { break }
                slot = (slot + 1) & mask
            }
            return slot
        }
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: 0, count: old.count * 4)
        let mask = slots.count - 1
        for entry in old where entry != 0 {
            var slot = Int(entry >> 32) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = entry
        }
    }

    private static func place(in entry: UInt64) -> Int? {
        entry == 0 ? nil : Int(UInt32(truncatingIfNeeded: entry)) - 1
    }

    private static func hash(_ key: String) -> UInt32 {
        var hasher = Hasher()
        ExactText.hash(key, into: &hasher)
        return UInt32(truncatingIfNeeded: hasher.finalize())
    }
}
