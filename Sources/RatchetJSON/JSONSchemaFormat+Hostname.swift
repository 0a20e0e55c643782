/// Host names (RFC 1123, section 2.1), and international ones (RFC 5890).
enum HostnameFormat {
    /// - Parameter allowsUnicode: whether labels may be written in Unicode, and dots in their East Asian forms.
    static func matches(_ text: String, allowsUnicode: Bool) -> Bool {
        // Longer than any host name in whichever form; what follows need not care about huge texts.
        guard text.utf8.count <= 4 * 253 else { return false }
        let dots: Set<Unicode.Scalar> = allowsUnicode ? [".", "\u{3002}", "\u{FF0E}", "\u{FF61}"] : ["."]
        let labels = text.unicodeScalars.split(omittingEmptySubsequences: false) { dots.contains($0) }
            .map { HostnameLabel($0, allowsUnicode: allowsUnicode) }
        var length = labels.count - 1
        for label in labels {
            guard let label else { return false }
            length += label.length
        }
        guard length <= 253 else { return false }
        // A name with one right-to-left label has to be readable as a whole (RFC 5893, section 2).
        guard labels.contains(where: { $0?.isRightToLeft == true }) else { return true }
        return labels.allSatisfy { $0?.satisfiesBidiRule == true }
    }
}

/// A correct label of a host name.
struct HostnameLabel {
    /// The characters, in Unicode also when the label was written in Punycode.
    private let scalars: [Unicode.Scalar]
    /// The length as ASCII.
    let length: Int

