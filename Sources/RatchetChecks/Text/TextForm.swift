import RatchetCore

/// Forms in which two texts can be the same without being equal.
package enum TextForm {
    /// Without regard to case, by Unicode's full mapping to capital and then to small letters: "Straße" and "STRASSE",
    /// "Σ" and "ς" are the same.
    package static func folded(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        // A text has few different letters, and their mapping is slow to come by.
        var mappings: [Unicode.Scalar: [UInt8]] = [:]
        for scalar in text.unicodeScalars {
            if let byte = UInt8(exactly: scalar.value), byte < 0x80 {
                bytes.append((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte)
            } else if let known = mappings[scalar] {
                bytes.append(contentsOf: known)
            } else {
                let mapping = Array(scalar.properties.uppercaseMapping.lowercased().utf8)
                mappings[scalar] = mapping
                bytes.append(contentsOf: mapping)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Every run of White_Space as one space, none at the ends.
    package static func collapsed(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var isInside = false
        for scalar in text.unicodeScalars {
            let isWhitespace = TextCount.isWhitespace(scalar)
            if !isWhitespace {
                if !isInside, !bytes.isEmpty { bytes.append(UInt8(ascii: " ")) }
                bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
            isInside = !isWhitespace
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The same code points: Swift's own `==` would also take different spellings of an accented letter as equal.
    package static func areIdentical(_ left: String, _ right: String) -> Bool {
        left.utf8.elementsEqual(right.utf8)
    }

    /// Without a sentence's end: `42.` and `yes!` lose it.
    static func withoutEndPunctuation(_ text: String) -> String {
        var scalars = TrimmedText.of(text).unicodeScalars
        while let last = scalars.last, ".!?。！？…;,".unicodeScalars.contains(last) { scalars.removeLast() }
        return String(scalars)
    }

    /// Without one pair of quotes or Markdown marks around it.
    static func withoutQuotes(_ text: String) -> String {
        let pairs: [(String, String)] = [
            ("**", "**"), ("```", "```"), ("\"", "\""), ("'", "'"), ("`", "`"), ("“", "”"), ("‘", "’"), ("«", "»"), ("*", "*"),
            ("_", "_"),
        ]
        let text = TrimmedText.of(text)
        for (open, close) in pairs where text.utf8.count > open.utf8.count + close.utf8.count {
            if text.utf8.starts(with: open.utf8), text.utf8.reversed().starts(with: close.utf8.reversed()) {
                let scalars = text.unicodeScalars.dropFirst(open.unicodeScalars.count)
                return TrimmedText.of(String(scalars.dropLast(close.unicodeScalars.count)))
            }
        }
        return text
    }
}
