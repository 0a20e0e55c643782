import RatchetCore
import RatchetJSON

/// Finds what looks like a secret or like personal data, before it goes into git for ever.
///
/// A net with a fine mesh in front of a person who decides: it may be wrong both ways.
package enum SensitiveText {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case privateKey = "private key"
        case apiKey = "API key"
        case bearerToken = "bearer token"
        case password
        case highEntropy = "random-looking text"
        case email = "email address"
        case phone = "phone number"
        case card = "card number"
        case bankAccount = "bank account number (IBAN)"

        package var isSecret: Bool {
            switch self {
            case .privateKey, .apiKey, .bearerToken, .password, .highEntropy: true
            case .email, .phone, .card, .bankAccount: false
            }
        }
    }

    package struct Finding: Hashable, Sendable {
        package var kind: Kind
        /// The beginning of what was found, the rest hidden.
        package var excerpt: String
        /// Where in a value it was found; the root for a plain text.
        package var pointer: JSONPointer
        /// In bytes from the start of the text.
        package var offset: Int
    }

    /// In the order of the text; what lies within an earlier finding is not found again.
    package static func findings(in text: String) -> [Finding] { findings(in: text, at: .root) }

    /// In all texts of a value, keys included.
    package static func findings(in value: JSONValue) -> [Finding] { findings(in: value, at: .root) }

    private static func findings(in value: JSONValue, at pointer: JSONPointer) -> [Finding] {
        switch value {
        case .string(let text): findings(in: text, at: pointer)
        case .array(let elements):
            elements.enumerated().flatMap { findings(in: $1, at: pointer.appending($0)) }
        case .object(let object):
            object.members.flatMap { key, value in
                findings(in: key, at: pointer.appending(key)) + findings(in: value, at: pointer.appending(key))
            }
        case .number(let number): findings(in: number.literal, at: pointer).filter { $0.kind == .card }
        case .null, .bool: []
        }
    }

    private static func findings(in text: String, at pointer: JSONPointer) -> [Finding] {
        let scanner = SensitiveScanner(bytes: Array(text.utf8))
        let found = scanner.secrets() + scanner.personalData()
        let order = Kind.allCases
        let sorted = found.sorted {
            ($0.range.lowerBound, order.firstIndex(of: $0.kind) ?? 0) < (
                $1.range.lowerBound, order.firstIndex(of: $1.kind) ?? 0
            )
        }
        var findings: [Finding] = []
        var end = 0
        for match in sorted where match.range.lowerBound >= end {
            end = match.range.upperBound
            let start = String(decoding: scanner.bytes[match.range].prefix(4), as: UTF8.self)
            findings.append(
                Finding(kind: match.kind, excerpt: start + "…", pointer: pointer, offset: match.range.lowerBound))
        }
        return findings
    }
}

/// A text cut into words, and what each of them looks like.
struct SensitiveScanner {
    typealias Match = (kind: SensitiveText.Kind, range: Range<Int>)

    let bytes: [UInt8]

    /// The longest stretches of bytes that fit.
    func runs(where fits: (UInt8) -> Bool) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start: Int?
        for (index, byte) in bytes.enumerated() {
            if fits(byte) {
                start = start ?? index
            } else if let first = start {
                runs.append(first..<index)
                start = nil
            }
        }
        if let start { runs.append(start..<bytes.count) }
        return runs
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }
    static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }
}
