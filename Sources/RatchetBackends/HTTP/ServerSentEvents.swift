/// One dispatched event of an event stream.
package struct ServerSentEvent: Sendable, Hashable {
    /// The `event` field; `message` when the block had none.
    package var event: String
    /// The `data` lines, joined by line feeds.
    package var data: String
    /// The last `id` of the stream so far, empty before the first.
    package var id: String

    package init(event: String = "message", data: String, id: String = "") {
        self.event = event
        self.data = data
        self.id = id
    }
}

/// An incremental parser of event streams (WHATWG HTML, section 9.2.6 "Interpreting an event stream").
///
/// The bytes may be split anywhere, also inside a character or a line break. A block that the stream's end cuts off
/// before its blank line is no event.
///
///     var parser = ServerSentEventParser()
///     for event in parser.feed(bytes) where event.data != "[DONE]" { … }
package struct ServerSentEventParser: Sendable {
    /// The last `retry` field: how long the server wants clients to wait before they connect again.
    package private(set) var reconnectionTime: Duration?
    /// The last `id` field, whether or not its event had data.
    package private(set) var lastEventID = ""

    private var eventType = ""
    private var data = ""
    private var hasData = false
    /// The start of a line whose end has not come yet.
    private var partialLine: [UInt8] = []
    /// Whether the last byte was a carriage return, so that a line feed now belongs to it.
    private var isAfterCarriageReturn = false
    private var isFirstLine = true

    package init() {}

    /// Takes the next bytes of the stream and returns the events that they complete, in order.
    package mutating func feed(_ bytes: some Sequence<UInt8>) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        let isContiguous: Void? = bytes.withContiguousStorageIfAvailable { feed($0, into: &events) }
        if isContiguous == nil {
            Array(bytes).withUnsafeBufferPointer { feed($0, into: &events) }
        }
        return events
    }

    private mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>, into events: inout [ServerSentEvent]) {
        var rest = bytes[...]
        if isAfterCarriageReturn, let first = rest.first {
            isAfterCarriageReturn = false
            if first == Byte.lineFeed { rest.removeFirst() }
        }
        while let end = rest.firstIndex(where: { $0 == Byte.lineFeed || $0 == Byte.carriageReturn }) {
            if partialLine.isEmpty {
                endLine(rest[..<end], into: &events)
            } else {
                partialLine += rest[..<end]
                let line = partialLine
                partialLine.removeAll(keepingCapacity: true)
                line.withUnsafeBufferPointer { endLine($0[...], into: &events) }
            }
            let isCarriageReturn = rest[end] == Byte.carriageReturn
            rest = rest[(end + 1)...]
            if isCarriageReturn {
                if rest.isEmpty { isAfterCarriageReturn = true }
                if rest.first == Byte.lineFeed { rest.removeFirst() }
            }
        }
        partialLine += rest
    }

    private mutating func endLine(_ line: Bytes, into events: inout [ServerSentEvent]) {
        var line = line
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: Byte.byteOrderMark) { line = line.dropFirst(Byte.byteOrderMark.count) }
        }
        if line.isEmpty {
            if let event = dispatch() { events.append(event) }
        } else if let colon = line.firstIndex(of: Byte.colon) {
            var value = line[(colon + 1)...]
            if value.first == Byte.space { value.removeFirst() }
            take(field: line[..<colon], value: value)
        } else {
            take(field: line, value: [])
        }
    }

    private mutating func take(field: Bytes, value: some Collection<UInt8>) {
        // A line that starts with a colon, so has an empty name, is a comment; unknown names are ignored.
        if field.elementsEqual("data".utf8) {
            if hasData { data += "\n" }
            hasData = true
            data += String(decoding: value, as: UTF8.self)
        } else if field.elementsEqual("event".utf8) {
            eventType = String(decoding: value, as: UTF8.self)
        } else if field.elementsEqual("id".utf8) {
            if !value.contains(0) { lastEventID = String(decoding: value, as: UTF8.self) }
        } else if field.elementsEqual("retry".utf8) {
            if !value.isEmpty && value.allSatisfy({ Byte.digits.contains($0) }) {
                Int64(String(decoding: value, as: UTF8.self)).map { reconnectionTime = .milliseconds($0) }
            }
        }
    }

    private mutating func dispatch() -> ServerSentEvent? {
        defer {
            eventType = ""
            data = ""
            hasData = false
        }
        guard hasData else { return nil }
        return ServerSentEvent(event: eventType.isEmpty ? "message" : eventType, data: data, id: lastEventID)
    }

    private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

    private enum Byte {
        static let lineFeed = UInt8(ascii: "\n")
        static let carriageReturn = UInt8(ascii: "\r")
        static let colon = UInt8(ascii: ":")
        static let space = UInt8(ascii: " ")
        static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    }
}
