import RatchetCore
import TestSupport
import Testing

@testable import RatchetBackends

/// What goes wrong while an answer is streamed, on a real server, alike for every provider.
@Suite("Faults of providers that stream", .timeLimit(.minutes(1)))
struct ProviderFaultTests {
    typealias Dialect = ProviderTests.Dialect

    private static let eventStream: LoopbackServer.Reply.Headers = ["Content-Type": "text/event-stream"]

    @Test("a connection that breaks inside of the stream is tried again", arguments: Dialect.allCases, [true, false])
    func brokenConnection(dialect: Dialect, byReset: Bool) async throws {
        let begun = LoopbackServer.Piece.text("data: \(dialect.events[0])\n\n")
        let reply = LoopbackServer.Reply.brokenOff(headers: Self.eventStream, [begun], by: byReset ? .reset : .close)
        let error = try await ProviderTests.failure(dialect, reply)
        #expect(error.kind == .transport && error.isRetryable, "\(error)")
    }

    @Test("a stream without an event ended too early", arguments: Dialect.allCases)
    func emptyStream(dialect: Dialect) async throws {
        let error = try await ProviderTests.failure(dialect, .response(headers: Self.eventStream, body: []))
        #expect(error.kind == .transport && error.isRetryable, "\(error)")
    }

    @Test("an empty body, a page and invalid text instead of a stream are no answers", arguments: Dialect.allCases)
    func noStream(dialect: Dialect) async throws {
        let empty = try await ProviderTests.failure(dialect, .text(""))
        #expect(empty.kind == .malformed && empty.message.contains("an empty body"))
        let page = try await ProviderTests.failure(dialect, .text("<html>\u{1B}[31mHello</html>", headers: ["Content-Type": "text/html"]))
        #expect(page.kind == .malformed && page.message.contains("<html>") && !page.message.contains("\u{1B}"))
        let invalid = try await ProviderTests.failure(dialect, .response(body: Array(#"{"a":""#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8)))
        #expect(invalid.kind == .malformed, "\(invalid)")
    }

    @Test("invalid text in the middle of a stream that is whole otherwise spoils it", arguments: Dialect.allCases)
    func invalidText(dialect: Dialect) async throws {
        let events = dialect.events.map { "data: \($0)\n\n" }.joined()
        let bytes = Array(": ".utf8) + [0xC3, 0x28] + Array("\n\n\(events)".utf8)
        let error = try await ProviderTests.failure(dialect, .eventStream([.bytes(bytes)]))
        #expect(error.kind == .malformed && error.message.contains("UTF-8"), "\(error)")
    }

    @Test("a gateway's page is told with its status, cut and on one line, and tried again", arguments: Dialect.allCases)
    func gateway(dialect: Dialect) async throws {
        let page = "<html>\n<head>\u{1B}]0;title\u{7}</head>" + String(repeating: "x", count: 4000)
        let error = try await ProviderTests.failure(dialect, .text(page, status: 502, headers: ["Content-Type": "text/html"]))
        #expect(error.kind == .status && error.status == 502 && error.isRetryable)
        #expect(error.message.hasPrefix("HTTP 502: <html> <head>") && error.message.hasSuffix("…"))
        #expect(error.message.count < 340 && !error.message.unicodeScalars.contains { $0.value < 0x20 })
    }

    @Test("a key is not shown in part where a body of line breaks is cut in it", arguments: [1191, 1193, 1195, 1198])
    func keyAtTheCut(before: Int) async throws {
        let body = String(repeating: "\n", count: before) + "sk-secret" + String(repeating: "y", count: 40)
        let error = try await ProviderTests.failure(.openai, .text(body, status: 500))
        #expect(!error.message.contains("sk-s"), "\(error.message)")
    }
}
