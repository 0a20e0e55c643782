/// The way from the root of a JSON document to one of its values (RFC 6901), as `/examples/0/input`.
package struct JSONPointer: Sendable {
    /// Keys and array indices from the root down, without escapes.
    package let tokens: [String]

    /// The whole document; written as the empty string.
    package static let root = JSONPointer(tokens: [])

    package init(tokens: [String]) { self.tokens = tokens }

    /// Reads the text form: empty, or `/` before each token, with `~1` for `/` and `~0` for `~`.
    package init(parsing text: String) throws(JSONPointerError) {
        guard !text.isEmpty else {
            self = .root
            return
        }
        // By bytes: as Characters, a slash would fuse with a combining mark that follows it.
        var tokens: [String] = []
        var token: [UInt8] = []
        var isEscape = false
        var offset = 0
        for byte in text.utf8 {
            defer { offset += 1 }
            if offset == 0 {
                guard byte == UInt8(ascii: "/") else {
                    throw JSONPointerError(message: "a JSON pointer is empty or starts with '/'", offset: 0)
                }
            } else if isEscape {
                switch byte {
                case UInt8(ascii: "0"): token.append(UInt8(ascii: "~"))
                case UInt8(ascii: "1"): token.append(UInt8(ascii: "/"))
                default: throw Self.badEscape(at: offset - 1)
                }
                isEscape = false
            } else if byte == UInt8(ascii: "/") {
                tokens.append(String(decoding: token, as: UTF8.self))
                token.removeAll(keepingCapacity: true)
            } else if byte == UInt8(ascii: "~") {
                isEscape = true
            } else {
                token.append(byte)
            }
        }
        if isEscape { throw Self.badEscape(at: offset - 1) }
        self.tokens = tokens + [String(decoding: token, as: UTF8.self)]
    }

    package func appending(_ key: String) -> JSONPointer { JSONPointer(tokens: tokens + [key]) }

    package func appending(_ index: Int) -> JSONPointer { appending(String(index)) }

    /// The pointer to the value that holds this one; `nil` for the root.
    package var parent: JSONPointer? { tokens.isEmpty ? nil : JSONPointer(tokens: tokens.dropLast()) }

    /// The value pointed at; `nil` when it does not exist. `-`, the place behind an array's end, never does.
    package func evaluate(in document: JSONValue) -> JSONValue? {
        var value = document
        for token in tokens {
            switch value {
            case .object(let object):
                guard let member = object[token] else { return nil }
                value = member
            case .array(let elements):
                guard let index = Self.arrayIndex(token), index < elements.count else { return nil }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }

    /// The array index a token stands for: ASCII digits without a superfluous 0 in front.
    static func arrayIndex(_ token: String) -> Int? {
        guard token.utf8.allSatisfy(\.isDigit) else { return nil }
        guard token.utf8.count == 1 || token.utf8.first != .zero else { return nil }
        return Int(token)
    }

    private static func badEscape(at offset: Int) -> JSONPointerError {
        JSONPointerError(
            message: "in a JSON pointer '~' is only found in ~0 (for '~') and ~1 (for '/')", offset: offset)
    }
}

extension JSONPointer: CustomStringConvertible {
    /// The text form; empty for the root.
    package var description: String {
        var bytes: [UInt8] = []
        for token in tokens {
            bytes.append(UInt8(ascii: "/"))
            for byte in token.utf8 {
                switch byte {
                case UInt8(ascii: "~"): bytes.append(contentsOf: "~0".utf8)
                case UInt8(ascii: "/"): bytes.append(contentsOf: "~1".utf8)
                default: bytes.append(byte)
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension JSONPointer: Hashable {
    package static func == (left: JSONPointer, right: JSONPointer) -> Bool {
        left.tokens.elementsEqual(right.tokens, by: ExactText.equal)
    }

    package func hash(into hasher: inout Hasher) {
        for token in tokens { ExactText.hash(token, into: &hasher) }
    }
}

/// A text that is no JSON pointer.
package struct JSONPointerError: Error, Hashable, Sendable {
    /// What is wrong, for people.
    package let message: String
    /// Bytes from the start of the text.
    package let offset: Int
}

extension JSONPointerError: CustomStringConvertible {
    package var description: String { message }
}
