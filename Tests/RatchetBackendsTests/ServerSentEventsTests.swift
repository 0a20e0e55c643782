import Foundation
import TestSupport
import Testing

@testable import RatchetBackends

@Suite("Server-sent events")
struct ServerSentEventsTests {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        struct Event: Decodable, Sendable {
            let event: String
            let data: String
            let id: String
        }

        let name: String
        let chunks: [[UInt8]]
        let events: [Event]

        var testDescription: String { name }
        private enum CodingKeys: String, CodingKey {
            case name
            case events
            case chunks = "chunks_b64"
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            name = try values.decode(String.self, forKey: .name)
            events = try values.decode([Event].self, forKey: .events)
            chunks = try values.decode([Data].self, forKey: .chunks).map(Array.init)
        }

        var expected: [ServerSentEvent] { events.map { ServerSentEvent(event: $0.event, data: $0.data, id: $0.id) } }
    }

    static func cases() throws -> [Case] {
        guard let url = SharedData.url("conformance/sse/cases.jsonl") else { return [] }
        return try Data(contentsOf: url).split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(Case.self, from: $0)
        }
    }

    private func parse(_ chunks: [[UInt8]]) -> [ServerSentEvent] {
        var parser = ServerSentEventParser()
        return chunks.flatMap { parser.feed($0) }
    }

    @Test("conformance: the same events however the stream is split", arguments: try cases())
    func conformance(_ example: Case) {
        let bytes = example.chunks.flatMap(\.self)
        #expect(parse(example.chunks) == example.expected)
        #expect(parse(bytes.map { [$0] }) == example.expected)
        #expect(parse([bytes]) == example.expected)
        for split in bytes.indices {
            #expect(parse([Array(bytes[..<split]), [], Array(bytes[split...])]) == example.expected)
        }
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
