/// Finds the place in a JSON text that a pointer means, to put a diagnostic there.
///
/// Each question scans the text anew: values carry no positions, since most are never asked for theirs.
package struct JSONSourceMap: Sendable {
    /// Which end of an object's member is meant; array elements and the root only have a value.
    package enum Part: Sendable {
        case key
        case value
    }

    private let bytes: [UInt8]

    /// - Parameter bytes: a text that was parsed before; in one that is not JSON, places before the mistake are found.
    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package init(_ text: String) { self.init(Array(text.utf8)) }

    /// Line and column from 1 (columns in Unicode scalars) and the byte offset of what `pointer` means, or of its
    /// deepest ancestor that exists; `nil` for a text without a value.
    ///
    /// Of members with the same key the last counts.
    package func position(of pointer: JSONPointer, part: Part = .value) -> (line: Int, column: Int, offset: Int)? {
        bytes.withUnsafeBufferPointer { bytes in
            var scanner = JSONPlaceScanner(bytes: bytes)
            guard scanner.start() else { return nil }
            for token in pointer.tokens {
                guard scanner.descend(to: token) else { break }
            }
            let offset = part == .key ? scanner.keyOffset ?? scanner.valueOffset : scanner.valueOffset
            let place = TextPlace(offset: offset, in: bytes)
            return (place.line, place.column, offset)
        }
    }
}

/// Walks down a JSON text without building values and without recursion.
private struct JSONPlaceScanner {
    private var parser: JSONParser
    private(set) var valueOffset = 0
    /// The opening quote of the current value's key.
    private(set) var keyOffset: Int?

    init(bytes: UnsafeBufferPointer<UInt8>) {
        parser = JSONParser(bytes: bytes, options: .lenient)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
    }

    private var next: UInt8? { parser.position < parser.bytes.count ? parser.bytes[parser.position] : nil }

    mutating func start() -> Bool {
        parser.skipWhitespace()
        valueOffset = parser.position
        return next != nil
    }

    /// Goes to the member or element `token` of the current value, or stays when there is none.
    mutating func descend(to token: String) -> Bool {
        parser.position = valueOffset
        switch next {
        case .openBrace: return descend(toKey: token)
        case .openBracket: return descend(toElement: token)
        default: return false
        }
    }

    private mutating func descend(toKey key: String) -> Bool {
        var found: (key: Int, value: Int)?
        repeat {
            parser.position += 1
            parser.skipWhitespace()
            let keyStart = parser.position
            guard next == .quote, let name = try? parser.string() else { break }
            parser.skipWhitespace()
            guard next == .colon else { break }
            parser.position += 1
            parser.skipWhitespace()
            if ExactText.equal(name, key), next != nil { found = (keyStart, parser.position) }
            skipValue()
            parser.skipWhitespace()
        } while next == .comma
        guard let found else { return false }
        keyOffset = found.key
        valueOffset = found.value
        return true
    }

    private mutating func descend(toElement token: String) -> Bool {
        guard let index = JSONPointer.arrayIndex(token) else { return false }
        parser.position += 1
        parser.skipWhitespace()
        for _ in 0..<index {
            skipValue()
            parser.skipWhitespace()
            guard next == .comma else { return false }
            parser.position += 1
            parser.skipWhitespace()
        }
        guard let next, next != .closeBracket else { return false }
        keyOffset = nil
        valueOffset = parser.position
        return true
    }

    private mutating func skipValue() {
        var depth = 0
        while let byte = next {
            switch byte {
            case .quote:
                skipString()
                if depth == 0 { return }
            case .openBrace, .openBracket:
                depth += 1
                parser.position += 1
            case .closeBrace, .closeBracket:
                // Depth 0: the bracket of the container around a value that is missing or a scalar.
                if depth == 0 { return }
                depth -= 1
                parser.position += 1
                if depth == 0 { return }
            case .comma where depth == 0: return
            default: parser.position += 1
            }
        }
    }

    private mutating func skipString() {
        parser.position += 1
        while let byte = next {
            parser.position += byte == .backslash ? 2 : 1
            if byte == .quote { return }
        }
    }
}
