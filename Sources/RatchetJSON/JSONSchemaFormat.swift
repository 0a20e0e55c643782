/// A check for one name of `format`.
package struct JSONSchemaFormat: Sendable {
    /// Whether a string is in the format.
    package let matches: @Sendable (String) -> Bool

    /// - Returns: `nil` for a name that is unknown, or that is known and cannot be checked.
    package init?(named name: String, regex: any JSONRegexEngine) {
        if name == "regex" {
            matches = { regex.accepts($0, dialect: .ecma262) }
        } else if let check = Self.checks[name] {
            matches = check
        } else {
            return nil
        }
    }

    /// The formats that can be checked.
    package static let names = (Array(checks.keys) + ["regex"]).sorted()

    private static let checks: [String: @Sendable (String) -> Bool] = [
        "date-time": { FormatScanner.matchesAll($0) { $0.dateTime() } },
        "date": { FormatScanner.matchesAll($0) { $0.date() } },
        "time": { FormatScanner.matchesAll($0) { $0.time() } },
        "duration": { FormatScanner.matchesAll($0) { $0.duration() } },
        "email": { EmailFormat.matches($0, allowsUnicode: false) },
        "idn-email": { EmailFormat.matches($0, allowsUnicode: true) },
        "hostname": { HostnameFormat.matches($0, allowsUnicode: false) },
        "idn-hostname": { HostnameFormat.matches($0, allowsUnicode: true) },
        "ipv4": { AddressFormat.isIPv4(Array($0.utf8)[...]) },
        "ipv6": { AddressFormat.isIPv6(Array($0.utf8)[...]) },
        "uri": { URIFormat(isInternational: false).matches($0, allowsRelative: false) },
        "uri-reference": { URIFormat(isInternational: false).matches($0, allowsRelative: true) },
        "iri": { URIFormat(isInternational: true).matches($0, allowsRelative: false) },
        "iri-reference": { URIFormat(isInternational: true).matches($0, allowsRelative: true) },
        "uri-template": { FormatScanner.matchesAll($0) { $0.uriTemplate() } },
        "uuid": { FormatScanner.matchesAll($0) { $0.uuid() } },
        "json-pointer": { FormatScanner.matchesAll($0) { $0.jsonPointer() } },
        "relative-json-pointer": { FormatScanner.matchesAll($0) { $0.relativeJSONPointer() } },
    ]
}

/// Reads a format from the bytes of a string.
struct FormatScanner {
    let bytes: [UInt8]
    var position = 0

    /// Whether `format` reads all of `text`.
    static func matchesAll(_ text: String, _ format: (inout FormatScanner) -> Bool) -> Bool {
        var scanner = FormatScanner(bytes: Array(text.utf8))
        return format(&scanner) && scanner.isAtEnd
    }

    var isAtEnd: Bool { position == bytes.count }
    var next: UInt8? { isAtEnd ? nil : bytes[position] }

    mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    mutating func take(anyOf choices: String) -> UInt8? {
        guard let next, choices.utf8.contains(next) else { return nil }
        position += 1
        return next
    }

    /// Exactly `count` decimal digits.
    mutating func digits(_ count: Int) -> Int? {
        var value = 0
        for _ in 0..<count {
            guard let next, FormatBytes.isDigit(next) else { return nil }
            value = value * 10 + Int(next - 0x30)
            position += 1
        }
        return value
    }

    /// How many bytes with that property come next; they are taken.
    mutating func run(_ belongs: (UInt8) -> Bool) -> Int {
        let start = position
        while let next, belongs(next) { position += 1 }
        return position - start
    }

    // MARK: Formats

    mutating func uuid() -> Bool {
        for (index, count) in [8, 4, 4, 4, 12].enumerated() {
            if index > 0, !take("-") { return false }
            for _ in 0..<count {
                guard let next, FormatBytes.isHexDigit(next) else { return false }
                position += 1
            }
        }
        return true
    }

    /// RFC 6901.
    mutating func jsonPointer() -> Bool {
        guard isAtEnd || next == UInt8(ascii: "/") else { return false }
        while let byte = next {
            position += 1
            if byte == UInt8(ascii: "~"), take(anyOf: "01") == nil { return false }
        }
        return true
    }

    /// draft-handrews-relative-json-pointer-01.
    mutating func relativeJSONPointer() -> Bool {
        let startsWithZero = next == UInt8(ascii: "0")
        let count = run(FormatBytes.isDigit)
        guard count == 1 || (count > 1 && !startsWithZero) else { return false }
        return take("#") ? isAtEnd : jsonPointer()
    }

    /// RFC 6570, section 2.
    mutating func uriTemplate() -> Bool {
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "{"): guard templateExpression() else { return false }
            case UInt8(ascii: "%"):
                guard digitPair() else { return false }
            case 0...0x20, 0x7F: return false
            default: if "\"<>\\^`|}".utf8.contains(byte) { return false }
            }
        }
        return true
    }

    private mutating func digitPair() -> Bool {
        for _ in 0..<2 {
            guard let next, FormatBytes.isHexDigit(next) else { return false }
            position += 1
        }
        return true
    }

    private mutating func templateExpression() -> Bool {
        _ = take(anyOf: "+#./;?&=,!@|")
        repeat {
            guard templateVariable() else { return false }
            if take(":") {
                let startsWithZero = next == UInt8(ascii: "0")
                guard (1...4).contains(run(FormatBytes.isDigit)), !startsWithZero else { return false }
            } else {
                _ = take("*")
            }
        } while take(",")
        return take("}")
    }

    private mutating func templateVariable() -> Bool {
        repeat {
            var count = 0
            while let byte = next,
                FormatBytes.isLetter(byte) || FormatBytes.isDigit(byte) || "_%".utf8.contains(byte)
            {
                position += 1
                count += 1
                if byte == UInt8(ascii: "%"), !digitPair() { return false }
            }
            guard count > 0 else { return false }
        } while take(".")
        return true
    }
}

/// Kinds of bytes that grammars name.
enum FormatBytes {
    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    static func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x66).contains(byte | 0x20) }
}
