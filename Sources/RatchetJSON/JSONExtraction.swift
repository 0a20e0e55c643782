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
        var fences = FenceScanner(bytes: bytes)
        while let content = fences.next() {
            guard let found = wholeValue(of: bytes, in: content, .fence, options) else { continue }
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

/// The contents of a Markdown text's fenced code blocks; a fence left open reaches to the end.
private struct FenceScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// UTF-8 offsets of what is between the next pair of fences.
    mutating func next() -> Range<Int>? {
        while let opening = nextLine() {
            guard let fence = Fence(startOf: bytes[opening]) else { continue }
            let start = position
            while let line = nextLine() {
                if let closing = Fence(startOf: bytes[line]), closing.closes(fence) {
                    return start..<line.lowerBound
                }
            }
            return start..<bytes.count
        }
        return nil
    }

    /// The next line without its line feed.
    private mutating func nextLine() -> Range<Int>? {
        guard position < bytes.count else { return nil }
        let start = position
        while position < bytes.count, bytes[position] != .lineFeed { position += 1 }
        let end = position
        position = min(position + 1, bytes.count)
        return start..<end
    }

    private struct Fence {
        let mark: UInt8
        let length: Int
        let hasInfo: Bool

        init?(startOf line: Slice<UnsafeBufferPointer<UInt8>>) {
            let trimmed = line.drop { $0 == .space || $0 == .tab }
            guard let mark = trimmed.first, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else { return nil }
            let info = trimmed.drop { $0 == mark }
            let length = trimmed.count - info.count
            // A backtick in the info string makes it inline code.
            guard length >= 3, mark != UInt8(ascii: "`") || !info.contains(mark) else { return nil }
            self.mark = mark
            self.length = length
            hasInfo = info.contains { $0 != .space && $0 != .tab && $0 != .carriageReturn }
        }

        func closes(_ opening: Fence) -> Bool { mark == opening.mark && length >= opening.length && !hasInfo }
    }
}
