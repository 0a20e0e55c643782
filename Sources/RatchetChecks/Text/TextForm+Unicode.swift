import Foundation

extension TextForm {
    /// The text with every code point replaced by its compatibility decomposition.
    ///
    /// Two such texts are canonically equivalent (Swift's `==`) exactly when the originals have the same NFKC. Works
    /// code point by code point, so that no text, however made, costs more than its length.
    static func compatible(_ text: String) -> String {
        // A text has few different letters, and their mapping is slow to come by.
        var mappings: [Unicode.Scalar: [UInt8]] = [:]
        return mapped(text) { scalar, bytes in
            if let known = mappings[scalar] { return bytes.append(contentsOf: known) }
            let mapping = Array(String(scalar).decomposedStringWithCompatibilityMapping.utf8)
            mappings[scalar] = mapping
            bytes.append(contentsOf: mapping)
        }
    }

    /// The text with each code point beyond ASCII replaced by what `append` adds for it.
    ///
    /// Appending to a string's Unicode scalars would copy the string each time.
    private static func mapped(_ text: String, _ append: (Unicode.Scalar, inout [UInt8]) -> Void) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            if let byte = UInt8(exactly: scalar.value), byte < 0x80 { bytes.append(byte) } else { append(scalar, &bytes) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// In compatible form, with the quotes, dashes and spaces of a keyboard where typesetters have others.
    static func plain(_ text: String) -> String { withKeyboardMarks(compatible(text)) }

    /// With the quotes, dashes and spaces of a keyboard.
    static func withKeyboardMarks(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        return mapped(text) { scalar, bytes in
            switch scalar {
            case "‘", "’", "‚", "‛", "ʼ", "′": bytes.append(UInt8(ascii: "'"))
            case "“", "”", "„", "‟", "«", "»", "″": bytes.append(UInt8(ascii: "\""))
            case "‐", "‑", "‒", "–", "—", "―", "−": bytes.append(UInt8(ascii: "-"))
            case "\u{a0}", "\u{2007}", "\u{2009}", "\u{202f}": bytes.append(UInt8(ascii: " "))
            default: bytes.append(contentsOf: String(scalar).utf8)
            }
        }
    }

    /// Without Unicode's punctuation (general categories P*) and without backticks.
    static func withoutPunctuation(_ text: String) -> String { text.scalars { !isPunctuation($0) } }

    static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return asciiPunctuation.contains(UInt8(truncatingIfNeeded: scalar.value)) }
        return switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            true
        default: false
        }
    }

    private static let asciiPunctuation = Array("!\"#%&'()*,-./:;?@[\\]_{}`".utf8)
}

extension String {
    /// The code points that `isKept` holds for.
    func scalars(where isKept: (Unicode.Scalar) -> Bool) -> String {
        String(String.UnicodeScalarView(unicodeScalars.filter(isKept)))
    }
}
