/// Internet addresses (RFC 2673, section 3.2, and RFC 4291, section 2.2).
enum AddressFormat {
    static func isIPv4(_ bytes: ArraySlice<UInt8>) -> Bool {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                guard (1...3).contains(part.count), part.allSatisfy(FormatBytes.isDigit) else { return false }
                if part.count > 1, part.first == UInt8(ascii: "0") { return false }
                return part.reduce(0) { $0 * 10 + Int($1 - 0x30) } < 256
            }
    }

    static func isIPv6(_ bytes: ArraySlice<UInt8>) -> Bool {
        let colon = UInt8(ascii: ":")
        guard bytes.contains(colon) else { return false }
        // "::" stands once for at least one group of zeros.
        let gaps = bytes.indices.dropLast().filter { bytes[$0] == colon && bytes[$0 + 1] == colon }
        guard gaps.count <= 1 else { return false }
        guard let gap = gaps.first else { return groups(bytes, mayEndInIPv4: true) == 8 }
        let (head, tail) = (bytes[..<gap], bytes[(gap + 2)...])
        guard let before = head.isEmpty ? 0 : groups(head, mayEndInIPv4: false),
            let after = tail.isEmpty ? 0 : groups(tail, mayEndInIPv4: true)
        else { return false }
        return before + after <= 7
    }

    /// How many groups of 16 bits there are; `nil` when one is malformed.
    private static func groups(_ bytes: ArraySlice<UInt8>, mayEndInIPv4: Bool) -> Int? {
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var count = 0
        for (index, part) in parts.enumerated() {
            if mayEndInIPv4, index == parts.count - 1, isIPv4(part) {
                count += 2
            } else {
                guard (1...4).contains(part.count), part.allSatisfy(FormatBytes.isHexDigit) else { return nil }
                count += 1
            }
        }
        return count
    }
}

/// Mailboxes (RFC 5321, section 4.1.2; RFC 6531 with Unicode).
enum EmailFormat {
    static func matches(_ text: String, allowsUnicode: Bool) -> Bool {
        let bytes = Array(text.utf8)
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { return false }
        let (local, domain) = (bytes[..<at], bytes[(at + 1)...])
        guard isLocalPart(local, allowsUnicode: allowsUnicode) else { return false }
        if domain.first == UInt8(ascii: "["), domain.last == UInt8(ascii: "]") {
            let literal = domain.dropFirst().dropLast()
            if literal.starts(with: "IPv6:".utf8) { return AddressFormat.isIPv6(literal.dropFirst(5)) }
            return AddressFormat.isIPv4(literal)
        }
        return HostnameFormat.matches(String(decoding: domain, as: UTF8.self), allowsUnicode: allowsUnicode)
    }

    private static func isLocalPart(_ bytes: ArraySlice<UInt8>, allowsUnicode: Bool) -> Bool {
        let quote = UInt8(ascii: "\"")
        if bytes.count > 2, bytes.first == quote, bytes.last == quote {
            var inner = bytes.dropFirst().dropLast()
            while let byte = inner.popFirst() {
                if byte == UInt8(ascii: "\\") {
                    guard let escaped = inner.popFirst(), (0x20...0x7E).contains(escaped) else { return false }
                } else if byte == quote || byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !allowsUnicode) {
                    return false
                }
            }
            return true
        }
        return bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty
                && atom.allSatisfy {
                    FormatBytes.isLetter($0) || FormatBytes.isDigit($0) || "!#$%&'*+-/=?^_`{|}~".utf8.contains($0)
                        || ($0 >= 0x80 && allowsUnicode)
                }
        }
    }
}

/// URIs (RFC 3986) and IRIs (RFC 3987), by their grammars.
struct URIFormat: Sendable {
    let isInternational: Bool

    func matches(_ text: String, allowsRelative: Bool) -> Bool {
        let uri = URIReference(text)
        if let scheme = uri.scheme {
            guard let first = scheme.utf8.first, FormatBytes.isLetter(first),
                scheme.utf8.allSatisfy({
                    FormatBytes.isLetter($0) || FormatBytes.isDigit($0) || "+-.".utf8.contains($0)
                })
            else { return false }
        } else if !allowsRelative || text.utf8.first == UInt8(ascii: ":") {
            return false
        }
        if let authority = uri.authority {
            guard isAuthority(authority), uri.path.isEmpty || uri.path.utf8.first == UInt8(ascii: "/") else {
                return false
            }
        }
        return consists(uri.path, of: ":@/") && consists(uri.query ?? "", of: ":@/?", isQuery: true)
            && consists(uri.fragment ?? "", of: ":@/?")
    }

    private func isAuthority(_ text: String) -> Bool {
        var host = Substring(text)
        if let at = host.utf8.lastIndex(of: UInt8(ascii: "@")) {
            guard consists(String(host[..<at]), of: ":") else { return false }
            host = host[host.utf8.index(after: at)...]
        }
        let afterHost: Substring
        if host.utf8.first == UInt8(ascii: "[") {
            guard let end = host.utf8.firstIndex(of: UInt8(ascii: "]")) else { return false }
            guard isAddress(Array(host[..<end].utf8.dropFirst())[...]) else { return false }
            afterHost = host[host.utf8.index(after: end)...]
        } else {
            let end = host.utf8.firstIndex(of: UInt8(ascii: ":")) ?? host.endIndex
            guard consists(String(host[..<end]), of: "") else { return false }
            afterHost = host[end...]
        }
        guard let colon = afterHost.utf8.first else { return true }
        return colon == UInt8(ascii: ":") && afterHost.utf8.dropFirst().allSatisfy(FormatBytes.isDigit)
    }

    /// What stands in brackets: an IPv6 address or `v1.…`.
    private func isAddress(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.first.map({ $0 | 0x20 == UInt8(ascii: "v") }) == true else { return AddressFormat.isIPv6(bytes) }
        let parts = bytes.dropFirst()
            .split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[0].allSatisfy(FormatBytes.isHexDigit) && !parts[1].isEmpty
            && parts[1].allSatisfy {
                FormatBytes.isLetter($0) || FormatBytes.isDigit($0) || "-._~!$&'()*+,;=:".utf8.contains($0)
            }
    }

    /// Whether all of `text` is unreserved, a sub-delimiter, percent-encoded or one of `others`.
    private func consists(_ text: String, of others: String, isQuery: Bool = false) -> Bool {
        var hexDigitsWanted = 0
        for scalar in text.unicodeScalars {
            guard let byte = UInt8(exactly: scalar.value), byte < 0x80 else {
                guard hexDigitsWanted == 0, isInternational, isAllowed(scalar, isQuery: isQuery) else { return false }
                continue
            }
            if hexDigitsWanted > 0 {
                guard FormatBytes.isHexDigit(byte) else { return false }
                hexDigitsWanted -= 1
            } else if byte == UInt8(ascii: "%") {
                hexDigitsWanted = 2
            } else if !FormatBytes.isLetter(byte), !FormatBytes.isDigit(byte), !"-._~!$&'()*+,;=".utf8.contains(byte),
                !others.utf8.contains(byte)
            {
                return false
            }
        }
        return hexDigitsWanted == 0
    }

    /// `ucschar`, and `iprivate` in a query.
    private func isAllowed(_ scalar: Unicode.Scalar, isQuery: Bool) -> Bool {
        switch scalar.value {
        case 0xE000...0xF8FF, 0xF0000...0x10FFFD: isQuery
        case 0xA0...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFEF: true
        case 0x10000...0xEFFFF: scalar.value & 0xFFFF < 0xFFFE && scalar.value >> 16 < 0xF
        default: false
        }
    }
}
