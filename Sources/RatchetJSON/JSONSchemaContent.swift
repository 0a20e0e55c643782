/// What `contentEncoding`, `contentMediaType` and `contentSchema` say about a string.
struct JSONSchemaContent: Sendable {
    let encoding: String?
    /// Whether the decoded text has to be JSON.
    let isJSON: Bool
    /// What that JSON has to satisfy.
    let schema: Int?

    /// - Returns: `nil` for an encoding or a media type that cannot be checked.
    init?(encoding: String?, mediaType: String?, schema: Int?) {
        if let encoding, !Self.isEncoding(encoding) { return nil }
        // Without its parameters, as in `application/json; charset=utf-8`.
        let type = mediaType?.prefix { $0 != ";" && $0 != " " }.lowercased()
        isJSON = type.map { $0 == "application/json" || $0.hasSuffix("+json") } ?? false
        if type != nil, !isJSON { return nil }
        self.encoding = encoding
        self.schema = isJSON ? schema : nil
    }

    static func isEncoding(_ name: String) -> Bool { ["base64", "base64url", "7bit", "8bit", "binary"].contains(name) }

    /// The bytes that `text` stands for; `nil` when it is not in the encoding.
    func decoded(_ text: String) -> [UInt8]? {
        encoding?.hasPrefix("base64") == true ? Self.base64(text, isForURLs: encoding == "base64url") : Array(text.utf8)
    }

    /// RFC 4648, sections 4 and 5; padding may be left out only in the form for URLs.
    private static func base64(_ text: String, isForURLs: Bool) -> [UInt8]? {
        let bytes = Array(text.utf8)
        let digits = bytes.prefix { $0 != UInt8(ascii: "=") }
        let padding = bytes.count - digits.count
        guard bytes[digits.count...].allSatisfy({ $0 == UInt8(ascii: "=") }), digits.count % 4 != 1,
            padding == (4 - digits.count % 4) % 4 || (isForURLs && padding == 0)
        else { return nil }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(digits.count * 3 / 4)
        var (buffer, bits) = (UInt32(0), 0)
        for byte in digits {
            guard let value = value(of: byte, isForURLs: isForURLs) else { return nil }
            buffer = (buffer << 6 | value) & 0xFFFF
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            decoded.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
        }
        return decoded
    }

    private static func value(of byte: UInt8, isForURLs: Bool) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: isForURLs ? "-" : "+"): 62
        case UInt8(ascii: isForURLs ? "_" : "/"): 63
        default: nil
        }
    }
}
