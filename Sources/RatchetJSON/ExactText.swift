/// Comparing text by its code points.
///
/// Swift compares strings by canonical equivalence ("é" equals "e" + U+0301). RFC 8259, section 8.3, compares JSON
/// strings and member names code unit by code unit, so JSON must not use `String.==`.
enum ExactText {
    /// Whether both strings have the same code points in the same order.
    static func equal(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        let areEqual = left.utf8.withContiguousStorageIfAvailable { own in
            right.utf8.withContiguousStorageIfAvailable { equalBytes(own, $0) }
        }
        return (areEqual ?? nil) ?? left.utf8.elementsEqual(right.utf8)
    }

    /// Whether two buffers of the same size hold the same bytes.
    private static func equalBytes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let own = UnsafeRawPointer(left.baseAddress), let other = UnsafeRawPointer(right.baseAddress) else {
            return true
        }
        var place = 0
        while place + 8 <= left.count {
            let word = own.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            guard word == other.loadUnaligned(fromByteOffset: place, as: UInt64.self) else { return false }
            place += 8
        }
        while place < left.count {
            guard left[place] == right[place] else { return false }
            place += 1
        }
        return true
    }

    /// Feeds the bytes of `text` to `hasher`, so that equal code points, and only those, hash alike.
    static func hash(_ text: String, into hasher: inout Hasher) {
        let hashed: Void? = text.utf8.withContiguousStorageIfAvailable { bytes in
            hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        }
        if hashed == nil {
            for byte in text.utf8 { hasher.combine(byte) }
        }
        // Keeps ("a", "bc") and ("ab", "c") apart.
        hasher.combine(0xFF as UInt8)
    }

    /// The order of RFC 8785, section 3.2.3: by UTF-16 code units.
    static func precedesInUTF16(_ left: String, _ right: String) -> Bool {
        var others = right.utf8.makeIterator()
        for byte in left.utf8 {
            guard let other = others.next() else { return false }
            if byte != other { return utf16Rank(byte) < utf16Rank(other) }
        }
        return others.next() != nil
    }

    /// UTF-8 sorts like UTF-16 except that U+E000…U+FFFF (lead bytes EE, EF) come after the surrogates, which stand for
    /// the code points with lead bytes F0…F4.
    private static func utf16Rank(_ byte: UInt8) -> UInt8 { byte == 0xEE || byte == 0xEF ? byte + 0x10 : byte }
}
