/// A text made ready for finding numbers in it: digits, minus signs, separators and fractions of all kinds in one
/// spelling each, in ASCII.
struct NumberText: Sendable {
    /// The text's bytes, in UTF-8. A plain ASCII text is left as it is.
    let bytes: [UInt8]

    /// Stands for a space that only groups digits or ties words: a no-break, thin or figure space.
    static let groupingSpace: UInt8 = 0x1F

    init(_ text: String) {
        var text = text
        let plain: [UInt8]? = text.withUTF8 { bytes in bytes.allSatisfy { $0 < 0x80 } ? Array(bytes) : nil }
        bytes = plain ?? Self.spelled(text)
    }

    /// A part of the text in quotes.
    func excerpt(_ range: Range<Int>) -> String {
        let shown = bytes[range].prefix(200).map { $0 == Self.groupingSpace ? UInt8(ascii: " ") : $0 }
        return Excerpt.quoted(String(decoding: shown, as: UTF8.self), limit: 60)
    }

    /// The text around a part of it, in quotes.
    func surroundings(_ range: Range<Int>) -> String {
        let (lower, upper) = (max(0, range.lowerBound - 300), min(bytes.count, range.upperBound + 300))
        let cut = bytes[lower..<upper].map { $0 == Self.groupingSpace ? UInt8(ascii: " ") : $0 }
        // A character that was cut in two is not shown.
        let isWhole = { (byte: UInt8) in byte & 0xC0 != 0x80 }
        let start = lower == 0 ? 0 : cut.firstIndex(where: isWhole) ?? 0
        let text = String(decoding: cut[start...], as: UTF8.self)
        let offset = lower + start
        return Excerpt.around(max(0, range.lowerBound - offset)..<max(0, range.upperBound - offset), in: text, limit: 120)
    }

    private static func spelled(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var isRaised = false
        for scalar in text.unicodeScalars {
            if let digit = superscript(scalar) {
                if !isRaised { bytes.append(UInt8(ascii: "^")) }
                bytes.append(digit)
                isRaised = true
                continue
            }
            isRaised = false
            if scalar.isASCII {
                bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            } else if let spelling = spelling(of: scalar, after: bytes.last) {
                bytes.append(contentsOf: spelling.utf8)
            } else {
                bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        return bytes
    }

    private static func spelling(of scalar: Unicode.Scalar, after previous: UInt8?) -> String? {
        switch scalar {
        case "−", "﹣", "－": "-"
        case "’", "ʼ", "＇": "'"
        case "⁄", "∕": "/"
        case "×", "·", "⋅", "∙": "*"
        case "٫", "．": "."
        case "٬", "，": ","
        case "％", "٪": "%"
        case "＄": "$"
        case "\u{a0}", "\u{2007}", "\u{2009}", "\u{202f}": "\u{1f}"
        default:
            switch scalar.properties.numericType {
            case .decimal: scalar.properties.numericValue.map { String(Int($0)) }
            case .numeric: fraction(scalar, after: previous)
            default: nil
            }
        }
    }

    /// A raised digit or minus sign, as in 10⁻³ and m².
    private static func superscript(_ scalar: Unicode.Scalar) -> UInt8? {
        switch scalar.value {
        case 0xB2, 0xB3, 0xB9, 0x2070, 0x2074...0x2079:
            scalar.properties.numericValue.map { UInt8(ascii: "0") + UInt8($0) }
        case 0x207B: UInt8(ascii: "-")
        default: nil
        }
    }

    /// ½ and its like.
    private static func fraction(_ scalar: Unicode.Scalar, after previous: UInt8?) -> String? {
        guard let value = scalar.properties.numericValue, value > 0, value < 1 else { return nil }
        for denominator in 2...10 {
            let numerator = (value * Double(denominator)).rounded()
            if abs(numerator / Double(denominator) - value) < 1e-6 {
                return "\(previous.map(isDigit) == true ? " " : "")\(Int(numerator))/\(denominator)"
            }
        }
        return nil
    }
}

/// Whether a byte is an ASCII digit.
func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
