import Foundation

extension TextForm {
    /// The text with every code point replaced by its compatibility decomposition.
    ///
    /// Two such texts are canonically equivalent (Swift's `==`) exactly when the originals have the same NFKC. Works
    /// code point by code point, so that no text, however made, costs more than its length.
    static func compatible(_ text: String) -> String {
        var form = ""
        form.reserveCapacity(text.utf8.count)
        // A text has few different letters, and their mapping is slow to come by.
        var mappings: [Unicode.Scalar: String] = [:]
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                form.unicodeScalars.append(scalar)
            } else if let known = mappings[scalar] {
                form.unicodeScalars.append(contentsOf: known.unicodeScalars)
            } else {
                let mapping = String(scalar).decomposedStringWithCompatibilityMapping
                mappings[scalar] = mapping
                form.unicodeScalars.append(contentsOf: mapping.unicodeScalars)
            }
        }
        return form
    }

    /// In compatible form, with the quotes, dashes and spaces of a keyboard where typesetters have others.
    static func plain(_ text: String) -> String { withKeyboardMarks(compatible(text)) }

    /// With the quotes, dashes and spaces of a keyboard.
    static func withKeyboardMarks(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        var form = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "‘", "’", "‚", "‛", "ʼ", "′": form.unicodeScalars.append("'")
            case "“", "”", "„", "‟", "«", "»", "″": form.unicodeScalars.append("\"")
            case "‐", "‑", "‒", "–", "—", "―", "−": form.unicodeScalars.append("-")
            case "\u{a0}", "\u{2007}", "\u{2009}", "\u{202f}": form.unicodeScalars.append(" ")
            default: form.unicodeScalars.append(scalar)
            }
        }
        return form
    }

    /// Without Unicode's punctuation (general categories P*) and without backticks.
    static func withoutPunctuation(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { !isPunctuation($0) }))
    }

    static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            true
        default: scalar == "`"
        }
    }
}
