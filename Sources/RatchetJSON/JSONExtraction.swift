/// A JSON value found in a model's answer, which may wrap it in prose or a code fence.
package struct JSONExtraction: Sendable, Hashable {
    package enum Place: Sendable, Hashable {
        /// Nothing but whitespace is around the value.
        case whole
        /// The value is all there is inside a code fence.
        case fence
        /// An object or array with other text around it.
        case prose
    }

    package let value: JSONValue
    package let place: Place
    /// UTF-8 offsets of the value in the text.
    package let range: Range<Int>

    /// The JSON value of `text`: the whole text, else the first code fence (any info string) that is all JSON, objects
    /// and arrays before scalars, else the first object or array in the prose that parses.
    ///
    /// `nil` when there is none, also when the text ends inside a value (an answer cut off): what is complete inside
    /// would pass for the answer. Time is linear in the text, however hostile.
    package static func find(in text: String, options: JSONParser.Options = .strict) -> JSONExtraction? {
        var text = text
        return text.withUTF8 { bytes in
            wholeValue(of: bytes, in: 0..<bytes.count, .whole, options)
                ?? fencedValue(in: bytes, options)
                ?? first(in: bytes, openings: [.openBrace, .openBracket], options)
        }
    }

    /// The last well-formed object in `text` that is no member of another: the verdict of a judge that thinks aloud.
    package static func lastObject(in text: String, options: JSONParser.Options = .strict) -> JSONExtraction? {
        var text = text
        return text.withUTF8 { bytes in
            var last: JSONExtraction?
            var search = ProseSearch(bytes: bytes, openings: [.openBrace], options: options)
            while let found = search.next() { last = found }
            guard let last else { return nil }
            let isWhole = wholeValue(of: bytes, in: 0..<bytes.count, .whole, options)?.range == last.range
            return isWhole ? JSONExtraction(value: last.value, place: .whole, range: last.range) : last
        }
    }

    private static func first(
        in bytes: UnsafeBufferPointer<UInt8>, openings: [UInt8], _ options: JSONParser.Options
    ) -> JSONExtraction? {
        var search = ProseSearch(bytes: bytes, openings: openings, options: options)
        return search.next()
    }

    private static func wholeValue(
        of bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>, _ place: Place, _ options: JSONParser.Options
    ) -> JSONExtraction? {
        var parser = JSONParser(bytes: UnsafeBufferPointer(rebasing: bytes[range]), options: options)
        parser.skipWhitespace()
        let start = parser.position
        guard let value = try? parser.value() else { return nil }
        let end = parser.position
        parser.skipWhitespace()
        guard parser.position == range.count else { return nil }
        let found = range.lowerBound + start..<range.lowerBound + end
        return JSONExtraction(value: value, place: place, range: found)
    }

    private static func fencedValue(
        in bytes: UnsafeBufferPointer<UInt8>, _ options: JSONParser.Options
    ) -> JSONExtraction? {
        var scalar: JSONExtraction?
        var fences = CodeFenceScanner(bytes: bytes)
        while let fence = fences.next() {
            guard let found = wholeValue(of: bytes, in: fence.content, .fence, options) else { continue }
            switch found.value {
            case .object, .array: return found
            default: scalar = scalar ?? found
            }
        }
        return scalar
    }
}

/// The objects and arrays in a text one after the other, those inside another left out.
private struct ProseSearch {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let openings: [UInt8]
    private let options: JSONParser.Options
    private var position = 0
    /// Bytes that failed attempts may still read more than once.
    private var patience: Int

    init(bytes: UnsafeBufferPointer<UInt8>, openings: [UInt8], options: JSONParser.Options) {
        self.bytes = bytes
        self.openings = openings
        self.options = options
        patience = bytes.count / 2 + 65_536
    }

    mutating func next() -> JSONExtraction? {
        while position < bytes.count {
            guard openings.contains(bytes[position]) else {
                position += 1
                continue
            }
            let start = position
            var parser = JSONParser(bytes: bytes, options: options)
            parser.position = start
            do throws(JSONParser.Failure) {
                let value = try parser.value()
                position = parser.position
                return JSONExtraction(value: value, place: .prose, range: start..<position)
            } catch {
                if isCutOff(error, from: start) {
                    position = bytes.count
                    return nil
                }
                patience -= parser.position - start
                // A bracket inside the failed attempt may open something good. On a text made to fail ever again
                // ("[[[[[…"), only what comes behind the failure is tried.
                position = patience > 0 ? start + 1 : max(start + 1, error.offset)
            }
        }
        return nil
    }

    /// Whether the attempt that began at `start` read JSON up to the end of the text.
    private func isCutOff(_ failure: JSONParser.Failure, from start: Int) -> Bool {
        guard failure.isAtEnd else { return false }
        // A brace quoted in prose ("{") looks like an object cut off in its first key.
        guard case .unterminatedString = failure.reason, bytes[start] == .openBrace else { return true }
        return !bytes[start + 1..<failure.offset].allSatisfy {
            $0 == .space || $0 == .lineFeed || $0 == .carriageReturn
        }
    }
}