    init?(_ text: some Sequence<Unicode.Scalar>, allowsUnicode: Bool) {
        let text = Array(text)
        guard let first = text.first, let last = text.last, first != "-", last != "-" else { return nil }
        if text.allSatisfy(\.isASCII) {
            let bytes = text.map { UInt8(truncatingIfNeeded: $0.value) }
            guard bytes.count <= 63,
                bytes.allSatisfy({ FormatBytes.isLetter($0) || FormatBytes.isDigit($0) || $0 == UInt8(ascii: "-") })
            else { return nil }
            length = bytes.count
            guard bytes.prefix(4).map({ $0 | 0x20 }) == Array("xn--".utf8) else {
                scalars = text
                return
            }
            // A-label: what it decodes to has to be a label, and to encode to the same again.
            guard let decoded = Punycode.decode(bytes.dropFirst(4)), !decoded.allSatisfy(\.isASCII),
                Punycode.encode(decoded) == bytes.dropFirst(4).map(Self.lowercased), Self.isInternational(decoded)
            else { return nil }
            scalars = decoded
        } else {
            guard allowsUnicode, Self.isInternational(text) else { return nil }
            scalars = text
            length = 4 + Punycode.encode(text).count
            guard length <= 63 else { return nil }
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 { FormatBytes.isLetter(byte) ? byte | 0x20 : byte }

    // MARK: International labels (RFC 5891, section 4.2, and RFC 5892)

    private static func isInternational(_ scalars: [Unicode.Scalar]) -> Bool {
        guard let first = scalars.first, let last = scalars.last, first != "-", last != "-", !isMark(first) else {
            return false
        }
        if scalars.count >= 4, scalars[2] == "-", scalars[3] == "-" { return false }
        return scalars.indices.allSatisfy { isAllowed(at: $0, in: scalars) }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    /// RFC 5892, section 3, with the rules for characters in context of its appendix A.
    private static func isAllowed(at index: Int, in scalars: [Unicode.Scalar]) -> Bool {
        let scalar = scalars[index]
        let before = index > 0 ? scalars[index - 1] : nil
        let after = index + 1 < scalars.count ? scalars[index + 1] : nil
        switch scalar.value {
        case 0xDF, 0x3C2, 0x6FD, 0x6FE, 0xF0B, 0x3007: return true
        case 0x640, 0x7FA, 0x302E, 0x302F, 0x3031...0x3035, 0x303B: return false
        case 0xB7: return before == "l" && after == "l"
        case 0x375: return after.map(isGreek) ?? false
        case 0x5F3, 0x5F4: return before.map { (0x591...0x5F4).contains($0.value) } ?? false
        case 0x30FB: return scalars.contains(where: isJapanese)
        case 0x660...0x669: return !scalars.contains { (0x6F0...0x6F9).contains($0.value) }
        case 0x6F0...0x6F9: return !scalars.contains { (0x660...0x669).contains($0.value) }
        case 0x200D: return isVirama(before)
        case 0x200C: return isVirama(before) || joins(around: index, in: scalars)
        case 0x2D, 0x30...0x39, 0x61...0x7A: return true
        case 0x1100...0x11FF, 0xA960...0xA97F, 0xD7B0...0xD7FF, 0x20D0...0x20FF, 0x1D100...0x1D24F: return false
        default: break
        }
        guard !scalar.properties.changesWhenNFKCCaseFolded else { return false }
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .uppercaseLetter, .otherLetter, .modifierLetter, .decimalNumber, .nonspacingMark,
            .spacingMark:
            return true
        default: return false
        }
    }

    private static func isVirama(_ scalar: Unicode.Scalar?) -> Bool {
        scalar?.properties.canonicalCombiningClass.rawValue == 9
    }

    private static func isGreek(_ scalar: Unicode.Scalar) -> Bool {
        (0x370...0x3FF).contains(scalar.value) || (0x1F00...0x1FFF).contains(scalar.value)
    }

    private static func isJapanese(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3005, 0x3007, 0x3021...0x3029, 0x3041...0x309F, 0x30A1...0x30FA, 0x30FC...0x30FF, 0x31F0...0x31FF: true
        default: scalar.properties.isIdeographic
        }
    }

    /// Whether the letters around a zero width non-joiner would join: Arabic letters only, others are refused.
    private static func joins(around index: Int, in scalars: [Unicode.Scalar]) -> Bool {
        func isTransparent(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .nonspacingMark }
        guard let before = scalars[..<index].last(where: { !isTransparent($0) }),
            let after = scalars[(index + 1)...].first(where: { !isTransparent($0) })
        else { return false }
        return joinsNext(before) && isArabicLetter(after)
    }

    private static func isArabicLetter(_ scalar: Unicode.Scalar) -> Bool {
        (0x620...0x6FF).contains(scalar.value) && scalar.properties.generalCategory == .otherLetter
            && ![0x621, 0x674, 0x6D5].contains(scalar.value)
    }

    /// Joining type D of Unicode's ArabicShaping: all but the letters that join only what precedes them.
    private static func joinsNext(_ scalar: Unicode.Scalar) -> Bool {
        guard isArabicLetter(scalar) else { return false }
        switch scalar.value {
        case 0x622...0x625, 0x627, 0x629, 0x62F...0x632, 0x648, 0x671...0x673, 0x675...0x677, 0x688...0x699, 0x6C0,
            0x6C3...0x6CB, 0x6CD, 0x6CF, 0x6D2, 0x6D3, 0x6EE, 0x6EF:
            return false
        default: return true
        }
    }

    // MARK: Direction (RFC 5893, section 2)

    private enum Direction { case left, right, europeanNumber, arabicNumber, mark, neutral }

    /// The bidirectional class, by block: coarser than Unicode's table, and the same for letters and digits.
    private static func direction(of scalar: Unicode.Scalar) -> Direction {
        switch scalar.value {
        case 0x30...0x39, 0x6F0...0x6F9: return .europeanNumber
        case 0x660...0x669, 0x10E60...0x10E7E: return .arabicNumber
        default: break
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return .mark
        case .dashPunctuation, .format, .otherPunctuation: return .neutral
        default: break
        }
        switch scalar.value {
        case 0x590...0x8FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF: return .right
        default: return .left
        }
    }

    /// Whether there is a right-to-left character in it.
    var isRightToLeft: Bool {
        scalars.contains { Self.direction(of: $0) == .right || Self.direction(of: $0) == .arabicNumber }
    }

    var satisfiesBidiRule: Bool {
        let directions = scalars.map(Self.direction)
        guard let first = directions.first, let last = directions.last(where: { $0 != .mark }) else { return false }
        switch first {
        case .right:
            let mixesNumbers = directions.contains(.europeanNumber) && directions.contains(.arabicNumber)
            return !directions.contains(.left) && last != .neutral && !mixesNumbers
        case .left:
            return !directions.contains(.right) && !directions.contains(.arabicNumber) && last != .neutral
        default: return false
        }
    }
}
