/// Where each symbol stands in a sequence, as bits in blocks of 64: what the bit-parallel algorithms are made of.
///
/// A symbol that stands in many blocks has a mask for every block; one that is rare has a list, so that a sequence of
/// nothing but different symbols takes no more memory than others.
struct SymbolMasks: Sendable {
    let length: Int
    let blocks: Int
    private var slots: [UInt32: Int] = [:]
    private var lists: [[(block: Int, bits: UInt64)]] = []
    private var rows: [[UInt64]] = []

    init(_ symbols: [UInt32]) {
        length = symbols.count
        blocks = (symbols.count + 63) / 64
        for (place, symbol) in symbols.enumerated() {
            let slot = slots[symbol] ?? lists.count
            if slot == lists.count {
                slots[symbol] = slot
                lists.append([])
            }
            let (block, bit) = (place / 64, UInt64(1) << UInt64(place % 64))
            if let last = lists[slot].indices.last, lists[slot][last].block == block {
                lists[slot][last].bits |= bit
            } else {
                lists[slot].append((block, bit))
            }
        }
        rows = lists.map { list in
            guard list.count > blocks / 8 else { return [] }
            var row = [UInt64](repeating: 0, count: blocks)
            for (block, bits) in list { row[block] = bits }
            return row
        }
    }

    /// Calls `body` with the masks of a symbol, one for each block; `scratch` has room for them.
    func withMasks(of symbol: UInt32, scratch: inout [UInt64], _ body: (UnsafeBufferPointer<UInt64>) -> Void) {
        guard let slot = slots[symbol] else {
            scratch.withUnsafeBufferPointer(body)
            return
        }
        if !rows[slot].isEmpty {
            rows[slot].withUnsafeBufferPointer(body)
            return
        }
        for (block, bits) in lists[slot] { scratch[block] = bits }
        scratch.withUnsafeBufferPointer(body)
        for (block, _) in lists[slot] { scratch[block] = 0 }
    }

    /// Room for the masks of a rare symbol: all zero, and zero again after each use.
    var scratch: [UInt64] { [UInt64](repeating: 0, count: blocks) }
}
