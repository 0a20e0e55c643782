import Glibc

/// Exact search in texts, byte for byte.
package enum ByteSearch {
    /// The bytes of the first occurrence of `needle`; the empty text occurs at the start.
    ///
    /// Linear in the length of the text whatever is searched (Knuth, Morris and Pratt 1977); `memchr` skips what cannot
    /// begin an occurrence. Glibc's `memmem` would do, but its Swift overlay does not show it.
    package static func firstRange(of needle: String, in text: String) -> Range<Int>? {
        var needle = needle
        var text = text
        return needle.withUTF8 { wanted in
            text.withUTF8 { bytes in firstRange(of: wanted, in: bytes, from: 0) }
        }
    }

    /// Whether `needle` occurs as a word or words: with no letter or digit of ASCII right before or behind it.
    package static func containsWords(_ needle: String, in text: String) -> Bool {
        var needle = needle
        var text = text
        return needle.withUTF8 { wanted in
            text.withUTF8 { bytes in
                var start = 0
                while let range = firstRange(of: wanted, in: bytes, from: start), !range.isEmpty {
                    let isOpen = range.lowerBound == 0 || !isLetterOrDigit(bytes[range.lowerBound - 1])
                    let isClosed = range.upperBound == bytes.count || !isLetterOrDigit(bytes[range.upperBound])
                    if isOpen && isClosed { return true }
                    start = range.upperBound
                }
                return false
            }
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
    }

    private static func firstRange(
        of wanted: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Range<Int>? {
        guard let first = wanted.first else { return 0..<0 }
        guard let base = bytes.baseAddress, bytes.count >= wanted.count else { return nil }
        var borders: [Int]?
        var position = start
        var matched = 0
        while position < bytes.count {
            if matched == 0 {
                guard let found = memchr(base + position, Int32(first), bytes.count - position) else { return nil }
                position = UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1
                matched = 1
            } else if bytes[position] == wanted[matched] {
                position += 1
                matched += 1
            } else {
                let known = borders ?? Self.borders(of: wanted)
                borders = known
                matched = known[matched - 1]
            }
            if matched == wanted.count { return position - matched..<position }
        }
        return nil
    }

    /// For each prefix the length of the longest shorter prefix that it ends with.
    private static func borders(of wanted: UnsafeBufferPointer<UInt8>) -> [Int] {
        var borders = [Int](repeating: 0, count: wanted.count)
        var matched = 0
        for position in wanted.indices.dropFirst() {
            while matched > 0, wanted[position] != wanted[matched] { matched = borders[matched - 1] }
            if wanted[position] == wanted[matched] { matched += 1 }
            borders[position] = matched
        }
        return borders
    }

    /// How many bytes two texts have in common at their start.
    package static func commonPrefix(_ left: String, _ right: String) -> Int {
        zip(left.utf8, right.utf8).prefix { $0 == $1 }.count
    }
}
