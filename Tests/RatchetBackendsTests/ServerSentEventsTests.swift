import Testing

@testable import RatchetBackends

@Suite("Server-sent events")
struct ServerSentEventsTests {
    private func parse(_ chunks: [[UInt8]]) -> [ServerSentEvent] {
        var parser = ServerSentEventParser()
        return chunks.flatMap { parser.feed($0) }
    }

    @Test("retry sets the reconnection time when it is a whole number")
    func retry() {
        var parser = ServerSentEventParser()
        #expect(parser.feed("retry: 1500\n".utf8).isEmpty)
        #expect(parser.reconnectionTime == .milliseconds(1500))
        _ = parser.feed("retry: 1s\nretry:\nretry: -1\nretry: 99999999999999999999\n".utf8)
        #expect(parser.reconnectionTime == .milliseconds(1500))
    }

    @Test("an id with a null is ignored, an id without data counts for the next event, an empty one clears it")
    func ids() {
        var parser = ServerSentEventParser()
        let events = parser.feed("id: 1\n\ndata: a\n\nid: 2\0\ndata: b\n\nid\ndata: c\n\n".utf8)
        #expect(events.map(\.id) == ["1", "1", ""])
        #expect(parser.lastEventID == "")
    }

    @Test("malformed UTF-8 becomes replacement characters")
    func malformed() {
        let bytes = Array("data: ".utf8) + [0xFF, 0x41, 0xE2, 0x82] + Array("\n\n".utf8)
        #expect(parse([bytes]).map(\.data) == ["\u{FFFD}A\u{FFFD}"])
    }
}
