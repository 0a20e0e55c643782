import RatchetJSON

/// Scalars as YAML text that `YAMLReader`, and any other reader, takes for the same value.
package enum YAMLText {
    /// A string, plain where that is safe, else in double quotes.
    package static func scalar(_ text: String) -> String {
        let isPlain =
            text.utf8.first.map { isWord($0) } == true
            && text.utf8.allSatisfy { isWord($0) || "_-./@+".utf8.contains($0) }
            && text.utf8.count <= 200 && !isAmbiguous(text)
        return isPlain ? text : quoted(text)
    }

    /// A string in double quotes, all on one line.
    package static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\r": quoted += "\\r"
            default:
                if isPrintable(scalar) { quoted.unicodeScalars.append(scalar) } else { quoted += escape(scalar) }
            }
        }
        return quoted + "\""
    }

    /// A list of strings on one line.
    package static func list(_ texts: some Sequence<String>) -> String {
        "[" + texts.map(scalar).joined(separator: ", ") + "]"
    }

    /// Other readers (YAML 1.1) see numbers, dates and booleans in more words than ours does.
    private static func isAmbiguous(_ text: String) -> Bool {
        let words: Set = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
        if words.contains(text.lowercased()) { return true }
        return text.utf8.first.map { $0 &- UInt8(ascii: "0") < 10 } == true
            && text.utf8.allSatisfy { !(($0 | 0x20) &- UInt8(ascii: "g") < 20) }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
    }

    /// The printable characters of YAML 1.2, section 5.1, without line breaks and byte order marks.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD: true
        case 0x10000...0x10FFFF: true
        default: false
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        func padded(_ width: Int) -> String { String(repeating: "0", count: width - digits.utf8.count) + digits }
        return scalar.value < 0x100 ? "\\x" + padded(2) : "\\u" + padded(4)
    }
}
