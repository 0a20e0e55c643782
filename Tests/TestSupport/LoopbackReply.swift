extension LoopbackServer {
    /// One request as the server received it.
    package struct Request: Sendable {
        package let method: String
        /// Path and query.
        package let target: String
        package let headers: [(name: String, value: String)]
        package let body: [UInt8]
        /// Which connection it came on, counted from 1 in the order of acceptance.
        package let connection: Int

        /// The value of the first header field called `name`, without regard to case.
        package func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }

        package var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// What the server does with a request, step by step. The connection is kept open for the next request unless a
    /// step ends it.
    package struct Reply: Sendable {
        package enum Step: Sendable {
            /// Writes the bytes as they are.
            case send([UInt8])
            /// Waits for the test. Opened by the server itself when it is stopped.
            case wait(Gate)
            /// Tells the test that the server has come this far.
            case open(Gate)
            /// Waits until the client has closed the connection.
            case awaitDisconnect
            /// Closes the connection in good order.
            case close
            /// Closes the connection with a TCP reset.
            case reset
        }

        package var steps: [Step]

        package init(steps: [Step]) {
            self.steps = steps
        }
    }

    /// A part of a body that is sent in pieces.
    package enum Piece: Sendable, ExpressibleByStringLiteral {
        case text(String)
        case bytes([UInt8])
        case wait(Gate)
        case open(Gate)

        package init(stringLiteral value: String) { self = .text(value) }
    }
}

extension LoopbackServer.Reply {
    package typealias Headers = KeyValuePairs<String, String>

    /// A complete response with a content length.
    package static func response(status: Int = 200, headers: Headers = [:], body: [UInt8]) -> Self {
        let length = ("Content-Length", String(body.count))
        return Self(steps: [.send(head(status: status, headers: headers.map { ($0, $1) } + [length]) + body)])
    }

    package static func text(_ text: String, status: Int = 200, headers: Headers = [:]) -> Self {
        response(status: status, headers: headers, body: Array(text.utf8))
    }

    package static func json(_ text: String, status: Int = 200, headers: Headers = [:]) -> Self {
        let fields = headers.map { ($0, $1) } + [("Content-Type", "application/json")]
        return Self(steps: [
            .send(
                head(status: status, headers: fields + [("Content-Length", String(text.utf8.count))])
                    + Array(text.utf8))
        ])
    }

    /// A chunked response: each text or bytes is a chunk of its own, written at once.
    package static func chunked(
        status: Int = 200, headers: Headers = [:], _ pieces: [LoopbackServer.Piece]
    ) -> Self {
        let fields = headers.map { ($0, $1) } + [("Transfer-Encoding", "chunked")]
        return Self(
            steps: [.send(head(status: status, headers: fields))] + pieces.map(chunk) + [.send(Array("0\r\n\r\n".utf8))]
        )
    }

    /// An event stream: each piece is sent as it is, so that it may hold half an event.
    package static func eventStream(_ pieces: [LoopbackServer.Piece]) -> Self {
        chunked(headers: ["Content-Type": "text/event-stream"], pieces)
    }

    /// A chunked response that ends before its last chunk, by a close or a reset.
    package static func brokenOff(
        headers: Headers = [:], _ pieces: [LoopbackServer.Piece], by end: Step = .close
    ) -> Self {
        var reply = chunked(headers: headers, pieces)
        reply.steps[reply.steps.count - 1] = end
        return reply
    }

    /// A response whose content length promises more than the body holds, then a close.
    package static func truncated(_ text: String, missing: Int = 10) -> Self {
        let length = ("Content-Length", String(text.utf8.count + missing))
        return Self(steps: [.send(head(status: 200, headers: [length]) + Array(text.utf8)), .close])
    }

    /// Any bytes, then a close.
    package static func raw(_ text: String) -> Self { Self(steps: [.send(Array(text.utf8)), .close]) }

    package static let closeWithoutReply = Self(steps: [.close])

    package static let reset = Self(steps: [.reset])

    /// No reply, ever. `received` opens when the request has arrived, `disconnected` when the client has gone away.
    package static func silence(received: Gate = Gate(), disconnected: Gate = Gate()) -> Self {
        Self(steps: [.open(received), .awaitDisconnect, .open(disconnected), .close])
    }

    /// Status line and header fields with the blank line behind them.
    package static func head(status: Int, headers: [(String, String)]) -> [UInt8] {
        var text = "HTTP/1.1 \(status) Status\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        return Array((text + "\r\n").utf8)
    }

    private static func chunk(_ piece: LoopbackServer.Piece) -> Step {
        switch piece {
        case .text(let text): chunk(.bytes(Array(text.utf8)))
        case .bytes(let bytes):
            .send(Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8))
        case .wait(let gate): .wait(gate)
        case .open(let gate): .open(gate)
        }
    }
}
